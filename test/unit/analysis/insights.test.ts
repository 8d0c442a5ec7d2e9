/** Insights, each by a tiny trace that shows it and one that does not. Times in ms. */
import { describe, expect, test } from 'vitest';
import {
  classifySlices,
  collectInsights,
  collectPageItems,
  findInitiators,
  findPageLoad,
  type Insight,
  type InsightInput,
  type InsightKind,
} from '../../../src/analysis/index.ts';
import { nameCall } from '../../../src/analysis/insights/words.ts';
import { type TraceRecipe, trace } from '../../builders/trace.ts';

async function insightsOf(
  recipe: TraceRecipe,
  onInitiators = (): void => undefined,
  read: Pick<InsightInput, 'stackOf' | 'addressOf'> = {},
): Promise<Insight[]> {
  const tables = await recipe.read();
  const page = findPageLoad(tables);
  const items = collectPageItems(tables, page);
  const found = findInitiators(tables, items);
  return collectInsights({
    tables,
    classes: classifySlices(tables),
    page,
    items,
    initiators: () => {
      onInitiators();
      return found;
    },
    ...read,
    thirdPartyOf: (url) => /^https:\/\/(\w+)\.other\//.exec(url)?.[1] ?? null,
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
    expect(told(insight)).toEqual([['mostly Layout', 80, '65 ms of it, 13 ms Function call, 2.0 ms Task']]);
  });

  test('of what the trace tells nothing in, it is said so', async () => {
    const insight = await only(page().slice('RunTask', 100, 180).slice('Layout', 110, 120), 'long-tasks');
    expect(told(insight)).toEqual([
      ['Task, mostly work that the trace does not name', 80, '70 ms of it, 10 ms Layout'],
    ]);
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

  test('style and the layout right behind it were asked for once', async () => {
    const insight = await only(
      page()
        .slice('RunTask', 2, 40)
        .slice('FunctionCall', 2, 40)
        .slice('UpdateLayoutTree', 10, 11)
        .slice('Layout', 11.01, 14)
        .slice('UpdateLayoutTree', 14.02, 15)
        .slice('Layout', 15.01, 16)
        .slice('UpdateLayoutTree', 20, 21)
        .slice('Layout', 25, 26)
        .samples('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', { from: 3 }),
      'forced-layouts',
    );
    expect(insight?.evidence.map(({ note }) => note)).toEqual(['4 times']);
  });

  test("without samples they are listed by the functions of the events' own stacks", async () => {
    const calls = (name: string, line: number) => ({ name, url: 'https://shop.example/a.js?v=1', line });
    const stacks: Record<string, ReturnType<typeof calls>[]> = {
      1: [calls('measure', 7), calls('', 0), calls('main', 1)],
      5: [calls('measure', 7)],
    };
    const recipe = page()
      .slice('RunTask', 2, 40)
      .slice('FunctionCall', 2, 40)
      .slice('UpdateLayoutTree', 10, 11)
      .slice('Layout', 11.01, 14)
      .slice('Layout', 20, 25)
      .slice('Layout', 30, 32);
    const { slices } = await recipe.read();
    const insights = await insightsOf(recipe, undefined, {
      stackOf: (slice) => stacks[slices.duration[slice] / 1_000] ?? [],
    });
    const forced = insights.find(({ kind }) => kind === 'forced-layouts');
    expect(told(forced)).toEqual([
      ['measure a.js:7', 8.99, '2 times'],
      ['Function call', 2, '1 time'],
    ]);
    expect(forced?.evidence.map(({ callers }) => callers)).toEqual([['(anonymous) a.js', 'main a.js:1'], []]);
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
    ['Until the first byte', 40, '20 %'],
    ['From the first byte to the paint', 160, '80 %'],
  ]);
});

test('a document that was asked for before the load begins, with its commit, is found', async () => {
  // Chrome's clock is at 1 s at 0 ms: 40 ms before the commit.
  const timing = { requestTime: 1.06, sendStart: 1, receiveHeadersStart: 30 };
  const insight = await only(
    trace()
      .thread('CrRendererMain')
      .slice('ParseHTML', 50, 51)
      .commit(URL, 100)
      .instant('ResourceSendRequest', 101, request('1', URL, { resourceType: 'Document' }))
      .instant('ResourceReceiveResponse', 102, request('1', URL, { timing }))
      .instant('ResourceFinish', 110, request('1', URL))
      .mark('largestContentfulPaint::Candidate', 200, {
        cat: 'loading',
        args: { frame: 'F', data: { candidateIndex: 1, isMainFrame: true, isOutermostMainFrame: true } },
      }),
    'lcp-parts',
  );
  expect(insight?.evidence[0]).toMatchObject({ text: 'Until the first byte', slice: expect.any(Number) });
});

describe('LCP of an image', () => {
  const hero = 'https://shop.example/img/hero.png?v=2';
  const flags = { isMainFrame: true, isOutermostMainFrame: true, candidateIndex: 1 };
  const recipe = (imageUrl: string, nodeId = 7): TraceRecipe =>
    page()
      .instant('ResourceSendRequest', 2, request('1', URL))
      .instant('ResourceReceiveResponse', 40, request('1', URL))
      .instant('ResourceFinish', 50, request('1', URL))
      .instant('ResourceSendRequest', 60, request('2', hero))
      .instant('ResourceFinish', 150, request('2', hero))
      .mark('LargestImagePaint::Candidate', 200, {
        cat: 'loading',
        args: { frame: 'F', data: { ...flags, DOMNodeId: nodeId, imageUrl } },
      })
      .mark('largestContentfulPaint::Candidate', 200, {
        cat: 'loading',
        args: { frame: 'F', data: { ...flags, nodeId: 7, nodeName: "IMG class='hero'", type: 'image' } },
      });

  test('falls into four parts, in order of time, and names the element', async () => {
    const insight = await only(recipe(hero), 'lcp-parts');
    expect(insight?.title).toBe("Largest contentful paint after 200 ms: image IMG class='hero' (hero.png)");
    expect(told(insight)).toEqual([
      ['Until the first byte', 40, '20 %'],
      ['Until the image was asked for', 20, '10 %'],
      ['Until the image had come', 90, '45 %'],
      ['Until the image was painted', 50, '25 %'],
    ]);
    const sum = insight?.evidence.reduce((all, { millis }) => all + (millis ?? 0), 0);
    expect(sum).toBe(200);
  });

  test.each([
    ['in the page itself', 'data:image/png;base64,AA==', 7],
    ['of another element', hero, 8],
  ])('an image %s has no request: two parts', async (_what, imageUrl, node) => {
    const insight = await only(recipe(imageUrl, node), 'lcp-parts');
    expect(told(insight)?.map(([text]) => text)).toEqual([
      'Until the first byte',
      'From the first byte to the paint',
    ]);
  });
});

describe('render-blocking requests', () => {
  const [css, js, font] = ['a.css', 'b.js', 'c.css'].map((file) => `https://shop.example/${file}`);
  const start = (): TraceRecipe =>
    page()
      .instant('ResourceSendRequest', 5, request('0', URL, { frame: 'F' }))
      .instant('ResourceFinish', 8, request('0', URL))
      .mark('firstPaint', 100, { cat: 'loading', args: { frame: 'F' } });

  test('are those that Chrome marked so, before the first paint', async () => {
    const insight = await only(
      start()
        .instant('ResourceSendRequest', 10, request('1', css, { renderBlocking: 'blocking', frame: 'F' }))
        .instant('ResourceSendRequest', 10, request('2', js, { renderBlocking: 'non_blocking', frame: 'F' }))
        .instant('ResourceSendRequest', 50, request('3', font, { renderBlocking: 'blocking', frame: 'F' }))
        .instant('ResourceFinish', 30, request('1', css, { encodedDataLength: 1500 }))
        .instant('ResourceFinish', 60, request('2', js))
        .instant('ResourceFinish', 120, request('3', font)),
      'render-blocking',
    );
    expect(insight?.title).toBe('1 request held up the first paint until 30 ms');
    expect(told(insight)).toEqual([['a.css', 20, '1.5 kB']]);
  });

  test.each([
    ['of a frame', css, { renderBlocking: 'blocking', frame: 'other' }, 0],
    ['that may block', css, { renderBlocking: 'potentially_blocking', frame: 'F' }, 0],
    [
      'in the body, urgent',
      js,
      { renderBlocking: 'in_body_parser_blocking', frame: 'F', priority: 'High', resourceType: 'Script' },
      1,
    ],
    [
      'in the body, not urgent',
      js,
      { renderBlocking: 'in_body_parser_blocking', frame: 'F', priority: 'Low', resourceType: 'Script' },
      0,
    ],
  ])('one %s', async (_what, url, facts, count) => {
    const recipe = start()
      .instant('ResourceSendRequest', 10, request('1', url, facts))
      .instant('ResourceFinish', 30, request('1', url));
    expect((await only(recipe, 'render-blocking'))?.evidence.length ?? 0).toBe(count);
  });

  test('one that was marked after it was asked for', async () => {
    const recipe = start()
      .instant('ResourceSendRequest', 10, request('1', css, { renderBlocking: 'non_blocking', frame: 'F' }))
      .instant('PreloadRenderBlockingStatusChange', 20, request('1', css, { renderBlocking: 'blocking' }))
      .instant('ResourceFinish', 30, request('1', css));
    expect((await only(recipe, 'render-blocking'))?.evidence.length).toBe(1);
  });
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
    .instant('ResourceSendRequest', 10, request('1', image, { resourceType: 'Image' }))
    .instant('ResourceFinish', 80, request('1', image));
  for (const add of [shift(100, 0.2), shift(300, 0.3), shift(400, 0.4, true)]) add(recipe);
  const insight = await only(recipe, 'layout-shifts');
  expect(insight?.title).toBe('2 layout shifts, scores add up to 0.500');
  expect(told(insight)).toEqual([
    ['Layout shift', 'score 0.3000'],
    ['Layout shift', 'score 0.2000, after hero.png had come'],
  ]);
});

test('names of a page are told as far as they can be read', async () => {
  const long = 'n'.repeat(10_000);
  const node = {
    id: 2,
    parent: 1,
    callFrame: { functionName: long, url: `${URL}${long}.js`, lineNumber: 0 },
  };
  const insight = await only(
    page()
      .slice('RunTask', 100, 180)
      .slice('FunctionCall', 100, 178)
      .profile('0x1', 101)
      .profileChunk('0x1', 101, {
        nodes: [{ id: 1, callFrame: { functionName: '(root)' } }, node],
        samples: Array.from({ length: 70 }, () => 2),
        timeDeltas: Array.from({ length: 70 }, () => 1000),
      }),
    'long-tasks',
  );
  expect(insight?.evidence[0]?.text).toMatch(/^mostly n{79}… n{79}…:1$/);
});

test('layout shifts name an image without a size, and the function that had changed the page', async () => {
  const image = 'https://shop.example/hero.png';
  const insight = await only(
    page()
      .instant('ResourceSendRequest', 10, request('1', image, { resourceType: 'Image' }))
      .instant('ResourceFinish', 80, request('1', image))
      .instant('LayoutImageUnsized', 85, { args: { data: { nodeId: 7 } } })
      .instant('LayoutShift', 90, { cat: 'loading', args: { data: { score: 0.3 } } })
      .slice('RunTask', 200, 220)
      .slice('FunctionCall', 200, 210)
      .instant('InvalidateLayout', 205, { args: { data: { frame: 'F' } } })
      .samples('aaaaaaaa', { from: 201 })
      .slice('RunTask', 230, 250)
      .slice('Layout', 231, 235, { args: { beginData: { frame: 'F' } } })
      .instant('LayoutShift', 236, { cat: 'loading', args: { data: { score: 0.2 } } }),
    'layout-shifts',
  );
  expect(told(insight)?.map(([, note]) => note)).toEqual([
    'score 0.3000, after hero.png had come, an image without width and height',
    'score 0.2000, after a page.js had changed the page',
  ]);
});

test('layout shifts name what moved, each element once', async () => {
  const nodes = ["DIV id='a'", "DIV id='a'", 'P', 'LI', 'UL', 'OL'].map((name) => ({ debug_name: name }));
  const insight = await only(
    page().instant('LayoutShift', 100, {
      cat: 'loading',
      args: { data: { score: 0.1, impacted_nodes: nodes } },
    }),
    'layout-shifts',
  );
  expect(told(insight)).toEqual([["DIV id='a', P, LI and 2 more moved", 'score 0.1000']]);
});

describe('third parties', () => {
  const ad = 'https://ads.other/ad.js';
  const chunk = (url: string) => ({
    nodes: [
      { id: 1, callFrame: { functionName: '(root)' } },
      {
        id: 2,
        parent: 1,
        callFrame: { functionName: 'own', url: `${URL}app.js`, lineNumber: 0, scriptId: 1 },
      },
      { id: 3, parent: 2, callFrame: { functionName: 'ad', url, lineNumber: 0, scriptId: 2 } },
      { id: 4, parent: 3, callFrame: { functionName: 'now', scriptId: 0 } },
      {
        id: 5,
        parent: 3,
        callFrame: { functionName: 'back', url: `${URL}app.js`, lineNumber: 9, scriptId: 1 },
      },
    ],
    samples: [2, 2, 3, 3, 3, 4, 4, 5, 5, 2],
    timeDeltas: Array.from({ length: 10 }, () => 1000),
  });
  const recipe = (url: string): TraceRecipe =>
    page()
      .instant('ResourceSendRequest', 2, request('1', ad, { resourceType: 'Script' }))
      .instant('ResourceFinish', 4, request('1', ad, { encodedDataLength: 34_000 }))
      .slice('RunTask', 10, 40)
      .slice('FunctionCall', 11, 30)
      .slice('Layout', 15.2, 15.8)
      .profile('0x1', 11)
      .profileChunk('0x1', 11, chunk(url));

  test('their functions, and the browser’s work and V8’s own functions under them; not our calls from theirs', async () => {
    const insight = await only(recipe(ad), 'third-parties');
    expect(insight?.title).toBe('1 other site took 5.0 ms of the main thread and 34 kB');
    expect(told(insight)).toEqual([['ads', 5, '1 request, 34 kB']]);
  });

  test('without samples no time is told', async () => {
    const insight = await only(
      page()
        .instant('ResourceSendRequest', 2, request('1', ad, { resourceType: 'Script' }))
        .instant('ResourceFinish', 4, request('1', ad, { encodedDataLength: 34_000 }))
        .slice('RunTask', 10, 40),
      'third-parties',
    );
    expect(insight?.title).toBe('1 other site sent 34 kB');
    expect(told(insight)).toEqual([['ads', '1 request, 34 kB']]);
  });

  test('without samples it is the time of events that name their scripts, and of what is inside them', async () => {
    const events = page()
      .slice('RunTask', 10, 40)
      .slice('EvaluateScript', 11, 31)
      .slice('Layout', 12, 15)
      .slice('FunctionCall', 20, 25);
    const { slices } = await events.read();
    const addresses: Record<string, string> = { 20: ad, 5: `${URL}app.js` };
    const insights = await insightsOf(events, undefined, {
      addressOf: (slice) => addresses[slices.duration[slice] / 1_000] ?? '',
    });
    const insight = insights.find(({ kind }) => kind === 'third-parties');
    expect(insight?.title).toBe('1 other site took 15 ms of the main thread');
    // No request of theirs is in the trace: that they sent nothing is not said.
    expect(told(insight)).toEqual([['ads', 15]]);
  });

  test('frames’ requests are told; those of other tabs and of the browser’s own pages are not', async () => {
    const frames = [{ frame: 'F' }, { frame: 'inside', parent: 'F' }, { frame: 'tab' }];
    const send = (id: string, url: string, frame: string) => request(id, url, { frame });
    const others = page()
      .instant('TracingStartedInBrowser', 0, { args: { data: { frames } } })
      .instant('ResourceSendRequest', 1, send('0', URL, 'F'))
      .instant('ResourceSendRequest', 2, send('1', ad, 'inside'))
      .instant('ResourceSendRequest', 2, send('2', 'https://more.other/', 'tab'))
      .instant('ResourceSendRequest', 2, send('3', 'chrome://resources/a.js', 'F'))
      .slice('RunTask', 10, 40);
    expect(told(await only(others, 'third-parties'))).toEqual([['ads', '1 request, 0.0 kB']]);
  });

  test('without another site there is none', async () => {
    const insight = await only(page().slice('RunTask', 10, 40), 'third-parties');
    expect(insight).toBeUndefined();
  });
});

describe('large scripts', () => {
  const script = (
    recipe: TraceRecipe,
    id: string,
    url: string,
    length: number,
    bytes = 30_000,
  ): TraceRecipe =>
    recipe
      .instant('ResourceSendRequest', 10, request(id, url, { resourceType: 'Script' }))
      .instant(
        'ResourceFinish',
        20,
        request(id, url, { encodedDataLength: bytes, decodedBodyLength: length }),
      );
  const seen = (recipe: TraceRecipe, url: string): TraceRecipe =>
    recipe
      .slice('RunTask', 30, 40)
      .profile('0x1', 30)
      .profileChunk('0x1', 30, {
        nodes: [
          { id: 1, callFrame: { functionName: '(root)' } },
          { id: 2, parent: 1, callFrame: { functionName: 'f', url, lineNumber: 0, scriptId: 1 } },
        ],
        samples: [2, 2],
        timeDeltas: [1000, 1000],
      });
  const [a, b] = [`${URL}a.js`, `${URL}b.js`];

  test('the same address again, and two of the same length', async () => {
    const recipe = script(script(script(page(), '1', a, 90_001), '2', a, 90_002), '3', b, 90_001);
    expect(told(await only(seen(recipe, a), 'large-scripts'))).toEqual([
      ['a.js', 10, '30 kB, the same address again'],
      ['b.js', 10, '30 kB, same length as a.js (90001 bytes)'],
    ]);
  });

  test('scripts without a sample, where V8 took any', async () => {
    const recipe = script(script(page(), '1', a, 90_001), '2', b, 80_000);
    const insight = await only(seen(recipe, a), 'large-scripts');
    expect(insight?.title).toBe('1 large script without a sample in it');
    expect(told(insight)).toEqual([['b.js', 10, '30 kB, no sample in it']]);
    expect(await only(script(page(), '1', a, 90_001), 'large-scripts')).toBeUndefined();
  });

  test('small ones are not told', async () => {
    const recipe = script(script(page(), '1', a, 10_000, 9_000), '2', a, 10_000, 9_000);
    expect(await only(seen(recipe, b), 'large-scripts')).toBeUndefined();
  });
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

test('of thousands of shifts those that are told are looked into', async () => {
  const recipe = page();
  const many = 200;
  for (let i = 0; i < many; i++) {
    recipe.slice('Layout', 100 + i / 10, 100.05 + i / 10);
    recipe.instant('LayoutShift', 100.06 + i / 10, {
      cat: 'loading',
      args: { frame: 'F', data: { score: 0.1, weighted_score_delta: 0.1 } },
    });
  }
  let asked = 0;
  const insights = await insightsOf(recipe, () => {
    asked++;
  });
  const shifts = insights.find(({ kind }) => kind === 'layout-shifts');
  expect([shifts?.evidence.length, shifts?.leftOut]).toEqual([20, many - 20]);
  expect(shifts?.title).toBe(`${many} layout shifts, scores add up to 20.000`);
  expect(asked).toBeLessThan(20 * many);
});

describe('garbage collection', () => {
  test('is told from three hundredths of the work on', async () => {
    const insight = await only(page().slice('RunTask', 0, 40).slice('MinorGC', 10, 14), 'garbage-collection');
    expect(insight?.title).toBe('4.0 ms of garbage collection, 10 % of the work');
    expect(told(insight)).toEqual([['between scripts', 4, '1 collection']]);
  });

  test('by what ran then', async () => {
    const insight = await only(
      page()
        .slice('RunTask', 2, 40)
        .slice('FunctionCall', 2, 40)
        .slice('MinorGC', 10, 12)
        .slice('MinorGC', 20, 21)
        .slice('RunTask', 50, 60)
        .slice('MajorGC', 52, 55)
        .slice('MinorGC', 53, 54)
        .samples('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', { from: 3 }),
      'garbage-collection',
    );
    expect(insight?.title).toContain('6.0 ms of garbage collection');
    expect(told(insight)?.toSorted()).toEqual([
      ['between scripts', 3, '1 collection'],
      ['in a page.js', 3, '2 collections'],
    ]);
  });

  test('less is not worth a look', async () => {
    expect(
      await only(page().slice('RunTask', 0, 40).slice('MinorGC', 10, 11), 'garbage-collection'),
    ).toBeUndefined();
  });
});

test.each([
  [{ name: 'render', url: 'https://a.test/app.js?v=1', line: 12 }, 'render app.js:12'],
  [{ name: '', url: 'https://a.test/app.js', line: 0 }, '(anonymous) app.js'],
  // A module of WebAssembly has no lines: V8 calls all of it the first.
  [{ name: 'mix', url: 'https://a.test/mix.wasm', line: 1 }, 'mix mix.wasm'],
  [{ name: 'mix', url: 'wasm://wasm/mix-0a1b', line: 1 }, 'mix mix-0a1b'],
])('a call of %o is named', (call, expected) => {
  expect(nameCall(call)).toBe(expected);
});
