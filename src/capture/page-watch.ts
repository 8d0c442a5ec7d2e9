/**
 * Follows the page through the protocol's events while it is recorded.
 * In: events. Out: what they mean for the recording's entry, for the wait, and for who watches. Asks nothing.
 */
import {
  type Header,
  parseTraceparent,
  readServerTrace,
  readVersionHeader,
  readVersionMeta,
  type UnixMillis,
} from '../base/index.ts';
import { NO_VITALS, type Recording, withoutCredentials } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { EntryChanges } from './entry.ts';
import type { LoadWait } from './load-wait.ts';
import { type PageReport, parsePageReport, REPORT_BINDING, type VitalReport } from './page-reports.ts';
import { readNumber, readObject, readText } from './protocol-values.ts';

export interface PageWatchDoors {
  readonly wait: LoadWait;
  /** When the load was asked for: what was before is not part of the recording. */
  readonly startedAt: UnixMillis;
  /** Whether the document that is recorded is there; until then the tab still shows what was there before. */
  readonly documentSeen: boolean;
  /** The entry as it stands. */
  recording(): Recording;
  change(changes: EntryChanges): void;
  happened(name: string, at: UnixMillis): void;
}

export class PageWatch {
  readonly #doors: PageWatchDoors;
  /** What is known of documents that are on their way, by the id of their load. */
  readonly #documents = new Map<
    string,
    { readonly error: string | null; readonly headers: readonly Header[] }
  >();
  #origin: UnixMillis | null = null;
  #documentSeen: boolean;
  /** The load of the document that is shown; null where nobody heard it come. */
  #loader: string | null = null;
  #stoppedAt: UnixMillis = Number.POSITIVE_INFINITY;

  constructor(doors: PageWatchDoors) {
    this.#doors = doors;
    this.#documentSeen = doors.documentSeen;
  }

  /** A successor of a killed recorder has found the document there, `loaded` or not. */
  catchUp(loaded: boolean, now: UnixMillis): void {
    this.#documentSeen = true;
    if (loaded) this.#loaded(now);
  }

  /** No document came of what was asked for, or none but an error page that may follow. */
  loadRefused(error: string, now: UnixMillis): void {
    if (this.#documentSeen) return;
    this.#doors.change({ loadError: error });
    // Nothing more is coming: it ends as a load would, when all is quiet.
    this.#doors.wait.loaded(now);
  }

  /** From here on only what happened before `at` counts, however late it is reported. */
  stop(at: UnixMillis): void {
    this.#stoppedAt = at;
  }

  handle(method: string, params: CdpParams, now: UnixMillis): void {
    if (method === 'Runtime.bindingCalled') this.#hear(params);
    else if (now > this.#stoppedAt) return;
    else if (method.startsWith('Page.')) this.#followPage(method, params, now);
    else if (method.startsWith('Network.')) this.#followNetwork(method, params, now);
  }

  #followPage(method: string, params: CdpParams, now: UnixMillis): void {
    if (method === 'Page.frameNavigated') this.#takeDocument(params, now);
    else if (method === 'Page.frameDetached') this.#doors.wait.frameLeft(readText(params, 'frameId'), now);
    else if (!this.#documentSeen) return;
    else if (method === 'Page.domContentEventFired') this.#doors.happened('DOMContentLoaded', now);
    else if (method === 'Page.loadEventFired') this.#loaded(now);
  }

  #loaded(now: UnixMillis, happening = 'load'): void {
    this.#doors.wait.loaded(now);
    this.#doors.change({ loadFinished: true });
    this.#doors.happened(happening, now);
  }

  #takeDocument(params: CdpParams, now: UnixMillis): void {
    const frame = readObject(params, 'frame');
    if (readText(frame, 'parentId') !== '') return;
    this.#navigated(frame, now);
    // Chrome keeps only pages whose load is over in that cache, and fires no load event when one comes back.
    if (readText(params, 'type') === 'BackForwardCacheRestore') this.#loaded(now, 'from the cache');
  }

  #navigated(frame: CdpParams, now: UnixMillis): void {
    const loader = readText(frame, 'loaderId');
    // An error page has an address of its own; what the user asked for stands beside it.
    const failedUrl = readText(frame, 'unreachableUrl');
    const { error, headers } = this.#documents.get(loader) ?? { error: null, headers: [] };
    this.#documents.clear();
    this.#documentSeen = true;
    this.#loader = loader;
    this.#doors.wait.navigated(loader, now);
    this.#doors.change({
      url: withoutCredentials(failedUrl || readText(frame, 'url') + readText(frame, 'urlFragment')),
      loadFinished: false,
      loadError: error ?? (failedUrl ? 'the document did not load' : null),
      vitals: NO_VITALS,
      pageVersion: readVersionHeader(headers),
      serverTrace: readServerTrace(headers),
    });
    this.#doors.happened('navigated', now);
  }

  #followNetwork(method: string, params: CdpParams, now: UnixMillis): void {
    const { wait } = this.#doors;
    const id = readText(params, 'requestId');
    const type = readText(params, 'type');
    const loader = readText(params, 'loaderId');
    switch (method) {
      case 'Network.requestWillBeSent':
        wait.requestStarted({
          id,
          type,
          url: readText(readObject(params, 'request'), 'url'),
          loader,
          frame: readText(params, 'frameId'),
        });
        break;
      case 'Network.responseReceived': {
        if (!isDocument(type, id, loader)) break;
        const response = readObject(params, 'response');
        const status = readNumber(response, 'status') ?? 0;
        const headers = headersOf(readObject(response, 'headers'));
        this.#documents.set(id, { error: status >= 400 ? `HTTP ${status}` : null, headers });
        break;
      }
      case 'Network.loadingFailed':
        // A document's request bears the id of its load.
        if (type === 'Document') this.#documentFailed(id, params, now);
        wait.requestEnded(id, now);
        break;
      case 'Network.loadingFinished':
        wait.requestEnded(id, now);
        break;
    }
  }

  #documentFailed(loader: string, params: CdpParams, now: UnixMillis): void {
    const error = readText(params, 'errorText');
    if (loader === this.#loader) {
      // One that is given up may make room for another that is on its way.
      if (params.canceled === true) return;
      // It broke off in the middle: its load event never comes (seen).
      this.#doors.change({ loadError: error });
      this.#doors.wait.loaded(now);
      return;
    }
    this.#documents.set(loader, { error, headers: [] });
    this.loadRefused(error, now);
  }

  #hear(params: CdpParams): void {
    if (readText(params, 'name') !== REPORT_BINDING) return;
    const report = parsePageReport(readText(params, 'payload'));
    if (report !== null) this.#takeReport(report);
  }

  #takeReport(report: PageReport): void {
    const { change, recording } = this.#doors;
    switch (report.kind) {
      case 'document':
        if (report.origin > this.#stoppedAt) return;
        this.#origin = report.origin;
        change({
          viewport: { width: report.width, height: report.height },
          devicePixelRatio: report.pixelRatio,
          tabVisible: (recording().tabVisible ?? true) && !report.hidden,
          userAgent: report.userAgent || null,
          // What its headers said goes before what it says itself.
          pageVersion: recording().pageVersion ?? readVersionMeta(report.metas),
          serverTrace: recording().serverTrace ?? traceOfMeta(report.metas),
        });
        break;
      case 'vital':
        this.#takeVital(report);
        break;
      case 'hidden':
        if (this.#stoppedAt === Number.POSITIVE_INFINITY) change({ tabVisible: false });
        break;
      case 'beat':
        break;
    }
  }

  #takeVital({ name, origin, at, entry }: VitalReport): void {
    const { startedAt, change, recording } = this.#doors;
    if (this.#origin !== null && origin !== this.#origin) return;
    // CLS is reported as 0 before anything has shifted: that is a fact of the load, though nothing happened.
    const untouched = name === 'CLS' && entry.value === 0;
    if (at > this.#stoppedAt || (at < startedAt && !untouched)) return;
    const { vitals } = recording();
    change({ vitals: { ...vitals, [name]: entry } });
  }
}

const traceOfMeta = (metas: readonly Header[]) =>
  parseTraceparent(metas.find(({ name }) => name === 'traceparent')?.value ?? '');

/** The protocol gives headers as an object: one text for those of one name. */
const headersOf = (headers: CdpParams): Header[] =>
  Object.keys(headers).map((name) => ({ name: name.toLowerCase(), value: readText(headers, name) }));

const isDocument = (type: string, id: string, loader: string): boolean =>
  type === 'Document' && id === loader;
