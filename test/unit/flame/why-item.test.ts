/** Why an interaction, a request or a frame took its time: its largest part, and the long tasks in it. */
import { expect, test } from 'vitest';
import type { PageItem } from '../../../src/analysis/index.ts';
import { layOutChart, whyItem } from '../../../src/flame/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { buildRequestItem } from '../../builders/page-items.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const MS = 1_000;
const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 60 * MS)
    .slice('RunTask', 70 * MS, 80 * MS)
    .slice('RunTask', 90 * MS, 300 * MS)
    .slice('RunTask', 400 * MS, 460 * MS),
  thread('CrRendererMain', { pid: 2 }).slice('RunTask', 0, 900 * MS),
);
const first = tables.slices.length;

const about = (
  track: PageItem['track'],
  start: number,
  end: number,
  source: PageItem['source'],
): PageItem => ({
  ...buildRequestItem({ start, sent: start, settled: start, end }),
  track,
  title: 'Pointer',
  source,
});
const interaction = (start: number, end: number, inputDelay: number, processing: number): PageItem =>
  about('interactions', start, end, {
    kind: 'interaction',
    parts: {
      eventType: 'click',
      inputDelay,
      processing,
      presentation: end - start - inputDelay - processing,
    },
  });

function why(item: PageItem) {
  const chart = layOutChart(tables, classesOf(tables), NO_PAGE, [item]);
  const reason = whyItem(chart, first);
  const tasks = reason?.boxes.map((box) => (chart.boxes.end[box] - chart.boxes.start[box]) / MS);
  return reason === null ? null : [reason.words.replaceAll('\u00a0', ' '), tasks];
}

test('an interaction names its largest part, and the long tasks of its page in it, the longest first', () => {
  expect(why(interaction(10 * MS, 310 * MS, 20 * MS, 250 * MS))).toEqual([
    'Processing is the most of it: for 250 ms of 300 ms its handlers ran',
    [210, 60],
  ]);
  expect(why(interaction(70 * MS, 290 * MS, 200 * MS, 10 * MS))).toEqual([
    'Input delay is the most of it: for 200 ms of 220 ms the main thread was busy with something else',
    [210],
  ]);
  expect(why(interaction(10 * MS, 200 * MS, 0, 100 * MS))).toBeNull();
});

test('a request that took long says where, without tasks', () => {
  const request = (sent: number, settled: number, end: number): PageItem =>
    buildRequestItem({ start: 0, sent: sent * MS, settled: settled * MS, end: end * MS });
  expect(why(request(400, 450, 500))).toEqual([
    'Queued is the most of it: for 400 ms of 500 ms it stood in line, was connected or redirected',
    [],
  ]);
  expect(why(request(10, 450, 500))?.[0]).toMatch(/^Waiting .* its server had not answered$/);
  expect(why(request(10, 20, 100))).toBeNull();
  expect(why({ ...request(10, 450, 500), endInferred: true })).toBeNull();
});

test('a dropped frame names the long task around it; one that was drawn needs no reason', () => {
  const frame = (start: number, isDropped: boolean): PageItem =>
    about('frames', start, start + 16 * MS, { kind: 'frame', isDropped, isPartial: false });
  expect(why(frame(200 * MS, true))).toEqual(['The main thread was busy meanwhile', [210]]);
  expect(why(frame(200 * MS, false))).toBeNull();
  expect(why(frame(320 * MS, true))).toBeNull();
});
