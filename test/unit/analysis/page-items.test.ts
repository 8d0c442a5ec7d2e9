/** Requests, frames, interactions, timings and layout shifts: by hand, in ms since the tests' 0. */
import { expect, test } from 'vitest';
import {
  collectPageItems,
  collectPageItemsInSteps,
  findPageLoad,
  type LoadRequest,
  type PageItem,
} from '../../../src/analysis/index.ts';
import { buildLoadRequest } from '../../builders/page-items.ts';
import { micros, millis, type TraceRecipe, trace } from '../../builders/trace.ts';

async function itemsOf(recipe: TraceRecipe): Promise<PageItem[]> {
  const tables = await recipe.read();
  return collectPageItems(tables, findPageLoad(tables));
}

const drawn = (items: readonly PageItem[]) =>
  items.map(({ track, title, start, settled, end }) => [
    track,
    title,
    millis(start),
    millis(settled),
    millis(end),
  ]);

const page = (): TraceRecipe =>
  trace().thread('CrRendererMain').navigate('https://shop.example/', 0).commit('https://shop.example/', 1);

test('a request waits until its response begins, and has the colour of what it loads', async () => {
  const said = (data: object) => ({ args: { data: { requestId: '1.1', ...data } } });
  const items = await itemsOf(
    page()
      .instant(
        'ResourceSendRequest',
        10,
        said({ url: 'https://cdn.example/a/app.js?v=2#x', resourceType: 'Script' }),
      )
      .instant('ResourceReceiveResponse', 30, said({ statusCode: 200 }))
      .instant('ResourceFinish', 45, said({ encodedDataLength: 900 })),
  );
  expect(drawn(items)).toEqual([['network', 'app.js?v=2', 10, 30, 45]]);
  expect(items[0].category).toBe('scripting');
});

test('a request that never ends lasts to the end of the trace, and says so', async () => {
  const data = { requestId: '1.1', url: 'https://cdn.example/' };
  const items = await itemsOf(
    page().instant('ResourceSendRequest', 10, { args: { data } }).slice('RunTask', 20, 80),
  );
  expect(drawn(items)).toEqual([['network', 'cdn.example', 10, 80, 80]]);
  expect(items[0].endInferred).toBe(true);
});

test('who asked is the page’s own script, not what its service worker fetched for it', async () => {
  const send = (requestId: string, url: string, resourceType: string, initiator: object = {}) => ({
    args: { data: { requestId, url, resourceType, initiator } },
  });
  const app = 'https://shop.example/app.js';
  const items = await itemsOf(
    page()
      .instant('ResourceSendRequest', 10, send('1.1', app, 'Script'))
      .instant('ResourceSendRequest', 12, send('9.1', app, 'Other'))
      .instant(
        'ResourceSendRequest',
        40,
        send('1.2', 'https://shop.example/late.js', 'Script', {
          fetchType: 'script',
          type: 'script',
          url: app,
        }),
      ),
  );
  expect(items.map(({ title, initiator }) => [title, initiator])).toEqual([
    ['app.js', -1],
    ['app.js', -1],
    ['late.js', 0],
  ]);
});

test('frames: drawn ones last to the next begin, dropped ones are told, those without a change are pauses', async () => {
  const items = await itemsOf(
    page()
      .thread('Compositor')
      .instant('BeginFrame', 10)
      .instant('DrawFrame', 12)
      .instant('BeginFrame', 26)
      .instant('BeginFrame', 42)
      .instant('DroppedFrame', 50)
      .instant('BeginFrame', 58)
      .instant('DrawFrame', 60),
  );
  expect(drawn(items).slice(0, 2)).toEqual([
    ['frames', 'Frame', 10, 10, 26],
    ['frames', 'Dropped frame', 42, 42, 58],
  ]);
  expect(drawn(items)[2].slice(0, 3)).toEqual(['frames', 'Frame', 58]);
});

test("frames of another page's compositor are not this page's", async () => {
  const items = await itemsOf(
    page().thread('Compositor', { pid: 7 }).event({ ph: 'I', name: 'BeginFrame', pid: 7, ts: 5, s: 't' }),
  );
  expect(items).toEqual([]);
});

test('an interaction is its longest event, in parts that add up to it', async () => {
  const timing = (type: string, facts: object) => ({
    args: { data: { type, interactionId: 5, timeStamp: 100, ...facts } },
  });
  const items = await itemsOf(
    page()
      .asyncBegin(
        'EventTiming',
        'e1',
        20,
        timing('pointerdown', { duration: 16, processingStart: 101, processingEnd: 102 }),
      )
      .asyncEnd('EventTiming', 'e1', 36)
      .asyncBegin(
        'EventTiming',
        'e2',
        20,
        timing('click', { duration: 40, processingStart: 110, processingEnd: 125 }),
      )
      .asyncEnd('EventTiming', 'e2', 60)
      .asyncBegin('EventTiming', 'e3', 70, {
        args: { data: { type: 'mouseover', interactionId: 0, duration: 90 } },
      })
      .asyncEnd('EventTiming', 'e3', 160),
  );
  expect(drawn(items)).toEqual([['interactions', 'Pointer', 20, 30, 60]]);
  const parts = { eventType: 'click', inputDelay: 10_000, processing: 15_000, presentation: 15_000 };
  expect(items[0].source).toEqual({ kind: 'interaction', parts });
});

test('of a press whose events wait for one picture, the parts are from the first handler to the last', async () => {
  const timing = (type: string, timeStamp: number, facts: object) => ({
    args: { data: { type, interactionId: 5, timeStamp, ...facts } },
  });
  const items = await itemsOf(
    page()
      .asyncBegin(
        'EventTiming',
        'e1',
        20,
        timing('pointerdown', 100, { duration: 336, processingStart: 102, processingEnd: 102 }),
      )
      .asyncEnd('EventTiming', 'e1', 356)
      .asyncBegin(
        'EventTiming',
        'e2',
        21,
        timing('click', 101, { duration: 336, processingStart: 103, processingEnd: 363 }),
      )
      .asyncEnd('EventTiming', 'e2', 357),
  );
  expect(drawn(items)).toEqual([['interactions', 'Pointer', 20, 22, 356]]);
  const parts = { eventType: 'click', inputDelay: 2_000, processing: 261_000, presentation: 73_000 };
  expect(items[0].source).toEqual({ kind: 'interaction', parts });
});

test('timings of Chrome before 2018: marks of phase R, measures begun with S and ended with F', async () => {
  const cat = 'blink.user_timing';
  const tables = await trace()
    .thread('CrRendererMain')
    .navigate('https://a.test/', 0)
    .mark('boot-begins', 10)
    .mark('domComplete', 15)
    .mark('requestStart', 16)
    .event({ ph: 'S', name: 'boot', id: '0x1', cat, ts: micros(10) })
    .event({ ph: 'F', name: 'boot', id: '0x1', cat, ts: micros(30) })
    .read();
  const items = collectPageItems(tables, findPageLoad(tables));
  expect(items.map(({ title, start, end }) => [title, millis(start), millis(end)])).toEqual([
    ['boot', 10, 30],
    ['boot-begins', 10, 10],
  ]);
});

test("timings: the page's measures, marks and console.time, not Chrome's own milestones", async () => {
  const own = { cat: 'blink.user_timing' };
  const items = await itemsOf(
    page()
      .asyncBegin('boot', '0x1', 10, own)
      .asyncEnd('boot', '0x1', 30, own)
      .asyncBegin('query', '0x2', 12, { cat: 'blink.console' })
      .asyncEnd('query', '0x2', 15, { cat: 'blink.console' })
      .asyncBegin('PipelineReporter', '0x3', 12, { cat: 'cc,benchmark' })
      .asyncEnd('PipelineReporter', '0x3', 15, { cat: 'cc,benchmark' })
      .instant('cart-shown', 22, own)
      .instant('ConsoleMessage::Error', 23, { cat: 'blink.console' })
      .mark('firstPaint', 24),
  );
  expect(drawn(items)).toEqual([
    ['timings', 'boot', 10, 10, 30],
    ['timings', 'query', 12, 12, 15],
    ['timings', 'cart-shown', 22, 22, 22],
  ]);
});

test('layout shifts are moments with their score', async () => {
  const items = await itemsOf(
    page().instant('LayoutShift', 40, {
      cat: 'loading',
      args: { data: { score: 0.25, had_recent_input: true } },
    }),
  );
  expect(drawn(items)).toEqual([['layout-shifts', 'Shift 0.2500', 40, 40, 40]]);
  expect(items[0].source).toEqual({ kind: 'shift', score: 0.25, hadRecentInput: true });
});

test('async events of a trace that no page wrote have a track for each category; of a page they have none', async () => {
  const recipe = (): TraceRecipe =>
    trace()
      .thread('JavaScriptMainThread')
      .asyncBegin('read', '0x1', 10, { cat: 'fs' })
      .asyncBegin('Timeout', '0x2', 12, { cat: 'async_hooks' })
      .asyncEnd('read', '0x1', 30, { cat: 'fs' })
      .event({ ph: 'n', name: 'progress', id: '0x1', cat: 'fs', ts: micros(20) });
  const listOf = async (own: TraceRecipe): Promise<unknown[]> => {
    const tables = await own.read();
    return collectPageItems(tables, findPageLoad(tables)).map(
      ({ title, start, end, endInferred, source }) => [
        source.kind === 'custom' ? source.entry.customTrack : '',
        title,
        millis(start),
        millis(end),
        endInferred,
      ],
    );
  };
  expect(await listOf(recipe().slice('task', 0, 40))).toEqual([
    ['fs', 'read', 10, 30, false],
    ['fs', 'progress', 20, 20, false],
    ['async_hooks', 'Timeout', 12, 40, true],
  ]);
  expect(await listOf(recipe().navigate('https://a.test/', 0))).toEqual([]);
});

const ANIMATES = { cat: 'blink.animations,devtools.timeline,benchmark,rail' };
const animation = (recipe: TraceRecipe, ph: string, at: number, data: object, id = '0x1'): TraceRecipe =>
  recipe.event({ ...ANIMATES, ph, name: 'Animation', id, ts: micros(at), args: { data } });

test('an animation tells what it moves, and why the main thread had to', async () => {
  const recipe = page().slice('RunTask', 90, 100);
  animation(recipe, 'b', 10, { displayName: 'widen', nodeName: "DIV id='box'", state: 'running' });
  animation(recipe, 'n', 11, { compositeFailed: (1 << 13) | (1 << 5), unsupportedProperties: ['width'] });
  animation(recipe, 'b', 12, { displayName: 'fade', nodeName: 'P' }, '0x2');
  animation(recipe, 'n', 13, { compositeFailed: 0 }, '0x2');
  animation(recipe, 'n', 14, { state: 'pending' }, '0x2');
  animation(recipe, 'e', 40, {});
  // The id is free again.
  animation(recipe, 'b', 50, { displayName: '', nodeName: '::before' });
  const items = await itemsOf(recipe);
  expect(drawn(items)).toEqual([
    ['animations', 'widen', 10, 10, 40],
    ['animations', 'fade', 12, 12, 100],
    ['animations', '::before', 50, 50, 100],
  ]);
  const told = items.flatMap(({ source }) =>
    source.kind === 'animation' ? [source.animation.hindrances] : [],
  );
  expect(told[0]).toHaveLength(3);
  expect(told[0]?.at(-1)).toBe('properties: width');
  expect(told.slice(1)).toEqual([[], null]);
  expect(items.map(({ endInferred }) => endInferred)).toEqual([false, true, true]);
});

test('what Chrome calls an animation to save power is none, and a mark of that name stays a mark', async () => {
  const recipe = page().mark('Animation', 20).slice('RunTask', 90, 100);
  recipe.event({ cat: 'power', ph: 'b', name: 'Animation', id: '0x9', ts: micros(10), args: {} });
  expect(drawn(await itemsOf(recipe))).toEqual([['timings', 'Animation', 20, 20, 20]]);
});

test('requests that were described before are not described again, and become items in steps', async () => {
  const tables = await page().read();
  const request = (at: number): LoadRequest => ({
    ...buildLoadRequest(at),
    id: `${at}`,
    start: at,
    url: `https://a.example/${at}`,
  });
  const requests = Array.from({ length: 9_000 }, (_, at) => request(at));
  const steps = collectPageItemsInSteps(tables, findPageLoad(tables), requests);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(count).toBeGreaterThan(5);
  const described = step.value.flatMap(({ source }) => (source.kind === 'request' ? [source.request] : []));
  expect(described.length).toBe(requests.length);
  for (const [at, each] of described.entries()) expect(each).toBe(requests[at]);
});
