/** Where in a file the time went, as the script ran and by its source map; tables by the names of authors. */
import { beforeAll, describe, expect, test } from 'vitest';
import { classifySlices } from '../../../src/analysis/index.ts';
import {
  type FileTimes,
  mapTables,
  readSourceMap,
  type ScriptMap,
  tellFileTimes,
} from '../../../src/profile/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { micros, trace } from '../../builders/trace.ts';

const URL_OF_APP = 'https://a.test/app.js';

// Generated, one line: `function a(){b()}function b(){}`. [9 → list 10:9 renderList] [10 → list 10:10]
// [26 → item 3:10 renderItem] [27 → item 3:21], all from 0.
const MAP = {
  version: 3,
  file: 'app.js',
  sources: ['webpack://shop/list.ts', 'webpack://shop/item.ts'],
  names: ['renderList', 'renderItem'],
  sourcesContent: ['the list', null],
  mappings: 'SASSA,CAAC,gBCPAC,CAAW',
};

const call = (functionName: string, columnNumber: number): object => ({
  callFrame: { functionName, url: URL_OF_APP, lineNumber: 0, columnNumber, scriptId: 7 },
});

const nodes = [
  { id: 1, callFrame: { functionName: '(root)' } },
  { id: 2, parent: 1, ...call('a', 10) },
  { id: 3, parent: 2, ...call('b', 27) },
];

/** Ten milliseconds: a at two places, b, a; a layout of 2 ms in the last of a. A sample each millisecond. */
function recordOf(columns: readonly number[] | undefined): Promise<TraceTables> {
  return trace()
    .thread('CrRendererMain')
    .slice('RunTask', -2, 11)
    .slice('FunctionCall', -1, 10)
    .slice('Layout', 7, 9)
    .profile('0x1', 0, { startTime: micros(0) })
    .profileChunk('0x1', 0, {
      nodes,
      samples: [2, 2, 2, 2, 3, 3, 2, 2, 2, 2],
      timeDeltas: [0, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
      lines: Array.from({ length: 10 }, () => 1),
      ...(columns === undefined ? {} : { columns }),
    })
    .read();
}

const COLUMNS = [11, 11, 14, 14, 28, 28, 14, 15, 14, 14];

function timesOf(tables: TraceTables, url: string): FileTimes {
  const question = { thread: 0, range: { start: micros(0), end: micros(10) }, type: 'cpu' } as const;
  return tellFileTimes(tables, classifySlices(tables), question, url);
}

/** `line:column self/caused`, in order of place, in ms. */
function tell({ places: { line, column, self, caused } }: FileTimes): string[] {
  return Array.from(line, (_, i) => i)
    .sort((a, b) => line[a] - line[b] || column[a] - column[b])
    .map((i) => `${line[i]}:${column[i]} ${self[i] / 1000}/${caused[i] / 1000}`);
}

let map: ScriptMap;
beforeAll(() => {
  const read = readSourceMap(JSON.stringify(MAP), 'app.js.map');
  if (!read.ok) throw new Error(read.failure.message);
  map = read.value;
});

describe('as the script ran', () => {
  test('each place has its own time; a layout stands where the sample in it was taken', async () => {
    const times = timesOf(await recordOf(COLUMNS), URL_OF_APP);
    expect(tell(times)).toEqual(['1:11 2/0', '1:14 4/0', '1:15 0/2', '1:28 2/0']);
    expect(times.weight / 1000).toBe(10);
  });

  test('functions with what they called', async () => {
    const { functions } = timesOf(await recordOf(COLUMNS), URL_OF_APP);
    expect(
      functions.map(({ name, column, self, total }) => [name, column, self / 1000, total / 1000]),
    ).toEqual([
      ['a', 11, 6, 10],
      ['b', 28, 2, 2],
    ]);
  });

  test('where Chrome tells no columns, lines have their time', async () => {
    expect(tell(timesOf(await recordOf(undefined), URL_OF_APP))).toEqual(['1:0 8/2']);
  });

  test('another file has none', async () => {
    const times = timesOf(await recordOf(COLUMNS), 'https://a.test/other.js');
    expect([tell(times), times.functions]).toEqual([[], []]);
  });
});

/** The same page; `now` is built into the browser. A sample each millisecond from 0, whose stack is told by its node. */
function recordSamples(samples: readonly number[], places: readonly [line: number, column: number][]) {
  return trace()
    .thread('CrRendererMain')
    .slice('RunTask', -2, 11)
    .slice('FunctionCall', -1, 10)
    .slice('Layout', 4.2, 4.8)
    .profile('0x1', 0, { startTime: micros(0) })
    .profileChunk('0x1', 0, {
      nodes: [
        ...nodes,
        { id: 4, parent: 2, callFrame: { functionName: 'now' } },
        { id: 5, parent: 1, callFrame: { functionName: '', url: URL_OF_APP } },
      ],
      samples,
      timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 1000)),
      lines: places.map(([line]) => line),
      columns: places.map(([, column]) => column),
    })
    .read();
}

describe('work without a file', () => {
  test('of functions built into the browser stands where the function was that called them', async () => {
    const tables = await recordSamples(
      [2, 2, 4, 4, 4, 4, 2, 4, 2, 2],
      [
        [1, 11],
        [2, 3],
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [3, 4],
        [0, 0],
        [1, 11],
        [1, 11],
      ],
    );
    const times = timesOf(tables, URL_OF_APP);
    expect(tell(times)).toEqual(['1:11 3/0', '2:3 1/4', '3:4 1/1']);
  });

  test('never stands at a line of another function of the file', async () => {
    // b, then a without a sample of its own calls `now`.
    const tables = await recordSamples(
      [3, 3, 3, 4, 4, 3, 3, 3, 3, 3],
      Array.from({ length: 10 }, (_, i): [number, number] => (i === 3 || i === 4 ? [0, 0] : [7, 1])),
    );
    expect(tell(timesOf(tables, URL_OF_APP))).toEqual(['1:11 0/2', '7:1 8/0']);
  });

  test('of a function that V8 told no place of has none', async () => {
    const tables = await recordSamples(
      Array.from({ length: 10 }, () => 5),
      Array.from({ length: 10 }, (): [number, number] => [0, 0]),
    );
    expect(tell(timesOf(tables, URL_OF_APP))).toEqual(['0:0 9.4/0.6']);
  });
});

describe('by a source map', () => {
  const mapOf = (url: string): ScriptMap | null => (url === URL_OF_APP ? map : null);

  test('one generated line is told apart by its columns', async () => {
    const mapped = mapTables(await recordOf(COLUMNS), mapOf);
    expect(tell(timesOf(mapped, 'webpack://shop/list.ts'))).toEqual(['10:11 6/2']);
    expect(tell(timesOf(mapped, 'webpack://shop/item.ts'))).toEqual(['3:22 2/0']);
    expect(tell(timesOf(mapped, URL_OF_APP))).toEqual([]);
  });

  test('without columns a time stands where its function begins', async () => {
    const mapped = mapTables(await recordOf(undefined), mapOf);
    expect(tell(timesOf(mapped, 'webpack://shop/item.ts'))).toEqual(['3:22 2/0']);
  });

  test('functions bear their own names, in frames and in calls; the tables read first stay', async () => {
    const tables = await recordOf(COLUMNS);
    const before = { frames: structuredClone(tables.frames), name: tables.slices.name.slice() };
    const mapped = mapTables(tables, mapOf);
    const namesOf = ({ frames, strings }: TraceTables): string[] =>
      Array.from(frames.functionName, (row) => strings.get(row));
    expect(namesOf(mapped)).toEqual(expect.arrayContaining(['renderList', 'renderItem']));
    const calls = Array.from(mapped.slices.name, (row) => mapped.strings.get(row));
    expect(calls).toEqual(expect.arrayContaining(['RunTask', 'Layout', 'renderList', 'renderItem']));
    expect(calls).not.toContain('a');
    expect([tables.frames, tables.slices.name]).toEqual([before.frames, before.name]);
  });

  test('scripts without a map stay', async () => {
    const tables = await recordOf(COLUMNS);
    expect(mapTables(tables, () => null).frames).toEqual(tables.frames);
  });
});
