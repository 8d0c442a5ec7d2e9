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
} from '../../backends/index.ts';
import type { Result, SliceIndex, TraceContext } from '../../base/index.ts';
import type { OpenedRecording, SliceDetails } from '../../engine/client.ts';
import { type Recording, tagsOf } from '../../recording/index.ts';
import type { BackendsDoor, Outside } from './doors.ts';

export interface ElsewhereParts {
  readonly outside: Pick<Outside, 'engine'>;
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

export interface Elsewhere {
  /** `details`: null for the range. Microseconds. */
  readonly places: (
    details: SliceDetails | null,
    range: { readonly start: number; readonly end: number },
  ) => Promise<readonly Place[]>;
  readonly server: (details: SliceDetails) => Promise<ServerAnswer>;
  readonly allow: (patterns: readonly string[]) => Promise<boolean>;
  /** Unix ms → the trace's own microseconds. */
  readonly micros: (unixMillis: number) => number;
}

export function createElsewhere(parts: ElsewhereParts): Elsewhere {
  const { door, opened } = parts;
  const zero = opened.unixMillisAtZero ?? 0;
  const asked = new Map<string, Promise<Result<readonly BackendSpan[]>>>();
  const askTrace = (backend: Backend, traceId: string): Promise<Result<readonly BackendSpan[]>> => {
    const key = `${backend.destination.id} ${traceId}`;
    const known = asked.get(key) ?? ask(door, backend, traceId);
    asked.set(key, known);
    // What failed may not the next time.
    void known.then(({ ok }) => (ok ? undefined : asked.delete(key)));
    return known;
  };
  return {
    micros: (unixMillis) => (unixMillis - zero) * 1000,
    allow: door.allow,
    async places(details, range) {
      const looked = await lookedAt(parts, details, range);
      if (looked === null) return [];
      const places = await Promise.all(door.list.peek().map((backend) => placesOfRecording(backend, looked)));
      return places.flat();
    },
    async server(details) {
      const server = await serverOf(parts, details.slice);
      if (server === null) return { kind: 'none' };
      const backend = door.list
        .peek()
        .find(({ destination }) => destination.kind === 'otlp-traces' && destination.queryUrl !== null);
      if (backend === undefined) return { kind: 'no-backend', server };
      const patterns = originPatterns(backend.destination);
      if (patterns.some((pattern) => !door.allowed.peek().has(pattern)))
        return { kind: 'leave', server, patterns };
      const spans = await askTrace(backend, server.traceId);
      if (!spans.ok) return { kind: 'failed', server, message: spans.failure.message };
      const start = zero + details.start / 1000;
      const request = { start, end: start + details.total / 1000 };
      return { kind: 'spans', server, found: arrangeServerSpans(spans.value, server, request) };
    },
  };
}

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
  range: { readonly start: number; readonly end: number },
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
  };
}
