/** Tracks that pages name for themselves, as Chrome 156 writes them. */
import { describe, expect, test } from 'vitest';
import { collectPageItems } from '../../../src/analysis/index.ts';
import { NO_PAGE } from '../../builders/charts.ts';
import { micros, millis, type TraceRecipe, trace } from '../../builders/trace.ts';

const USER = { cat: 'blink.user_timing' };
const measure = (
  recipe: TraceRecipe,
  name: string,
  [from, to]: readonly [number, number],
  detail: unknown,
): TraceRecipe =>
  recipe
    .asyncBegin(name, name, from, { ...USER, args: { detail: JSON.stringify(detail), startTime: from } })
    .asyncEnd(name, name, to, USER);
const entry = (track: string, more: object = {}) => ({
  devtools: { dataType: 'track-entry', track, ...more },
});
const stamp = (recipe: TraceRecipe, name: string, at: number, data: object = {}): TraceRecipe =>
  recipe.instant('TimeStamp', at, {
    cat: 'devtools.timeline',
    args: { data: { message: name, name, ...data } },
  });

async function itemsOf(recipe: TraceRecipe) {
  const tables = await recipe.read();
  return collectPageItems(tables, NO_PAGE).map(({ track, title, start, end, source }) => ({
    track,
    title,
    from: millis(start),
    to: millis(end),
    source,
  }));
}

const main = () => trace().thread('CrRendererMain').slice('RunTask', 0, 100);

describe('custom tracks', () => {
  test('are those of measures and marks with a detail for DevTools, groups together', async () => {
    const recipe = main();
    measure(recipe, 'Read prices', [10, 16], entry('Basket', { trackGroup: 'Shop', color: 'primary-dark' }));
    measure(recipe, 'Alone', [11, 12], entry('Hydration'));
    measure(recipe, 'Ask', [12, 17], entry('Stock', { trackGroup: 'Shop', color: 'error' }));
    measure(
      recipe,
      'Sum up',
      [11, 14],
      entry('Basket', {
        trackGroup: 'Shop',
        tooltipText: 'Adds',
        properties: [['Items', 3], ['Currency', 'EUR'], 'broken'],
      }),
    );
    recipe.instant('Click', 20, {
      ...USER,
      args: { data: { detail: JSON.stringify(entry('Basket', { trackGroup: 'Shop' })) } },
    });
    const items = await itemsOf(recipe);
    expect(items.map(({ track, title, from, to }) => [track, title, from, to])).toEqual([
      ['custom', 'Read prices', 10, 16],
      ['custom', 'Sum up', 11, 14],
      ['custom', 'Click', 20, 20],
      ['custom', 'Ask', 12, 17],
      ['custom', 'Alone', 11, 12],
    ]);
    expect(items[1].source).toMatchObject({
      kind: 'custom',
      entry: {
        customTrack: 'Basket',
        group: 'Shop',
        colour: '',
        tooltip: 'Adds',
        properties: [
          ['Items', '3'],
          ['Currency', 'EUR'],
        ],
      },
    });
  });

  test('with properties that are nested without end are shown all the same', async () => {
    const recipe = main();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const detail = `{"devtools":{"track":"Deep","properties":[["tree",${deep}],[{"toString":0},1]]}}`;
    recipe.instant('Click', 20, { ...USER, args: { data: { detail } } });
    const [{ source }] = await itemsOf(recipe);
    expect(source).toMatchObject({
      kind: 'custom',
      entry: {
        properties: [
          ['tree', '…'],
          ['{"toString":0}', '1'],
        ],
      },
    });
  });

  test('of console.timeStamp: times of the trace, labels of time stamps before, or now', async () => {
    const recipe = main();
    stamp(recipe, 'begin', 5);
    stamp(recipe, 'Draw', 20, { start: micros(8), end: micros(12), track: 'Tiles', trackGroup: 'Map' });
    stamp(recipe, 'Since begin', 30, { start: 'begin', track: 'Tiles', trackGroup: 'Map', color: 'warning' });
    stamp(recipe, 'No track', 40, { start: micros(31), end: micros(33) });
    const items = await itemsOf(recipe);
    expect(items.map(({ track, title, from, to }) => [track, title, from, to])).toEqual([
      ['timings', 'begin', 5, 5],
      ['timings', 'No track', 31, 33],
      ['custom', 'Since begin', 5, 30],
      ['custom', 'Draw', 8, 12],
    ]);
  });

  test('markers and what has no such detail stay among the timings, once', async () => {
    const recipe = main();
    measure(recipe, 'plain', [1, 5], { mine: 1 });
    measure(recipe, 'no track', [2, 5], { devtools: { dataType: 'track-entry' } });
    recipe.asyncBegin('not JSON', '9', 3, { ...USER, args: { detail: '{devtools' } });
    recipe.asyncEnd('not JSON', '9', 4, USER);
    recipe.instant('Ready', 6, {
      ...USER,
      args: { data: { detail: JSON.stringify({ devtools: { dataType: 'marker', color: 'error' } }) } },
    });
    recipe.instant('fetchStart', 7, USER);
    const items = await itemsOf(recipe);
    expect(items.map(({ track, title, from, to }) => [track, title, from, to])).toEqual([
      ['timings', 'plain', 1, 5],
      ['timings', 'no track', 2, 5],
      ['timings', 'not JSON', 3, 4],
      ['timings', 'Ready', 6, 6],
    ]);
    expect(items[3].source).toMatchObject({ kind: 'timing', custom: { colour: 'error' } });
  });
});

test('a page that names a track for each request keeps the first sixty; the rest share one, and nothing is lost', async () => {
  const recipe = main();
  for (let request = 0; request < 1_000; request++)
    measure(
      recipe,
      `r${request}`,
      [request, request + 1],
      entry(`track ${request}`, { trackGroup: 'Fetch' }),
    );
  const entries = (await itemsOf(recipe)).flatMap(({ title, source }) =>
    source.kind === 'custom' ? [[source.entry.customTrack, title]] : [],
  );
  expect(entries.length).toBe(1_000);
  expect(new Set(entries.map(([track]) => track)).size).toBe(61);
  expect(entries.at(-1)).toEqual(['940 more tracks of the page', 'r999 (Fetch, track 999)']);
});
