/** Which threads there are, what they are called, and what for. */
import { describe, expect, test } from 'vitest';
import { THREAD_ROLES } from '../../../src/trace/index.ts';
import { roleOf } from '../../../src/trace/threads.ts';
import { micros, tablesOf, trace } from '../../builders/trace.ts';

describe('roles', () => {
  test.each([
    ['CrRendererMain', 'main'],
    ['CrBrowserMain', 'browser'],
    ['CrGpuMain', 'gpu'],
    ['VizCompositorThread', 'gpu'],
    ['Compositor', 'compositor'],
    ['CompositorTileWorker1/20', 'raster'],
    ['CompositorTileWorkerBackground', 'raster'],
    ['DedicatedWorker thread', 'worker'],
    ['SharedWorker thread', 'worker'],
    ['ServiceWorker thread', 'service-worker'],
    ['ThreadPoolForegroundWorker', 'pool'],
    ['TaskSchedulerBackgroundWorker', 'pool'],
    ['Chrome_ChildIOThread', 'io'],
    ['Chrome_IOThread', 'io'],
    ['v8:ProfEvntProc', 'profiler'],
    ['', 'other'],
    ['CrRendererMainish', 'other'],
  ])('%s is %s', (name, role) => {
    expect(roleOf(name)).toBe(role);
    expect(THREAD_ROLES).toContain(role);
  });
});

test('a thread is its process and its id; names may come before or after its events', async () => {
  const { threads, strings } = await trace()
    .event({ pid: 1, tid: 5, ph: 'I', name: 'x', ts: micros(0) })
    .thread('Later', { pid: 1, tid: 5 })
    .thread('Other', { pid: 2, tid: 5 })
    .event({ pid: 1, ph: 'M', name: 'process_name', args: { name: 'Renderer' } })
    .read();
  expect(Array.from(threads.pid)).toEqual([1, 2]);
  expect(Array.from(threads.name, (row) => strings.get(row))).toEqual(['Later', 'Other']);
  expect(Array.from(threads.processName, (row) => strings.get(row))).toEqual(['Renderer', '']);
});

test('the last name counts; what is no name is none', async () => {
  const { threads, strings } = await trace()
    .thread('first', { tid: 1 })
    .thread('last', { tid: 1 })
    .event({ tid: 1, ph: 'M', name: 'thread_name', args: { name: 7 } })
    .event({ tid: 1, ph: 'I', name: 'thread_name', ts: micros(0), args: { name: 'an instant' } })
    .read();
  expect(strings.get(threads.name[0])).toBe('last');
});

test('ids of 64 bits and ids of text are kept apart', async () => {
  const ids = [1, 1 + 2 ** 32, -1, 'main', 'io'];
  const { threads } = await tablesOf(JSON.stringify(ids.map((tid) => ({ ph: 'I', pid: 1, tid, ts: 1 }))));
  expect(threads.length).toBe(5);
  expect(Array.from(threads.tid.slice(0, 3))).toEqual([1, 1 + 2 ** 32, -1]);
});

test('more threads than rows can name share the last row', async () => {
  const events = Array.from({ length: 66_000 }, (_, tid) => ({
    ph: 'X',
    name: 'a',
    tid,
    ts: 2 * tid,
    dur: 1,
  }));
  const { threads, slices } = await tablesOf(JSON.stringify(events));
  expect(threads.length).toBe(65_536);
  expect(threads.endSlice.at(-1)).toBe(slices.length);
  expect(threads.endSlice[65_535] - threads.firstSlice[65_535]).toBe(66_000 - 65_535);
});
