/** What backends have of what is shown: ways there, and a request's spans at its servers. */
import { describe, expect, it } from 'vitest';
import { readPageflameLink } from '../../../src/backends/index.ts';
import { sliceIndex, succeed } from '../../../src/base/index.ts';
import type { ServerSpanMark, SliceDetails } from '../../../src/engine/client.ts';
import { createElsewhere } from '../../../src/panel/state/comparison/elsewhere.ts';
import { buildBackend, FakeBackends } from '../../builders/backends.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { fakeOutside } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const SERVER = { traceId: 'a'.repeat(32), spanId: '0'.repeat(15).concat('1') };
const ZERO = 1_790_000_000_000;
const JAEGER = buildBackend('otlp-traces', 'http://127.0.0.1:4318', {
  destination: { queryUrl: 'http://127.0.0.1:16686' },
});

/** A request of 100 ms, 1 s after the trace's time 0. */
const details = {
  slice: sliceIndex(7),
  start: 1_000_000,
  total: 100_000,
  onThread: false,
} as SliceDetails;

const span = (spanId: string, parentSpanId: string, name: string, at: number, length: number) => ({
  traceId: SERVER.traceId,
  spanId,
  parentSpanId,
  name,
  startTimeUnixNano: `${ZERO + 1_000 + at}000000`,
  endTimeUnixNano: `${ZERO + 1_000 + at + length}000000`,
});
const jaegerAnswer = {
  result: {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
        scopeSpans: [
          {
            scope: { name: 'http' },
            spans: [
              span(SERVER.spanId, '', 'GET /cart', 20, 50),
              span('2'.repeat(16), SERVER.spanId, 'SELECT', 30, 20),
            ],
          },
        ],
      },
    ],
  },
};

function start(list: readonly (typeof JAEGER)[], answer: (url: string) => Response) {
  const fake = fakeOutside();
  const asked: string[] = [];
  const shown: (readonly ServerSpanMark[])[] = [];
  const door = new FakeBackends(list);
  door.wire = {
    timeoutMillis: 1_000,
    fetch: async (url) => {
      asked.push(String(url));
      return answer(String(url));
    },
  };
  Object.assign(fake.engine, {
    tracing: async () => succeed({ server: SERVER, span: 3 }),
    served: async () => succeed([{ slice: details.slice, start: 1_000_000, end: 1_100_000, server: SERVER }]),
    showServerSpans: async (_: unknown, spans: readonly ServerSpanMark[]) => {
      shown.push(spans);
      return succeed(undefined);
    },
  });
  const bounds = { start: 0, end: 2_000_000 };
  const opened = buildOpenedRecording({ unixMillisAtZero: ZERO, bounds });
  const recording = buildRecording({ state: 'whole' });
  const elsewhere = createElsewhere({ outside: fake.outside, door, opened, recording });
  return { asked, shown, elsewhere, opened, recording, copied: fake.copied };
}

const json = (): Response => Response.json(jaegerAnswer);

describe('a request’s servers', () => {
  it('are asked for once per trace, and told as a tree within the request', async () => {
    const { elsewhere, asked } = start([JAEGER], json);
    const answer = await elsewhere.server(details);
    expect(answer).toMatchObject({
      kind: 'spans',
      found: {
        shift: 0,
        spans: [
          { name: 'GET /cart', service: 'cart', depth: 0 },
          { name: 'SELECT', depth: 1 },
        ],
      },
    });
    await elsewhere.server(details);
    expect(asked).toEqual([`http://127.0.0.1:16686/api/v3/traces/${SERVER.traceId}`]);
  });

  it('stand beneath the requests, on the trace’s clock', async () => {
    const { elsewhere, shown } = start([JAEGER], json);
    expect(await elsewhere.showSpans()).toBe(true);
    expect(shown[0].map(({ name, start: from, end }) => [name, from, end])).toEqual([
      ['GET /cart', 1_020_000, 1_070_000],
      ['SELECT', 1_030_000, 1_050_000],
    ]);
  });

  it('are asked for at every Jaeger that is connected', async () => {
    const second = buildBackend('otlp-traces', 'http://127.0.0.1:5318', {
      destination: { queryUrl: 'http://127.0.0.1:5686' },
    });
    const { elsewhere, asked } = start([JAEGER, second], (url) =>
      url.includes(':16686') ? new Response('{"error":{"httpCode": 404}}', { status: 404 }) : json(),
    );
    expect(await elsewhere.server(details)).toMatchObject({
      kind: 'spans',
      found: { spans: [{ name: 'GET /cart' }, { name: 'SELECT' }] },
    });
    expect(asked).toHaveLength(2);
  });

  it('are told to be unknown where no Jaeger is connected, and in the server’s words where it fails', async () => {
    expect(await start([], json).elsewhere.server(details)).toMatchObject({ kind: 'no-backend' });
    expect(await start([], json).elsewhere.showSpans()).toBe(false);
    const failing = start([JAEGER], () => new Response('no', { status: 503 }));
    expect(await failing.elsewhere.server(details)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('503: no'),
    });
    // It is asked again.
    await failing.elsewhere.server(details);
    expect(failing.asked).toHaveLength(2);
  });
});

describe('ways there', () => {
  it('lead to the request’s own span', async () => {
    const { elsewhere } = start([JAEGER, buildBackend('pyroscope', 'http://127.0.0.1:4040')], json);
    const places = await elsewhere.places(details, { start: 0, end: 1 });
    expect(places.map(({ name }) => name)).toEqual(['Jaeger', 'Pyroscope']);
    expect(places[0].url).toMatch(/\/trace\/[0-9a-f]{32}\?uiFind=[0-9a-f]{16}$/);
  });
});

describe('ways back', () => {
  it('are copied: to all of it, to a range, to a request', async () => {
    const { elsewhere, opened, recording, copied } = start([], json);
    await elsewhere.copyLink?.(null, opened.bounds);
    await elsewhere.copyLink?.(null, { start: opened.bounds.start + 5, end: opened.bounds.end });
    await elsewhere.copyLink?.(details, opened.bounds);
    const range = { start: opened.bounds.start + 5, end: opened.bounds.end };
    expect(copied.map(readPageflameLink)).toEqual([
      { recording: recording.id, range: null },
      { recording: recording.id, range },
      { recording: recording.id, range: { start: 1_000_000, end: 1_100_000 } },
    ]);
  });
});
