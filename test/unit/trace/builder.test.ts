/** What the builder makes of events as a whole: bounds, marks, phases, counts. */
import { describe, expect, test } from 'vitest';
import { openBuilder } from '../../../src/trace/builder.ts';
import { makeEventRecord, PHASE } from '../../../src/trace/event.ts';
import { interestOf } from '../../../src/trace/interests.ts';
import { readJson } from '../../../src/trace/json/reader.ts';
import { micros, oddities, type TraceRecipe, tablesOf, trace, utf8 } from '../../builders/trace.ts';

const main = (): TraceRecipe => trace().thread('CrRendererMain');

async function boundsOf(recipe: TraceRecipe): Promise<[number, number]> {
  const { bounds } = await recipe.read();
  return [bounds.start, bounds.end];
}

describe('bounds', () => {
  test('go from the first event to the last end', async () => {
    expect(await boundsOf(main().slice('a', 5, 20).slice('b', 6, 30).slice('c', 7, 8))).toEqual([
      micros(5),
      micros(30),
    ]);
    expect(await boundsOf(main().begin('a', 5).end('a', 9))).toEqual([micros(5), micros(9)]);
    expect(await boundsOf(main().instant('a', 5).instant('b', 9))).toEqual([micros(5), micros(9)]);
  });

  test('leave out time 0, UMA events and all other phases', async () => {
    const recipe = main()
      .event({ ph: 'X', name: 'zero', ts: 0, dur: 5 })
      .instant('Some.Metric::UMA', 1)
      .mark('navigationStart', 2)
      .asyncBegin('a', '1', 3)
      .event({ ph: 'i', name: 'old', ts: micros(4) })
      .slice('a', 5, 6)
      .asyncEnd('a', '1', 7)
      .counter('c', 8, { a: 1 })
      .samples('      abc', { from: 10 });
    expect(await boundsOf(recipe)).toEqual([micros(5), micros(6)]);
  });

  test('begin at TracingStartedInBrowser where there is one, earlier or later', async () => {
    expect(await boundsOf(main().slice('a', 5, 9).instant('TracingStartedInBrowser', 7))).toEqual([
      micros(7),
      micros(9),
    ]);
    expect(await boundsOf(main().slice('a', 5, 9).instant('TracingStartedInBrowser', 12))).toEqual([
      micros(12),
      micros(12),
    ]);
    const atZero = main().slice('a', 5, 9).event({ ph: 'I', name: 'TracingStartedInBrowser', ts: 0 });
    expect(await boundsOf(atZero)).toEqual([micros(5), micros(9)]);
  });

  test('are those of the samples where there is nothing else, and 0 where there is nothing', async () => {
    expect(await boundsOf(main().samples('  ab', { from: 3 }))).toEqual([micros(5), micros(6)]);
    expect(await boundsOf(main())).toEqual([0, 0]);
  });
});

describe('marks', () => {
  test('carry what their event says', async () => {
    const { marks } = await main()
      .event({ ph: 'X', name: 'CommitLoad', id: '0x5', ts: micros(1), dur: 5, args: { data: { url: 'u' } } })
      .read();
    expect(JSON.parse(JSON.stringify(marks))).toEqual([
      {
        name: 'CommitLoad',
        traceCategory: 'devtools.timeline',
        phase: 'X',
        time: micros(1),
        duration: 5,
        pid: 1,
        tid: 1,
        id: '0x5',
        args: { data: { url: 'u' } },
      },
    ]);
  });

  test('are in time order, whatever the file’s is', async () => {
    const { marks } = await main()
      .mark('loadEventEnd', 9)
      .mark('navigationStart', 1)
      .mark('domComplete', 5)
      .read();
    expect(marks.map((mark) => mark.name)).toEqual(['navigationStart', 'domComplete', 'loadEventEnd']);
  });

  test('are made of a begin, not of its end, and never of metadata', async () => {
    const { marks } = await main()
      .asyncBegin('EventTiming', '1', 1)
      .asyncEnd('EventTiming', '1', 2)
      .begin('CommitLoad', 3)
      .end('CommitLoad', 4)
      .event({ ph: 'M', name: 'navigationStart' })
      .read();
    expect(marks.map((mark) => `${mark.name} ${mark.phase}`)).toEqual(['EventTiming b', 'CommitLoad B']);
  });

  test('of the names that have an interest, and no others', () => {
    expect(interestOf('navigationStart')).toBe('mark');
    expect(interestOf('RunTask')).toBe('none');
    expect(interestOf('toString')).toBe('none');
    expect(interestOf('__proto__')).toBe('none');
  });
});

describe('phases', () => {
  test.each(Object.entries(PHASE))('%s is known', async (_, code) => {
    const tables = await tablesOf(
      JSON.stringify([{ ph: String.fromCharCode(code), name: 'a', id: '1', ts: 1 }]),
    );
    expect(oddities(tables).unknownPhases).toBeUndefined();
  });

  test('others are counted', async () => {
    const tables = await tablesOf('[{"ph":"?","ts":1},{"ph":"","ts":1},{"ts":1},{"ph":"X","ts":1}]');
    expect(oddities(tables)).toEqual({ unknownPhases: 3 });
  });

  test.each(['BX', 'X ', 'Mi', 'b\\n'])('"%s" is none, whatever it begins with', async (ph) => {
    const tables = await tablesOf(JSON.stringify([{ ph, name: 'a', id: '1', ts: 1, dur: 1 }]));
    expect(oddities(tables)).toEqual({ unknownPhases: 1 });
    expect([tables.eventCount, tables.slices.length, tables.asyncSlices.length]).toEqual([1, 0, 0]);
  });
});

test('every entry of the list is an event, whatever it says', async () => {
  const tables = await tablesOf('[{"ph":"X","ts":1},{"ph":"M"},null,{"ph":"I"},{"ph":"?","ts":1}]');
  expect(tables.eventCount).toBe(5);
});

test('settling is done in pieces, so that whoever waits can be told and can give up', async () => {
  const builder = await openBuilder();
  const events = Array.from({ length: 50_000 }, (_, i) =>
    JSON.stringify({ ph: 'X', name: 'RunTask', ts: i, dur: 1, pid: 1, tid: 1 }),
  );
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield utf8(`[${events.join(',')}]`);
  }
  await readJson(bytes(), builder);
  const steps = builder.settleInSteps({
    format: 'json',
    byteLength: 0,
    unixMillisAtZero: null,
    metadata: {},
  });
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(step.value.slices.length).toBe(50_000);
  expect(count).toBeGreaterThan(10);
});

describe('columns are as narrow as what they hold allows', () => {
  const event = (more: object): string =>
    JSON.stringify({ ph: 'X', name: 'a', cat: 'c', pid: 1, tid: 1, ts: 1, dur: 1, ...more });
  const chunkWith = (line: number, column: number): string =>
    event({
      ph: 'P',
      name: 'ProfileChunk',
      id: '1',
      args: {
        data: {
          cpuProfile: { nodes: [{ id: 1, callFrame: { functionName: 'f' } }], samples: [1, 1] },
          timeDeltas: [1, 1],
          lines: [1, line],
          columns: [2, column],
        },
      },
    });
  const head = event({ ph: 'P', name: 'Profile', id: '1', args: { data: {} } });

  test('few strings in a short file', async () => {
    const { slices } = await tablesOf(`[${event({})}]`);
    expect(
      [slices.name, slices.traceCategory, slices.detail].map((column) => column.BYTES_PER_ELEMENT),
    ).toEqual([2, 2, 4]);
  });

  test('many strings', async () => {
    const count = 70_000;
    const events = Array.from({ length: count }, (_, i) => event({ name: `n${i}`, ts: i + 1 }));
    const { slices, strings } = await tablesOf(`[${events.join(',')}]`);
    expect(slices.name.BYTES_PER_ELEMENT).toBe(4);
    expect([0, count - 1].map((row) => strings.get(slices.name[row]))).toEqual(['n0', `n${count - 1}`]);
  });

  test('offsets beyond 4 GB', async () => {
    const builder = await openBuilder();
    const offset = 2 ** 36 + 7;
    const record = {
      ...makeEventRecord(),
      phase: PHASE.complete,
      time: 1,
      duration: 1,
      pid: 1,
      tid: 1,
      offset,
    };
    builder.add(record, () => ({}));
    builder.add({ ...record, phase: PHASE.asyncBegin }, () => ({}));
    const facts = { format: 'json', byteLength: 0, unixMillisAtZero: null, metadata: {} } as const;
    const { slices, asyncSlices } = builder.settle(facts);
    expect([slices.detail[0], asyncSlices.detail[0]]).toEqual([offset, offset]);
  });

  test.each([
    [65_535, 65_535, 2],
    [-1, 3, 4],
    [65_536, 3, 4],
    [3, 1_000_000, 4],
  ])('samples in line %d, column %d', async (line, column, bytes) => {
    const { samples } = await tablesOf(`[${head},${chunkWith(line, column)}]`);
    expect([[...samples.line], [...samples.column]]).toEqual([
      [1, line],
      [2, column],
    ]);
    expect([samples.line, samples.column].map((each) => each.BYTES_PER_ELEMENT)).toEqual([bytes, bytes]);
  });
});
