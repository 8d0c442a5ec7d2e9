/** V8's profiles as Chrome writes them, in heads and chunks of any order and shape → frames, stacks and samples. */
import { describe, expect, test } from 'vitest';
import type { TraceTables } from '../../../src/trace/index.ts';
import {
  layNodes,
  micros,
  millis,
  oddities,
  type RawEvent,
  type TraceRecipe,
  trace,
} from '../../builders/trace.ts';

/** Each sample as `ms a;b`, innermost last. */
function listSamples(tables: TraceTables): string[] {
  const { samples, stacks, frames, strings } = tables;
  return Array.from(samples.time, (time, row) => {
    const names: string[] = [];
    for (let at = samples.stack[row]; at >= 0; at = stacks.prefix[at]) {
      names.unshift(strings.get(frames.functionName[stacks.frame[at]]));
    }
    return `${millis(time)} ${names.join(';')}`;
  });
}

const main = (): TraceRecipe => trace().thread('CrRendererMain');
const { nodes, idOf } = layNodes(['ab', 'ac', 'P']);
const [ab, ac] = [idOf('ab'), idOf('ac')];

describe('times', () => {
  test('are the head’s time and all deltas so far', async () => {
    const tables = await main()
      .profile('0x1', 10, { startTime: 5 })
      .profileChunk('0x1', 11, { nodes, samples: [ab, ac], timeDeltas: [500, 1000] })
      .profileChunk('0x1', 12, { samples: [ab], timeDeltas: [250] })
      .read();
    expect(listSamples(tables)).toEqual(['10.5 a;b', '11.5 a;c', '11.75 a;b']);
  });

  test('negative deltas go back; samples are sorted, in file order where they tie', async () => {
    const tables = await main()
      .profile('0x1', 0)
      .profileChunk('0x1', 1, {
        nodes,
        samples: [ab, ac, idOf('P'), ab],
        timeDeltas: [2000, 1000, -1500, 1500],
      })
      .read();
    expect(listSamples(tables)).toEqual(['1.5 (program)', '2 a;b', '3 a;c', '3 a;b']);
  });

  test('chunks are taken in the order of their own times', async () => {
    const tables = await main()
      .profileChunk('0x1', 5, { samples: [ab], timeDeltas: [3000] })
      .profileChunk('0x1', 4, { nodes, samples: [ac], timeDeltas: [1000] })
      .profile('0x1', 0)
      .read();
    expect(listSamples(tables)).toEqual(['1 a;c', '4 a;b']);
    expect(oddities(tables)).toEqual({});
  });

  test('deltas may stand in the chunk’s data or in its profile', async () => {
    const cpuProfile = { nodes, samples: [ab], timeDeltas: [1000] };
    const tables = await main()
      .profile('0x1', 0)
      .event({ ph: 'P', name: 'ProfileChunk', id: '0x1', ts: micros(1), args: { data: { cpuProfile } } })
      .read();
    expect(listSamples(tables)).toEqual(['1 a;b']);
  });
});

describe('threads', () => {
  test('a profile is of its head’s thread, not of the one that writes the chunks', async () => {
    const tables = await main().slice('RunTask', 0, 9).thread('Worker', { tid: 5 }).samples('ab').read();
    expect(Array.from(tables.samples.thread)).toEqual([1, 1]);
    expect(Array.from(tables.threads.samples)).toEqual([0, 2]);
  });

  test('each has its own, and equal ids in two processes are two', async () => {
    const tables = await trace()
      .thread('one', { pid: 1, tid: 1 })
      .samples('aa')
      .thread('two', { pid: 2, tid: 1 })
      .event({ ph: 'P', name: 'Profile', id: '0x1', ts: micros(0), args: { data: {} } })
      .event({
        ph: 'P',
        name: 'ProfileChunk',
        id: '0x1',
        ts: micros(0),
        args: { data: { cpuProfile: { nodes, samples: [ac] }, timeDeltas: [0] } },
      })
      .read();
    expect(listSamples(tables)).toEqual(['0 a', '1 a', '0 a;c']);
  });

  test('of several profiles of one thread DevTools’ own counts, then the first', async () => {
    const two = (first: RawEvent, second: RawEvent): Promise<TraceTables> =>
      main()
        .profile('0x1', 0, first)
        .profileChunk('0x1', 1, { nodes, samples: [ab], timeDeltas: [0] })
        .profile('0x2', 0, second)
        .profileChunk('0x2', 1, { nodes, samples: [ac], timeDeltas: [0] })
        .read();
    expect(listSamples(await two({ source: 'Inspector' }, { source: 'Internal' }))).toEqual(['0 a;c']);
    expect(listSamples(await two({ source: 'SelfProfiling' }, { source: 'Inspector' }))).toEqual(['0 a;c']);
    expect(listSamples(await two({}, {}))).toEqual(['0 a;b']);
  });

  test('profiles of one thread that follow each other all count', async () => {
    const tables = await main()
      .profile('0x2', 100)
      .profileChunk('0x2', 101, { nodes, samples: [ac, ac], timeDeltas: [0, 5000] })
      .profile('0x1', 0)
      .profileChunk('0x1', 1, { nodes, samples: [ab, ab], timeDeltas: [0, 50_000] })
      .profile('0x3', 104)
      .profileChunk('0x3', 105, { nodes, samples: [ab], timeDeltas: [0] })
      .read();
    expect(listSamples(tables)).toEqual(['0 a;b', '50 a;b', '100 a;c', '105 a;c']);
  });

  test('a profile without samples stands in nobody’s way', async () => {
    const tables = await main()
      .profile('0x0', 0, { source: 'Internal' })
      .profile('0x1', 0)
      .profileChunk('0x1', 1, { nodes, samples: [ab], timeDeltas: [0] })
      .read();
    expect(listSamples(tables)).toEqual(['0 a;b']);
  });
});

describe('nodes', () => {
  const chunk = (chunkNodes: unknown, samples: unknown[]): Promise<TraceTables> =>
    main()
      .profile('0x1', 0)
      .profileChunk('0x1', 0, { nodes: chunkNodes, samples, timeDeltas: samples.map(() => 1000) })
      .read();
  const frame = (functionName: string): RawEvent => ({ callFrame: { functionName } });

  test('name their parent, or their children, or come in nested order over chunks', async () => {
    const byChildren = [
      { id: 1, ...frame('(root)'), children: [2] },
      { id: 2, ...frame('a'), children: [3] },
      { id: 3, ...frame('b') },
    ];
    expect(listSamples(await chunk(byChildren, [3]))).toEqual(['1 a;b']);
    const tables = await main()
      .profile('0x1', 0)
      .profileChunk('0x1', 1, { nodes: nodes.slice(0, 2), samples: [2], timeDeltas: [0] })
      .profileChunk('0x1', 2, { nodes: nodes.slice(2), samples: [ab], timeDeltas: [1000] })
      .read();
    expect(listSamples(tables)).toEqual(['0 a', '1 a;b']);
  });

  test('keep where they are, and equal functions are one frame', async () => {
    const callFrame = { functionName: 'f', url: 'a.js', lineNumber: 3, columnNumber: 7, scriptId: '12' };
    const other = { ...callFrame, lineNumber: 4 };
    const { frames, strings } = await chunk(
      [
        { id: 1, callFrame },
        { id: 2, parent: 1, callFrame },
        { id: 3, parent: 1, callFrame: other },
      ],
      [2, 3],
    );
    expect(frames.length).toBe(2);
    expect([frames.line[0], frames.column[0], frames.scriptId[0], strings.get(frames.url[0])]).toEqual([
      3,
      7,
      12,
      'a.js',
    ]);
  });

  test('without a place have none', async () => {
    const { frames } = await chunk([{ id: 1, ...frame('f') }], [1]);
    expect([frames.line[0], frames.column[0], frames.scriptId[0]]).toEqual([-1, -1, 0]);
  });

  test('whose parent never came are outermost', async () => {
    expect(listSamples(await chunk([{ id: 5, parent: 4, ...frame('a') }], [5]))).toEqual(['1 a']);
  });

  test('that are their own ancestors are cut open', async () => {
    const circle = [
      { id: 1, parent: 3, ...frame('a') },
      { id: 2, parent: 1, ...frame('b') },
      { id: 3, parent: 2, ...frame('c') },
      { id: 4, parent: 4, ...frame('self') },
    ];
    const tables = await chunk(circle, [3, 4]);
    expect(listSamples(tables)).toEqual(['1 b;c', '2 self']);
  });

  test('a hundred thousand deep are walked, not recursed into', async () => {
    const deep = Array.from({ length: 100_000 }, (_, i) => ({ id: i + 1, parent: i, ...frame('f') }));
    const { stacks } = await chunk(deep.toReversed(), [100_000]);
    expect(stacks.length).toBe(100_000);
  });

  test('lines are kept by sample', async () => {
    const tables = await main()
      .profile('0x1', 0)
      .profileChunk('0x1', 0, { nodes, samples: [ab, ab, ab], timeDeltas: [0, 0, 0], lines: [12, null, '7'] })
      .read();
    expect(Array.from(tables.samples.line)).toEqual([12, 0, 0]);
  });

  test.each([
    ['as the kernel reads them', [9869, 0, 3], [9869, 0, 3]],
    ['of unusual shape, and fewer than samples', [9869.0, null], [9869, 0, 0]],
  ])('columns %s', async (_what, columns, kept) => {
    const tables = await main()
      .profile('0x1', 0)
      .profileChunk('0x1', 0, {
        nodes,
        samples: [ab, ab, ab],
        timeDeltas: [0, 0, 0],
        lines: [1, 1, 1],
        columns,
      })
      .read();
    expect(Array.from(tables.samples.column)).toEqual(kept);
  });
});

describe('dirty', () => {
  const samplesOf = async (data: RawEvent): Promise<[number, Record<string, number>]> => {
    const tables = await main()
      .profile('0x1', 0)
      .event({ ph: 'P', name: 'ProfileChunk', id: '0x1', ts: micros(1), args: { data } })
      .read();
    return [tables.samples.length, oddities(tables)];
  };

  test('samples without a head are orphans', async () => {
    const tables = await main()
      .profileChunk('0x9', 0, { nodes, samples: [ab, ac], timeDeltas: [1, 1] })
      .read();
    expect(oddities(tables)).toEqual({ orphanSamples: 2 });
  });

  test('samples of unknown nodes are orphans', async () => {
    const cpuProfile = { nodes, samples: [ab, 4711, '2', null, { id: 2 }] };
    expect(await samplesOf({ cpuProfile, timeDeltas: [1, 1, 1, 1, 1] })).toEqual([1, { orphanSamples: 4 }]);
  });

  test('samples without a time are orphans', async () => {
    const cpuProfile = { nodes, samples: [ab, ab, ab, ab] };
    expect(await samplesOf({ cpuProfile, timeDeltas: [null, '1', 1e300, 1000] })).toEqual([
      1,
      { orphanSamples: 3 },
    ]);
  });

  test('more or fewer deltas than samples: the chunk says nothing', async () => {
    const cpuProfile = { nodes, samples: [ab, ab] };
    expect(await samplesOf({ cpuProfile, timeDeltas: [1] })).toEqual([0, { malformedProfileChunks: 1 }]);
  });

  test.each<[string, RawEvent]>([
    ['no profile', {}],
    ['a profile of text', { cpuProfile: 'x' }],
    ['nodes that are no list', { cpuProfile: { nodes: {}, samples: [] }, timeDeltas: [] }],
    [
      'nodes that are none',
      { cpuProfile: { nodes: [null, 5, {}, { id: 'x' }], samples: [] }, timeDeltas: [] },
    ],
    [
      'children that are no list',
      { cpuProfile: { nodes: [{ id: 1, children: {} }], samples: [] }, timeDeltas: [] },
    ],
    [
      'a call frame of text',
      { cpuProfile: { nodes: [{ id: 1, callFrame: 'x' }], samples: [] }, timeDeltas: [] },
    ],
  ])('%s: nothing, without a word', async (_, data) => {
    expect(await samplesOf(data)).toEqual([0, {}]);
  });
});

describe('whole profiles (`CpuProfile`, Chrome before 57)', () => {
  const whole = (tid: number, functionName: string, startMillis = 1): RawEvent => {
    const callFrame = { functionName };
    const cpuProfile = {
      startTime: micros(startMillis),
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' }, children: [2] },
        { id: 2, callFrame },
      ],
      samples: [2, 2],
      timeDeltas: [0, 1000],
    };
    return { ph: 'I', name: 'CpuProfile', tid, ts: micros(50), args: { data: { cpuProfile } } };
  };

  test('begin at their own start time', async () => {
    const tables = await main().event(whole(1, 'a')).read();
    expect(listSamples(tables)).toEqual(['1 a', '2 a']);
  });

  test('of two threads of one process are kept apart', async () => {
    const tables = await main().event(whole(1, 'a')).event(whole(2, 'b')).read();
    expect(listSamples(tables)).toEqual(['1 a', '2 a', '1 b', '2 b']);
  });

  test('of one thread have nodes of their own: those that follow each other count, of two at once the first', async () => {
    const tables = await main()
      .event(whole(1, 'a'))
      .event(whole(1, 'b', 10))
      .event(whole(1, 'c', 11))
      .read();
    expect(listSamples(tables)).toEqual(['1 a', '2 a', '10 b', '11 b']);
  });
});
