/** Samples and stack frames that stand beside the events: Hermes' profiles, events' own stacks; and losses in JSON. */
import { describe, expect, test } from 'vitest';
import { tellStack } from '../../../src/flame/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { oddities, tablesOf } from '../../builders/trace.ts';

const FRAMES = {
  1: { name: '[root]', category: 'root' },
  2: { name: 'render(http://host/app.js:7:3)', category: 'JavaScript', parent: 1 },
  3: { name: 'anonymous(http://host/app.js:9:1)', category: 'JavaScript', parent: '2' },
  4: { name: '[GC Young Gen]', category: 'Metadata', parent: 1 },
  5: { name: 'loop', parent: 6 },
  6: { name: 'pool', parent: 5 },
};
const sample = (ts: unknown, sf: unknown, tid: unknown = '7'): object => ({
  cpu: '-1',
  pid: 3,
  tid,
  ts,
  sf,
  weight: '1',
});

const listCalls = ({ slices, strings, threads }: TraceTables): string[] =>
  Array.from(slices.start, (start, row) => {
    const isCall = (slices.flags[row] & SLICE_JS_CALL) !== 0;
    const depth = '  '.repeat(slices.depth[row]);
    const thread = threads.tid[slices.thread[row]];
    return `${depth}${strings.get(slices.name[row])}${isCall ? '()' : ''} ${start}+${slices.duration[row]} @${thread}`;
  });

describe('samples beside the events', () => {
  test('are calls of their thread, in whatever order they and the frames stand', async () => {
    const samples = [
      sample('100', 2),
      sample('300', '2'),
      sample('200', 3),
      sample('400', 4),
      sample('500', 1),
    ];
    for (const text of [
      JSON.stringify({ traceEvents: [], samples, stackFrames: FRAMES }),
      JSON.stringify({ stackFrames: FRAMES, samples, traceEvents: [] }),
    ]) {
      const tables = await tablesOf(text);
      expect(listCalls(tables)).toEqual([
        'render() 100+300 @7',
        '  () 200+100 @7',
        '[GC Young Gen]() 400+100 @7',
      ]);
      const { frames, strings } = tables;
      expect(
        Array.from(frames.url, (url, row) => `${strings.get(url)}:${frames.line[row]}:${frames.column[row]}`),
      ).toContain('http://host/app.js:6:2');
      expect(oddities(tables)).toEqual({});
    }
  });

  test('threads have their own; what names no time or frame is left out; circles end', async () => {
    const samples = [
      sample(1, 2, 7),
      sample(5, 2, 7),
      sample(1, 5, 8),
      sample(4, 5, 8),
      sample('x', 2),
      sample(9, 99),
      null,
    ];
    const tables = await tablesOf(JSON.stringify({ traceEvents: [], samples, stackFrames: FRAMES }));
    expect(listCalls(tables).map((line) => line.trim())).toEqual(
      expect.arrayContaining(['render() 1+4 @7', 'loop() 1+3 @8']),
    );
    expect(tables.samples.length).toBe(4);
  });

  test('lists of another type are counted', async () => {
    const tables = await tablesOf(JSON.stringify({ traceEvents: [], samples: 7, stackFrames: null }));
    expect(oddities(tables)).toEqual({ malformedProfileChunks: 2 });
  });
});

test('an event tells its own stack: by a frame of the table, or by lines of text', async () => {
  const event = { ph: 'X', name: 'task', pid: 1, tid: 1, ts: 1, dur: 5, sf: 3 };
  const { stackFrames } = await tablesOf(JSON.stringify({ traceEvents: [event], stackFrames: FRAMES }));
  const { frames } = tellStack({ args: {}, fields: { sf: 3 } }, stackFrames);
  expect(frames).toEqual([
    { text: '(anonymous)', source: { url: 'http://host/app.js', line: 9, column: 1 } },
    { text: 'render', source: { url: 'http://host/app.js', line: 7, column: 3 } },
    { text: '[root]', source: null },
  ]);
  expect(tellStack({ args: {}, fields: { stack: ['main', 7] } }).frames.map(({ text }) => text)).toEqual([
    'main',
    '(anonymous)',
  ]);
  expect(tellStack({ args: {}, fields: { sf: 5 } }, stackFrames).frames.map(({ text }) => text)).toEqual([
    'loop',
    'pool',
  ]);
});

describe('losses that JSON tells of', () => {
  const droppedOf = async (metadata: object): Promise<number> =>
    (await tablesOf(JSON.stringify({ traceEvents: [], metadata }))).diagnostics.droppedPackets;

  test('are counted by what was lost, and as one where nobody says how much', async () => {
    const traced_buf = [
      { chunks_discarded: '3', bytes_written: 9 },
      { trace_writer_packet_loss: 2, chunks_overwritten: -1 },
    ];
    expect(await droppedOf({ trace_processor_stats: { traced_buf } })).toBe(5);
    expect(await droppedOf({ dataLossOccurred: true })).toBe(1);
    expect(
      await droppedOf({
        dataLossOccurred: false,
        trace_processor_stats: { traced_buf: [{ chunks_discarded: 0 }] },
      }),
    ).toBe(0);
    expect(await droppedOf({ trace_processor_stats: 'none' })).toBe(0);
  });
});
