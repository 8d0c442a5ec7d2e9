/**
 * What a page and its server tell of who made it: the trace that served it, and the version that is deployed.
 * In: headers of a response, `meta` tags. Out: W3C trace contexts and versions; null where nothing is told.
 * Refuses: ids of zeros, and texts of another shape. Headers are compared in small letters.
 */

/** W3C trace context: 32 and 16 lowercase hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** `traceparent` of a header or meta tag, and `traceresponse`, which has its form: any version, ids that are not all zeros. */
export function parseTraceparent(value: string): TraceContext | null {
  const found = /^\s*([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(value.toLowerCase());
  if (found === null || found[1] === 'ff' || /^0+$/.test(found[2]) || /^0+$/.test(found[3])) return null;
  return { traceId: found[2], spanId: found[3] };
}

/** The trace context in the value of a `Server-Timing` header: `traceparent;desc="00-…"`. */
export function parseServerTiming(value: string): TraceContext | null {
  const found = /(?:^|[,\n])\s*trace(?:parent|response)\s*;\s*desc\s*=\s*"?([^",;]+)"?/i.exec(value);
  return found === null ? null : parseTraceparent(found[1]);
}

export interface Header {
  /** In small letters. */
  readonly name: string;
  readonly value: string;
}

/** The trace that served a request: `Server-Timing: traceparent` goes before `traceresponse`. */
export function readServerTrace(headers: readonly Header[]): TraceContext | null {
  const read = (name: string, parse: (value: string) => TraceContext | null): TraceContext | null => {
    for (const header of headers) {
      const context = header.name === name ? parse(header.value) : null;
      if (context !== null) return context;
    }
    return null;
  };
  return read('server-timing', parseServerTiming) ?? read('traceresponse', parseTraceparent);
}

/** Headers by which sites tell what is deployed, the plainest first. */
const VERSION_HEADERS = ['x-app-version', 'x-version', 'x-release', 'x-build', 'x-revision', 'x-commit'];
/** The same as names of `meta` tags. */
export const VERSION_METAS: readonly string[] = [
  'page-version',
  'app-version',
  'application-version',
  'version',
  'release',
  'build',
  'revision',
  'commit',
];
const VERSION_LENGTH_MAX = 80;

export const readVersionHeader = (headers: readonly Header[]): string | null =>
  readVersion(headers, VERSION_HEADERS);
export const readVersionMeta = (metas: readonly Header[]): string | null => readVersion(metas, VERSION_METAS);

function readVersion(told: readonly Header[], names: readonly string[]): string | null {
  for (const wanted of names) {
    const value = told.find(({ name }) => name === wanted)?.value.trim() ?? '';
    if (value !== '' && value.length <= VERSION_LENGTH_MAX) return value;
  }
  return null;
}
