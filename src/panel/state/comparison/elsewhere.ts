/**
 * What the connected backends have of what is shown: where to look at it, and what servers did for a request.
 * In: the backends, the engine, the recording, what is selected. Out: addresses; a request's server spans, or why there
 * are none. Each trace is asked for once. Loads with the first look at the details.
 */
import {
  arrangeServerSpans,
  type Backend,
  type BackendSpan,
  fetchTrace,
  type Looked,
  originPatterns,
  type Place,
  placesOfRecording,
  type ServerSpans,
  writePageflameLink,
} from '../../../backends/index.ts';
import { type Result, type SliceIndex, succeed, type TraceContext } from '../../../base/index.ts';
import type { OpenedRecording, ServerSpanMark, SliceDetails } from '../../../engine/client.ts';
import { type Recording, tagsOf } from '../../../recording/index.ts';
import type { BackendsDoor, Outside } from '../doors.ts';

export interface ElsewhereParts {
  readonly outside: Pick<Outside, 'engine' | 'copy'>;
  readonly door: BackendsDoor;
  readonly opened: OpenedRecording;
  readonly recording: Recording | null;
}

/** What a request's server did. `leave`: what the browser must be asked for first. */
export type ServerAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-backend'; readonly server: TraceContext }
  | { readonly kind: 'leave'; readonly server: TraceContext; readonly patterns: readonly string[] }
  | { readonly kind: 'failed'; readonly server: TraceContext; readonly message: string }
  | { readonly kind: 'spans'; readonly server: TraceContext; readonly found: ServerSpans };

/** Microseconds. */
interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

export interface Elsewhere {
  /** `details`: null for the range. */
  readonly places: (details: SliceDetails | null, range: TimeSpan) => Promise<readonly Place[]>;
  /** A `pageflame:` link to it goes to the clipboard; null where what is shown has no id that it could name. */
  readonly copyLink: ((details: SliceDetails | null, range: TimeSpan) => Promise<boolean>) | null;
  readonly server: (details: SliceDetails) => Promise<ServerAnswer>;
  /** Puts the spans of all requests' servers beneath the requests; false where there are none. */
  readonly showSpans: () => Promise<boolean>;
  readonly allow: (patterns: readonly string[]) => Promise<boolean>;
  /** Unix ms → the trace's own microseconds. */
  readonly micros: (unixMillis: number) => number;
}

export function createElsewhere(parts: ElsewhereParts): Elsewhere {
  const { door, opened, recording, outside } = parts;
  const zero = opened.unixMillisAtZero ?? 0;
  const askAll = createTraceAsker(door);
  return {
    micros: (unixMillis) => (unixMillis - zero) * 1000,
    allow: door.allow,
    copyLink:
      recording === null
        ? null
        : (details, { start, end }) => {
            const all = start <= opened.bounds.start && end >= opened.bounds.end;
            const part =
              details === null
                ? { start, end }
                : { start: details.start, end: details.start + details.total };
            const range = details === null && all ? null : part;
            return outside.copy(writePageflameLink({ recording: recording.id, range }));
          },
    async places(details, range) {
      const looked = await lookedAt(parts, details, range);
      if (looked === null) return [];
      const places = await Promise.all(door.list.peek().map((backend) => placesOfRecording(backend, looked)));
      return places.flat();
    },
    async server(details) {
      const server = await serverOf(parts, details.slice);
      if (server === null) return { kind: 'none' };
      const [first] = findJaegers(door);
      if (first === undefined) return { kind: 'no-backend', server };
      const reached = reachedJaegers(door);
      if (reached.length === 0) return { kind: 'leave', server, patterns: patternsToAllow(door, first) };
      const spans = await askAll(reached, server.traceId);
      if (!spans.ok) {
        const { message, detail } = spans.failure;
        return { kind: 'failed', server, message: `${message} ${detail}`.trim() };
      }
      const request = unixRange(zero, { start: details.start, end: details.start + details.total });
      return { kind: 'spans', server, found: arrangeServerSpans(spans.value, server, request) };
    },
    async showSpans() {
      const { engine } = outside;
      const reached = reachedJaegers(door);
      if (reached.length === 0) return false;
      const served = await engine.served(opened.open);
      if (!served.ok || served.value.length === 0) return false;
      const marks: ServerSpanMark[] = [];
      await runSideBySide(served.value, async (request) => {
        const spans = await askAll(reached, request.server.traceId);
        if (!spans.ok) return;
        const found = arrangeServerSpans(spans.value, request.server, unixRange(zero, request));
        const { traceId } = request.server;
        // Unix ms are as exact as a double holds them: a quarter of a microsecond.
        const micros = (unixMillis: number): number => Math.round((unixMillis - zero) * 1000);
        for (const { depth: _, start, end, ...span } of found.spans)
          marks.push({ ...span, traceId, start: micros(start), end: micros(end) });
      });
      if (marks.length === 0) return false;
      return (await engine.showServerSpans(opened.open, marks)).ok;
    },
  };
}

type AskTrace = (backends: readonly Backend[], traceId: string) => Promise<Result<readonly BackendSpan[]>>;

/** Each trace is asked for once at each backend. */
function createTraceAsker(door: BackendsDoor): AskTrace {
  const asked = new Map<string, Promise<Result<readonly BackendSpan[]>>>();
  const askTrace = (backend: Backend, traceId: string): Promise<Result<readonly BackendSpan[]>> => {
    const key = `${backend.destination.id} ${traceId}`;
    const known = asked.get(key) ?? ask(door, backend, traceId);
    asked.set(key, known);
    // What failed may not the next time.
    void known.then(({ ok }) => (ok ? undefined : asked.delete(key)));
    return known;
  };
  // The first that has spans of the trace; what the first said where none has.
  return async (backends, traceId) => {
    let said: Result<readonly BackendSpan[]> = succeed([]);
    for (const backend of backends) {
      const spans = await askTrace(backend, traceId);
      if (spans.ok && spans.value.length > 0) return spans;
      if (backend === backends[0]) said = spans;
    }
    return said;
  };
}

/** A page may have thousands of requests, and a backend has others to answer. */
const AT_ONCE = 6;

async function runSideBySide<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  const run = async (): Promise<void> => {
    for (const one of waiting) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

/** Those that can be asked for traces. */
const findJaegers = (door: BackendsDoor): readonly Backend[] =>
  door.list
    .peek()
    .filter(({ destination }) => destination.kind === 'otlp-traces' && destination.queryUrl !== null);

const reachedJaegers = (door: BackendsDoor): readonly Backend[] =>
  findJaegers(door).filter((backend) => patternsToAllow(door, backend).length === 0);

const patternsToAllow = (door: BackendsDoor, { destination }: Backend): readonly string[] =>
  originPatterns(destination).filter((pattern) => !door.allowed.peek().has(pattern));

const unixRange = (zero: number, { start, end }: { start: number; end: number }) => ({
  start: zero + start / 1000,
  end: zero + end / 1000,
});

async function ask(door: BackendsDoor, { destination }: Backend, traceId: string) {
  const connection = await door.connect(destination.id);
  return connection.ok ? fetchTrace(connection.value, traceId) : connection;
}

async function serverOf(
  { outside, opened }: ElsewhereParts,
  slice: SliceIndex,
): Promise<TraceContext | null> {
  const told = await outside.engine.tracing(opened.open, slice);
  return told.ok ? told.value.server : null;
}

/** null where what is shown has no id or no wall clock: nothing was sent under its name. */
async function lookedAt(
  { outside, opened, recording }: ElsewhereParts,
  details: SliceDetails | null,
  range: TimeSpan,
): Promise<Looked | null> {
  const zero = opened.unixMillisAtZero;
  if (recording === null || zero === null) return null;
  const tracing = details === null ? null : await outside.engine.tracing(opened.open, details.slice);
  const isOnMain = details?.onThread === true && details.thread === opened.mainThread;
  const start = Math.min(opened.bounds.start, range.start);
  return {
    seed: recording.id,
    serverTrace: recording.serverTrace,
    tags: tagsOf(recording),
    start: zero + start / 1000,
    end: zero + range.end / 1000,
    thread: isOnMain ? 'main' : null,
    category: isOnMain ? details.category : null,
    span: tracing?.ok === true ? tracing.value.span : null,
    server: tracing?.ok === true ? tracing.value.server : null,
  };
}
