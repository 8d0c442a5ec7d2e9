/** Begins, ends, complete and instant events of each thread → slices: who ends whom, and what is odd about it. */
import { describe, expect, test } from 'vitest';
import { SLICE_END_INFERRED, SLICE_INSTANT } from '../../../src/trace/index.ts';
import { micros, millis, oddities, type TraceRecipe, tablesOf, trace } from '../../builders/trace.ts';

/** Each slice as `depth name from–to`, with `?` behind an end that was never written. */
async function listSlices(recipe: TraceRecipe, thread = 0): Promise<string[]> {
  const { slices, strings, threads } = await recipe.read();
  return Array.from({ length: threads.endSlice[thread] - threads.firstSlice[thread] }, (_, i) => {
    const row = threads.firstSlice[thread] + i;
    const start = millis(slices.start[row]);
    const end = start + slices.duration[row] / 1000;
    const mark = (slices.flags[row] & SLICE_END_INFERRED) === 0 ? '' : '?';
    return `${slices.depth[row]} ${strings.get(slices.name[row])} ${start}–${end}${mark}`;
  });
}

const main = (): TraceRecipe => trace().thread('CrRendererMain');

describe('begin and end', () => {
  test('pair up, inner before outer', async () => {
    const recipe = main().begin('a', 0).begin('b', 1).end('b', 2).begin('c', 3).end('c', 4).end('a', 5);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 b 1–2', '1 c 3–4']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('an end without a name ends the innermost', async () => {
    const recipe = main().begin('a', 0).begin('b', 1).end(null, 2).end(null, 5);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 b 1–2']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('a slice in itself: the inner one ends first', async () => {
    const recipe = main().begin('a', 0).begin('a', 1).end('a', 2).end('a', 5);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 a 1–2']);
  });

  test('an end of an outer slice ends what is inside as well, whose ends stay unknown', async () => {
    const recipe = main().begin('a', 0).begin('b', 1).begin('c', 2).end('a', 5).slice('later', 6, 9);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 b 1–5?', '2 c 2–5?', '0 later 6–9']);
    expect(oddities(await recipe.read())).toEqual({ endsOfOtherSlice: 1, beginsWithoutEnd: 2 });
  });

  test('an end of no open slice ends nothing', async () => {
    const recipe = main().begin('a', 0).end('other', 2).end('a', 5);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5']);
    expect(oddities(await recipe.read())).toEqual({ endsOfOtherSlice: 1 });
  });

  test('an end with nothing open is counted', async () => {
    const recipe = main().end('a', 0).end(null, 1).slice('b', 2, 3);
    expect(await listSlices(recipe)).toEqual(['0 b 2–3']);
    expect(oddities(await recipe.read())).toEqual({ endsWithoutBegin: 2 });
  });

  test('a begin without an end lasts to its parent’s end, or to the end of the trace', async () => {
    const recipe = main().slice('X', 0, 4).begin('in', 1).begin('out', 5).slice('last', 7, 9);
    expect(await listSlices(recipe)).toEqual(['0 X 0–4', '1 in 1–4?', '0 out 5–9?', '1 last 7–9']);
    expect(oddities(await recipe.read())).toEqual({ beginsWithoutEnd: 2 });
  });

  test('at one moment: what ends there is no parent of what begins there', async () => {
    const recipe = main().begin('a', 0).end('a', 2).begin('b', 2).end('b', 4);
    expect(await listSlices(recipe)).toEqual(['0 a 0–2', '0 b 2–4']);
  });

  test('every thread has its own open slices', async () => {
    const recipe = main()
      .thread('one', { tid: 1 })
      .begin('a', 0)
      .thread('two', { tid: 2 })
      .begin('b', 1)
      .thread('one', { tid: 1 })
      .end('a', 2)
      .thread('two', { tid: 2 })
      .end('b', 3);
    expect(await listSlices(recipe, 0)).toEqual(['0 a 0–2']);
    expect(await listSlices(recipe, 1)).toEqual(['0 b 1–3']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('one thread id in two processes is two threads', async () => {
    const recipe = trace()
      .thread('one', { pid: 1, tid: 7 })
      .begin('a', 0)
      .thread('two', { pid: 2, tid: 7 })
      .end('a', 2);
    expect(await listSlices(recipe, 0)).toEqual(['0 a 0–2?']);
    expect(oddities(await recipe.read())).toMatchObject({ endsWithoutBegin: 1, beginsWithoutEnd: 1 });
  });
});

describe('out of order in the file', () => {
  test('begins and ends are paired by time', async () => {
    const recipe = main().end('a', 5).begin('b', 1).begin('a', 0).end('b', 2);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 b 1–2']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('complete events are sorted, the longer outside where they start together', async () => {
    const recipe = main().slice('late', 6, 7).slice('in', 0, 2).slice('out', 0, 5);
    expect(await listSlices(recipe)).toEqual(['0 out 0–5', '1 in 0–2', '0 late 6–7']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('of two equal slices the first in the file is outside', async () => {
    expect(await listSlices(main().slice('first', 0, 5).slice('second', 0, 5))).toEqual([
      '0 first 0–5',
      '1 second 0–5',
    ]);
  });
});

describe('complete events', () => {
  test('nest together with begins and ends', async () => {
    const recipe = main().begin('task', 0).slice('X', 1, 4).begin('in', 2).end('in', 3).end('task', 5);
    expect(await listSlices(recipe)).toEqual(['0 task 0–5', '1 X 1–4', '2 in 2–3']);
  });

  test('one that reaches past its parent is cut there, and counted', async () => {
    const recipe = main().slice('a', 0, 5).slice('b', 3, 8).slice('c', 4, 9);
    expect(await listSlices(recipe)).toEqual(['0 a 0–5', '1 b 3–5', '2 c 4–5']);
    expect(oddities(await recipe.read())).toEqual({ overlappingSlices: 2 });
  });

  test('without a duration they last no time; a negative one is none', async () => {
    const tables = await tablesOf(
      JSON.stringify([
        { ph: 'X', name: 'none', ts: 1 },
        { ph: 'X', name: 'back', ts: 2, dur: -5 },
        { ph: 'X', name: 'text', ts: 3, dur: 'long' },
      ]),
    );
    expect(Array.from(tables.slices.duration)).toEqual([0, 0, 0]);
    expect(oddities(tables)).toEqual({ negativeDurations: 1 });
  });

  test('impossible times are no times', async () => {
    const text =
      '[{"ph":"X","ts":1,"dur":1e300},{"ph":"X","ts":1e300},{"ph":"X","ts":null},{"ph":"X"},{"ph":"X","ts":-5,"dur":2}]';
    const tables = await tablesOf(text);
    expect(Array.from(tables.slices.start)).toEqual([-5, 1]);
    expect(Array.from(tables.slices.duration)).toEqual([2, 0]);
    expect(oddities(tables)).toEqual({ badTimes: 4 });
  });

  test('fractions that do not add up exactly make no overlap, and no sibling a child', async () => {
    const at = 100_000_000_000.1;
    const tables = await tablesOf(
      JSON.stringify([
        { ph: 'X', name: 'parent', ts: at, dur: 0.6 },
        { ph: 'X', name: 'one', ts: at, dur: 0.2 },
        { ph: 'X', name: 'two', ts: 100_000_000_000.3, dur: 0.2 },
        { ph: 'X', name: 'three', ts: 100_000_000_000.5, dur: 0.2 },
      ]),
    );
    expect(Array.from(tables.slices.depth)).toEqual([0, 1, 1, 1]);
    expect(Array.from(tables.slices.duration, (micros) => Math.round(micros * 1e3) / 1e3)).toEqual([
      0.6, 0.2, 0.2, 0.2,
    ]);
    expect(oddities(tables)).toEqual({});
  });

  test('a duration is kept as it was written, to the last digit', async () => {
    const tables = await tablesOf('[{"ph":"X","ts":100000000000.1,"dur":0.123}]');
    expect(tables.slices.duration[0]).toBe(0.123);
  });
});

describe('instants', () => {
  test('are rows without time, of either spelling', async () => {
    const tables = await main()
      .slice('a', 0, 5)
      .instant('new', 1)
      .event({ ph: 'i', name: 'old', ts: micros(2) })
      .read();
    expect(Array.from(tables.slices.flags)).toEqual([0, SLICE_INSTANT, SLICE_INSTANT]);
    expect(Array.from(tables.slices.parent)).toEqual([-1, 0, 0]);
  });
});

describe('in linear time', () => {
  const COUNT = 50_000;

  test('open slices of many names and ends of none of them', async () => {
    const recipe = main();
    for (let i = 0; i < COUNT; i++) recipe.begin(`open ${i}`, i);
    for (let i = 0; i < COUNT; i++) recipe.end(`nobody ${i}`, COUNT + i);
    expect(oddities(await recipe.read())).toEqual({ beginsWithoutEnd: COUNT, endsOfOtherSlice: COUNT });
  });

  test('slices nested without end, deeper than a depth can tell', async () => {
    const recipe = main();
    for (let i = 0; i < 70_000; i++) recipe.begin('in', i);
    const { slices } = await recipe.slice('last', 70_000, 70_001).read();
    expect(slices.depth.at(-1)).toBe(0xffff);
    expect(slices.parent.at(-1)).toBe(69_999);
  });
});
