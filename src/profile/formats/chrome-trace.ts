/**
 * Chrome's trace-event JSON, as DevTools, Lighthouse, speedscope and Perfetto's page load it: written only (trace/ reads).
 * In: the tables and the page of a trace, its plain bytes once more, metadata. Out: the file, piece by piece.
 *
 * JSON sources go through byte by byte, dirt inside of events too, but for what DevTools' engine stops at (an event without
 * anything in it, a `TracingStartedInBrowser` without frames); what is added stands at the front of their events, and where
 * they are cut off, the last whole event is the last. Perfetto's are converted event by event. What DevTools needs to find the page's main
 * frame, and what only the browser process says, is added where the trace holds none of it (an extension records the
 * page's processes alone): one `TracingStartedInBrowser` at the trace's start, and `FrameCommittedInBrowser` for each commit.
 */
import type { PageLoad } from '../../analysis/index.ts';
import { type Mark, type TraceTables, writeJsonEvents } from '../../trace/index.ts';
import { asList, asObject, asText, type JsonObject } from './json-values.ts';
import { TraceScanner } from './trace-scanner.ts';

export interface ChromeTraceSource {
  readonly tables: TraceTables;
  readonly page: PageLoad;
  /** Added to the trace's own, which goes first. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The trace's bytes, inflated. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const STARTED = 'TracingStartedInBrowser';
/** Stands where an event is none: every reader skips it. */
const NO_EVENT = '{"name":"","cat":"__metadata","ph":"M","pid":0,"tid":0,"ts":0,"args":{}}';

export async function* writeChromeTrace(source: ChromeTraceSource): AsyncGenerator<Uint8Array> {
  const { tables, page, bytes } = source;
  const encoder = new TextEncoder();
  const frames = findFrames(tables, page);
  const added = addEvents(tables, frames).map((event) => JSON.stringify(event));
  if (tables.format === 'json') {
    yield* spliceEvents(bytes, { added, mend: mendEvents(tables, frames), metadata: source.metadata });
    return;
  }
  const first = [...nameEvents(tables).map((event) => JSON.stringify(event)), ...added];
  yield encoder.encode(`{"traceEvents":[\n${first.join(',\n')}`);
  let isFirst = first.length === 0;
  for await (const events of writeJsonEvents(bytes)) {
    yield encoder.encode(isFirst ? events : `,\n${events}`);
    isFirst = false;
  }
  yield encoder.encode(`\n],"metadata":${JSON.stringify({ ...source.metadata, ...tables.metadata })}}\n`);
}

/** Names of threads and processes, which Perfetto keeps apart from events. */
function nameEvents({ threads, strings }: TraceTables): object[] {
  const events: object[] = [];
  const named = new Set<number>();
  const add = (name: string, row: number, text: string): void => {
    if (text === '') return;
    const [pid, tid] = [threads.pid[row], threads.tid[row]];
    events.push({ name, cat: '__metadata', ph: 'M', pid, tid, ts: 0, args: { name: text } });
  };
  for (let row = 0; row < threads.length; row++) {
    if (!named.has(threads.pid[row])) add('process_name', row, strings.get(threads.processName[row]));
    named.add(threads.pid[row]);
    add('thread_name', row, strings.get(threads.name[row]));
  }
  return events;
}

interface Commit {
  readonly frame: string;
  readonly parent: string;
  readonly url: string;
  readonly pid: number;
  readonly time: number;
  readonly isMain: boolean;
}

/** What DevTools has to be told of the page's frames. */
interface Frames {
  /** `args.data` of `TracingStartedInBrowser`. */
  readonly started: JsonObject;
  readonly frame: string;
  readonly commits: readonly Commit[];
}

/** Null where the trace tells them itself, or names no page. */
function findFrames({ marks, threads }: TraceTables, page: PageLoad): Frames | null {
  if (page.mainThread < 0 || marks.some(tellsFrames)) return null;
  const pid = threads.pid[page.mainThread];
  const commits = marks.flatMap((mark) => readCommit(mark) ?? []);
  const main = commits.findLast((commit) => commit.isMain && commit.pid === pid);
  const shown = frameOfProcess(marks, pid);
  const frame = main?.frame ?? (frameOfNavigation(marks, pid) || shown.frame);
  if (frame === '') return null;
  const before = commits.find((commit) => commit.frame === frame);
  const tree = {
    frame,
    name: '',
    url: before?.url ?? (page.url || (frame === shown.frame ? shown.url : '')),
    processId: before?.pid ?? pid,
    isOutermostMainFrame: true,
    isInPrimaryMainFrame: true,
  };
  return { started: { frameTreeNodeId: 0, persistentIds: true, frames: [tree] }, frame, commits };
}

function addEvents({ marks, bounds, format }: TraceTables, frames: Frames | null): object[] {
  if (frames === null) return [];
  const { started, frame, commits } = frames;
  const isMended = format === 'json' && marks.some(isStarted);
  const events = isMended ? [] : [browserEvent(STARTED, bounds.start, started)];
  if (marks.some(({ name }) => name === 'FrameCommittedInBrowser')) return events;
  for (const commit of commits) {
    events.push(
      browserEvent('FrameCommittedInBrowser', commit.time, {
        frame: commit.frame,
        ...(commit.parent === '' ? {} : { parent: commit.parent }),
        name: '',
        url: commit.url,
        processId: commit.pid,
        isOutermostMainFrame: commit.frame === frame,
        isInPrimaryMainFrame: commit.frame === frame,
      }),
    );
  }
  return events;
}

/** What stands in the place of an event, from one byte of the block to another; null where it stays as it is. */
type Mend = (block: Uint8Array, start: number, end: number) => string | null;

/** Bytes of an empty object with its white space. */
const NEARLY_NOTHING = 64;

/**
 * DevTools' engine stops at an event without a name, as WebPageTest's empty first one, and at a `TracingStartedInBrowser`
 * that names no frames, as Chrome before 65 wrote it.
 */
function mendEvents({ marks }: TraceTables, frames: Frames | null): Mend {
  const decoder = new TextDecoder();
  const isWatching = frames !== null && marks.some(isStarted);
  return (block, start, end) => {
    if (end - start < NEARLY_NOTHING && isEmptyObject(block.subarray(start, end))) return NO_EVENT;
    if (!isWatching) return null;
    const bytes = block.subarray(start, end);
    if (!includesText(bytes, STARTED)) return null;
    const event = parseEvent(decoder.decode(bytes));
    if (event.name !== STARTED) return null;
    const args = asObject(event.args);
    return JSON.stringify({
      ...event,
      args: { ...args, data: { ...asObject(args.data), ...frames.started } },
    });
  };
}

/** From a process of which the trace holds nothing else. */
const browserEvent = (name: string, ts: number, data: object): object => ({
  name,
  cat: 'disabled-by-default-devtools.timeline',
  ph: 'I',
  s: 't',
  pid: 0,
  tid: 0,
  ts,
  args: { data },
});

const isStarted = ({ name }: Mark): boolean => name === STARTED;
const tellsFrames = (mark: Mark): boolean =>
  isStarted(mark) && asList(asObject(mark.args.data).frames).length > 0;

function readCommit({ name, args, pid, time }: Mark): Commit | null {
  if (name !== 'CommitLoad') return null;
  const data = asObject(args.data);
  const frame = asText(data.frame);
  if (frame === '') return null;
  const parent = asText(data.parent);
  const isMain = data.isOutermostMainFrame ?? data.isMainFrame ?? parent === '';
  return { frame, parent, url: asText(data.url), pid, time, isMain: isMain === true };
}

function frameOfNavigation(marks: readonly Mark[], pid: number): string {
  const isOutermost = (data: JsonObject): boolean =>
    data.isOutermostMainFrame !== false && data.isLoadingMainFrame !== false;
  const start = marks.findLast(
    (mark) => mark.name === 'navigationStart' && mark.pid === pid && isOutermost(asObject(mark.args.data)),
  );
  return asText(start?.args.frame);
}

/** As Chrome before 71 tells which page a process shows. */
function frameOfProcess(
  marks: readonly Mark[],
  pid: number,
): { readonly frame: string; readonly url: string } {
  const started = marks.findLast((mark) => mark.name === 'TracingStartedInPage' && mark.pid === pid);
  const data = asObject(started?.args.data);
  const frame = asText(data.page);
  const own = asList(data.frames).map(asObject);
  return { frame, url: asText(own.find((each) => each.frame === frame)?.url) };
}

function isEmptyObject(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && bytes.subarray(1, -1).every((byte) => byte <= 0x20);
}

/** Whether ASCII text stands in the bytes. */
function includesText(bytes: Uint8Array, text: string): boolean {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < text.length && bytes[at + same] === text.charCodeAt(same)) same++;
    if (same === text.length) return true;
  }
  return false;
}

/** An event's fields; none of what is no JSON. */
function parseEvent(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

interface Splice {
  /** Events that go in front. */
  readonly added: readonly string[];
  readonly mend: Mend;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A JSON trace with events in front of its own, some of its own mended, and an end where it has none. */
async function* spliceEvents(
  blocks: AsyncIterable<Uint8Array>,
  { added, mend, metadata }: Splice,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const scanner = new TraceScanner();
  /** Bytes behind the last whole event; once the list of events has ended, all that follows. */
  let rest: Uint8Array[] = [];
  let owesComma = false;
  let isFirst = true;
  for await (const given of blocks) {
    const block = isFirst ? withoutMark(given) : given;
    isFirst = false;
    // What stands behind the end is no JSON.
    if (scanner.isClosed) continue;
    if (scanner.isBehind) {
      scanner.scan(block, 0);
      rest.push(untilEnd(block, scanner));
      continue;
    }
    const before = rest.length === 0 ? new Uint8Array(0) : rest[0];
    const bytes = join(before, block);
    const opened = scanner.isOpened;
    const whole = scanner.scan(bytes, before.length);
    let from = 0;
    if (!opened && scanner.isOpened && added.length > 0) {
      yield bytes.subarray(0, scanner.openedAt);
      yield encoder.encode(`\n${added.join(',\n')}`);
      from = scanner.openedAt;
      owesComma = true;
    }
    if (owesComma && whole > from) {
      // Events of its own follow: a trace without any names no page, and nothing is added to it.
      yield encoder.encode(',');
      owesComma = false;
    }
    for (let row = 0; row < scanner.events.length; row += 2) {
      const [start, end] = [scanner.events[row], scanner.events[row + 1]];
      const mended = mend(bytes, start, end);
      if (mended === null) continue;
      yield bytes.subarray(from, start);
      yield encoder.encode(mended);
      from = end;
    }
    yield bytes.subarray(from, whole);
    rest = [untilEnd(bytes, scanner).slice(whole)];
  }
  if (scanner.isClosed) yield* rest;
  else if (scanner.isOpened) {
    // Cut off: what is behind the last whole event is no event.
    const end = scanner.isBehind ? '' : ']';
    yield encoder.encode(
      scanner.isBare ? `\n${end}\n` : `\n${end},"metadata":${JSON.stringify(metadata)}}\n`,
    );
  }
}

/** Without a byte order mark: JSON has none. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The bytes scanned last up to the end of the JSON, with the white space behind it. */
function untilEnd(bytes: Uint8Array, { isClosed, endedAt }: TraceScanner): Uint8Array {
  if (!isClosed || bytes.subarray(endedAt).every((byte) => byte <= 0x20)) return bytes;
  return bytes.subarray(0, endedAt);
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
