/**
 * Flows of a Perfetto stream → flow events of Chrome's JSON: for each two steps that follow each other an `s` and an `f`
 * with an id of their own, as Chrome writes them, named and filed as the event that the flow comes from.
 * In: events that are steps of flows, in any order. Out: flow events, once all steps are there.
 * Refuses: flows of async events, which no reader can tie to a slice.
 */
import type { StringTable } from '../base/index.ts';
import { type EventRecord, PHASE } from './event.ts';

interface Step {
  readonly time: number;
  readonly pid: number;
  readonly tid: number;
  /** String rows. */
  readonly name: number;
  readonly category: number;
  readonly starts: boolean;
  readonly ends: boolean;
}

const SLICE_PHASES: ReadonlySet<number> = new Set([
  PHASE.begin,
  PHASE.complete,
  PHASE.instant,
  PHASE.instantOld,
  PHASE.mark,
]);

export class JsonFlows {
  readonly #strings: StringTable;
  readonly #flows = new Map<string, Step[]>();

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  add({ phase, flows, time, pid, tid, name, category }: EventRecord): void {
    if (flows.length === 0 || !SLICE_PHASES.has(phase) || Number.isNaN(time)) return;
    for (const { high, low, starts = false, ends } of flows) {
      const key = `${high} ${low}`;
      const steps = this.#flows.get(key);
      const step = { time, pid, tid, name, category, starts, ends };
      if (steps === undefined) this.#flows.set(key, [step]);
      else steps.push(step);
    }
  }

  *events(): Generator<Readonly<Record<string, unknown>>> {
    let id = 0;
    for (const steps of this.#flows.values()) {
      steps.sort((a, b) => a.time - b.time);
      for (let i = 1; i < steps.length; i++) {
        const from = steps[i - 1];
        if (from.ends || steps[i].starts) continue;
        const named = { name: this.#strings.get(from.name), cat: this.#strings.get(from.category), id: id++ };
        yield { ...named, ph: 's', ...placeOf(from), args: {} };
        yield { ...named, ph: 'f', bp: 'e', ...placeOf(steps[i]), args: {} };
      }
    }
    this.#flows.clear();
  }
}

const placeOf = ({ time, pid, tid }: Step): Record<string, number> => ({
  pid,
  tid,
  // Three decimals, as the slices themselves: a flow is found by the very moment.
  ts: Math.round(time * 1000) / 1000,
});
