/** Which page a trace is about, on tiny traces: one per rule. (Real traces beside DevTools: oracles.test.ts.) */
import { describe, expect, test } from 'vitest';
import {
  collectPageItems,
  collectRequests,
  findPageLoad,
  type PageLoad,
} from '../../../src/analysis/index.ts';
import { millis, type RawEvent, type TraceRecipe, trace } from '../../builders/trace.ts';

const A = 'https://a.test/';
const B = 'https://b.test/';

interface Found {
  /** `pid:tid` of the main thread. */
  readonly main: string | null;
  readonly url: string;
  /** Milliseconds. */
  readonly window: readonly [number, number] | null;
  /** Processes that render the main frame. */
  readonly pids: readonly number[];
}

async function find(recipe: TraceRecipe): Promise<Found & { readonly page: PageLoad }> {
  const tables = await recipe.read();
  const page = findPageLoad(tables);
  const { pid, tid } = tables.threads;
  return {
    page,
    main: page.mainThread < 0 ? null : `${pid[page.mainThread]}:${tid[page.mainThread]}`,
    url: page.url,
    window: page.window === null ? null : [millis(page.window.start), millis(page.window.end)],
    pids: [...new Set([...page.onMainFrame].map((row) => pid[row]))],
  };
}

/** A renderer's main thread that is busy from 0 to 100 ms. */
const renderer = (recipe = trace(), pid = 1): TraceRecipe =>
  recipe.thread('CrRendererMain', { pid, tid: 1 }).slice('RunTask', 0, 100);

const browserFrames = (...frames: RawEvent[]): RawEvent => ({ args: { data: { frames } } });
const frameOf = (frame: string, processId: number, url: string, more: RawEvent = {}): RawEvent => ({
  frame,
  processId,
  url,
  ...more,
});

describe('the last navigation of an outermost main frame', () => {
  test('one load: from navigation start to the end of the trace', async () => {
    expect(await find(renderer().navigate(A, 10).commit(A, 20))).toMatchObject({
      main: '1:1',
      url: A,
      window: [10, 100],
    });
  });

  test('a reload: the second start counts', async () => {
    const recipe = renderer()
      .navigate(A, 10, { id: '1' })
      .commit(A, 20)
      .navigate(A, 50, { id: '2' })
      .commit(A, 60);
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [50, 100] });
  });

  test('a cross-process navigation: the new renderer counts, both are on the main frame', async () => {
    const recipe = renderer(renderer().navigate(A, 10).commit(A, 20), 2).navigate(B, 50).commit(B, 60);
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, window: [50, 100], pids: [1, 2] });
  });

  test('… also where the file tells of the new renderer first', async () => {
    const recipe = renderer(renderer(trace(), 2).navigate(B, 50).commit(B, 60), 1)
      .navigate(A, 10)
      .commit(A, 20);
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, window: [50, 100] });
  });

  test('about:blank first: it is no page', async () => {
    const recipe = renderer()
      .navigate('about:blank', 5)
      .commit('about:blank', 6)
      .navigate(A, 10)
      .commit(A, 20);
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [10, 100] });
  });

  test('about:blank last: still no page', async () => {
    const recipe = renderer()
      .navigate(A, 10)
      .commit(A, 20)
      .navigate('about:blank', 60)
      .commit('about:blank', 61);
    expect(await find(recipe)).toMatchObject({ url: A, window: [10, 100] });
  });

  test('frames inside the page never count, in its process or in one of their own', async () => {
    const inFrame = { frame: 'G', outermost: false };
    const page = renderer().navigate(A, 10).commit(A, 20).navigate(B, 50, inFrame).commit(B, 60, inFrame);
    const recipe = renderer(page, 2).navigate(B, 70, inFrame).commit(B, 80, inFrame);
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [10, 100], pids: [1] });
  });

  test('a page inside the page without a URL (an SVG image) is none', async () => {
    const recipe = renderer().navigate(A, 10).commit(A, 20).navigate('', 50, { frame: 'S' });
    expect(await find(recipe)).toMatchObject({ url: A, window: [10, 100] });
  });

  test('a fenced frame has a main frame of its own, which is not outermost', async () => {
    const data = { documentLoaderURL: B, isLoadingMainFrame: true, isOutermostMainFrame: false };
    const recipe = renderer()
      .navigate(A, 10)
      .commit(A, 20)
      .mark('navigationStart', 50, { args: { frame: 'G', data } });
    expect(await find(recipe)).toMatchObject({ url: A, window: [10, 100] });
  });

  test('a start before the trace begins at the trace’s begin', async () => {
    expect(await find(renderer().navigate(A, -10))).toMatchObject({ window: [0, 100] });
  });

  test('a page that comes back from the back/forward cache is not loaded: the last load counts', async () => {
    const recipe = renderer(renderer().navigate(A, 10).commit(A, 20), 2)
      .navigate(B, 50)
      .commit(B, 60)
      .instant('FrameCommittedInBrowser', 80, { pid: 9, args: { data: frameOf('F', 1, A) } });
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, window: [50, 100], pids: [1, 2] });
  });

  test('the browser’s own events change nothing', async () => {
    const load = (recipe: TraceRecipe): TraceRecipe => renderer(recipe, 2).navigate(B, 50).commit(B, 60);
    const browser = trace()
      .thread('CrBrowserMain', { pid: 9 })
      .instant(
        'TracingStartedInBrowser',
        0,
        browserFrames(frameOf('F', 1, A, { isOutermostMainFrame: true })),
      )
      .instant('FrameCommittedInBrowser', 60, { args: { data: frameOf('F', 2, B) } });
    const [without, withBrowser] = [await find(load(trace())), await find(load(browser))];
    expect(withBrowser).toMatchObject({ main: without.main, url: without.url, window: without.window });
  });
});

describe('older Chromes', () => {
  test('66 to 99: isLoadingMainFrame', async () => {
    const data = { documentLoaderURL: A, isLoadingMainFrame: true };
    const other = { documentLoaderURL: B, isLoadingMainFrame: false };
    const recipe = renderer()
      .mark('navigationStart', 10, { args: { frame: 'F', data } })
      .mark('navigationStart', 50, { args: { frame: 'G', data: other } });
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [10, 100] });
  });

  test('before: CommitLoad tells the page’s frame, navigationStart when it was navigated', async () => {
    const data = { frame: 'F', url: A, isMainFrame: true };
    const recipe = renderer()
      .mark('navigationStart', 10, { args: { frame: 'F' } })
      .mark('navigationStart', 12, { args: { frame: 'G' } })
      .instant('CommitLoad', 20, { args: { data } });
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [10, 100] });
  });

  test('the browser’s word for a frame is not taken for its renderer’s', async () => {
    const data = { frame: 'F', url: A, isMainFrame: true };
    const recipe = renderer()
      .instant('CommitLoad', 20, { args: { data } })
      .instant('FrameCommittedInBrowser', 60, { pid: 9, args: { data: { ...data, url: B, processId: 1 } } });
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A, window: [20, 100] });
  });

  test('a commit alone is when the load begins', async () => {
    const data = { frame: 'F', url: A, isMainFrame: true };
    expect(await find(renderer().instant('CommitLoad', 20, { args: { data } }))).toMatchObject({
      window: [20, 100],
    });
  });

  test('before 71: TracingStartedInPage tells the page', async () => {
    const data = { page: 'F', frames: [{ frame: 'F', url: A }] };
    const recipe = renderer(renderer().instant('TracingStartedInPage', 1, { args: { data } }), 2);
    expect(await find(recipe)).toMatchObject({ main: '1:1', window: null });
    const navigated = recipe.mark('navigationStart', 30, { pid: 1, tid: 1, args: { frame: 'F' } });
    expect(await find(navigated)).toMatchObject({ main: '1:1', url: A, window: [30, 100] });
  });
});

describe('no navigation was recorded', () => {
  test('the main frame that TracingStartedInBrowser names, and no page window', async () => {
    const recipe = renderer(renderer(), 2)
      .thread('CrBrowserMain', { pid: 9 })
      .instant(
        'TracingStartedInBrowser',
        0,
        browserFrames(frameOf('F', 2, A), frameOf('G', 1, B, { parent: 'F' })),
      );
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: A, window: null, pids: [2] });
  });

  test('of several outermost frames the one in the primary page', async () => {
    const outermost = { isOutermostMainFrame: true };
    const recipe = renderer(renderer(), 2)
      .thread('CrBrowserMain', { pid: 9 })
      .instant(
        'TracingStartedInBrowser',
        0,
        browserFrames(
          frameOf('F', 2, A, { ...outermost, isInPrimaryMainFrame: true }),
          frameOf('P', 1, B, { ...outermost, isInPrimaryMainFrame: false }),
        ),
      );
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: A });
  });

  test('the last process that the frame moved to', async () => {
    const recipe = renderer(renderer(), 2)
      .thread('CrBrowserMain', { pid: 9 })
      .instant('TracingStartedInBrowser', 0, browserFrames(frameOf('F', 1, A)))
      .instant('FrameCommittedInBrowser', 30, { args: { data: frameOf('F', 2, B) } });
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, pids: [1, 2] });
  });
});

describe('no page', () => {
  test.each([
    ['nothing tells of one', renderer()],
    [
      'a frame in no process',
      trace().instant('TracingStartedInBrowser', 0, browserFrames({ frame: 'F', url: A })),
    ],
    [
      'a frame whose renderer was not recorded',
      trace()
        .thread('CrBrowserMain')
        .instant('TracingStartedInBrowser', 0, browserFrames(frameOf('F', 7, A))),
    ],
    [
      'a frame list of the wrong type',
      renderer().instant('TracingStartedInBrowser', 0, { args: { data: { frames: 7 } } }),
    ],
    ['an empty trace', trace()],
  ])('%s', async (_, recipe) => {
    expect(await find(recipe)).toMatchObject({ main: null, url: '', window: null });
  });
});

describe('what processes are called', () => {
  test('after the page’s last document, in other processes after the first real one', async () => {
    const inFrame = { frame: 'G', outermost: false };
    const page = renderer()
      .navigate(A, 10)
      .commit(A, 11)
      .commit(B, 20, inFrame)
      .navigate(`${A}2`, 30)
      .commit(`${A}2`, 40);
    const recipe = renderer(page, 2)
      .commit('about:blank', 1, inFrame)
      .commit(B, 2, inFrame)
      .commit(`${B}2`, 3, inFrame);
    const { page: found } = await find(recipe);
    expect([...found.urlOfProcess]).toEqual([
      [2, B],
      [1, `${A}2`],
    ]);
  });
});

test('a hundred thousand navigations and commits are read in linear time', async () => {
  const recipe = renderer();
  for (let i = 0; i < 50_000; i++) recipe.navigate(A, i / 1000).commit(A, i / 1000);
  expect(await find(recipe)).toMatchObject({ window: [49.999, 100] });
});

describe('what only some traces tell', () => {
  const shown = (recipe: TraceRecipe, at: number, frame = 'P'): TraceRecipe =>
    recipe.mark('activationStart', at, { args: { frame } });
  const committed = (recipe: TraceRecipe, at: number, url: string, data: RawEvent): TraceRecipe =>
    recipe.event({
      pid: 9,
      tid: 1,
      ph: 'I',
      name: 'FrameCommittedInBrowser',
      ts: 1_000_000 + at * 1000,
      args: { data: { url, isOutermostMainFrame: true, ...data } },
    });

  test('a prerendered page begins when its renderer shows it; what it reached before, it reached then', async () => {
    const recipe = renderer().navigate(A, 10).commit(A, 15);
    renderer(recipe, 2)
      .navigate(B, 20, { frame: 'P', id: '2' })
      .commit(B, 25, { frame: 'P' })
      .instant('MarkLoad', 40, { args: { data: { frame: 'P', isMainFrame: true } } });
    const { page, ...found } = await find(shown(recipe, 70));
    expect(found).toMatchObject({ main: '2:1', url: B, window: [70, 100] });
    expect(page.milestones.map(({ name, time }) => [name, millis(time)])).toEqual([
      ['prerenderStart', 20],
      ['navigationStart', 70],
      ['load', 70],
    ]);
  });

  test('a mark of the page that bears the name shows nothing', async () => {
    const recipe = renderer()
      .navigate(A, 10)
      .commit(A, 15)
      .instant('activationStart', 50, { args: { frame: 'F' } });
    expect(await find(recipe)).toMatchObject({ window: [10, 100] });
  });

  test('a navigation of the shown page is a usual one', async () => {
    const recipe = shown(renderer().navigate(A, 10, { frame: 'P' }).commit(A, 15, { frame: 'P' }), 40);
    recipe.navigate(B, 60, { frame: 'P' }).commit(B, 65, { frame: 'P' });
    expect(await find(recipe)).toMatchObject({ url: B, window: [60, 100] });
  });

  test('what the browser never shows is not the page', async () => {
    const recipe = renderer().navigate(A, 10).commit(A, 15);
    renderer(recipe, 2).navigate(B, 20, { frame: 'P' }).commit(B, 25, { frame: 'P' });
    const hidden = committed(recipe, 22, B, { frame: 'P', processId: 2, isInPrimaryMainFrame: false });
    expect(await find(hidden)).toMatchObject({ main: '1:1', url: A, window: [10, 100] });
    const later = committed(hidden, 60, B, { frame: 'P', processId: 2, isInPrimaryMainFrame: true });
    expect(await find(later)).toMatchObject({ main: '2:1', url: B, window: [60, 100] });
  });

  test('a document without a navigationStart: its process says when the navigation began, or nobody does', async () => {
    const recipe = renderer().navigate(A, 10).commit(A, 15);
    renderer(recipe, 2).commit(B, 50);
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, window: [50, 100] });
    recipe.asyncBegin(`Navigation: ${B}`, '1', 20).asyncBegin(`Navigation: ${B}`, '2', 40);
    recipe.asyncBegin(`Navigation: ${B}`, '3', 60);
    expect(await find(recipe)).toMatchObject({ main: '2:1', url: B, window: [40, 100] });
  });

  test('the load ends where the browser puts a document in its place that was not loaded', async () => {
    const recipe = renderer().navigate(A, 10).commit(A, 15);
    committed(recipe, 14, A, { frame: 'F', processId: 1 });
    expect(await find(recipe)).toMatchObject({ window: [10, 100] });
    committed(recipe, 80, B, { frame: 'F', processId: 1 });
    expect(await find(recipe)).toMatchObject({ url: A, window: [10, 80] });
  });
});

describe('a trace of a whole browser', () => {
  const request = (url: string, requestId: string, frame: string): RawEvent => ({
    args: { data: { url, requestId, frame } },
  });
  const otherPage = (recipe: TraceRecipe, pid: number, url: string, frame: string): TraceRecipe =>
    renderer(recipe, pid).navigate(url, 60, { frame }).commit(url, 70, { frame });

  test("the page is not one of the browser's own, though that was loaded later", async () => {
    const recipe = otherPage(renderer().navigate(A, 10).commit(A, 20), 2, 'chrome://new-tab-page/', 'N');
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A });
  });

  test('the page is the tab that was traced, though another was loaded later', async () => {
    const recipe = otherPage(
      renderer()
        .instant('TracingStartedInBrowser', 0, browserFrames(frameOf('F', 1, A)))
        .navigate(A, 10, { frame: 'F' })
        .commit(A, 20, { frame: 'F' }),
      2,
      B,
      'G',
    );
    expect(await find(recipe)).toMatchObject({ main: '1:1', url: A });
  });

  test("a chrome:// page that is alone is the trace's page", async () => {
    expect(await find(otherPage(trace(), 2, 'chrome://gpu/', 'N'))).toMatchObject({ url: 'chrome://gpu/' });
  });

  test("other pages' requests, timings and interactions are not the page's; its frames' and workers' are", async () => {
    const page = renderer()
      .instant('TracingStartedInBrowser', 0, browserFrames(frameOf('F', 1, A)))
      .navigate(A, 10, { frame: 'F' })
      .commit(A, 20, { frame: 'F' })
      .instant('ResourceSendRequest', 30, request(`${A}own.js`, '1', 'F'))
      .mark('own mark', 31, { ph: 'I' });
    const recipe = otherPage(page, 2, 'chrome://omnibox/', 'N')
      .instant('ResourceSendRequest', 80, request('chrome://omnibox/ui.js', '2', 'N'))
      .mark('mark of the browser', 81, { ph: 'I' })
      .instant('EventTiming', 82, { args: { data: { interactionId: 4, duration: 8, type: 'keydown' } } })
      .thread('ServiceWorker thread', { pid: 3, tid: 1 })
      .instant('ResourceSendRequest', 83, request(`${A}from-worker.js`, '3', ''))
      // The same process as the page's, and a tab of its own.
      .thread('CrRendererMain', { pid: 1, tid: 1 })
      .commit(B, 84, { frame: 'G' })
      .instant('ResourceSendRequest', 85, request(`${B}app.js`, '4', 'G'))
      .thread('CrRendererMain', { pid: 4, tid: 1 })
      .instant('ResourceSendRequest', 86, request('https://ads.test/frame.js', '5', 'K'));
    const tables = await recipe.read();
    const found = findPageLoad(tables);
    const urls = collectRequests(tables, found).map(({ url }) => url);
    expect(urls).toEqual([`${A}own.js`, `${A}from-worker.js`, 'https://ads.test/frame.js']);
    const items = collectPageItems(tables, found).filter(({ track }) => track !== 'network');
    expect(items.map(({ title }) => title)).toEqual(['own mark']);
  });
});
