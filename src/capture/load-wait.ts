/**
 * Decides when a page load has been recorded for long enough.
 * In: what happens on the page (Unix ms of when we heard of it), and how busy its main thread is. Out: why to stop, or
 * null. Pure: time comes with each call.
 *
 *   load asked ──── load event ──── network quiet and thread quiet ──(quietMillis)──► `quiet`
 *        │               └───────────────── afterLoadMillis ──────────────────────► `load-timeout`
 *        └──────────────────────────────── totalMillis ───────────────────────────► `time-limit`
 *
 * A new document starts the wait anew (a page that forwards to another is recorded to the end of that other), but not
 * the total, which is what ends a page that reloads itself for ever.
 * Only the page's own process is watched: requests of cross-site frames are not seen after the load event, which itself
 * waits for them.
 */
import type { Millis, UnixMillis } from '../base/index.ts';
import type { CaptureOptions, StopReason } from '../recording/index.ts';

/**
 * A main thread that worked for longer than this between two measurements is not quiet: what makes a task a long one.
 * Seen in a second of a page at rest: 1 to 10 ms; of one that changes text in every animation frame: 160 to 600 ms.
 */
const QUIET_WORK_MILLIS: Millis = 50;
/** How often it is looked whether all is quiet. */
export const LOOK_MILLIS: Millis = 250;
/**
 * How long the thread is watched for each measurement, while it is quiet and after it was busy: measuring is work, too.
 * And how old a measurement may be.
 */
const MEASURE_MILLIS = { quiet: 1_000, busy: 500 } as const;
const STALE_MILLIS: Millis = 1_000;

/** Requests that stay open, or begin late, by their nature: none of them is part of the load. */
const ENDLESS_TYPES = new Set(['WebSocket', 'EventSource', 'Ping', 'CSPViolationReport', 'Media']);

/** `load`: as drawn above. `rest`: the page has loaded before. `none`: only the total time ends it. */
export type WaitKind = 'load' | 'rest' | 'none';

export interface PageRequest {
  readonly id: string;
  /** The protocol's resource type. */
  readonly type: string;
  readonly url: string;
  /** The document load that it belongs to. */
  readonly loader: string;
  readonly frame: string;
}

export type WaitLimits = Pick<CaptureOptions, 'quietMillis' | 'afterLoadMillis' | 'totalMillis'>;

export class LoadWait {
  readonly #limits: WaitLimits;
  readonly #kind: WaitKind;
  readonly #startedAt: UnixMillis;
  #loadedAt: UnixMillis | null;
  /** Open requests by id. */
  readonly #requests = new Map<string, PageRequest>();
  #networkQuietSince: UnixMillis;
  #threadQuietSince: UnixMillis | null = null;
  /** When there was a share last, and when the thread was looked at last; null for never. */
  #measuredAt: UnixMillis | null = null;
  #watchedFrom: UnixMillis | null = null;
  #wasBusy = false;

  constructor(limits: WaitLimits, kind: WaitKind, startedAt: UnixMillis) {
    this.#limits = limits;
    this.#kind = kind;
    this.#startedAt = startedAt;
    this.#networkQuietSince = startedAt;
    this.#loadedAt = kind === 'rest' ? startedAt : null;
  }

  get loadedAt(): UnixMillis | null {
    return this.#loadedAt;
  }

  /** The outermost main frame shows a new document. */
  navigated(loader: string, at: UnixMillis): void {
    this.#loadedAt = null;
    this.#threadQuietSince = null;
    this.#measuredAt = null;
    this.#watchedFrom = null;
    this.#wasBusy = false;
    for (const [id, request] of this.#requests) if (request.loader !== loader) this.#requests.delete(id);
    if (this.#requests.size === 0) this.#networkQuietSince = at;
  }

  /** The load event fired. */
  loaded(at: UnixMillis): void {
    this.#loadedAt = at;
  }

  requestStarted(request: PageRequest): void {
    const { id, type, url, loader } = request;
    // A worker's own script belongs to no document: it begins in the page's session and ends in the worker's (seen).
    if (loader === '' || ENDLESS_TYPES.has(type) || !/^https?:/i.test(url)) return;
    this.#requests.set(id, request);
  }

  requestEnded(id: string, at: UnixMillis): void {
    if (this.#requests.delete(id) && this.#requests.size === 0) this.#networkQuietSince = at;
  }

  /** The frame is gone, or has moved to a process of its own, where its requests end unheard. */
  frameLeft(frame: string, at: UnixMillis): void {
    for (const request of [...this.#requests.values()])
      if (request.frame === frame) this.requestEnded(request.id, at);
  }

  /** Whether it is worth asking how busy the thread is: before that, asking would only disturb the load. */
  wantsMeasurement(now: UnixMillis): boolean {
    if (this.#kind === 'none' || this.#loadedAt === null || this.#requests.size > 0) return false;
    if (this.#watchedFrom === null) return true;
    const { quiet, busy } = MEASURE_MILLIS;
    const watched = this.#wasBusy ? busy : Math.min(quiet, this.#limits.quietMillis);
    return now - this.#watchedFrom >= watched;
  }

  /** The main thread was busy for `share` (0 to 1) of the time since it was last measured; null the first time. */
  measured(share: number | null, at: UnixMillis): void {
    const watched = this.#watchedFrom === null ? 0 : at - this.#watchedFrom;
    this.#watchedFrom = at;
    this.#wasBusy = share !== null && share * watched > QUIET_WORK_MILLIS;
    if (share === null || this.#wasBusy) this.#threadQuietSince = at;
    this.#threadQuietSince ??= at;
    this.#measuredAt = share === null ? null : at;
  }

  /** Why to stop now; null to go on. */
  verdict(now: UnixMillis): StopReason | null {
    if (this.#kind !== 'none' && this.#loadedAt !== null) {
      if (this.#isQuiet(this.#loadedAt, now)) return 'quiet';
      if (now - this.#loadedAt >= this.#limits.afterLoadMillis) return 'load-timeout';
    }
    return now - this.#startedAt >= this.#limits.totalMillis ? 'time-limit' : null;
  }

  #isQuiet(loadedAt: UnixMillis, now: UnixMillis): boolean {
    if (this.#requests.size > 0 || this.#threadQuietSince === null || this.#measuredAt === null) return false;
    if (now - this.#measuredAt > STALE_MILLIS) return false;
    const quietSince = Math.max(loadedAt, this.#networkQuietSince, this.#threadQuietSince);
    return now - quietSince >= this.#limits.quietMillis;
  }
}
