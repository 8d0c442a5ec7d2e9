/**
 * Settling is work of bounded turns, whatever the trace: between two of them whoever waits is told, and may have cancelled.
 * The work is counted by the kernel (kernel/turns.ts), row by row, so that no clock is needed.
 */
import { expect, test } from 'vitest';
import { openBuilder } from '../../../src/trace/builder.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { readJson } from '../../../src/trace/json/reader.ts';
import { utf8 } from '../../builders/trace.ts';

const MANY = 200_000;
const FACTS = { format: 'json', byteLength: 0, unixMillisAtZero: null, metadata: {} } as const;

interface Settled {
  readonly tables: TraceTables;
  /** Rows passed by each turn. */
  readonly turns: readonly number[];
  readonly most: number;
}

async function settle(events: Iterable<object>): Promise<Settled> {
  const builder = await openBuilder();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield utf8('[');
    for (const event of events) yield utf8(`${JSON.stringify({ pid: 1, tid: 1, cat: 'c', ...event })},\n`);
    yield utf8(']');
  }
  await readJson(bytes(), builder);
  const { calls } = builder.kernel;
  const steps = builder.settleInSteps(FACTS);
  const turns: number[] = [];
  for (let before = calls.passedRows(); ; before = calls.passedRows()) {
    const step = steps.next();
    turns.push(calls.passedRows() - before);
    if (step.done) return { tables: step.value, turns, most: calls.TURN_ROWS.value };
  }
}

const count = (make: (i: number) => object): object[] => Array.from({ length: MANY }, (_, i) => make(i));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** A turn ends with the step that it is in: that one is a fraction of a turn. */
function expectBounded({ turns, most }: Settled, rows: number): void {
  expect(Math.max(...turns)).toBeLessThan(2 * most);
  expect(sum(turns)).toBeGreaterThan(rows);
}

/** What merging rows that come the last first passes at least: half of them at each level. */
const SORTING = (MANY / 2) * Math.log2(MANY / 16);

test('one thread’s slices, the last first', async () => {
  const settled = await settle(count((i) => ({ ph: 'X', name: 'a', ts: MANY - i, dur: 1 })));
  expect(settled.tables.slices.length).toBe(MANY);
  expectBounded(settled, SORTING);
});

test('one thread’s begins and ends, the last first', async () => {
  const settled = await settle(
    count((i) => ({ ph: i % 2 === 0 ? 'E' : 'B', name: 'a', ts: 10 * (MANY - i) })),
  );
  expect(settled.tables.slices.length).toBe(MANY / 2);
  expect(settled.tables.diagnostics.beginsWithoutEnd).toBe(0);
  expectBounded(settled, SORTING);
});

test('many short threads', async () => {
  const settled = await settle(
    count((i) => ({ ph: 'X', name: 'Layout', tid: i % 5_000, ts: MANY - i, dur: 1 })),
  );
  expect(settled.tables.threads.length).toBe(5_000);
  expectBounded(settled, 2 * MANY);
});

test('many short profiles of one thread', async () => {
  const nodes = [1, 2].map((id) => ({
    id,
    parent: id - 1,
    callFrame: { functionName: `f${id}`, url: 'a.js' },
  }));
  const samples = Array.from({ length: 100 }, (_, i) => 1 + (i % 2));
  const timeDeltas = samples.map(() => 1);
  const profiles = Array.from({ length: MANY / 100 }, (_, i) => [
    { ph: 'P', name: 'Profile', id: `0x${i}`, ts: 1_000 * (i + 1), args: { data: {} } },
    {
      ph: 'P',
      name: 'ProfileChunk',
      id: `0x${i}`,
      ts: 1_000 * (i + 1),
      args: { data: { cpuProfile: { nodes, samples }, timeDeltas } },
    },
  ]);
  const settled = await settle(profiles.flat());
  expect(settled.tables.samples.length).toBe(MANY);
  expectBounded(settled, 2 * MANY);
});

test('slices that never end, one in the other', async () => {
  const settled = await settle(count((i) => ({ ph: 'B', name: 'RunTask', ts: i })));
  expect(settled.tables.diagnostics.beginsWithoutEnd).toBe(MANY);
  expectBounded(settled, 3 * MANY);
});

test('slices that all end with the outermost', async () => {
  const inner = count((i) => ({ ph: 'B', name: 'inner', ts: 1 + i }));
  const outer = [
    { ph: 'B', name: 'outer', ts: 0 },
    { ph: 'E', name: 'outer', ts: 2 * MANY },
  ];
  const settled = await settle([outer[0], ...inner, outer[1]]);
  expect(settled.tables.diagnostics.beginsWithoutEnd).toBe(MANY);
  expect(settled.tables.slices.duration[0]).toBe(2 * MANY);
  expectBounded(settled, 3 * MANY);
});

test('async events, the last first', async () => {
  const settled = await settle(
    count((i) => ({ ph: i % 2 === 0 ? 'e' : 'b', id: `${i % 100}`, name: 'a', ts: 10 * (MANY - i) })),
  );
  expect(settled.tables.asyncSlices.length).toBe(MANY / 2);
  expectBounded(settled, SORTING);
});

test('samples of one chunk, the last first, and a call of each', async () => {
  const nodes = Array.from({ length: 1000 }, (_, i) => ({
    id: i + 1,
    callFrame: { functionName: i === 0 ? '(root)' : `f${i}`, scriptId: 1, url: 'a.js' },
    ...(i === 0 ? {} : { parent: 1 }),
  }));
  const samples = Array.from({ length: MANY }, (_, i) => 2 + (i % 999));
  const timeDeltas = samples.map((_, i) => (i === 0 ? 10 * MANY : -10));
  const settled = await settle([
    { ph: 'X', name: 'FunctionCall', ts: 0, dur: 20 * MANY },
    { ph: 'P', name: 'Profile', id: '0x1', ts: 0, args: { data: {} } },
    {
      ph: 'P',
      name: 'ProfileChunk',
      id: '0x1',
      ts: 0,
      args: { data: { cpuProfile: { nodes, samples }, timeDeltas } },
    },
  ]);
  expect(settled.tables.samples.length).toBe(MANY);
  expect(settled.tables.slices.length).toBe(MANY + 1);
  expectBounded(settled, SORTING + 4 * MANY);
});

/** Nodes that call each other `deep` deep under each of `count` functions, the root first. */
function recursions(count: number, deep: number): object[] {
  const code = (name: string): object => ({ functionName: name, scriptId: 1, url: 'a.js' });
  const nodes: object[] = [{ id: 1, callFrame: code('(root)') }];
  for (let i = 0; i < count * deep; i++)
    nodes.push({ id: i + 2, parent: i % deep === 0 ? 1 : i + 1, callFrame: code(`f${i}`) });
  return nodes;
}

function settleSamples(nodes: readonly object[], samples: readonly number[]): Promise<Settled> {
  const data = { cpuProfile: { nodes, samples }, timeDeltas: samples.map(() => 1) };
  return settle([
    { ph: 'P', name: 'Profile', id: '0x1', ts: 0, args: { data: {} } },
    { ph: 'P', name: 'ProfileChunk', id: '0x1', ts: 0, args: { data } },
  ]);
}

test('samples of two deep recursions in turns', async () => {
  const deep = 1_000;
  const samples = Array.from({ length: 500 }, (_, i) => 1 + deep * (1 + (i % 2)));
  const settled = await settleSamples(recursions(2, deep), samples);
  expect(settled.tables.slices.length).toBe(deep * (samples.length - 1));
  // Each call is another one, and a turn ends after so many.
  expectBounded(settled, (samples.length * deep) / 16);
});

test('a recursion that goes deeper with each sample costs no more for each', async () => {
  const deep = 20_000;
  const down = Array.from({ length: deep }, (_, i) => 2 + i);
  const settled = await settleSamples(recursions(1, deep), [...down, ...down.toReversed()]);
  expect(settled.tables.slices.length).toBe(deep);
  expect(sum(settled.turns)).toBeLessThan(20 * deep);
});
