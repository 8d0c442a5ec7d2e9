/**
 * Chrome's trace-event JSON, as DevTools, Lighthouse, speedscope and Perfetto's page load it: written only (trace/ reads).
 * In: the tables and the page of a trace, its plain bytes once more, metadata. Out: the file, piece by piece.
 *
 * JSON sources go through byte by byte, dirt inside of events too; what is added stands at the front of their events, and where they are cut off,
 * the last whole event is the last. Perfetto's are converted event by event. What DevTools needs to find the page's main
 * frame, and what only the browser process says, is added where the trace holds none of it (an extension records the
 * page's processes alone): one `TracingStartedInBrowser` at the trace's start, and `FrameCommittedInBrowser` for each commit.
 */
import type { PageLoad } from '../../analysis/index.ts';
import { type Mark, type TraceTables, writeJsonEvents } from '../../trace/index.ts';
import { asList, asObject, asText, type JsonObject } from './json-values.ts';

export interface ChromeTraceSource {
  readonly tables: TraceTables;
  readonly page: PageLoad;
  /** Added to the trace's own, which goes first. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The trace's bytes, inflated. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export async function* writeChromeTrace(source: ChromeTraceSource): AsyncGenerator<Uint8Array> {
  const { tables, page, bytes } = source;
  const encoder = new TextEncoder();
  const added = addEvents(tables, page).map((event) => JSON.stringify(event));
  if (tables.format === 'json') {
    yield* spliceEvents(bytes, { added, metadata: source.metadata });
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

function addEvents(tables: TraceTables, page: PageLoad): object[] {
  const { marks, bounds, threads } = tables;
  if (page.mainThread < 0 || marks.some(tellsFrames)) return [];
  const pid = threads.pid[page.mainThread];
  const commits = marks.flatMap((mark) => readCommit(mark) ?? []);
  const main = commits.findLast((commit) => commit.isMain && commit.pid === pid);
  const frame = main?.frame ?? frameOfNavigation(marks, pid);
  if (frame === '') return [];
  const before = commits.find((commit) => commit.frame === frame);
  const started = {
    frameTreeNodeId: 0,
    persistentIds: true,
    frames: [
      {
        frame,
        name: '',
        url: before?.url ?? page.url,
        processId: before?.pid ?? pid,
        isOutermostMainFrame: true,
        isInPrimaryMainFrame: true,
      },
    ],
  };
  const events = [browserEvent('TracingStartedInBrowser', bounds.start, started)];
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

const tellsFrames = ({ name, args }: Mark): boolean =>
  name === 'TracingStartedInBrowser' && asList(asObject(args.data).frames).length > 0;

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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** `traceEvents` is shorter; longer strings are no keys that count. */
const LONGEST_KEY = 64;

/** Puts texts of events at the front of a JSON trace's own, and an end where it has none. */
async function* spliceEvents(
  blocks: AsyncIterable<Uint8Array>,
  { added, metadata }: { added: readonly string[]; metadata: Readonly<Record<string, unknown>> },
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

/** Follows strings and brackets of a JSON trace: where its list of events opens, and where whole events end. */
class TraceScanner {
  isOpened = false;
  /** The list of events has ended. */
  isBehind = false;
  isClosed = false;
  isBare = false;
  /** Of the bytes scanned last: right behind the bracket that opens the events. */
  openedAt = 0;
  /** Of the bytes scanned last: right behind the bracket that closes the file. */
  endedAt = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** The last string at depth 1: the key of what follows. */
  #key = '';
  #stringStart = 0;

  /** Scans from `from` on; answers how many of the bytes are whole events, or lie before them. */
  scan(bytes: Uint8Array, from: number): number {
    let whole = this.isOpened ? 0 : bytes.length;
    for (let at = from; at < bytes.length && !this.isClosed; at++) {
      const byte = bytes[at];
      if (this.#isInString) this.#inString(bytes, at);
      else if (byte === QUOTE) {
        this.#isInString = true;
        this.#stringStart = at;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#open(byte, at)) whole = at + 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.#close()) whole = at + 1;
        this.endedAt = at + 1;
      }
    }
    // A key that goes on in the next block is read there as a whole.
    const isInKey = this.#isInString && this.#depth === 1 && !this.isOpened;
    if (isInKey && bytes.length - this.#stringStart < LONGEST_KEY) whole = this.#stringStart;
    this.#stringStart -= whole;
    return whole;
  }

  #inString(bytes: Uint8Array, at: number): void {
    const byte = bytes[at];
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      const isKey = this.#depth === 1 && this.#stringStart >= 0 && at - this.#stringStart < LONGEST_KEY;
      if (isKey) this.#key = new TextDecoder().decode(bytes.subarray(this.#stringStart + 1, at));
    }
  }

  /** True where the list of events opens. */
  #open(byte: number, at: number): boolean {
    this.#depth++;
    if (byte !== OPEN_BRACKET || this.isOpened) return false;
    const isBare = this.#depth === 1;
    if (!isBare && !(this.#depth === 2 && this.#key === 'traceEvents')) return false;
    this.isBare = isBare;
    this.isOpened = true;
    this.openedAt = at + 1;
    return true;
  }

  /** True where a whole event ends, or the list. */
  #close(): boolean {
    this.#depth--;
    if (this.#depth === 0) this.isClosed = true;
    if (!this.isOpened || this.isBehind) return false;
    const listDepth = this.isBare ? 1 : 2;
    if (this.#depth < listDepth) this.isBehind = true;
    return this.#depth <= listDepth;
  }
}
