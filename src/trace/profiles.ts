/**
 * V8's CPU profiles: which there are, whose they are, and which count.
 * In: `Profile` heads, `ProfileChunk`s in any order that the kernel has not read from their bytes, whole `CpuProfile`s.
 * Out: the frame, stack and sample tables, settled by the kernel; per thread which samples are its own.
 *
 * A profile belongs to the thread of its head; its chunks come on the profiler's own thread and share pid and id.
 * Where one thread has profiles of several sources, DevTools' own count (`source` Internal, then Inspector, then any), as
 * in DevTools' SamplesHandler; of those all that follow each other (it takes the first alone), but of two at the same
 * time only the one that began first: together they would count twice.
 */
import type { Steps, StringTable } from '../base/index.ts';
import type { Args, EventRecord } from './event.ts';
import type { Kernel } from './kernel.ts';
import {
  asObject,
  listOf,
  numberOr,
  type ProfileChunk,
  type ProfileNode,
  readProfileChunk,
} from './profile-chunk.ts';
import { handOutFrames, handOutSamples, handOutStacks } from './settled-columns.ts';
import type { Diagnostics, FrameTable, SampleTable, StackTable } from './tables.ts';

/** Rows [firstSample, endSample) of the sample table are one thread's. */
export interface ThreadProfile {
  readonly firstSample: number;
  readonly endSample: number;
}

export interface ProfileTables {
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  /** By thread row; undefined where V8 took no samples. */
  readonly byThread: readonly (ThreadProfile | undefined)[];
}

interface Profile {
  /** What the kernel calls it. */
  readonly number: number;
  thread: number;
  startTime: number;
  source: string;
}

const SOURCES_BY_PRIORITY = ['Internal', 'Inspector'];

/** As in kernel/raw-profiles.ts. */
const PARENT_NONE = 0;
const PARENT_GIVEN = 1;
const PARENT_UNKNOWN = 2;
const PARENT_LINK = 3;
const NO_NODE = -(2 ** 31);
const NODE_IDS = 2 ** 30;

export class ProfileCollector {
  readonly #strings: StringTable;
  readonly #diagnostics: Diagnostics;
  readonly #kernel: Kernel;
  readonly #profiles = new Map<string, Profile>();
  /** Node ids that are no small whole numbers, and what the kernel calls them. */
  readonly #oddNodes = new Map<number, number>();

  constructor(strings: StringTable, diagnostics: Diagnostics, kernel: Kernel) {
    this.#strings = strings;
    this.#diagnostics = diagnostics;
    this.#kernel = kernel;
  }

  /** A `Profile` event: which thread, and when its samples begin. */
  addHead(event: EventRecord, thread: number, args: Args): void {
    const profile = this.#profileOf(`${event.pid}:${event.id}`, event.time);
    const data = asObject(args.data);
    profile.thread = thread;
    // `startTime` in the arguments is of another clock in Perfetto's traces; the event's own time is right in all.
    profile.startTime = event.time;
    if (typeof data.source === 'string') profile.source = data.source;
  }

  /** A chunk that the kernel has read: whose it is. `source` is a string row, 0 where it names none. */
  numberOf({ pid, id, time }: EventRecord, source: number): number {
    const profile = this.#profileOf(`${pid}:${id}`, time);
    if (source !== 0) profile.source = this.#strings.get(source);
    return profile.number;
  }

  addChunk(event: EventRecord, args: Args): void {
    this.#add(this.#profileOf(`${event.pid}:${event.id}`, event.time), readProfileChunk(event.time, args));
  }

  /** A `CpuProfile` event: head and body in one. Each is a profile of its own, with node ids of its own. */
  addWhole(event: EventRecord, thread: number, args: Args): void {
    const body = asObject(asObject(args.data).cpuProfile);
    const profile = this.#profileOf(`whole ${this.#profiles.size}`, event.time);
    profile.thread = thread;
    profile.startTime = numberOr(body.startTime, event.time);
    this.#add(profile, readProfileChunk(event.time, args));
  }

  /** Yields between pieces of work. */
  *settle(threadCount: number): Steps<ProfileTables> {
    const { calls } = this.#kernel;
    const byThread: (ThreadProfile | undefined)[] = new Array(threadCount).fill(undefined);
    for (const [thread, ofThread] of this.#profilesByThread()) {
      const profiles = yield* this.#chooseOfThread(ofThread);
      const firstSample = calls.sampleCount();
      for (const { number, startTime } of profiles) {
        calls.startProfile(number, thread, startTime);
        while (calls.settleProfile() !== 0) yield;
        // There may be thousands of short ones.
        yield;
      }
      calls.startSamples(firstSample);
      while (calls.sortSamples() !== 0) yield;
      byThread[thread] = { firstSample, endSample: calls.sampleCount() };
    }
    yield;
    const samples = yield* handOutSamples(this.#kernel);
    for (const [thread, own] of byThread.entries()) {
      if (own !== undefined) samples.thread.fill(thread, own.firstSample, own.endSample);
    }
    const frames = yield* handOutFrames(this.#kernel);
    const stacks = yield* handOutStacks(this.#kernel);
    return { frames, stacks, samples, byThread };
  }

  #add(profile: Profile, chunk: ProfileChunk | null): void {
    if (chunk === null) {
      this.#diagnostics.malformedProfileChunks++;
      return;
    }
    if (chunk.source !== '') profile.source = chunk.source;
    const { calls } = this.#kernel;
    calls.beginChunk();
    for (const node of chunk.nodes) this.#addNode(node);
    const { samples, timeDeltas, lines, columns, traceIds, traceNodes } = chunk;
    for (let i = 0; i < samples.length; i++) {
      calls.addSample(this.#nodeOf(samples[i]), timeDeltas[i], lines[i] ?? 0, columns[i] ?? 0);
    }
    for (let i = 0; i < traceIds.length; i++) calls.addTraceStack(traceIds[i], this.#nodeOf(traceNodes[i]));
    calls.endChunk(profile.number, chunk.time);
  }

  #addNode({ id, parent, children, callFrame }: ProfileNode): void {
    const { calls } = this.#kernel;
    const node = this.#nodeOf(id);
    if (parent === undefined) calls.addNode(node, 0, PARENT_NONE);
    else if (typeof parent !== 'number') calls.addNode(node, 0, PARENT_UNKNOWN);
    else calls.addNode(node, this.#nodeOf(parent), PARENT_GIVEN);
    this.#setCode(asObject(callFrame));
    for (const child of listOf(children)) {
      if (typeof child === 'number') calls.addNode(this.#nodeOf(child), node, PARENT_LINK);
    }
  }

  #setCode({
    functionName,
    url,
    lineNumber,
    columnNumber,
    scriptId,
  }: Readonly<Record<string, unknown>>): void {
    const script = typeof scriptId === 'string' || typeof scriptId === 'number' ? Number(scriptId) : 0;
    this.#kernel.calls.setCode(
      this.#strings.intern(typeof functionName === 'string' ? functionName : ''),
      this.#strings.intern(typeof url === 'string' ? url : ''),
      numberOr(lineNumber, -1),
      numberOr(columnNumber, -1),
      script,
    );
  }

  /** The kernel's number of a node id. */
  #nodeOf(id: number): number {
    if (Number.isInteger(id) && id >= 0 && id < NODE_IDS) return id;
    if (Number.isNaN(id)) return NO_NODE;
    const known = this.#oddNodes.get(id);
    if (known !== undefined) return known;
    const made = -1 - this.#oddNodes.size;
    this.#oddNodes.set(id, made);
    return made;
  }

  #profileOf(key: string, startTime: number): Profile {
    let profile = this.#profiles.get(key);
    if (profile === undefined) {
      profile = { number: this.#profiles.size, thread: -1, startTime, source: '' };
      this.#profiles.set(key, profile);
    }
    return profile;
  }

  /** Profiles with samples, by thread row, ascending. */
  #profilesByThread(): readonly (readonly [number, readonly Profile[]])[] {
    const byThread = new Map<number, Profile[]>();
    for (const profile of this.#profiles.values()) {
      const sampleCount = this.#kernel.calls.samplesOfProfile(profile.number);
      if (profile.thread < 0) this.#diagnostics.orphanSamples += sampleCount;
      else if (sampleCount > 0) {
        const own = byThread.get(profile.thread);
        if (own === undefined) byThread.set(profile.thread, [profile]);
        else own.push(profile);
      }
    }
    return [...byThread].sort((a, b) => a[0] - b[0]);
  }

  /** Of one thread's profiles those of the best source, by time, less those that begin while another still runs. */
  *#chooseOfThread(profiles: readonly Profile[]): Steps<Profile[]> {
    const { calls } = this.#kernel;
    const best = profiles.reduce(
      (rank, profile) => Math.min(rank, rankOf(profile)),
      Number.POSITIVE_INFINITY,
    );
    const chosen: Profile[] = [];
    /** Of the last that was chosen; not known before it is asked for. */
    let end: number | null = null;
    const ofBest = profiles.filter((profile) => rankOf(profile) === best);
    for (const profile of ofBest.sort((a, b) => a.startTime - b.startTime)) {
      const last = chosen.at(-1);
      if (last !== undefined && end === null) {
        calls.startEnd(last.number, last.startTime);
        while (calls.findEnd() !== 0) yield;
        yield;
        end = calls.profileEnd.value;
      }
      if (end !== null && profile.startTime <= end) continue;
      chosen.push(profile);
      end = null;
    }
    return chosen;
  }
}

function rankOf({ source }: Profile): number {
  const at = SOURCES_BY_PRIORITY.indexOf(source);
  return at < 0 ? SOURCES_BY_PRIORITY.length : at;
}
