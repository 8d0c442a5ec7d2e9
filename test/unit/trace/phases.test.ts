/**
 * Every phase of the Trace Event Format, in JSON and in Perfetto's protobuf: what becomes of it. docs/trace-events.md has
 * the same table; a test reads it there.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceTables } from '../../../src/trace/index.ts';
import { legacy, opening, packet, varint } from '../../builders/perfetto.ts';
import { oddities, tablesOf } from '../../builders/trace.ts';

type Kept =
  | 'slice'
  | 'end'
  | 'instant'
  | 'async'
  | 'async end'
  | 'async instant'
  | 'flow'
  | 'counter'
  | 'dump'
  | 'sample'
  | 'name'
  | 'count';

/** Phase → what one event of it leaves in the tables. */
const PHASES: Readonly<Record<string, Kept>> = {
  X: 'slice',
  B: 'slice',
  E: 'end',
  I: 'instant',
  i: 'instant',
  b: 'async',
  e: 'async end',
  n: 'async instant',
  S: 'async',
  F: 'async end',
  T: 'async instant',
  p: 'async instant',
  s: 'flow',
  t: 'flow',
  f: 'flow',
  C: 'counter',
  P: 'sample',
  R: 'instant',
  N: 'count',
  O: 'count',
  D: 'count',
  v: 'dump',
  V: 'count',
  c: 'count',
  '(': 'count',
  ')': 'count',
  M: 'name',
};

/** What each leaves, in numbers: rows, and what is counted as odd. */
const ROWS: Readonly<Record<Kept, object>> = {
  slice: { slices: 1, async: 0, counters: 0 },
  end: { slices: 0, async: 0, counters: 0, odd: { endsWithoutBegin: 1 } },
  instant: { slices: 1, async: 0, counters: 0 },
  async: { slices: 0, async: 1, counters: 0, odd: { unmatchedAsync: 1 } },
  'async end': { slices: 0, async: 0, counters: 0, odd: { unmatchedAsync: 1 } },
  counter: { slices: 0, async: 0, counters: 1 },
  'async instant': { slices: 0, async: 1, counters: 0 },
  flow: { slices: 0, async: 0, counters: 0, flows: 1 },
  dump: { slices: 0, async: 0, counters: 0 },
  sample: { slices: 0, async: 0, counters: 0 },
  name: { slices: 0, async: 0, counters: 0 },
  count: { slices: 0, async: 0, counters: 0 },
};

const count = (tables: TraceTables): object => {
  const odd = Object.fromEntries(
    Object.entries(oddities(tables)).filter(([kind]) => kind !== 'beginsWithoutEnd'),
  );
  const rows = {
    slices: tables.slices.length,
    async: tables.asyncSlices.length,
    counters: tables.counters.length,
    ...(tables.flows.length === 0 ? {} : { flows: tables.flows.length }),
  };
  return Object.keys(odd).length === 0 ? rows : { ...rows, odd };
};

test.each(Object.entries(PHASES))('%s in JSON: %s', async (ph, kept) => {
  const event = { pid: 1, tid: 1, cat: 'c', ph, name: 'Odd', id: '1', ts: 100, dur: 5, args: { value: 7 } };
  const tables = await tablesOf(JSON.stringify([event]));
  expect(count(tables)).toEqual(ROWS[kept]);
  expect(tables.eventCount).toBe(1);
  expect(tables.phaseCounts).toEqual({ [ph]: 1 });
});

/** Perfetto keeps these phases as they were; counters, ends without a track and metadata have messages of their own. */
const IN_PERFETTO = Object.entries(PHASES).filter(([phase]) => !'CM'.includes(phase));

test.each(IN_PERFETTO)('%s in Perfetto: %s', async (phase, kept) => {
  const id = varint(6, 1);
  const body = 'bneSFTpstfNOD()'.includes(phase) ? [id] : phase === 'X' ? [varint(3, 5)] : [];
  const tables = await tablesOf(
    Uint8Array.from([
      ...opening(),
      ...packet({ flags: 2, time: 1, event: legacy(phase, { name: 'Odd' }, ...body) }),
    ]),
  );
  expect(count(tables)).toEqual(ROWS[kept]);
});

test('the table in docs/trace-events.md is this one', () => {
  const text = readFileSync(new URL('../../../docs/trace-events.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (`.*?`) \| .*? \| ([a-z ]+?)(?:[,;:(].*)? \|$/gm)].flatMap(
    ([, phases, kept]) =>
      [...phases.matchAll(/`(.)`/g)].map(([, phase]): [string, string] => [phase, kept.trim()]),
  );
  expect(Object.fromEntries(rows)).toEqual(PHASES);
});
