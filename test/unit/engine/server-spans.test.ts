/** What servers did, as a track beneath the requests, and which requests name their server's trace. */
import { expect, test } from 'vitest';
import { Engine } from '../../../src/engine/index.ts';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';

const mark = (name: string, ts: number, data: object) => ({
  name,
  ph: 'I',
  s: 'T',
  cat: 'devtools.timeline',
  pid: 1,
  tid: 1,
  ts,
  args: { data: { requestId: 'r1', ...data } },
});
const EVENTS = [
  {
    name: 'thread_name',
    ph: 'M',
    cat: '__metadata',
    pid: 1,
    tid: 1,
    ts: 0,
    args: { name: 'CrRendererMain' },
  },
  { name: 'RunTask', ph: 'X', cat: 'toplevel', pid: 1, tid: 1, ts: 900, dur: 2_000, args: {} },
  mark('ResourceSendRequest', 1_000, { url: 'https://shop.test/api', requestMethod: 'GET' }),
  mark('ResourceReceiveResponse', 1_500, {
    statusCode: 200,
    headers: [{ name: 'traceresponse', value: `00-${TRACE}-${SPAN}-01` }],
  }),
  mark('ResourceFinish', 2_000, { didFail: false }),
  { name: 'measure', ph: 'b', id: '1', cat: 'blink.user_timing', pid: 1, tid: 1, ts: 1_200, args: {} },
  { name: 'measure', ph: 'e', id: '1', cat: 'blink.user_timing', pid: 1, tid: 1, ts: 1_300, args: {} },
];

async function open() {
  const engine = new Engine({ library: null });
  const file = new Blob([JSON.stringify({ traceEvents: EVENTS })]);
  const opened = await engine.open({ kind: 'file', name: 'a.json', file });
  if (!opened.ok) throw new Error(opened.failure.message);
  return { engine, id: opened.value.open };
}

test('spans stand in a track right beneath the requests, nested, and no item gets another number', async () => {
  const { engine, id } = await open();
  const served = await engine.served(id);
  if (!served.ok) throw new Error(served.failure.message);
  expect(served.value).toMatchObject([
    { start: 1_000, end: 2_000, server: { traceId: TRACE, spanId: SPAN } },
  ]);
  const [{ slice }] = served.value;
  const tracing = await engine.tracing(id, slice);
  expect(tracing).toMatchObject({ ok: true, value: { server: { traceId: TRACE } } });

  const before = await engine.chart(id);
  const span = { service: 'cart', traceId: TRACE, spanId: SPAN };
  await engine.showServerSpans(id, [
    { ...span, name: 'SELECT', start: 1_200, end: 1_300 },
    { ...span, name: 'GET /api', start: 1_100, end: 1_400 },
  ]);
  const after = await engine.chart(id);
  if (!before.ok || !after.ok) throw new Error('no chart');
  const kinds = after.value.tracks.map(({ kind }) => kind).filter((kind) => kind !== 'thread');
  expect(kinds.slice(0, 2)).toEqual(['network', 'servers']);
  const track = after.value.tracks.find(({ kind }) => kind === 'servers');
  expect(track).toMatchObject({ title: 'At the servers', rows: 2 });
  expect(before.value.tracks.some(({ kind }) => kind === 'servers')).toBe(false);
  for (const { kind, firstSlice } of before.value.tracks)
    expect(after.value.tracks.find((each) => each.kind === kind)?.firstSlice).toBe(firstSlice);

  const details = await engine.details(id, slice);
  expect(details).toMatchObject({ ok: true, value: { eventName: 'Request' } });
  const first = (track?.firstSlice ?? -1) as typeof slice;
  expect(await engine.tracing(id, first)).toEqual({
    ok: true,
    value: { server: { traceId: TRACE, spanId: SPAN }, span: null },
  });
  const ofSpan =
    track === undefined ? null : await engine.details(id, (track.firstSlice + 1) as typeof slice);
  expect(ofSpan).toMatchObject({ ok: true, value: { text: 'SELECT · cart', eventName: 'Server span' } });
});
