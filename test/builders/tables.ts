/**
 * Trace tables by hand, for tests: `traceOf(thread('CrRendererMain').slice('RunTask', 0, 50).call('f1', 10, 30))`.
 * In: slices by name, start and end (microseconds), nested by containment; they must not cross.
 * Out: tables as a reader would settle them.
 */
import { StringTable } from '../../src/base/index.ts';
import { noDiagnostics } from '../../src/trace/diagnostics.ts';
import {
  type Diagnostics,
  SLICE_JS_CALL,
  type SliceTable,
  THREAD_ROLES,
  type ThreadRole,
  type TraceTables,
} from '../../src/trace/index.ts';

interface SliceRecipe {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly place: Place | null;
}

interface Place {
  readonly url: string;
  /** 0-based, as in the tables. */
  readonly line: number;
  readonly column: number;
}

export interface ThreadFacts {
  readonly role?: ThreadRole;
  readonly pid?: number;
  readonly tid?: number;
}

export class ThreadRecipe {
  readonly name: string;
  readonly facts: ThreadFacts;
  readonly slices: SliceRecipe[] = [];

  constructor(name: string, facts: ThreadFacts) {
    this.name = name;
    this.facts = facts;
  }

  slice(name: string, start: number, end: number): this {
    this.slices.push({ name, start, end, place: null });
    return this;
  }

  /** A JavaScript call, as laid from samples. */
  call(name: string, start: number, end: number, place: Partial<Place> = {}): this {
    const whole = { url: 'https://page.test/app.js', line: 0, column: 0, ...place };
    this.slices.push({ name, start, end, place: whole });
    return this;
  }
}

export const thread = (name: string, facts: ThreadFacts = {}): ThreadRecipe => new ThreadRecipe(name, facts);

export const NO_DIAGNOSTICS: Diagnostics = noDiagnostics();

export function traceOf(...recipes: readonly ThreadRecipe[]): TraceTables {
  const strings = new StringTable();
  const frames = {
    functionName: [] as number[],
    url: [] as number[],
    line: [] as number[],
    column: [] as number[],
  };
  const firstSlice: number[] = [];
  const rows: Row[] = [];
  for (const [threadRow, recipe] of recipes.entries()) {
    firstSlice.push(rows.length);
    const open: number[] = [];
    for (const slice of [...recipe.slices].sort((a, b) => a.start - b.start || b.end - a.end)) {
      while (open.length > 0 && rows[open.at(-1) ?? 0].end <= slice.start) open.pop();
      const parent = open.at(-1) ?? -1;
      let detail = 0;
      if (slice.place !== null) {
        detail = frames.functionName.push(strings.intern(slice.name)) - 1;
        frames.url.push(strings.intern(slice.place.url));
        frames.line.push(slice.place.line);
        frames.column.push(slice.place.column);
      }
      const row = rows.push({ ...slice, thread: threadRow, parent, depth: open.length, detail }) - 1;
      open.push(row);
    }
  }
  firstSlice.push(rows.length);
  const roles = recipes.map(({ facts }) => THREAD_ROLES.indexOf(facts.role ?? 'main'));
  return {
    ...emptyTables(strings),
    bounds: {
      start: rows.length === 0 ? 0 : Math.min(...rows.map((row) => row.start)),
      end: rows.length === 0 ? 0 : Math.max(...rows.map((row) => row.end)),
    },
    eventCount: rows.length,
    threads: {
      length: recipes.length,
      pid: Float64Array.from(recipes, ({ facts }) => facts.pid ?? 1),
      tid: Float64Array.from(recipes, ({ facts }, index) => facts.tid ?? index + 1),
      name: Int32Array.from(recipes, ({ name }) => strings.intern(name)),
      processName: Int32Array.from(recipes, () => strings.intern('Renderer')),
      role: Uint8Array.from(roles),
      firstSlice: Int32Array.from(firstSlice.slice(0, -1)),
      endSlice: Int32Array.from(firstSlice.slice(1)),
      samples: new Int32Array(recipes.length),
    },
    slices: settleSlices(rows, strings),
    frames: {
      length: frames.url.length,
      functionName: Int32Array.from(frames.functionName),
      url: Int32Array.from(frames.url),
      line: Int32Array.from(frames.line),
      column: Int32Array.from(frames.column),
      scriptId: new Int32Array(frames.url.length),
    },
    stacks: {
      length: frames.url.length,
      frame: Int32Array.from(frames.url, (_, index) => index),
      prefix: new Int32Array(frames.url.length).fill(-1),
    },
  };
}

interface Row extends SliceRecipe {
  readonly thread: number;
  readonly parent: number;
  readonly depth: number;
  readonly detail: number;
}

function settleSlices(rows: readonly Row[], strings: StringTable): SliceTable {
  const subtreeEnd = Int32Array.from(rows, (_, index) => index + 1);
  for (let index = rows.length - 1; index >= 0; index--) {
    const { parent } = rows[index];
    if (parent >= 0) subtreeEnd[parent] = Math.max(subtreeEnd[parent], subtreeEnd[index]);
  }
  return {
    length: rows.length,
    start: Float64Array.from(rows, ({ start }) => start),
    duration: Float64Array.from(rows, ({ start, end }) => end - start),
    thread: Uint16Array.from(rows, (row) => row.thread),
    depth: Uint16Array.from(rows, ({ depth }) => depth),
    parent: Int32Array.from(rows, ({ parent }) => parent),
    subtreeEnd,
    name: Int32Array.from(rows, ({ name }) => strings.intern(name)),
    traceCategory: Int32Array.from(rows, () => strings.intern('devtools.timeline')),
    flags: Uint8Array.from(rows, ({ place }) => (place === null ? 0 : SLICE_JS_CALL)),
    detail: Float64Array.from(rows, ({ detail }) => detail),
  };
}

function emptyTables(strings: StringTable): TraceTables {
  const ints = (): Int32Array => new Int32Array(0);
  const floats = (): Float64Array => new Float64Array(0);
  const none = { length: 0 };
  return {
    format: 'json',
    eventCount: 0,
    byteLength: 0,
    bounds: { start: 0, end: 0 },
    unixMillisAtZero: null,
    strings,
    threads: {
      ...none,
      pid: floats(),
      tid: floats(),
      name: ints(),
      processName: ints(),
      role: new Uint8Array(0),
      firstSlice: ints(),
      endSlice: ints(),
      samples: ints(),
    },
    slices: settleSlices([], strings),
    asyncSlices: {
      ...none,
      start: floats(),
      duration: floats(),
      pid: floats(),
      name: ints(),
      traceCategory: ints(),
      id: ints(),
      flags: new Uint8Array(0),
      detail: floats(),
    },
    frames: { ...none, functionName: ints(), url: ints(), line: ints(), column: ints(), scriptId: ints() },
    stacks: { ...none, frame: ints(), prefix: ints() },
    samples: {
      ...none,
      time: floats(),
      thread: new Uint16Array(0),
      stack: ints(),
      line: ints(),
      column: ints(),
    },
    counters: { ...none, time: floats(), pid: floats(), thread: ints(), name: ints(), value: floats() },
    flows: {
      ...none,
      time: floats(),
      thread: new Uint16Array(0),
      key: ints(),
      name: ints(),
      traceCategory: ints(),
      step: new Uint8Array(0),
      detail: floats(),
    },
    phaseCounts: {},
    links: {
      ...none,
      time: floats(),
      thread: new Uint16Array(0),
      name: ints(),
      detail: floats(),
      frame: ints(),
      id: ints(),
    },
    pictures: { ...none, time: floats(), offset: floats() },
    marks: [],
    metadata: {},
    stackFrames: {},
    diagnostics: NO_DIAGNOSTICS,
  };
}
