/**
 * JavaScript calls, laid from V8's samples inside the slices that ran them.
 * In: one thread's slices in order, its samples in order, and the stacks that V8 tied to single events (trace ids).
 * Out: calls with start and end, outer before inner. See docs/attribution.md for drawings, error and limits.
 *
 * A sample is a moment, a call a span. The stack that was last seen is kept open and grows until something says
 * otherwise: a sample with another stack, the end of the slice inside which it was opened, or a new task.
 *
 *   slices    |--------- FunctionCall ---------|
 *   samples      ab   ab   ac    a    (program)
 *   calls        |--------- a ---------|
 *                |--- b ---|-- c -|
 *
 *  - Calls opened before a slice begins are locked while it lasts: they contain it and cannot end inside it.
 *  - Calls opened inside a slice end with it at the latest, so that none crosses a slice's border.
 *  - A sample counts only inside a slice that runs JavaScript, or where no slice at all tells what runs (tracing began
 *    in the middle of it).
 *  - V8's own runtime functions among the frames are left out.
 *  - (program) and (idle) close what is open; (garbage collector) has no stack of its own and keeps the last.
 *  - A lone (program) between two samples of one outermost function is V8 failing to walk the stack: it is bridged.
 *
 * The method is that of DevTools' SamplesIntegrator (crbug.com/1417439 tells of its faults), so that figures can be
 * compared.
 */
import type { StringTable } from '../base/index.ts';
import type { ProfileTables, ThreadProfile } from './profiles.ts';
import { type RawSlices, traceIdOf } from './raw-slices.ts';
import { SLICE_INSTANT } from './tables.ts';

export interface JsCalls {
  readonly length: number;
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** Row in the stack table. */
  readonly stack: readonly number[];
}

export const NO_JS_CALLS: JsCalls = { length: 0, start: [], end: [], stack: [] };

const RUNS_JS = 1;
const STARTS_TASK = 2;

const JS_RUNNERS = new Set([
  'RunMicrotasks',
  'FunctionCall',
  'EvaluateScript',
  'v8.evaluateModule',
  'EventDispatch',
  'V8.Execute',
  'V8Console::runTask',
]);
const TASK_STARTERS = new Set(['RunMicrotasks', 'RunTask']);

/** V8's own C++ functions, which it puts into stacks when its runtime statistics are on: no JavaScript calls. */
const NATIVE_URL = 'native V8Runtime';

/** By string row: whether slices of that name run JavaScript or start a task. */
export function nameTraits(strings: StringTable): Uint8Array {
  return Uint8Array.from(strings.texts, (name) => {
    const runs = JS_RUNNERS.has(name) || name.startsWith('v8') || name.startsWith('V8');
    return (runs ? RUNS_JS : 0) | (TASK_STARTERS.has(name) ? STARTS_TASK : 0);
  });
}

export interface JsCallInput {
  /** Raw rows of the thread, sorted. */
  readonly rows: Int32Array;
  readonly raw: RawSlices;
  readonly traits: Uint8Array;
  readonly profile: ThreadProfile;
  readonly profiles: ProfileTables;
  readonly strings: StringTable;
}

export function layJsCalls(input: JsCallInput): JsCalls {
  return new JsCallLayer(input).lay();
}

/** What V8 was doing where it had no JavaScript stack. */
enum Meta {
  None = 0,
  Program = 1,
  Idle = 2,
  Gc = 3,
}

class JsCallLayer {
  readonly #input: JsCallInput;
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #stack: number[] = [];
  /** Calls that are open now, outermost first: rows of the columns above. */
  readonly #open: number[] = [];
  /** By slice that is open now: how many calls were open when it began. */
  readonly #locked: number[] = [];
  /** The last sample, or begin or end of a slice. */
  #seenUntil = 0;
  /** Samples count although no slice runs JavaScript, because none is known to. */
  #unexplained = false;
  /** String row of {@link NATIVE_URL}; -1 where no frame has it. */
  readonly #nativeUrl: number;
  /** Outermost-first stack rows of the sample in hand; reused. */
  #path: number[] = [];

  constructor(input: JsCallInput) {
    this.#input = input;
    this.#nativeUrl = input.strings.find(NATIVE_URL);
  }

  lay(): JsCalls {
    const { rows, raw, profile, profiles } = this.#input;
    const stacks = this.#bridgeLonePrograms();
    const times = profiles.samples.time;
    /** Open slices: their raw rows and ends. */
    const open: number[] = [];
    const openEnd: number[] = [];
    const closeUntil = (time: number): void => {
      while (open.length > 0 && openEnd[openEnd.length - 1] <= time) {
        open.pop();
        this.#endSlice(openEnd.pop() ?? time);
      }
    };
    let sample = profile.firstSample;
    for (const row of rows) {
      const traceId = traceIdOf(raw, row);
      if ((raw.flags[row] & SLICE_INSTANT) !== 0 && traceId === 0) continue;
      const start = raw.start[row];
      // At one moment a sample comes before an event without length, and after one with length.
      while (
        sample < profile.endSample &&
        (times[sample] < start || (times[sample] === start && raw.duration[row] === 0))
      ) {
        closeUntil(times[sample]);
        this.#takeSample(times[sample], stacks[sample - profile.firstSample], open);
        sample++;
      }
      closeUntil(start);
      this.#beginSlice(row, start, traceId);
      const end = start + raw.duration[row];
      openEnd.push(open.length === 0 ? end : Math.min(end, openEnd[openEnd.length - 1]));
      open.push(row);
    }
    for (; sample < profile.endSample; sample++) {
      closeUntil(times[sample]);
      this.#takeSample(times[sample], stacks[sample - profile.firstSample], open);
    }
    closeUntil(Number.POSITIVE_INFINITY);
    for (const call of this.#open) this.#endCall(call, this.#seenUntil);
    return this.#withoutEmptyCalls();
  }

  #takeSample(time: number, stack: number, open: readonly number[]): void {
    const { raw, traits } = this.#input;
    const parent = open.length > 0 ? open[open.length - 1] : -1;
    const inJs = parent >= 0 && (traits[raw.name[parent]] & RUNS_JS) !== 0;
    if (inJs || this.#unexplained) {
      this.#switchTo(this.#pathOf(stack), time);
    } else if (this.#open.length === 0) {
      this.#unexplained = true;
      this.#switchTo(this.#pathOf(stack), time);
      this.#locked.push(0);
    }
  }

  #beginSlice(row: number, start: number, traceId: number): void {
    const { raw, traits, profile } = this.#input;
    if (this.#unexplained) {
      this.#cutTo(this.#locked.pop() ?? 0, start);
      this.#unexplained = false;
    }
    if ((traits[raw.name[row]] & STARTS_TASK) !== 0) this.#cutTo(0, start);
    const stack = traceId === 0 ? undefined : profile.stackOfTraceId.get(traceId);
    if (stack !== undefined) this.#switchTo(this.#pathOf(stack), start);
    else this.#cutTo(this.#open.length, start);
    this.#locked.push(this.#open.length);
  }

  #endSlice(end: number): void {
    this.#cutTo(this.#locked.pop() ?? 0, end);
  }

  /** Makes `path` the open stack at `time`: common callers go on, others end, new ones begin. */
  #switchTo(path: readonly number[], time: number): void {
    const { frame } = this.#input.profiles.stacks;
    let common = this.#locked[this.#locked.length - 1] ?? 0;
    const limit = Math.min(path.length, this.#open.length);
    while (common < limit && frame[path[common]] === frame[this.#stack[this.#open[common]]]) common++;
    this.#cutTo(common, time);
    for (let i = this.#open.length; i < path.length; i++) {
      if (this.#metaOf(path[i]) !== Meta.None) continue;
      this.#open.push(this.#start.length);
      this.#start.push(time);
      this.#end.push(time);
      this.#stack.push(path[i]);
    }
  }

  #endCall(call: number, time: number): void {
    this.#end[call] = Math.max(this.#start[call], time);
  }

  /** Ends the calls above `depth` at `time`; the others are seen to last until then. */
  #cutTo(depth: number, time: number): void {
    const locked = this.#locked[this.#locked.length - 1] ?? 0;
    const kept = Math.min(Math.max(depth, locked), this.#open.length);
    // A slice that was never ended: its calls were last seen at the last thing that happened.
    const until = Number.isFinite(time) ? time : this.#seenUntil;
    for (let i = kept; i < this.#open.length; i++) this.#endCall(this.#open[i], until);
    this.#open.length = kept;
    this.#seenUntil = until;
  }

  #pathOf(stack: number): readonly number[] {
    const { stacks, frames } = this.#input.profiles;
    const path = this.#path;
    path.length = 0;
    for (let at = stack; at >= 0; at = stacks.prefix[at]) {
      if (frames.url[stacks.frame[at]] !== this.#nativeUrl) path.push(at);
    }
    path.reverse();
    return path;
  }

  #metaOf(stack: number): Meta {
    if (stack < 0) return Meta.Program;
    const { profiles, strings } = this.#input;
    if (profiles.stacks.prefix[stack] >= 0) return Meta.None;
    const name = strings.get(profiles.frames.functionName[profiles.stacks.frame[stack]]);
    if (name === '(program)') return Meta.Program;
    if (name === '(idle)') return Meta.Idle;
    return name === '(garbage collector)' ? Meta.Gc : Meta.None;
  }

  /** The thread's stacks, lone (program) samples bridged and GC samples given the stack before them. */
  #bridgeLonePrograms(): Int32Array {
    const { profile, profiles } = this.#input;
    const stacks = profiles.samples.stack.slice(profile.firstSample, profile.endSample);
    const bottomOf = (stack: number): number => {
      let at = stack;
      while (at >= 0 && profiles.stacks.prefix[at] >= 0) at = profiles.stacks.prefix[at];
      return at;
    };
    let previous = stacks[0];
    for (let i = 1; i < stacks.length - 1; i++) {
      const current = stacks[i];
      const next = stacks[i + 1];
      const lone =
        this.#metaOf(current) === Meta.Program &&
        this.#metaOf(previous) === Meta.None &&
        this.#metaOf(next) === Meta.None &&
        bottomOf(previous) === bottomOf(next);
      if (lone) stacks[i] = previous;
      previous = current;
    }
    let last = -1;
    for (let i = 0; i < stacks.length; i++) {
      if (this.#metaOf(stacks[i]) === Meta.Gc) stacks[i] = last;
      else last = stacks[i];
    }
    return stacks;
  }

  /** Calls that were seen in passing only, with no time of their own, are left to the sample table. */
  #withoutEmptyCalls(): JsCalls {
    const start: number[] = [];
    const end: number[] = [];
    const stack: number[] = [];
    for (let i = 0; i < this.#start.length; i++) {
      if (this.#end[i] <= this.#start[i]) continue;
      start.push(this.#start[i]);
      end.push(this.#end[i]);
      stack.push(this.#stack[i]);
    }
    return { length: start.length, start, end, stack };
  }
}
