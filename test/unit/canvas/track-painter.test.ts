/** What tracks of the page have beside boxes: whiskers, hatching, priorities, pictures, counters, arrows; pinned parts. */
import { expect, test } from 'vitest';
import type { PageItem } from '../../../src/analysis/index.ts';
import {
  arrangeTracks,
  type Chart,
  layOutChart,
  NO_TRACK_CHOICES,
  seriesOfPage,
  type TrackChoices,
} from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { ChartPainter } from '../../../src/panel/canvas/paint/chart-painter.ts';
import { makePalette } from '../../../src/panel/canvas/paint/palette.ts';
import type { ChartScene } from '../../../src/panel/canvas/paint/scene.ts';
import { THEMES } from '../../../src/panel/canvas/paint/theme.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { DrawLog } from '../../builders/draw-log.ts';
import { buildRequestItem } from '../../builders/page-items.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const measures = measuresFor(1);
const palette = makePalette(THEMES.light);
const AXIS = 36;
const tables = traceOf(thread('CrRendererMain').slice('RunTask', 0, 900));

function paint(
  items: readonly PageItem[],
  {
    choices = {},
    more = {},
    scene = {},
  }: { choices?: Partial<TrackChoices>; more?: Partial<Chart>; scene?: Partial<ChartScene> } = {},
): { log: DrawLog; chart: Chart } {
  const chart = { ...layOutChart(tables, classesOf(tables), NO_PAGE, items), ...more };
  const log = new DrawLog(1_000, 400);
  const arrangement = arrangeTracks(chart, { ...NO_TRACK_CHOICES, ...choices }, measures);
  new ChartPainter().paint(log, sceneOf(chart, { arrangement, ...scene }));
  return { log, chart };
}

const request = buildRequestItem({ start: 100, sent: 200, settled: 300, end: 500 });
const item = (
  track: PageItem['track'],
  start: number,
  end: number,
  source: PageItem['source'],
  title: string = track,
): PageItem => ({
  ...request,
  track,
  start,
  settled: start,
  end,
  title,
  source,
});

test('the time before a request is sent is a line; its priority stands at its end, and a mark where it blocks', () => {
  const { log } = paint([request]);
  const y = AXIS + 20;
  expect(log.fills).toContainEqual({ colour: palette.ground, area: { x: 100, y, width: 100, height: 17 } });
  expect(log.fills).toContainEqual({
    colour: palette.quietText,
    area: { x: 100, y: y + 9, width: 100, height: 1 },
  });
  expect(log.texts).toContainEqual(expect.objectContaining({ text: 'High', colour: palette.quietText }));
  expect(log.triangles).toContainEqual(expect.objectContaining({ x: 500, y }));
});

test('dropped frames are hatched, partially presented ones in their lower half', () => {
  const frame = (start: number, isDropped: boolean, isPartial: boolean): PageItem =>
    item('frames', start, start + 20, { kind: 'frame', isDropped, isPartial });
  const { log } = paint([frame(0, false, false), frame(20, true, false), frame(40, false, true)]);
  const colours = Object.values(palette.hatching);
  const lines = log.fills.filter(({ colour, area }) => colours.includes(colour) && area.width === 1);
  expect(new Set(lines.map(({ area }) => `${Math.floor(area.x / 20)} ${area.height}`))).toEqual(
    new Set(['1 17', '2 9']),
  );
});

test('a layout shift is a diamond about its moment; of several in one place the first', () => {
  const shift = (at: number): PageItem =>
    item('layout-shifts', at, at, { kind: 'shift', score: 0.1, hadRecentInput: false });
  const { log } = paint([shift(100), shift(102), shift(300)]);
  expect(log.diamondsSeen.map(({ x, reach }) => [x, reach])).toEqual([
    [100, 7],
    [300, 7],
  ]);
});

test('beside what a search found a shift keeps its shape, and those that were found their colour', () => {
  const shift = (at: number): PageItem =>
    item('layout-shifts', at, at, { kind: 'shift', score: 0.1, hadRecentInput: false }, `Shift ${at}`);
  const labels = new Uint8Array(20);
  const shifts = [shift(100), shift(300)];
  const { log, chart } = paint(shifts, { scene: { matches: { boxes: new Int32Array(), labels } } });
  const [quiet] = log.diamondsSeen;
  expect(log.diamondsSeen.map(({ x, colour }) => [x, colour])).toEqual([
    [100, quiet.colour],
    [300, quiet.colour],
  ]);
  labels[chart.boxes.label[1]] = 1;
  const found = paint(shifts, { scene: { matches: { boxes: Int32Array.of(1), labels } } }).log.diamondsSeen;
  expect(found.find(({ x }) => x === 100)?.colour).toBe(quiet.colour);
  expect(found.find(({ x }) => x === 300)?.colour).toBe(paint(shifts).log.diamondsSeen[0].colour);
});

test('beside what a search found there is neither hatching nor a priority, and whiskers are faint', () => {
  const frame = item('frames', 0, 40, { kind: 'frame', isDropped: true, isPartial: false });
  const matches = { boxes: new Int32Array(), labels: new Uint8Array(20) };
  const { log } = paint([request, frame], { scene: { matches } });
  expect(log.fills.filter(({ colour }) => colour === palette.text)).toEqual([]);
  expect(log.texts.filter(({ text }) => text === 'High')).toEqual([]);
  expect(log.triangles).toEqual([]);
  expect(log.fills).toContainEqual(
    expect.objectContaining({
      colour: palette.divider,
      area: expect.objectContaining({ x: 100, width: 100 }),
    }),
  );
});

test('pictures stand where they were taken; what another one covers is left out', () => {
  const picture = (start: number, end: number, frame: number): PageItem =>
    item('screenshots', start, end, { kind: 'screenshot', frame });
  const pictures = { aspect: 1.6, get: () => ({ width: 160, height: 100, image: null }) };
  const { log } = paint([picture(100, 110, 0), picture(110, 400, 1), picture(400, 900, 2)], {
    scene: { pictures },
  });
  expect(log.pictures.map(({ area }) => [area.x, area.width, area.height])).toEqual([
    [100, 98, 61],
    [199, 98, 61],
    [400, 98, 61],
  ]);
});

test('a picture that is damaged has a cross, also in the line of a collapsed track', () => {
  const picture = item('screenshots', 100, 900, { kind: 'screenshot', frame: 0 });
  const pictures = { aspect: 1.6, get: () => 'damaged' as const };
  for (const collapsed of [new Set<string>(), new Set(['screenshots'])]) {
    const { log } = paint([picture], { choices: { collapsed }, scene: { pictures } });
    expect(log.pictures).toEqual([]);
    expect(log.texts).toContainEqual(expect.objectContaining({ text: '✕', colour: palette.error }));
  }
});

test('pictures that another one will cover are not even asked for', () => {
  const asked: number[] = [];
  const get = (picture: number): null => {
    asked.push(picture);
    return null;
  };
  // One in ten pixels, for pictures of 98.
  const many = Array.from({ length: 80 }, (_, at) =>
    item('screenshots', 100 + at * 10, 110 + at * 10, { kind: 'screenshot', frame: at }),
  );
  paint(many, { scene: { pictures: { aspect: 1.6, get } } });
  expect(asked).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
});

test('pictures of a collapsed track are as high as its line', () => {
  const picture = item('screenshots', 100, 900, { kind: 'screenshot', frame: 0 });
  const pictures = { aspect: 1.6, get: () => ({ width: 160, height: 100, image: null }) };
  const { log } = paint([picture], { choices: { collapsed: new Set(['screenshots']) }, scene: { pictures } });
  expect(log.pictures.map(({ area }) => area)).toEqual([{ x: 100, y: AXIS + 1, width: 27, height: 17 }]);
});

test('a collapsed track shows all its lanes, squeezed and without anything but boxes', () => {
  const many = [0, 1, 2].map((at) =>
    buildRequestItem({ start: 100 + at, sent: 200, settled: 300, end: 500 + at }),
  );
  const { log } = paint(many, { choices: { collapsed: new Set(['network']) } });
  const lanes = log.lines.slice(0, 3);
  expect(lanes.map(({ y, height }) => [y - AXIS, height])).toEqual([
    [0, 5],
    [6, 5],
    [12, 5],
  ]);
  expect(lanes.map(({ runs }) => [runs[0][0], runs.at(-1)?.[1]])).toEqual([
    [100, 499],
    [101, 500],
    [102, 501],
  ]);
  expect(log.triangles).toEqual([]);
  expect(log.texts.filter(({ text }) => text === 'High')).toEqual([]);
});

test('a collapsed track of one lane has its texts, beside its title', () => {
  const { log } = paint([{ ...request, title: 'app.js' }], { choices: { collapsed: new Set(['network']) } });
  // The title is 70 pixels wide, its arrow and padding 40; the request was sent at 200, and downloads from 300 on.
  expect(log.texts).toContainEqual(expect.objectContaining({ text: 'app.js', x: 304 }));
  const early = buildRequestItem({ start: 0, sent: 0, settled: 0, end: 500 });
  const covered = paint([{ ...early, title: 'app.js' }], { choices: { collapsed: new Set(['network']) } });
  expect(covered.log.texts).toContainEqual(expect.objectContaining({ text: 'app.js', x: 114 }));
});

test('counters are curves over their own lines, nothing before their first value', () => {
  const [series] = seriesOfPage(
    [
      {
        name: 'nodes',
        pid: 1,
        thread: 0,
        time: Float64Array.from([250, 500]),
        value: Float64Array.from([50, 100]),
      },
    ],
    { thread: 0, pid: 1 },
  );
  const chart = layOutChart(tables, classesOf(tables), NO_PAGE, []);
  const [main] = chart.tracks;
  const counters = {
    ...main,
    kind: 'counters',
    key: 'counters',
    firstRow: chart.rowStart.length - 1,
    rows: 1,
  } as const;
  const { log } = paint([], {
    more: {
      tracks: [main, counters],
      rowStart: Int32Array.from([...chart.rowStart, chart.rowStart[chart.rowStart.length - 1]]),
      counters: new Map([[counters.firstRow, series]]),
    },
  });
  const painted = log.lines.filter(({ runs }) => runs.some((run) => run[2] === palette.heapLine));
  expect(painted.length).toBeGreaterThan(1);
  const bottom = log.lines.findLast(({ runs }) => runs.some((run) => run[2] === palette.heapArea));
  expect(bottom?.runs[0][0]).toBe(250);
});

test('an arrow leads from the request that brought what asked to the selected one', () => {
  const first = buildRequestItem({ start: 0, sent: 0, settled: 50, end: 100 });
  const second = { ...buildRequestItem({ start: 300, sent: 300, settled: 350, end: 400 }), initiator: 0 };
  const overlap = { ...buildRequestItem({ start: 350, sent: 350, settled: 350, end: 400 }), initiator: 0 };
  const boxes = paint([first, second, overlap]).chart.boxes;
  const selected = boxes.slice.lastIndexOf(boxes.slice[boxes.length - 2]);
  const strokes = (log: DrawLog) => log.fills.filter(({ colour }) => colour === palette.accent).length;
  expect(strokes(paint([first, second, overlap]).log)).toBe(0);
  const { log } = paint([first, second, overlap], { scene: { selected } });
  expect(strokes(log)).toBeGreaterThan(3);
  // From the first request's end to the selected one's beginning.
  const across = log.fills.find(
    ({ colour, area }) => colour === palette.accent && area.x === 100 && area.width > 100,
  );
  expect(across?.area.x).toBe(100);
});

test('pinned tracks stand under the axis whatever is scrolled, and nothing of the others shows through', () => {
  const key = `${1}:${tables.threads.tid[0]}`;
  const many = Array.from({ length: 30 }, (_, at) =>
    item('timings', at, 900, { kind: 'timing', traceCategory: '', custom: null }),
  );
  const { log } = paint(many, {
    choices: { pinned: [key] },
    scene: { scrollTop: 70 },
  });
  const pinnedBottom = AXIS + 20 + 18;
  expect(log.lines.at(-1)).toMatchObject({ y: AXIS + 20, height: 17 });
  expect(log.fills).toContainEqual({
    colour: palette.ground,
    area: { x: 0, y: AXIS, width: 1_000, height: pinnedBottom - AXIS },
  });
});

test('a first picture comes in two parts, pinned tracks or not: in the first nothing is seen yet', () => {
  const key = `${1}:${tables.threads.tid[0]}`;
  const chart = layOutChart(tables, classesOf(tables), NO_PAGE, [request]);
  for (const pinned of [[], [key]]) {
    const arrangement = arrangeTracks(chart, { ...NO_TRACK_CHOICES, pinned }, measures);
    const log = new DrawLog(1_000, 400);
    const steps = new ChartPainter().paintInSteps(log, sceneOf(chart, { arrangement }));
    expect(steps.next().done).toBe(false);
    expect([log.lines, log.fills, log.texts]).toEqual([[], [], []]);
    expect(steps.next().done).toBe(true);
    expect(log.lines.length).toBeGreaterThan(1);
  }
});
