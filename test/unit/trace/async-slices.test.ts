/** Async begins and ends → intervals: what ties them, and what is left over. */
import { describe, expect, test } from 'vitest';
import { SLICE_END_INFERRED, type TraceTables } from '../../../src/trace/index.ts';
import { micros, millis, oddities, type TraceRecipe, trace } from '../../builders/trace.ts';

const list = ({ asyncSlices, strings }: TraceTables): string[] =>
  Array.from(asyncSlices.start, (start, row) => {
    const end = millis(start) + asyncSlices.duration[row] / 1000;
    const mark = (asyncSlices.flags[row] & SLICE_END_INFERRED) === 0 ? '' : '?';
    return `${strings.get(asyncSlices.name[row])} ${millis(start)}–${end}${mark}`;
  });

const main = (): TraceRecipe => trace().thread('CrRendererMain').slice('RunTask', 0, 20);

describe('tied by', () => {
  test('id', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0)
      .asyncBegin('a', '2', 1)
      .asyncEnd('a', '1', 5)
      .asyncEnd('a', '2', 9);
    expect(list(await recipe.read())).toEqual(['a 0–5', 'a 1–9']);
  });

  test('trace category', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0, { cat: 'x' })
      .asyncBegin('a', '1', 1, { cat: 'y' })
      .asyncEnd('a', '1', 5, { cat: 'x' })
      .asyncEnd('a', '1', 9, { cat: 'y' });
    expect(list(await recipe.read())).toEqual(['a 0–5', 'a 1–9']);
  });

  test('scope', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0, { scope: 'x' })
      .asyncBegin('a', '1', 1)
      .asyncEnd('a', '1', 5, { scope: 'x' })
      .asyncEnd('a', '1', 9);
    expect(list(await recipe.read())).toEqual(['a 0–5', 'a 1–9']);
  });

  test('process, where the id is local', async () => {
    const local = { id: undefined, id2: { local: '1' } };
    const recipe = main()
      .asyncBegin('a', '1', 0, local)
      .asyncBegin('a', '1', 1, { ...local, pid: 2 })
      .asyncEnd('a', '1', 5, local)
      .asyncEnd('a', '1', 9, { ...local, pid: 2 });
    expect(list(await recipe.read())).toEqual(['a 0–5', 'a 1–9']);
  });

  test('no process, where the id is global', async () => {
    const global = { id: undefined, id2: { global: '1' } };
    const recipe = main()
      .asyncBegin('a', '1', 0, global)
      .asyncEnd('a', '1', 5, { ...global, pid: 2 });
    expect(list(await recipe.read())).toEqual(['a 0–5']);
  });
});

describe('several under one id', () => {
  test('nest: the innermost of a name ends first', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0)
      .asyncBegin('a', '1', 1)
      .asyncEnd('a', '1', 5)
      .asyncEnd('a', '1', 9);
    expect(list(await recipe.read())).toEqual(['a 0–9', 'a 1–5']);
  });

  test('may cross: an end ends what has its name', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0)
      .asyncBegin('b', '1', 1)
      .asyncEnd('a', '1', 5)
      .asyncBegin('a', '1', 6)
      .asyncEnd('a', '1', 7)
      .asyncEnd('b', '1', 9);
    expect(list(await recipe.read())).toEqual(['a 0–5', 'b 1–9', 'a 6–7']);
    expect(oddities(await recipe.read())).toEqual({});
  });

  test('an end without a name ends the innermost', async () => {
    const recipe = main()
      .asyncBegin('a', '1', 0)
      .asyncBegin('b', '1', 1)
      .asyncEnd('', '1', 5)
      .asyncEnd('', '1', 9);
    expect(list(await recipe.read())).toEqual(['a 0–9', 'b 1–5']);
  });

  test('many that never end do not slow the others down', async () => {
    const recipe = main();
    for (let i = 0; i < 20_000; i++) recipe.asyncBegin(`open ${i}`, '1', 1);
    for (let i = 0; i < 20_000; i++) recipe.asyncEnd(`nobody ${i}`, '1', 2);
    expect(oddities(await recipe.read())).toEqual({ unmatchedAsync: 40_000 });
  });
});

test('the older phases S and F pair like b and e; steps are moments of names of their own', async () => {
  const recipe = main()
    .event({ ph: 'S', name: 'a', id: '1', ts: micros(0) })
    .event({ ph: 'T', name: 'a', id: '1', ts: micros(1), args: { step: 'parsed' } })
    .event({ ph: 'p', name: 'a', id: '1', ts: micros(2), args: { step: 5 } })
    .event({ ph: 'T', name: 'a', id: '1', ts: micros(3) })
    .event({ ph: 'F', name: 'a', id: '1', ts: micros(5) });
  expect(list(await recipe.read())).toEqual(['a 0–5', 'parsed 1–1', 'a 2–2', 'a 3–3']);
});

test('an end that stands before its begin in the file is tied to it', async () => {
  const recipe = main()
    .asyncEnd('a', '1', 5)
    .asyncBegin('a', '1', 0)
    .asyncEnd('a', '1', 9)
    .asyncBegin('a', '1', 6);
  const tables = await recipe.read();
  expect(list(tables)).toEqual(['a 0–5', 'a 6–9']);
  expect(oddities(tables)).toEqual({});
});

test('what never ends lasts to the end of the trace; what never began is counted', async () => {
  const tables = await main().asyncBegin('a', '1', 15).asyncEnd('b', '2', 16).read();
  expect(list(tables)).toEqual(['a 15–20?']);
  expect(oddities(tables)).toEqual({ unmatchedAsync: 2 });
});
