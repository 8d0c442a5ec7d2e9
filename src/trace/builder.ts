/**
 * Events → tables: the one builder behind every reader.
 * In: event records in file order, whatever their phase. Out: {@link TraceTables} by `settle()`.
 * Times stay on the trace's own clock. Dirty data is counted in `diagnostics`, never thrown.
 */
import { StringTable } from '../base/index.ts';
import { AsyncCollector } from './async-slices.ts';
import { CounterCollector } from './counters.ts';
import { noDiagnostics } from './diagnostics.ts';
import { type EventRecord, LAST_TIME, PHASE, type ReadArgs } from './event.ts';
import { type Interest, interestOf } from './interests.ts';
import { ProfileCollector } from './profiles.ts';
import { SliceCollector } from './slices.ts';
import type { Diagnostics, Mark, SampleTable, TraceTables } from './tables.ts';
import { ThreadCollector } from './threads.ts';

/** What only the reader knows of its source. */
export interface SourceFacts {
  readonly format: 'json' | 'perfetto';
  readonly byteLength: number;
  readonly unixMillisAtZero: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export class TraceBuilder {
  readonly strings = new StringTable();
  readonly diagnostics: Diagnostics = noDiagnostics();
  readonly threads = new ThreadCollector(this.strings);
  readonly #slices = new SliceCollector(this.diagnostics);
  readonly #async = new AsyncCollector(this.strings, this.diagnostics);
  readonly #profiles = new ProfileCollector(this.strings, this.diagnostics);
  readonly #counters = new CounterCollector(this.strings);
  readonly #marks: Mark[] = [];
  /** By string row of the name: what its arguments are needed for; undefined until asked. */
  readonly #interests: Interest[] = [];
  /** By string row of the name: 1 when it ends with `::UMA`, which does not count for the bounds. */
  readonly #umaNames: (boolean | undefined)[] = [];
  #eventCount = 0;
  #boundsStart = Number.POSITIVE_INFINITY;
  #boundsEnd = Number.NEGATIVE_INFINITY;
  #tracingStarted = -1;

  /** Takes one event. `readArgs` is called only for events whose arguments the tables need. */
  add(event: EventRecord, readArgs: ReadArgs): void {
    this.#eventCount++;
    const phase = event.phase;
    if (phase !== PHASE.metadata && !(Math.abs(event.time) <= LAST_TIME)) {
      this.diagnostics.badTimes++;
      return;
    }
    if (event.duration > LAST_TIME) {
      this.diagnostics.badTimes++;
      event.duration = Number.NaN;
    }
    let interest = this.#interests[event.name];
    if (interest === undefined) {
      interest = interestOf(this.strings.get(event.name));
      this.#interests[event.name] = interest;
    }
    if (interest !== 'none') this.#look(event, interest, readArgs);
    this.#file(event, readArgs);
  }

  /** Counts an entry that is no event at all, and so is in no table. */
  addMalformed(): void {
    this.#eventCount++;
    this.diagnostics.malformedEvents++;
  }

  /** Counts an event that cannot be read for a reason that the reader counts itself. */
  addSkipped(): void {
    this.#eventCount++;
  }

  settle(facts: SourceFacts): TraceTables {
    const profiles = this.#profiles.settle(this.threads);
    const bounds = this.#settleBounds(profiles.samples);
    const slices = this.#slices.settle({
      threadCount: this.threads.length,
      traceEnd: bounds.end,
      strings: this.strings,
      profiles,
    });
    const asyncSlices = this.#async.settle(bounds.end);
    return {
      ...facts,
      eventCount: this.#eventCount,
      bounds,
      strings: this.strings,
      threads: this.threads.settle(slices.firstSlice, profiles.samples),
      slices: slices.table,
      asyncSlices,
      frames: profiles.frames,
      stacks: profiles.stacks,
      samples: profiles.samples,
      counters: this.#counters.settle(),
      // Readers hand events over in file order, which is a thread's after another's in Perfetto's.
      marks: this.#marks.sort((a, b) => a.time - b.time),
      diagnostics: this.diagnostics,
    };
  }

  /** Bounds of the events; of the samples in a trace that has nothing else. */
  #settleBounds({ length, time }: SampleTable): TraceTables['bounds'] {
    if (this.#boundsEnd >= this.#boundsStart) {
      const start = this.#tracingStarted > 0 ? this.#tracingStarted : this.#boundsStart;
      return { start, end: Math.max(start, this.#boundsEnd) };
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

  /** Hands the arguments to whoever needs them. */
  #look(event: EventRecord, interest: Interest, readArgs: ReadArgs): void {
    const tellsName = interest === 'thread-name' || interest === 'process-name';
    if (tellsName !== (event.phase === PHASE.metadata)) return;
    switch (interest) {
      case 'none':
        return;
      case 'thread-name':
      case 'process-name':
        this.threads.describe(event, interest, readArgs());
        return;
      case 'profile':
        this.#profiles.addHead(event, this.threads.rowOf(event.pid, event.tid), readArgs());
        return;
      case 'profile-chunk':
        this.#profiles.addChunk(event, readArgs());
        return;
      case 'whole-profile':
        this.#profiles.addWhole(event, this.threads.rowOf(event.pid, event.tid), readArgs());
        return;
      case 'counters':
        // A counter event of that name is taken with all other counters.
        if (event.phase !== PHASE.counter) this.#counters.add(event, readArgs());
        return;
      case 'trace-start':
        this.#tracingStarted = event.time;
        this.#addMark(event, readArgs());
        return;
      case 'mark':
        // The end of a begin/end pair says nothing that its begin has not said.
        if (event.phase !== PHASE.end && event.phase !== PHASE.asyncEnd) this.#addMark(event, readArgs());
        return;
    }
  }

  #addMark(event: EventRecord, args: Mark['args']): void {
    this.#marks.push({
      name: this.strings.get(event.name),
      traceCategory: this.strings.get(event.category),
      phase: String.fromCharCode(event.phase),
      time: event.time,
      duration: Number.isNaN(event.duration) ? 0 : Math.max(0, event.duration),
      pid: event.pid,
      tid: event.tid,
      id: this.strings.get(event.id),
      args,
    });
  }

  /** Puts the event where its phase belongs. */
  #file(event: EventRecord, readArgs: ReadArgs): void {
    switch (event.phase) {
      case PHASE.complete: {
        this.#widenBounds(event);
        this.#slices.addComplete(event, this.threads.rowOf(event.pid, event.tid));
        return;
      }
      case PHASE.begin:
        this.#widenBounds(event);
        this.#slices.addBegin(event, this.threads.rowOf(event.pid, event.tid));
        return;
      case PHASE.end:
        this.#widenBounds(event);
        this.#slices.addEnd(event, this.threads.rowOf(event.pid, event.tid));
        return;
      case PHASE.instant:
      case PHASE.instantOld:
        if (event.phase === PHASE.instant) this.#widenBounds(event);
        this.#slices.addInstant(event, this.threads.rowOf(event.pid, event.tid));
        return;
      case PHASE.asyncBegin:
      case PHASE.asyncStartOld:
        this.#async.begin(event);
        return;
      case PHASE.asyncEnd:
      case PHASE.asyncFinishOld:
        this.#async.end(event);
        return;
      case PHASE.counter:
        this.#counters.add(event, readArgs());
        return;
      case PHASE.mark:
      case PHASE.asyncInstant:
      case PHASE.asyncStepOld:
      case PHASE.asyncPastOld:
      case PHASE.flowStart:
      case PHASE.flowStep:
      case PHASE.flowEnd:
      case PHASE.metadata:
      case PHASE.sample:
      case PHASE.objectNew:
      case PHASE.objectSnapshot:
      case PHASE.objectDelete:
      case PHASE.memoryDump:
      case PHASE.memoryDumpGlobal:
      case PHASE.clockSync:
      case PHASE.contextEnter:
      case PHASE.contextLeave:
        return;
      default:
        this.diagnostics.unknownPhases++;
    }
  }

  /** The trace's bounds as DevTools' MetaHandler takes them. */
  #widenBounds(event: EventRecord): void {
    if (event.time === 0) return;
    let uma = this.#umaNames[event.name];
    if (uma === undefined) {
      uma = this.strings.get(event.name).endsWith('::UMA');
      this.#umaNames[event.name] = uma;
    }
    if (uma) return;
    if (event.time < this.#boundsStart) this.#boundsStart = event.time;
    const end = event.duration > 0 ? event.time + event.duration : event.time;
    if (end > this.#boundsEnd) this.#boundsEnd = end;
  }
}
