/** What is looked at for flows grows with their number, however many are of one moment, however deep they lie. */
import { describe, expect, test } from 'vitest';
import { findFlows } from '../../../src/analysis/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { type RawEvent, tablesOf } from '../../builders/trace.ts';

const MANY = 3000;
const AT = { pid: 1, tid: 1, cat: 'a' };

/** A copy of a table that counts what is read of it, cell by cell. */
function counting<T extends object>(table: T, count: () => void): T {
  const columns = Object.entries(table).map(([name, column]) => {
    if (!ArrayBuffer.isView(column)) return [name, column];
    const get = (own: object, key: PropertyKey): unknown => {
      if (typeof key === 'string' && /^\d+$/.test(key)) count();
      const value: unknown = Reflect.get(own, key, own);
      return typeof value === 'function' ? value.bind(own) : value;
    };
    return [name, new Proxy(column, { get })];
  });
  return Object.fromEntries(columns);
}

async function readsOf(events: readonly RawEvent[]): Promise<{ reads: number; pairs: number }> {
  const tables: TraceTables = await tablesOf(JSON.stringify(events));
  let reads = 0;
  const count = (): void => void reads++;
  const counted = {
    ...tables,
    slices: counting(tables.slices, count),
    asyncSlices: counting(tables.asyncSlices, count),
  };
  let pairs = 0;
  findFlows(counted, () => void pairs++);
  return { reads, pairs };
}

const many = (make: (i: number) => RawEvent[]): RawEvent[] =>
  Array.from({ length: MANY }, (_, i) => make(i)).flat();
const flow = (i: number, ph: 's' | 'f', ts: number, more: RawEvent = {}): RawEvent => ({
  ...AT,
  ph,
  ts,
  id: i,
  name: 'flow',
  ...more,
});

const CASES: Readonly<Record<string, readonly RawEvent[]>> = {
  'ends of one moment, of slices that say so themselves': many((i) => [
    { ...AT, ph: 'X', ts: i, dur: 1, name: 'A', bind_id: i, flow_out: true },
    { ...AT, ph: 'X', ts: 9000, dur: 0, name: 'B', bind_id: i, flow_in: true },
  ]),
  'ends of one moment, of another category than all that begins then': many((i) => [
    { ...AT, ph: 'X', ts: i, dur: 1, name: 'flow' },
    flow(i, 's', i),
    { ...AT, ph: 'I', ts: 9000, name: 'B' },
    flow(i, 'f', 9000, { cat: 'b', bp: 'e' }),
  ]),
  'starts and ends of one moment': many((i) => [
    { ...AT, ph: 'X', ts: 9000, dur: 0, name: `own ${i}` },
    flow(i, 's', 9000),
    flow(i, 'f', 9000),
  ]),
  'ends where as many async events begin': many((i) => [
    { ...AT, ph: 'b', ts: 9000, id: i, name: 'async', cat: 'c' },
    { ...AT, ph: 'X', ts: i, dur: 1, name: 'flow' },
    flow(i, 's', i),
    flow(i, 'f', 9000, { bp: 'e' }),
  ]),
  'ends behind a deep stack that has ended': [
    { ...AT, ph: 'X', ts: 0, dur: 99_999, name: 'outer' },
    ...many((i) => [{ ...AT, ph: 'X', ts: 1 + i, dur: 2 * (MANY - i), name: 'deep' }]),
    ...many((i) => [flow(i, 's', 10_000 + i), flow(i, 'f', 20_000 + i, { bp: 'e', cat: 'b' })]),
  ],
  'ends before as many moments': [
    { ...AT, ph: 'X', ts: 0, dur: 99_999, name: 'outer' },
    ...many((i) => [
      flow(i, 's', 1 + i),
      flow(i, 'f', 10_000 + i),
      { ...AT, ph: 'I', ts: 50_000 + i, name: 'I' },
    ]),
    { ...AT, ph: 'X', ts: 60_000, dur: 1, name: 'next' },
  ],
};

describe('flows', () => {
  test.each(Object.entries(CASES))('%s', async (_, events) => {
    const { reads, pairs } = await readsOf(events);
    expect(reads).toBeGreaterThan(MANY);
    // A search among so many takes 12 steps, and each step of a flow makes a few.
    expect(reads).toBeLessThan(250 * MANY);
    expect(pairs).toBeLessThanOrEqual(MANY);
  });
});
