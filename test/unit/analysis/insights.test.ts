/** Insights, each by a tiny trace that shows it and one that does not. Times in ms. */
import { describe, expect, test } from 'vitest';
import {
  classifySlices,
  collectInsights,
  collectPageItems,
  findPageLoad,
  type Insight,
  type InsightKind,
} from '../../../src/analysis/index.ts';
import { type TraceRecipe, trace } from '../../builders/trace.ts';

async function insightsOf(recipe: TraceRecipe): Promise<Insight[]> {
  const tables = await recipe.read();
  const page = findPageLoad(tables);
  return collectInsights({
    tables,
    classes: classifySlices(tables),
    page,
    items: collectPageItems(tables, page),
  });
}

const only = async (recipe: TraceRecipe, kind: InsightKind): Promise<Insight | undefined> =>
  (await insightsOf(recipe)).find((insight) => insight.kind === kind);

const told = (insight: Insight | undefined) =>
  insight?.evidence.map(({ text, millis, note }) =>
    [text, millis, note].filter((part) => part !== '' && part !== null),
  );

const URL = 'https://shop.example/';
const page = (): TraceRecipe =>
  trace().thread('CrRendererMain').slice('ParseHTML', 0, 1).navigate(URL, 0).commit(URL, 1);
const request = (id: string, url: string, facts: object = {}) => ({
  args: { data: { requestId: id, url, ...facts } },
});

test('a page where nothing is worth a look has no insights', async () => {
  expect(await insightsOf(page().slice('RunTask', 10, 20))).toEqual([]);
});

test('a trace without a page has none either', async () => {
  expect(await insightsOf(trace().thread('other').slice('RunTask', 0, 500))).toEqual([]);
});

describe('long tasks', () => {
  test('count what goes beyond 50 ms, and name what filled them', async () => {
    const insight = await only(
      page()
        .slice('RunTask', 100, 180)
        .slice('FunctionCall', 100, 178)
        .slice('Layout', 110, 175)
        .slice('RunTask', 200, 250),
      'long-tasks',
    );
    expect(insight?.title).toBe('1 long task, 30 ms beyond 50 ms each');
    expect(told(insight)).toEqual([['mostly Layout', 80, '65 ms of it in one piece']]);
  });

  test('a task of exactly 50 ms is none', async () => {
    expect(await only(page().slice('RunTask', 100, 150), 'long-tasks')).toBeUndefined();
  });
});

describe('forced layouts', () => {
  test('are listed by the function that asked', async () => {
    const insight = await only(
      page()
        .slice('RunTask', 2, 40)
        .slice('FunctionCall', 2, 40)
        .slice('Layout', 10, 14)
        .slice('Layout', 20, 22)
        .samples('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', { from: 3 }),
      'forced-layouts',
    );
    expect(insight?.title).toBe('6.0 ms of style and layout forced by scripts');
    expect(told(insight)).toEqual([['a page.js', 6, '2 times']]);
  });

  test("a frame's own layout is not forced", async () => {
    expect(
      await only(page().slice('RunTask', 0, 40).slice('Layout', 10, 14), 'forced-layouts'),
    ).toBeUndefined();
  });
});

test('LCP falls into the wait for the first byte and the rest', async () => {
  const insight = await only(
    page()
      .instant('ResourceSendRequest', 2, request('1', URL))
      .instant('ResourceReceiveResponse', 40, request('1', URL))
      .instant('ResourceFinish', 50, request('1', URL))
      .mark('largestContentfulPaint::Candidate', 200, {
        cat: 'loading',
        args: { frame: 'F', data: { candidateIndex: 1, isMainFrame: true, isOutermostMainFrame: true } },
      }),
    'lcp-parts',
  );
  expect(insight?.title).toBe('Largest contentful paint after 200 ms');
  expect(told(insight)).toEqual([
    ['From the first byte to the paint', 160, '80 %'],
    ['Until the first byte', 40, '20 %'],
  ]);
});

test('render-blocking requests are those that Chrome marked so', async () => {
  const css = 'https://shop.example/a.css';
  const js = 'https://shop.example/b.js';
  const insight = await only(
    page()
      .instant('ResourceSendRequest', 10, request('1', css, { renderBlocking: 'blocking' }))
      .instant('ResourceSendRequest', 10, request('2', js, { renderBlocking: 'non_blocking' }))
      .instant('ResourceFinish', 30, request('1', css, { encodedDataLength: 1500 }))
      .instant('ResourceFinish', 60, request('2', js)),
    'render-blocking',
  );
  expect(insight?.title).toBe('1 request held up the first paint until 30 ms');
  expect(told(insight)).toEqual([['a.css', 20, '1.5 kB']]);
});

test('layout shifts without input, the worst first, with the request that came just before', async () => {
  const shift =
    (at: number, score: number, recent = false) =>
    (recipe: TraceRecipe) =>
      recipe.instant('LayoutShift', at, {
        cat: 'loading',
        args: { data: { score, had_recent_input: recent } },
      });
  const image = 'https://shop.example/hero.png';
  const recipe = page()
    .instant('ResourceSendRequest', 10, request('1', image))
    .instant('ResourceFinish', 80, request('1', image));
  for (const add of [shift(100, 0.2), shift(300, 0.3), shift(400, 0.4, true)]) add(recipe);
  const insight = await only(recipe, 'layout-shifts');
  expect(insight?.title).toBe('2 layout shifts, scores add up to 0.500');
  expect(told(insight)).toEqual([
    ['Layout shift', 'score 0.3000'],
    ['after hero.png had come', 'score 0.2000'],
  ]);
});

test('interactions slower than 200 ms, in parts', async () => {
  const data = {
    type: 'click',
    interactionId: 3,
    timeStamp: 0,
    duration: 240,
    processingStart: 20,
    processingEnd: 220,
  };
  const insight = await only(
    page()
      .asyncBegin('EventTiming', 'e', 10, { args: { data } })
      .asyncEnd('EventTiming', 'e', 250)
      .slice('RunTask', 250, 251),
    'slow-interactions',
  );
  expect(told(insight)).toEqual([['click', 240, 'waited 20 ms, handlers 200 ms, paint 20 ms']]);
});

describe('garbage collection', () => {
  test('is told from three hundredths of the work on', async () => {
    const insight = await only(page().slice('RunTask', 0, 40).slice('MinorGC', 10, 14), 'garbage-collection');
    expect(insight?.title).toBe('4.0 ms of garbage collection, 10 % of the work');
  });

  test('less is not worth a look', async () => {
    expect(
      await only(page().slice('RunTask', 0, 40).slice('MinorGC', 10, 11), 'garbage-collection'),
    ).toBeUndefined();
  });
});
