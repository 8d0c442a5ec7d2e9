/**
 * Events → tables: the one builder behind every reader, around the kernel that does the work.
 * In: events in file order, whatever their phase, out of the kernel's own scanners or one by one by `add`.
 * Out: {@link TraceTables} by `settle()`.
 * Times stay on the trace's own clock. Dirty data is counted in `diagnostics`, never thrown.
 */
import { runThrough, type Steps, StringTable } from '../base/index.ts';
import { fileCounters, fileDump } from './counters.ts';
import { noDiagnostics } from './diagnostics.ts';
import {
  type Args,
  type DataText,
  type EventRecord,
  type KeepArgs,
  makeEventRecord,
  PHASE,
  type ReadArgs,
} from './event.ts';
import { interestOf } from './interests.ts';
import { type Kernel, type KernelAnswers, openKernel } from './kernel.ts';
import { KERNEL_COUNTS } from './kernel-calls.ts';
import { fileLink } from './links.ts';
import { MarkCollector } from './marks.ts';
import { PictureCollector } from './pictures.ts';
import { ProfileCollector, type ProfileTables } from './profiles.ts';
import { AsyncColumns, fitsOf, handOutCounters, handOutFlows, handOutLinks } from './settled-columns.ts';
import { SliceSettler, tellWords } from './slices.ts';
import type { SampledThread } from './stack-samples.ts';
import {
  type AsyncSliceTable,
  type Diagnostics,
  FLOW_END,
  FLOW_START,
  FLOW_STEP,
  type SampleTable,
  type TraceTables,
} from './tables.ts';
import { ThreadCollector } from './threads.ts';
import { traitsOfName } from './traits.ts';

/** What only the reader knows of its source. */
export interface SourceFacts {
  readonly format: 'json' | 'perfetto';
  readonly byteLength: number;
  readonly unixMillisAtZero: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** JSON's table of frames, which events' own stacks name. */
  readonly stackFrames?: Readonly<Record<string, unknown>>;
}

const NO_ARGS: Args = {};
/** The key under which a detail speaks to DevTools. */
const OF_DEVTOOLS = 'devtools';
const latin = new TextDecoder('latin1');

/** By thread row. */
function countSamples({ byThread }: ProfileTables): Int32Array {
  return Int32Array.from(byThread, (own) => (own === undefined ? 0 : own.endSample - own.firstSample));
}

const keep =
  (args: Args): ReadArgs =>
  () =>
    args;

/** Marks are made when the kernel is gone: by a function of their own, which does not know it. */
function withMarks(tables: Omit<TraceTables, 'marks'>, marks: MarkCollector): TraceTables {
  return {
    ...tables,
    get marks() {
      return marks.settle();
    },
  };
}

export async function openBuilder(): Promise<TraceBuilder> {
  return new TraceBuilder(await openKernel());
}

export class TraceBuilder implements KernelAnswers {
  readonly kernel: Kernel;
  readonly strings = new StringTable();
  readonly diagnostics: Diagnostics = noDiagnostics();
  readonly threads = new ThreadCollector(this.strings);
  readonly #profiles: ProfileCollector;
  readonly #marks = new MarkCollector(this.strings);
  readonly #pictures = new PictureCollector();
  #tracingStarted = -1;
  /** The event that `add` was given, while the kernel takes it; null for those of its own. */
  #given: EventRecord | null = null;
  #readGiven: ReadArgs = () => NO_ARGS;
  #keepGiven: KeepArgs | undefined;
  readonly #scanned = makeEventRecord();
  /** Where the arguments of the kernel's event lie; 0 where it has none. */
  #argsFrom = 0;
  #argsTo = 0;
  #slices: SliceSettler | null = null;
  #async: AsyncColumns | null = null;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.#profiles = new ProfileCollector(this.strings, this.diagnostics, kernel);
    kernel.listen(this);
  }

  /**
   * Takes one event. `readArgs` is called only for events whose arguments the tables need. `data`: where the value of
   * their `data` lies in the kernel's memory, as JSON; so that the kernel may read it by itself. `keepArgs` keeps what is
   * needed to read them later.
   */
  add(event: EventRecord, readArgs: ReadArgs, data?: DataText, keepArgs?: KeepArgs): void {
    const { calls } = this.kernel;
    calls.setEvent(event.phase, event.name, event.category, event.time, event.duration);
    calls.setOrigin(event.pid, event.tid, event.offset);
    calls.setId(event.id, event.idIsLocal ? 1 : 0);
    calls.setTraceId(event.sampleTraceId);
    if (event.endsAround) calls.setEndsAround(1);
    for (const { high, low, starts, ends } of event.flows) {
      calls.stageFlowOf(high, low, starts === true ? FLOW_START : ends ? FLOW_END : FLOW_STEP);
    }
    if (data !== undefined) calls.setData(data.from, data.to);
    this.#given = event;
    this.#readGiven = readArgs;
    this.#keepGiven = keepArgs;
    calls.takeEvent();
    this.#given = null;
  }

  /** Takes the JSON events that are whole in the kernel's buffer; true when their list is over. */
  readEvents(): boolean {
    return this.kernel.calls.readEvents() !== 0;
  }

  /** Takes the samples of a thread, which no event told of. */
  addProfile({ pid, tid, time, args }: SampledThread): void {
    const event = { ...makeEventRecord(), pid, tid, time };
    this.#profiles.addWhole(event, this.threads.rowOf(pid, tid), args);
  }

  /** Counts an entry that is no event at all, and so is in no table. */
  addMalformed(): void {
    this.kernel.calls.countEvent();
    this.diagnostics.malformedEvents++;
  }

  /** Counts an event that cannot be read for a reason that the reader counts itself. */
  addSkipped(): void {
    this.kernel.calls.countEvent();
  }

  settle(facts: SourceFacts): TraceTables {
    return runThrough(this.settleInSteps(facts));
  }

  /** As `settle`, a piece of work between any two steps. */
  *settleInSteps(facts: SourceFacts): Steps<TraceTables> {
    const { kernel, strings } = this;
    tellWords(kernel, strings);
    const profiles = yield* this.#profiles.settle(this.threads.length);
    const bounds = this.#settleBounds(profiles.samples);
    yield;
    this.#slices = new SliceSettler({
      kernel,
      strings,
      profiles,
      threadCount: this.threads.length,
      traceEnd: bounds.end,
    });
    const slices = yield* this.#slices.run();
    const asyncSlices = yield* this.#settleAsync(bounds.end);
    const fits = fitsOf(kernel, strings.length);
    const flows = yield* handOutFlows(kernel, fits);
    const counters = yield* handOutCounters(kernel);
    const links = yield* handOutLinks(kernel, fits);
    for (const kind of KERNEL_COUNTS) this.diagnostics[kind] += kernel.calls[kind].value;
    const tables = {
      ...facts,
      stackFrames: facts.stackFrames ?? {},
      eventCount: kernel.calls.eventCount.value,
      bounds,
      strings,
      threads: this.threads.settle(slices.firstSlice, countSamples(profiles)),
      slices: slices.table,
      asyncSlices,
      frames: profiles.frames,
      stacks: profiles.stacks,
      samples: profiles.samples,
      counters,
      links,
      flows,
      phaseCounts: this.#countPhases(),
      pictures: this.#pictures.settle(),
      diagnostics: this.diagnostics,
    };
    return withMarks(tables, this.#marks);
  }

  *#settleAsync(traceEnd: number): Steps<AsyncSliceTable> {
    const { calls } = this.kernel;
    const columns = new AsyncColumns(
      this.kernel,
      calls.asyncCount(),
      fitsOf(this.kernel, this.strings.length),
    );
    this.#async = columns;
    calls.startAsync(traceEnd);
    while (calls.pairAsync() !== 0) yield;
    while (calls.writeAsync() !== 0) yield;
    return columns.table;
  }

  #countPhases(): Record<string, number> {
    const { memory, phaseCounts } = this.kernel.calls;
    const counts: Record<string, number> = {};
    for (const [code, count] of new Uint32Array(memory.buffer, phaseCounts.value >>> 0, 256).entries()) {
      if (count === 0) continue;
      const phase = code > 0x20 && code < 0x7f ? String.fromCharCode(code) : '?';
      counts[phase] = (counts[phase] ?? 0) + count;
    }
    return counts;
  }

  /** Bounds of the events; of the samples in a trace that has nothing else. */
  #settleBounds({ length, time }: SampleTable): TraceTables['bounds'] {
    const { boundsStart, boundsEnd } = this.kernel.calls;
    if (boundsEnd.value >= boundsStart.value) {
      const start = this.#tracingStarted > 0 ? this.#tracingStarted : boundsStart.value;
      return { start, end: Math.max(start, boundsEnd.value) };
    }
    if (length === 0) return { start: 0, end: 0 };
    let start = time[0];
    let end = time[0];
    for (let i = 1; i < length; i++) {
      start = Math.min(start, time[i]);
      end = Math.max(end, time[i]);
    }
    return { start, end };
  }

  // What the kernel asks.

  intern(text: string): number {
    return this.strings.intern(text);
  }

  textOf(row: number): string {
    return this.strings.get(row);
  }

  newThread(pid: number, tid: number): number {
    return this.threads.rowOf(pid, tid);
  }

  traitsOfName(row: number): number {
    return traitsOfName(this.strings.get(row));
  }

  profileOf(_pid: number, _id: number, source: number): number {
    return this.#profiles.numberOf(this.#eventAtHand(), source);
  }

  takeSlices(from: number, count: number): void {
    this.#slices?.columns?.take(from, count);
  }

  endTakenSlice(row: number, subtreeEnd: number, duration: number): void {
    this.#slices?.columns?.end(row, subtreeEnd, duration);
  }

  takeAsyncSlices(from: number, count: number): void {
    this.#async?.take(from, count);
  }

  takeCounter(): void {
    const isDump = this.#eventAtHand().phase === PHASE.memoryDump;
    (isDump ? fileDump : fileCounters)(this.#readArgs(), this.strings, this.kernel.calls);
  }

  stepName(): number {
    this.#eventAtHand();
    const { step } = this.#readArgs();
    return typeof step === 'string' ? this.strings.intern(step) : 0;
  }

  /** Hands the arguments to whoever needs them. */
  look(): void {
    const event = this.#eventAtHand();
    const ofName = interestOf(this.strings.get(event.name));
    const interest = ofName === 'none' ? interestOf(this.strings.get(event.category)) : ofName;
    switch (interest) {
      case 'none':
        return;
      case 'user-timing':
        if (this.#tellsTrack()) this.#addMark(event);
        return;
      case 'thread-name':
      case 'process-name':
        this.threads.describe(event, interest, this.#readArgs());
        return;
      case 'profile':
        this.#profiles.addHead(event, this.threads.rowOf(event.pid, event.tid), this.#readArgs());
        return;
      case 'profile-chunk':
        this.#profiles.addChunk(event, this.#readArgs());
        return;
      case 'whole-profile':
        this.#profiles.addWhole(event, this.threads.rowOf(event.pid, event.tid), this.#readArgs());
        // That there is one tells that a page was recorded.
        this.#marks.add(event, keep(NO_ARGS));
        return;
      case 'counters':
        // A counter event of that name is taken with all other counters.
        if (event.phase !== PHASE.counter) fileCounters(this.#readArgs(), this.strings, this.kernel.calls);
        return;
      case 'link':
        fileLink(event, this.#readArgs(), this.strings, this.kernel.calls);
        return;
      case 'script':
        // Those of another category hold the texts: they are read when somebody looks (engine/scripts/script-texts.ts).
        if (this.strings.get(event.category).endsWith('v8-source-rundown')) this.#addMark(event);
        return;
      case 'picture':
        if (event.phase !== PHASE.end && event.phase !== PHASE.asyncEnd) this.#pictures.add(event);
        return;
      case 'trace-start':
        this.#tracingStarted = event.time;
        this.#addMark(event);
        return;
      case 'mark':
        // The end of a begin/end pair says nothing that its begin has not said.
        if (event.phase !== PHASE.end && event.phase !== PHASE.asyncEnd) {
          this.#addMark(event);
        }
        return;
    }
  }

  #addMark(event: EventRecord): void {
    if (this.#given !== null) this.#marks.add(event, this.#keepGiven?.() ?? keep(this.#readGiven()));
    else if (this.#argsFrom !== 0 && this.kernel.calls.argsAreJson() !== 0) {
      this.#marks.add(event, this.kernel.bytes.subarray(this.#argsFrom, this.#argsTo));
    } else this.#marks.add(event, keep(this.#readArgs()));
  }

  /** Whether a performance.mark or measure asks for a track of its own: the arguments of others nobody needs. */
  #tellsTrack(): boolean {
    if (this.#given !== null) return JSON.stringify(this.#readGiven()).includes(OF_DEVTOOLS);
    if (this.#argsFrom === 0) return false;
    return latin.decode(this.kernel.bytes.subarray(this.#argsFrom, this.#argsTo)).includes(OF_DEVTOOLS);
  }

  #eventAtHand(): EventRecord {
    const told = this.kernel.tellEvent();
    const event = this.#given ?? this.#scanned;
    // An impossible duration is none; the kernel has seen to that.
    event.duration = told[4];
    if (this.#given !== null) return event;
    event.phase = told[0];
    event.name = told[1];
    event.category = told[2];
    event.time = told[3];
    event.pid = told[5];
    event.tid = told[6];
    event.id = told[7];
    event.idIsLocal = told[8] !== 0;
    event.sampleTraceId = told[9];
    event.offset = told[10];
    this.#argsFrom = told[11];
    this.#argsTo = told[12];
    return event;
  }

  #readArgs(): Args {
    return this.#given === null ? this.#parseArgs() : this.#readGiven();
  }

  #parseArgs(): Args {
    if (this.#argsFrom === 0) return NO_ARGS;
    const args = this.kernel.parse(this.#argsFrom, this.#argsTo);
    if (args === undefined) this.diagnostics.malformedEvents++;
    return typeof args === 'object' && args !== null ? (args as Args) : NO_ARGS;
  }
}
