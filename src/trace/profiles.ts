/**
 * V8's CPU profiles → frames, stacks and samples.
 * In: `Profile` heads, `ProfileChunk`s in any order, whole `CpuProfile`s. Out: the frame, stack and sample tables, and
 * per thread the samples and trace ids from which JS calls are laid.
 *
 * A profile belongs to the thread of its head; its chunks come on the profiler's own thread and share pid and id.
 * Sample times: the head's event time plus the sum of all deltas so far. Deltas may be negative (V8 writes samples out
 * of order), so samples are sorted afterwards. Where one thread has profiles of several sources, DevTools' own count
 * (`source` Internal, then Inspector, then any), as in DevTools' SamplesHandler; of those all that follow each other (it
 * takes the first alone), but of two at the same time only the one that began first: together they would count twice.
 */
import { type Column, float64Column, int32Column, type StringTable, uint16Column } from '../base/index.ts';
import { type Args, type EventRecord, LAST_TIME } from './event.ts';
import {
  asObject,
  listOf,
  numberOr,
  type ProfileChunk,
  type ProfileNode,
  readProfileChunk,
} from './profile-chunk.ts';
import type { Diagnostics, FrameTable, SampleTable, StackTable } from './tables.ts';
import type { ThreadCollector } from './threads.ts';

/** What the samples of one thread say, for laying its JS calls. */
export interface ThreadProfile {
  /** Rows [firstSample, endSample) of the sample table. */
  readonly firstSample: number;
  readonly endSample: number;
  /** `sampleTraceId` → stack row. */
  readonly stackOfTraceId: ReadonlyMap<number, number>;
}

export interface ProfileTables {
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  /** By thread row; undefined where V8 took no samples. */
  readonly byThread: readonly (ThreadProfile | undefined)[];
}

/** The outermost frames that are no code: V8's own names for what it was doing. */
export const META_FRAMES = ['(root)', '(program)', '(idle)', '(garbage collector)'] as const;

interface Profile {
  thread: number;
  startTime: number;
  source: string;
  readonly chunks: ProfileChunk[];
}

const SOURCES_BY_PRIORITY = ['Internal', 'Inspector'];

export class ProfileCollector {
  readonly #strings: StringTable;
  readonly #diagnostics: Diagnostics;
  readonly #profiles = new Map<string, Profile>();
  readonly #frameRows = new Map<string, number>();
  readonly #functionName = int32Column();
  readonly #url = int32Column();
  readonly #line = int32Column();
  readonly #column = int32Column();
  readonly #scriptId = int32Column();
  readonly #stackFrame = int32Column();
  readonly #stackPrefix = int32Column();

  constructor(strings: StringTable, diagnostics: Diagnostics) {
    this.#strings = strings;
    this.#diagnostics = diagnostics;
  }

  /** A `Profile` event: which thread, and when its samples begin. */
  addHead(event: EventRecord, thread: number, args: Args): void {
    const profile = this.#profileOf(event);
    const data = asObject(args.data);
    profile.thread = thread;
    // `startTime` in the arguments is of another clock in Perfetto's traces; the event's own time is right in all.
    profile.startTime = event.time;
    if (typeof data.source === 'string') profile.source = data.source;
  }

  addChunk(event: EventRecord, args: Args): void {
    this.#add(this.#profileOf(event), readProfileChunk(event.time, args));
  }

  /** A `CpuProfile` event: head and body in one. */
  addWhole(event: EventRecord, thread: number, args: Args): void {
    const body = asObject(asObject(args.data).cpuProfile);
    const profile = this.#profileOf(event, `thread ${thread}`);
    profile.thread = thread;
    profile.startTime = numberOr(body.startTime, event.time);
    this.#add(profile, readProfileChunk(event.time, args));
  }

  #add(profile: Profile, chunk: ProfileChunk | null): void {
    if (chunk === null) {
      this.#diagnostics.malformedProfileChunks++;
      return;
    }
    if (chunk.source !== '') profile.source = chunk.source;
    profile.chunks.push(chunk);
  }

  settle(threads: ThreadCollector): ProfileTables {
    const samples = new SampleColumns();
    const byThread: (ThreadProfile | undefined)[] = new Array(threads.length).fill(undefined);
    const chosen = this.#chooseProfiles();
    for (const [thread, profiles] of chosen) byThread[thread] = this.#settleThread(profiles, thread, samples);
    return {
      frames: {
        length: this.#functionName.length,
        functionName: this.#functionName.settle(),
        url: this.#url.settle(),
        line: this.#line.settle(),
        column: this.#column.settle(),
        scriptId: this.#scriptId.settle(),
      },
      stacks: {
        length: this.#stackFrame.length,
        frame: this.#stackFrame.settle(),
        prefix: this.#stackPrefix.settle(),
      },
      samples: samples.settle(),
      byThread,
    };
  }

  #profileOf(event: EventRecord, key = `${event.pid}:${event.id}`): Profile {
    let profile = this.#profiles.get(key);
    if (profile === undefined) {
      profile = { thread: -1, startTime: event.time, source: '', chunks: [] };
      this.#profiles.set(key, profile);
    }
    return profile;
  }

  /** The profiles that count, by thread row, ascending; those of one thread follow each other in time. */
  #chooseProfiles(): Map<number, readonly Profile[]> {
    const byThread = new Map<number, Profile[]>();
    for (const profile of this.#profiles.values()) {
      if (profile.thread < 0) {
        for (const chunk of profile.chunks) this.#diagnostics.orphanSamples += chunk.samples.length;
      } else if (profile.chunks.some((chunk) => chunk.samples.length > 0)) {
        byThread.set(profile.thread, [...(byThread.get(profile.thread) ?? []), profile]);
      }
    }
    const threads = [...byThread].sort((a, b) => a[0] - b[0]);
    return new Map(threads.map(([thread, profiles]) => [thread, chooseOfThread(profiles)]));
  }

  #settleThread(profiles: readonly Profile[], thread: number, out: SampleColumns): ThreadProfile {
    const firstSample = out.length;
    const stackOfTraceId = new Map<number, number>();
    for (const profile of profiles) this.#settleProfile(profile, thread, out, stackOfTraceId);
    out.sortFrom(firstSample);
    return { firstSample, endSample: out.length, stackOfTraceId };
  }

  #settleProfile(
    profile: Profile,
    thread: number,
    out: SampleColumns,
    stackOfTraceId: Map<number, number>,
  ): void {
    profile.chunks.sort((a, b) => a.time - b.time);
    const stackOfNode = this.#layStacks(profile.chunks);
    let time = profile.startTime;
    for (const { samples, timeDeltas, lines } of profile.chunks) {
      for (let i = 0; i < samples.length; i++) {
        const next = time + timeDeltas[i];
        const stack = stackOfNode.get(samples[i]);
        const hasTime = Math.abs(next) <= LAST_TIME;
        if (hasTime) time = next;
        if (!hasTime || stack === UNKNOWN) this.#diagnostics.orphanSamples++;
        else out.add(time, thread, stack, i < lines.length ? lines[i] : 0);
      }
    }
    for (const { traceIds, traceNodes } of profile.chunks) {
      for (let i = 0; i < traceIds.length; i++) {
        const stack = stackOfNode.get(traceNodes[i]);
        if (stack !== UNKNOWN) stackOfTraceId.set(traceIds[i], stack);
      }
    }
  }

  /**
   * Node id → stack row. A parent's stack row comes before its children's; the root has none of its own, so that its
   * children are outermost. Nodes whose parent never came, or that are their own ancestor, are taken as outermost.
   */
  #layStacks(chunks: readonly ProfileChunk[]): NodeStacks {
    const byId = new Map<unknown, ProfileNode>();
    const parentOf = new Map<unknown, unknown>();
    for (const chunk of chunks) {
      for (const node of chunk.nodes) {
        byId.set(node.id, node);
        if (node.parent !== undefined) parentOf.set(node.id, node.parent);
        for (const child of listOf(node.children)) parentOf.set(child, node.id);
      }
    }
    const stackOf = new NodeStacks();
    for (const id of byId.keys()) {
      // Walk up to the first ancestor that has its row, then give out rows on the way back down.
      const path: number[] = [];
      const onPath = new Set<unknown>();
      let at: unknown = id;
      while (typeof at === 'number' && byId.has(at) && stackOf.get(at) === UNKNOWN && !onPath.has(at)) {
        path.push(at);
        onPath.add(at);
        at = parentOf.get(at);
      }
      let prefix = typeof at !== 'number' || onPath.has(at) ? -1 : Math.max(-1, stackOf.get(at));
      for (const node of path.reverse()) {
        const frame = this.#frameOf(asObject(byId.get(node)?.callFrame));
        const isRoot = this.#strings.get(this.#functionName.values[frame]) === '(root)' && prefix < 0;
        if (isRoot) {
          stackOf.set(node, -1);
          continue;
        }
        const stack = this.#stackFrame.push(frame);
        this.#stackPrefix.push(prefix);
        stackOf.set(node, stack);
        prefix = stack;
      }
    }
    return stackOf;
  }

  #frameOf(callFrame: Readonly<Record<string, unknown>>): number {
    const functionName = typeof callFrame.functionName === 'string' ? callFrame.functionName : '';
    const url = typeof callFrame.url === 'string' ? callFrame.url : '';
    const line = numberOr(callFrame.lineNumber, -1);
    const column = numberOr(callFrame.columnNumber, -1);
    const { scriptId: id } = callFrame;
    const scriptId = (typeof id === 'string' || typeof id === 'number' ? Number(id) : 0) || 0;
    const key = `${scriptId}\n${line}\n${column}\n${functionName}\n${url}`;
    let row = this.#frameRows.get(key);
    if (row === undefined) {
      row = this.#functionName.push(this.#strings.intern(functionName));
      this.#url.push(this.#strings.intern(url));
      this.#line.push(line);
      this.#column.push(column);
      this.#scriptId.push(scriptId);
      this.#frameRows.set(key, row);
    }
    return row;
  }
}

/** Of one thread's profiles those of the best source, less those that begin while another still runs. */
function chooseOfThread(profiles: readonly Profile[]): Profile[] {
  const rank = ({ source }: Profile): number => {
    const at = SOURCES_BY_PRIORITY.indexOf(source);
    return at < 0 ? SOURCES_BY_PRIORITY.length : at;
  };
  const best = Math.min(...profiles.map(rank));
  const chosen: Profile[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const ofBest = profiles.filter((profile) => rank(profile) === best);
  for (const profile of ofBest.sort((a, b) => a.startTime - b.startTime)) {
    if (chosen.length > 0 && profile.startTime <= end) continue;
    chosen.push(profile);
    end = endOf(profile);
  }
  return chosen;
}

/** When the last sample of a profile was taken. */
function endOf({ startTime, chunks }: Profile): number {
  let time = startTime;
  for (const { timeDeltas } of chunks) {
    for (const delta of timeDeltas) if (!Number.isNaN(delta)) time += delta;
  }
  return time;
}

/** A node that was never written. */
const UNKNOWN = -2;
/** V8 numbers nodes from 1 on; ids above this do not cost an array of their size. */
const MOST_DENSE = 1 << 20;

/** Node id → stack row, -1 for the root; {@link UNKNOWN} for all others. */
class NodeStacks {
  #dense = new Int32Array(1024).fill(UNKNOWN);
  readonly #sparse = new Map<number, number>();

  get(node: number): number {
    const stack = this.#dense[node];
    return stack !== undefined && stack !== UNKNOWN ? stack : (this.#sparse.get(node) ?? UNKNOWN);
  }

  set(node: number, stack: number): void {
    if (!Number.isInteger(node) || node < 0 || node >= MOST_DENSE) {
      this.#sparse.set(node, stack);
      return;
    }
    if (node >= this.#dense.length) {
      const larger = new Int32Array(Math.min(MOST_DENSE, 2 * node)).fill(UNKNOWN);
      larger.set(this.#dense);
      this.#dense = larger;
    }
    this.#dense[node] = stack;
  }
}

/** A sample out of order is shifted past so many others on the average before the whole is sorted instead. */
const SHIFTS_PER_SAMPLE = 8;

/** The sample table while it grows; each thread's samples are sorted once they are all there. */
class SampleColumns {
  readonly #time: Column<Float64Array<ArrayBuffer>> = float64Column();
  readonly #thread = uint16Column();
  readonly #stack = int32Column();
  readonly #line = int32Column();

  get length(): number {
    return this.#time.length;
  }

  add(time: number, thread: number, stack: number, line: number): void {
    this.#time.push(time);
    this.#thread.push(thread);
    this.#stack.push(stack);
    this.#line.push(line);
  }

  /**
   * Sorts the rows from `first` on by time, stable. V8 writes a sample out of order now and then, a few places late: one
   * by one they are soon moved there. A stream of any other kind is sorted as a whole.
   */
  sortFrom(first: number): void {
    const time = this.#time.values;
    const stack = this.#stack.values;
    const line = this.#line.values;
    let budget = SHIFTS_PER_SAMPLE * (this.length - first);
    for (let i = first + 1; i < this.length; i++) {
      const [itsTime, itsStack, itsLine] = [time[i], stack[i], line[i]];
      let at = i;
      for (; at > first && time[at - 1] > itsTime; at--) {
        time[at] = time[at - 1];
        stack[at] = stack[at - 1];
        line[at] = line[at - 1];
      }
      time[at] = itsTime;
      stack[at] = itsStack;
      line[at] = itsLine;
      budget -= i - at;
      if (budget < 0) {
        this.#sortAll(first);
        return;
      }
    }
  }

  #sortAll(first: number): void {
    const count = this.length - first;
    const time = this.#time.values.slice(first, this.length);
    const stack = this.#stack.values.slice(first, this.length);
    const line = this.#line.values.slice(first, this.length);
    const order = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => time[a] - time[b] || a - b);
    for (let i = 0; i < count; i++) {
      this.#time.values[first + i] = time[order[i]];
      this.#stack.values[first + i] = stack[order[i]];
      this.#line.values[first + i] = line[order[i]];
    }
  }

  settle(): SampleTable {
    return {
      length: this.length,
      time: this.#time.settle(),
      thread: this.#thread.settle(),
      stack: this.#stack.settle(),
      line: this.#line.settle(),
    };
  }
}
