/** Network requests out of the Resource* events, whole and in part. */
import { describe, expect, test } from 'vitest';
import { collectRequests, collectRequestsInSteps, type NetworkRequest } from '../../../src/analysis/index.ts';
import { NO_PAGE } from '../../builders/charts.ts';
import { micros, type RawEvent, type TraceRecipe, trace } from '../../builders/trace.ts';

const collect = async (recipe: TraceRecipe): Promise<NetworkRequest[]> =>
  collectRequests(await recipe.read(), NO_PAGE);
const main = (): TraceRecipe => trace().thread('CrRendererMain');
const data = (fields: RawEvent, requestId: unknown = '1.1'): RawEvent => ({
  args: { data: { requestId, ...fields } },
});

const send = {
  url: 'https://a.test/app.js',
  requestMethod: 'GET',
  resourceType: 'Script',
  priority: 'High',
  renderBlocking: 'blocking',
};

test('one from start to end', async () => {
  const recipe = main()
    .instant('ResourceWillSendRequest', 1, data({}))
    .instant('ResourceSendRequest', 2, data(send))
    .instant('ResourceChangePriority', 3, data({ priority: 'Low' }))
    .instant('ResourceReceiveResponse', 4, data({ mimeType: 'text/javascript', statusCode: 200 }))
    .instant('ResourceReceivedData', 5, data({ encodedDataLength: 40 }))
    .instant('ResourceReceivedData', 6, data({ encodedDataLength: 50 }))
    .instant('ResourceFinish', 7, data({ encodedDataLength: 100, decodedBodyLength: 300, didFail: false }));
  expect(await collect(recipe)).toEqual([
    {
      id: '1.1',
      url: 'https://a.test/app.js',
      method: 'GET',
      resourceType: 'Script',
      priority: 'Low',
      mimeType: 'text/javascript',
      status: 200,
      start: micros(1),
      responseStart: micros(4),
      end: micros(7),
      encodedBytes: 100,
      decodedBytes: 300,
      renderBlocking: 'blocking',
      failed: false,
      initiator: { type: '', url: '', line: 0, column: 0 },
      pid: 1,
    },
  ]);
});

test('a redirect is one request: its first start, its last URL and response', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 1, data({ ...send, url: 'http://a.test/' }))
    .instant('ResourceReceiveResponse', 2, data({ statusCode: 301 }))
    .instant('ResourceSendRequest', 3, data({ ...send, url: 'https://a.test/' }))
    .instant('ResourceReceiveResponse', 4, data({ statusCode: 200 }));
  expect(await collect(recipe)).toMatchObject([
    { url: 'https://a.test/', start: micros(1), responseStart: micros(4), status: 200, end: null },
  ]);
});

test('a failed one is failed, with what had come', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 1, data(send))
    .instant('ResourceReceivedData', 2, data({ encodedDataLength: 40 }))
    .instant('ResourceFinish', 3, data({ didFail: true }));
  expect(await collect(recipe)).toMatchObject([
    { failed: true, encodedBytes: 40, status: null, end: micros(3) },
  ]);
});

describe('bytes', () => {
  test('are the finish event’s total, also where that is 0 (from the cache)', async () => {
    const recipe = main()
      .instant('ResourceSendRequest', 1, data(send))
      .instant('ResourceReceivedData', 2, data({ encodedDataLength: 40 }))
      .instant('ResourceFinish', 3, data({ encodedDataLength: 0 }));
    expect(await collect(recipe)).toMatchObject([{ encodedBytes: 0 }]);
  });

  test('are the sum of the pieces where there is no total', async () => {
    const recipe = main()
      .instant('ResourceSendRequest', 1, data(send))
      .instant('ResourceReceivedData', 2, data({ encodedDataLength: 40 }))
      .instant('ResourceReceivedData', 3, data({ encodedDataLength: 50 }));
    expect(await collect(recipe)).toMatchObject([{ encodedBytes: 90 }]);
  });

  test('are unknown where nobody says them', async () => {
    expect(await collect(main().instant('ResourceSendRequest', 1, data(send)))).toMatchObject([
      { encodedBytes: null },
    ]);
  });
});

test('one whose start was not recorded is known by its response alone', async () => {
  const recipe = main()
    .instant('ResourceReceiveResponse', 4, data({ statusCode: 200 }))
    .instant('ResourceFinish', 7, data({}));
  expect(await collect(recipe)).toMatchObject([
    { url: '', start: micros(4), responseStart: micros(4), end: micros(7) },
  ]);
});

test('they come by start, one per id', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 5, data(send, '1.2'))
    .instant('ResourceSendRequest', 1, data({ ...send, url: 'first' }, '1.1'))
    .instant('ResourceFinish', 6, data({}, '1.2'));
  expect((await collect(recipe)).map((request) => request.url)).toEqual(['first', 'https://a.test/app.js']);
});

test('events without an id, of other types or with other events’ names are none', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 1, data(send, 7))
    .instant('ResourceSendRequest', 1, { args: { data: null } })
    .instant('ResourceMarkAsCached', 1, data({}))
    .instant('ResourceNobodyKnows', 1, data({}));
  expect(await collect(recipe)).toEqual([]);
});

test('fields of the wrong type are left out', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 1, data({ url: 5, requestMethod: null, priority: {} }))
    .instant('ResourceReceiveResponse', 2, data({ statusCode: '200', mimeType: 7 }))
    .instant('ResourceReceivedData', 2, data({ encodedDataLength: '40' }))
    .instant('ResourceFinish', 3, data({ encodedDataLength: 'many', didFail: 'no' }));
  expect(await collect(recipe)).toMatchObject([
    { url: '', method: '', priority: '', status: null, mimeType: '', encodedBytes: 0, failed: false },
  ]);
});

test('many are collected in steps, so that whoever waits can give up in between', async () => {
  const recipe = main();
  for (let i = 0; i < 9_000; i++) recipe.instant('ResourceReceivedData', i, data({ encodedDataLength: 1 }));
  const steps = collectRequestsInSteps(await recipe.read(), NO_PAGE);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(count).toBeGreaterThan(4);
  expect(step.value.map(({ encodedBytes }) => encodedBytes)).toEqual([9_000]);
});

test("a worker's script, of which Chrome tells the response alone, bears the worker's address", async () => {
  const worker = { workerThreadId: 7, url: 'https://a.test/w.js' };
  const recipe = main()
    .instant('TracingSessionIdForWorker', 1, { args: { data: worker } })
    .thread('DedicatedWorker thread', { tid: 7 })
    .instant('ResourceReceiveResponse', 2, data({ mimeType: 'text/javascript' }, '1.2'))
    .instant('ResourceFinish', 3, data({ encodedDataLength: 155 }, '1.2'))
    .instant('ResourceReceiveResponse', 4, data({ mimeType: 'text/plain' }, '1.3'));
  expect(await collect(recipe)).toMatchObject([
    { id: '1.2', url: 'https://a.test/w.js', resourceType: 'Script', encodedBytes: 155 },
    { id: '1.3', url: '', resourceType: '' },
  ]);
});

test('bytes of what comes over no wire are not known', async () => {
  const recipe = main()
    .instant('ResourceSendRequest', 1, data({ ...send, url: 'blob:https://a.test/1' }))
    .instant('ResourceReceivedData', 2, data({ encodedDataLength: 136 }))
    .instant('ResourceFinish', 3, data({ encodedDataLength: -1, decodedBodyLength: -1 }));
  expect(await collect(recipe)).toMatchObject([{ encodedBytes: null, decodedBytes: null }]);
});

test('bytes of what broke off are those that have come', async () => {
  const recipe = (didFail: boolean): TraceRecipe =>
    main()
      .instant('ResourceSendRequest', 1, data(send))
      .instant('ResourceReceivedData', 2, data({ encodedDataLength: 9 }))
      .instant('ResourceReceivedData', 3, data({ encodedDataLength: 9 }))
      .instant('ResourceFinish', 4, data({ encodedDataLength: 0, didFail }));
  expect(await collect(recipe(true))).toMatchObject([{ encodedBytes: 18 }]);
  // What a service worker answers comes over no wire.
  expect(await collect(recipe(false))).toMatchObject([{ encodedBytes: 0 }]);
});
