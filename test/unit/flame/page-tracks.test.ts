/** Tracks of what happened to the page: lanes, boxes, and that they are no stacks. */
import { expect, test } from 'vitest';
import type { LoadRequest, PageItem } from '../../../src/analysis/index.ts';
import {
  boxOfSlice,
  childBoxes,
  layOutChart,
  lookOfKey,
  namedBox,
  parentBox,
  siblingBox,
  spanOfBox,
  tellItem,
} from '../../../src/flame/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { buildLoadRequest, buildRequestItem } from '../../builders/page-items.ts';
import { trace } from '../../builders/trace.ts';

const item = (
  start: number,
  settled: number,
  end: number,
  track: PageItem['track'] = 'network',
): PageItem => ({
  track,
  start,
  settled,
  end,
  title: `${start}`,
  category: 'scripting',
  endInferred: false,
  source: { kind: 'timing', traceCategory: '', custom: null },
  initiator: -1,
});

async function chartWith(items: readonly PageItem[]) {
  const tables = await trace().thread('CrRendererMain').slice('RunTask', 0, 10).slice('Layout', 1, 2).read();
  return { tables, chart: layOutChart(tables, classesOf(tables), NO_PAGE, items) };
}

test('stand above the threads, one lane per overlap, free lanes used again', async () => {
  const items = [item(0, 0, 10), item(5, 5, 20), item(10, 10, 15), item(3, 3, 4, 'timings')];
  const { chart } = await chartWith(items);
  expect(chart.tracks.map(({ kind, title, firstRow, rows }) => [kind, title, firstRow, rows])).toEqual([
    ['network', 'Network', 0, 2],
    ['timings', 'Timings', 2, 1],
    ['thread', expect.stringContaining('Main'), 3, 2],
  ]);
  expect([...chart.rowStart]).toEqual([0, 2, 3, 4, 5, 6]);
});

const request = (start: number, sent: number, settled: number, end: number): PageItem =>
  buildRequestItem({ start, sent, settled, end });

test('a request has a box for each part of its time, all of one number; the longest has its text', async () => {
  const { chart, tables } = await chartWith([request(0, 2, 6, 7), request(20, 20, 20, 24)]);
  const { boxes, labels, items } = chart;
  const first = [...boxes.start.slice(0, 4)].map((start, box) => [
    start,
    boxes.end[box],
    lookOfKey(boxes.colour[box]),
    boxes.colour[box] % 2,
    labels[boxes.label[box]].text,
  ]);
  expect(first).toEqual([
    [0, 2, 'whisker', 0, ''],
    [2, 6, 'request-script', 1, 'app.js'],
    [6, 7, 'request-script', 0, ''],
    [20, 24, 'request-script', 0, 'app.js'],
  ]);
  expect(boxOfSlice(chart, tables.slices.length)).toBe(1);
  expect([namedBox(chart, 0), namedBox(chart, 2)]).toEqual([1, 1]);
  expect(spanOfBox(chart, 1)).toEqual({ start: 0, end: 7 });
  expect([siblingBox(chart, 1, 1), siblingBox(chart, 3, -1)]).toEqual([3, 1]);
  expect(items?.notes[0]).toMatchObject({
    what: 'Script',
    priority: 'High',
    blocksRendering: true,
    parts: [
      { name: 'Queued', duration: 2 },
      { name: 'Waiting', duration: 4 },
      { name: 'Download', duration: 1 },
    ],
  });
});

test('a request tells its parts alike beside the pointer and in the details, and what went wrong with it', async () => {
  const fine = buildRequestItem({ start: 0, sent: 2_000, settled: 6_000, end: 7_000 });
  const facts = (told: PageItem) =>
    tellItem(told).map(({ name, text }) => `${name}: ${text}`.replaceAll('\u00a0', ' '));
  expect(facts(fine)).toEqual(expect.arrayContaining(['Queued: 2 ms', 'Waiting: 4 ms', 'Download: 1 ms']));
  const changed = (changes: Partial<LoadRequest>, more: Partial<PageItem> = {}): PageItem => ({
    ...fine,
    ...more,
    source: { kind: 'request', request: buildLoadRequest(2_000, changes) },
  });
  const { chart } = await chartWith([
    changed({ failed: true, status: 500 }),
    changed({ status: 404 }),
    changed({ status: 304 }),
    changed({ status: null }, { endInferred: true }),
  ]);
  expect(chart.items?.notes.map(({ what }) => what)).toEqual([
    'Script, failed',
    'Script, status 404',
    'Script',
    'Script, its end is not in the trace',
  ]);
});

test.each([
  ['download', 6_000, ['Queued: 2 ms', 'Waiting: 4 ms', 'Download, at least: 1 ms']],
  ['wait', 7_000, ['Queued: 2 ms', 'Waiting, at least: 5 ms']],
])('of a request without an end the %s lasts at least so long', async (_, settled, expected) => {
  const open = { ...buildRequestItem({ start: 0, sent: 2_000, settled, end: 7_000 }), endInferred: true };
  const { chart } = await chartWith([open]);
  const card = chart.items?.notes[0].parts.map(({ name, duration }) => `${name}: ${duration / 1000} ms`);
  expect(card).toEqual(expected);
  const facts = tellItem(open).map(({ name, text }) => `${name}: ${text}`.replaceAll('\u00a0', ' '));
  expect(facts).toEqual(expect.arrayContaining(expected));
});

test('an interaction has whiskers before and after its handlers; frames tell what became of them', async () => {
  const parts = { eventType: 'click', inputDelay: 3, processing: 5, presentation: 2 };
  const frame = (start: number, isDropped: boolean, isPartial: boolean): PageItem => ({
    ...item(start, start, start + 5, 'frames'),
    source: { kind: 'frame', isDropped, isPartial },
  });
  const { chart } = await chartWith([
    frame(0, false, false),
    frame(5, true, false),
    frame(10, false, true),
    { ...item(0, 3, 10, 'interactions'), source: { kind: 'interaction', parts } },
  ]);
  const { boxes } = chart;
  const looks = Array.from({ length: 6 }, (_, box) => [
    lookOfKey(boxes.colour[box]),
    boxes.start[box],
    boxes.end[box],
  ]);
  expect(looks).toEqual([
    ['frame', 0, 5],
    ['dropped-frame', 5, 10],
    ['partial-frame', 10, 15],
    ['whisker', 0, 3],
    ['interaction', 3, 8],
    ['whisker', 8, 10],
  ]);
});

test('tracks that the page named stand under their groups, in its colours', async () => {
  const entry = (track: string, group: string, colour: string, start: number, end: number): PageItem => ({
    ...item(start, start, end, 'custom'),
    title: `${track} ${start}`,
    source: {
      kind: 'custom',
      entry: {
        name: `${track} ${start}`,
        customTrack: track,
        group,
        colour,
        tooltip: 'why',
        properties: [['Items', '3']],
        start,
        end,
      },
    },
  });
  const { chart } = await chartWith([
    entry('Basket', 'Shop', 'primary-dark', 0, 9),
    entry('Basket', 'Shop', 'no colour', 1, 3),
    entry('Stock', 'Shop', 'error', 2, 5),
    entry('Alone', '', '', 3, 4),
  ]);
  expect(chart.tracks.slice(0, 4).map(({ kind, title, group, rows }) => [kind, title, group, rows])).toEqual([
    ['group', 'Shop', '', 0],
    ['custom', 'Basket', 'group:Shop', 2],
    ['custom', 'Stock', 'group:Shop', 1],
    ['custom', 'Alone', '', 1],
  ]);
  expect([...chart.boxes.colour.slice(0, 4)].map(lookOfKey)).toEqual([
    'custom-primary-dark',
    'custom-primary',
    'custom-error',
    'custom-primary',
  ]);
  expect(chart.items?.notes[0].words).toEqual(['why', 'Items: 3']);
  expect(new Set(chart.tracks.map(({ key }) => key)).size).toBe(chart.tracks.length);
});

test('who asked for a request is told by its slice number', async () => {
  const { chart, tables } = await chartWith([item(0, 0, 5), { ...item(1, 1, 5), initiator: 0 }]);
  expect([...(chart.items?.initiator ?? [])]).toEqual([-1, tables.slices.length]);
});

test('items of lower lanes are no children', async () => {
  const { chart } = await chartWith([item(0, 0, 10), item(5, 5, 8)]);
  expect(childBoxes(chart, 0)).toEqual({ from: 0, to: 0 });
  expect(parentBox(chart, 1)).toBe(-1);
});

test('more at once than fit are counted in the title', async () => {
  const items = Array.from({ length: 518 }, (_, start) => item(start, start, 1000));
  const { chart } = await chartWith(items);
  expect(chart.tracks[0].rows).toBe(512);
  expect(chart.tracks[0].title).toBe('Network (6 more at once than fit)');
});
