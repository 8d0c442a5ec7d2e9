/** What tracers of requests are told of a page load. */
import { describe, expect, test } from 'vitest';
import { collectLoadFacts, findPageLoad, type LoadFacts } from '../../../src/analysis/index.ts';
import { ensure, parseServerTiming, parseTraceparent } from '../../../src/base/index.ts';
import { micros, type RawEvent, type TraceRecipe, trace } from '../../builders/trace.ts';

const PAGE = 'https://shop.test/cart';
const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';

const response = {
  statusCode: 200,
  protocol: 'h2',
  headers: [
    { name: 'X-App-Version', value: ' 2.3.1 ' },
    { name: 'Server-Timing', value: `db;dur=3, traceparent;desc="00-${TRACE}-${SPAN}-01"` },
  ],
  timing: {
    requestTime: 1.0001,
    dnsStart: 1,
    dnsEnd: 4,
    connectStart: -1,
    sendStart: 5,
    receiveHeadersStart: 45,
  },
};
const data = (fields: RawEvent): RawEvent => ({ args: { data: { requestId: '1', ...fields } } });

/** A navigation, its document, a script of another host, and tasks. Chrome's clock is at 1 s at 0 ms. */
const load = (): TraceRecipe =>
  trace()
    .thread('CrRendererMain')
    .navigate(PAGE, 0, { id: 'N' })
    .commit(PAGE, 50)
    .instant('ResourceSendRequest', 0.1, data({ url: PAGE, requestMethod: 'GET', resourceType: 'Document' }))
    .instant('ResourceReceiveResponse', 50, data(response))
    .instant('ResourceFinish', 60, data({ encodedDataLength: 900 }))
    .instant('ResourceSendRequest', 70, data({ requestId: '2', url: 'https://cdn.test/a.js' }))
    .slice('RunTask', 100, 160)
    .slice('RunTask', 200, 240)
    .slice('RunTask', 300, 301);

async function collect(recipe: TraceRecipe): Promise<LoadFacts> {
  const tables = await recipe.read();
  return ensure(collectLoadFacts(tables, findPageLoad(tables)), 'there is a navigation');
}

test('the document, its phases, and the trace that its response names', async () => {
  const { document } = await collect(load());
  expect(document).toMatchObject({
    url: PAGE,
    protocol: 'h2',
    serverTrace: { traceId: TRACE, spanId: SPAN },
  });
  expect(document?.phases.map(({ name, time }) => [name, Math.round(time)])).toEqual([
    ['domainLookupStart', 1_001_100],
    ['domainLookupEnd', 1_004_100],
    ['requestStart', 1_005_100],
    ['responseStart', 1_045_100],
  ]);
});

test('the version that a header of the page tells', async () => {
  expect((await collect(load())).version).toBe('2.3.1');
});

test('all other requests, and tasks over 50 ms', async () => {
  const { resources, longTasks } = await collect(load());
  expect(resources.map(({ url }) => url)).toEqual(['https://cdn.test/a.js']);
  expect(longTasks).toEqual([{ start: micros(100), end: micros(160) }]);
});

test('phases on another clock are left out', async () => {
  const facts = await collect(
    load().instant(
      'ResourceReceiveResponse',
      80,
      data({ requestId: '2', timing: { requestTime: 99_999, sendStart: 1 } }),
    ),
  );
  expect(facts.resources[0].phases).toEqual([]);
});

test('what the page had in its cache has no phases: they are of the request that brought it', async () => {
  const timing = { requestTime: 1.02, sendStart: 1, receiveHeadersStart: 5 };
  const recipe = load().instant('ResourceReceiveResponse', 80, data({ requestId: '2', timing }));
  expect((await collect(recipe)).resources[0]).toMatchObject({
    start: expect.closeTo(micros(20), 2),
    phases: [{ name: 'requestStart' }, { name: 'responseStart' }],
  });
  recipe.instant('ResourceMarkAsCached', 70, data({ requestId: '2' }));
  expect((await collect(recipe)).resources[0]).toMatchObject({
    start: micros(70),
    responseStart: micros(80),
    phases: [],
  });
});

describe('what a renderer hears of when it is there', () => {
  // As recordings of the extension have every document: the renderers alone are traced.
  const late = { requestTime: 1.002, sendStart: 3, receiveHeadersStart: 2_500 };
  const heardAt = 2_600;
  const heardLate = (timing: RawEvent): TraceRecipe =>
    trace()
      .thread('CrRendererMain')
      .slice('RunTask', 0, 5)
      .navigate(PAGE, 0, { id: 'N' })
      .instant('ResourceSendRequest', heardAt, data({ url: PAGE, resourceType: 'Document' }))
      .instant('ResourceReceiveResponse', heardAt + 1, data({ timing }))
      .instant('ResourceFinish', heardAt + 20, data({ encodedDataLength: 900 }));

  test('its request begins with its network, and its response when that came, however long it took', async () => {
    const { document } = await collect(heardLate(late));
    expect(document).toMatchObject({
      start: expect.closeTo(micros(2), 2),
      responseStart: expect.closeTo(micros(2_502), 2),
      end: micros(2_620),
    });
    const { start = 0, phases = [] } = document ?? {};
    expect(phases.map(({ name, time }) => [name, Math.round(time - start)])).toEqual([
      ['requestStart', 3_000],
      ['responseStart', 2_500_000],
    ]);
  });

  test.each([
    ['none', {}],
    ['of another clock', { ...late, requestTime: 99_999 }],
    ['of before the trace', { ...late, requestTime: -2 }],
  ])('phases: %s', async (_, timing) => {
    const { document } = await collect(heardLate(timing));
    expect(document).toMatchObject({
      start: micros(heardAt),
      responseStart: micros(heardAt + 1),
      phases: [],
    });
  });
});

test('a trace without a navigation has none', async () => {
  const tables = await trace().thread('CrRendererMain').slice('RunTask', 1, 10).read();
  expect(collectLoadFacts(tables, findPageLoad(tables))).toBeNull();
});

describe('trace contexts', () => {
  test.each([
    [`00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN }],
    [`00-${TRACE.toUpperCase()}-${SPAN}-00`, { traceId: TRACE, spanId: SPAN }],
    [`00-${'0'.repeat(32)}-${SPAN}-01`, null],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, null],
    ['<script>', null],
    ['', null],
  ])('%s', (text, context) => expect(parseTraceparent(text)).toEqual(context));

  test.each([
    [`traceparent;desc="00-${TRACE}-${SPAN}-01"`, TRACE],
    [`cache;desc=hit, traceparent;desc=00-${TRACE}-${SPAN}-01;dur=1`, TRACE],
    ['db;dur=53', undefined],
    ['xtraceparent;desc="00-1-2-01"', undefined],
  ])('%s', (text, traceId) => expect(parseServerTiming(text)?.traceId).toBe(traceId));
});
