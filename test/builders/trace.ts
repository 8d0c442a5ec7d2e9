/**
 * Trace-event JSON by hand, as Chrome writes it, and what the reader makes of it:
 * `await trace().thread('CrRendererMain').slice('RunTask', 0, 50).slice('Layout', 10, 30).read()`.
 * In: names and milliseconds from {@link ORIGIN}; an event is of the thread named last. Out: JSON text, bytes, tables.
 * Refuses nothing: `event()` takes whatever a broken writer may have written. For tables without the reader, see
 * tables.ts.
 */
import type { Result } from '../../src/base/index.ts';
import { type ReadTraceOptions, readTrace, type TraceTables } from '../../src/trace/index.ts';

/** Trace-clock microseconds of the tests' 0 ms: Chrome's clock never stands at 0 either. */
export const ORIGIN = 1_000_000;
/** Milliseconds of a test → trace-clock microseconds. */
export const micros = (millis: number): number => ORIGIN + Math.round(millis * 1000);
/** Trace-clock microseconds → milliseconds of a test. */
export const millis = (time: number): number => Math.round(time - ORIGIN) / 1000;

/** An entry of `traceEvents`, right or wrong. */
export type RawEvent = Readonly<Record<string, unknown>>;

export interface ChunkFacts {
  readonly nodes?: unknown;
  readonly samples?: unknown;
  readonly timeDeltas?: unknown;
  readonly lines?: unknown;
  readonly columns?: unknown;
  readonly trace_ids?: unknown;
}

export class TraceRecipe {
  readonly events: RawEvent[] = [];
  #pid = 1;
  #tid = 0;

  /** Names a thread; what follows is of it. */
  thread(name: string, { pid = 1, tid = this.#tid + 1 }: { pid?: number; tid?: number } = {}): this {
    this.#pid = pid;
    this.#tid = tid;
    return this.event({ ph: 'M', name: 'thread_name', cat: '__metadata', ts: 0, args: { name } });
  }

  /** A complete event. */
  slice(name: string, from: number, to: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'X', name, ts: micros(from), dur: micros(to) - micros(from), ...fields });
  }

  begin(name: string, at: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'B', name, ts: micros(at), ...fields });
  }

  /** Without a name: ends whatever is innermost. */
  end(name: string | null, at: number): this {
    return this.event({ ph: 'E', ...(name === null ? {} : { name }), ts: micros(at) });
  }

  instant(name: string, at: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'I', name, ts: micros(at), s: 't', ...fields });
  }

  /** A moment of blink.user_timing. */
  mark(name: string, at: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'R', name, cat: 'blink.user_timing', ts: micros(at), ...fields });
  }

  asyncBegin(name: string, id: string, at: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'b', name, id, ts: micros(at), ...fields });
  }

  asyncEnd(name: string, id: string, at: number, fields: RawEvent = {}): this {
    return this.event({ ph: 'e', name, id, ts: micros(at), ...fields });
  }

  counter(name: string, at: number, values: RawEvent): this {
    return this.event({ ph: 'C', name, ts: micros(at), args: values });
  }

  /** The head of a CPU profile of this thread. */
  profile(id: string, at: number, data: RawEvent = {}): this {
    return this.event({ ph: 'P', name: 'Profile', id, ts: micros(at), args: { data } });
  }

  /** A chunk of a profile: comes on the profiler's own thread. */
  profileChunk(id: string, at: number, { timeDeltas, lines, columns, ...cpuProfile }: ChunkFacts): this {
    const data = { cpuProfile, ...(timeDeltas === undefined ? {} : { timeDeltas }), lines, columns };
    return this.event({ ph: 'P', name: 'ProfileChunk', id, tid: 99, ts: micros(at), args: { data } });
  }

  /**
   * A whole profile of this thread as a picture: a column is a sample, a line a depth, outermost first; letters are
   * functions. `P` is (program), `I` (idle), `G` (garbage collector), a space nothing.
   */
  samples(picture: string, { from = 0, every = 1, id = '0x1' } = {}): this {
    const lines = picture.split('\n').filter((line) => line.trim() !== '');
    const width = Math.max(0, ...lines.map((line) => line.length));
    const columns = Array.from({ length: width }, (_, at) => lines.map((line) => line[at] ?? ' ').join(''));
    const ticks = columns.flatMap((stack, at) =>
      stack.trim() === '' ? [] : [{ at: from + at * every, stack }],
    );
    const { nodes, idOf } = layNodes(ticks.map(({ stack }) => stack.trim()));
    return this.profile(id, from, { startTime: micros(from) }).profileChunk(id, from, {
      nodes,
      samples: ticks.map(({ stack }) => idOf(stack.trim())),
      timeDeltas: ticks.map(({ at }, i) => micros(at) - micros(ticks[i - 1]?.at ?? from)),
    });
  }

  /** The renderer starts to load a document into the page's frame. */
  navigate(url: string, at: number, facts: { frame?: string; id?: string; outermost?: boolean } = {}): this {
    const { frame = 'F', id, outermost = true } = facts;
    const flags = { documentLoaderURL: url, isLoadingMainFrame: outermost, isOutermostMainFrame: outermost };
    const data = { ...flags, ...(id === undefined ? {} : { navigationId: id }) };
    return this.mark('navigationStart', at, { args: { frame, data } });
  }

  /** The renderer puts a document in place of the one before. */
  commit(url: string, at: number, { frame = 'F', outermost = true } = {}): this {
    const data = { frame, url, isMainFrame: outermost, isOutermostMainFrame: outermost };
    return this.instant('CommitLoad', at, { cat: 'devtools.timeline', args: { data } });
  }

  /** One entry as it stands, on this thread unless it says otherwise. */
  event(fields: RawEvent): this {
    this.events.push({ pid: this.#pid, tid: this.#tid, cat: 'devtools.timeline', ...fields });
    return this;
  }

  /** One event a line, as Chrome writes it. */
  text(metadata?: RawEvent): string {
    const events = this.events.map((event) => JSON.stringify(event)).join(',\n');
    const rest = metadata === undefined ? '' : `,"metadata":${JSON.stringify(metadata)}`;
    return `{"traceEvents":[${events}]${rest}}`;
  }

  read(): Promise<TraceTables> {
    return tablesOf(this.text());
  }
}

export const trace = (): TraceRecipe => new TraceRecipe();

/** Stacks of letters → nodes as V8 sends them, (root) being 1, and the node of each stack. */
export function layNodes(stacks: readonly string[]): { nodes: RawEvent[]; idOf: (stack: string) => number } {
  const metaNames: Readonly<Record<string, string>> = {
    P: '(program)',
    I: '(idle)',
    G: '(garbage collector)',
  };
  const callFrame = (functionName: string): RawEvent => ({ functionName, scriptId: 1, url: 'page.js' });
  const nodes: RawEvent[] = [{ id: 1, callFrame: callFrame('(root)') }];
  const ids = new Map([['', 1]]);
  for (const stack of stacks) {
    for (let depth = 1; depth <= stack.length; depth++) {
      const path = stack.slice(0, depth);
      if (ids.has(path)) continue;
      const name = path[depth - 1];
      const parent = ids.get(path.slice(0, -1));
      const id = nodes.push({ id: nodes.length + 1, parent, callFrame: callFrame(metaNames[name] ?? name) });
      ids.set(path, id);
    }
  }
  return { nodes, idOf: (stack) => ids.get(stack) ?? 0 };
}

/** A stream of the bytes, in pieces of the given sizes; what is left over comes as one. */
export function streamOf(
  bytes: Uint8Array,
  sizes: readonly number[] = [],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(bytes);
  return new ReadableStream({
    start(controller) {
      let at = 0;
      for (const size of [...sizes, copy.length]) {
        if (at < copy.length) controller.enqueue(copy.slice(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** What the reader says of a text or of bytes. */
export function read(
  source: string | Uint8Array,
  options: ReadTraceOptions & { readonly sizes?: readonly number[] } = {},
): Promise<Result<TraceTables>> {
  const { sizes, ...rest } = options;
  return readTrace(streamOf(typeof source === 'string' ? utf8(source) : source, sizes), rest);
}

/** The tables of a source that must be readable. */
export async function tablesOf(source: string | Uint8Array, sizes?: readonly number[]): Promise<TraceTables> {
  const result = await read(source, sizes === undefined ? {} : { sizes });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** The diagnostics that are not 0. */
export function oddities({ diagnostics }: TraceTables): Record<string, number> {
  return Object.fromEntries(Object.entries(diagnostics).filter(([, count]) => count !== 0));
}
