/** Counters over time: which there are, what they were, and that no column hides an extreme. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  layOutChart,
  makeExtremes,
  makeGrid,
  sampleSeries,
  seriesOfPage,
  valueAt,
} from '../../../src/flame/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { trace } from '../../builders/trace.ts';

/** Of thread `pid`, the only one of its process. */
const counter = (name: string, pid: number, time: readonly number[], value: readonly number[]) => ({
  name,
  pid,
  thread: pid,
  time: Float64Array.from(time),
  value: Float64Array.from(value),
});

test('those of the process that are known, in order of showing; kilobytes become bytes', () => {
  const series = seriesOfPage(
    [
      counter('documents', 1, [0], [3]),
      counter('gpuMemoryUsedKB', 1, [0], [2]),
      counter('nodes', 2, [0], [9]),
      counter('jsHeapSizeUsed', 1, [0, 5], [7, 3]),
      counter('unheardOf', 1, [0], [1]),
    ],
    { thread: 1, pid: 1 },
  );
  expect(series.map(({ title, least, most }) => [title, least, most])).toEqual([
    ['JS heap', 3, 7],
    ['Documents', 3, 3],
    ['GPU memory', 2048, 2048],
  ]);
});

test("the heap of a page is its main thread's; its workers' stand under it, by their names", async () => {
  const heap = (bytes: number) => ({ args: { data: { jsHeapSizeUsed: bytes } } });
  const tables = await trace()
    .thread('CrRendererMain', { pid: 7, tid: 1 })
    .slice('RunTask', 0, 10)
    .instant('UpdateCounters', 1, heap(18_600_000))
    .instant('UpdateCounters', 2, { ...heap(1_300_000), tid: 5 })
    .instant('UpdateCounters', 3, heap(18_700_000))
    .event({ ph: 'M', name: 'thread_name', tid: 5, args: { name: 'DedicatedWorker thread' } })
    .event({ ph: 'C', name: 'Memory', tid: 5, ts: 4_000, args: { gpuMemoryUsedKB: 2 } })
    .instant('UpdateCounters', 3, { ...heap(5), pid: 8, tid: 1 })
    .read();
  const page = { ...NO_PAGE, mainThread: 0 };
  const { counters } = layOutChart(tables, classesOf(tables), page);
  const told = [...(counters?.values() ?? [])].map(({ title, least, most }) => [title, least, most]);
  expect(told).toEqual([
    ['JS heap', 18_600_000, 18_700_000],
    ['GPU memory', 2048, 2048],
    [expect.stringMatching(/^JS heap, .*[Ww]orker/), 1_300_000, 1_300_000],
  ]);
});

test('a value holds until the next; there is none before the first', () => {
  const [series] = seriesOfPage([counter('nodes', 1, [10, 20], [5, 8])], { thread: 1, pid: 1 });
  expect([9, 10, 19.9, 20, 99].map((time) => valueAt(series, time))).toEqual([null, 5, 5, 8, 8]);
});

test('every column has the extremes of its own time, as a plain walk finds them', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1_000 })), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 500 }),
      (told, columns, start) => {
        let at = 0;
        const time = told.map(([step]) => {
          at += step;
          return at;
        });
        const [series] = seriesOfPage(
          [
            counter(
              'nodes',
              1,
              time,
              told.map(([, value]) => value),
            ),
          ],
          { thread: 1, pid: 1 },
        );
        const grid = makeGrid(0, { start, end: start + 700 }, columns);
        const extremes = makeExtremes(columns);
        sampleSeries(series, grid, extremes);
        for (let column = 0; column < columns; column++) {
          const from = (grid.firstColumn + column) / grid.scale;
          const to = (grid.firstColumn + column + 1) / grid.scale;
          const seen = told.flatMap(([, value], row) => (time[row] >= from && time[row] < to ? [value] : []));
          const before = told.filter((_, row) => time[row] < from).at(-1);
          if (before !== undefined) seen.push(before[1]);
          expect(extremes.low[column]).toBe(seen.length === 0 ? Number.NaN : Math.min(...seen));
          expect(extremes.high[column]).toBe(seen.length === 0 ? Number.NaN : Math.max(...seen));
        }
      },
    ),
  );
});
