import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import { longTasksOf, MARK_FORCED, MARK_THIRD_PARTY, makeGrid } from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { describeBox } from '../../../src/panel/canvas/paint/box-words.ts';
import { ChartPainter } from '../../../src/panel/canvas/paint/chart-painter.ts';
import { makePalette } from '../../../src/panel/canvas/paint/palette.ts';
import type { ChartScene } from '../../../src/panel/canvas/paint/scene.ts';
import { THEMES } from '../../../src/panel/canvas/paint/theme.ts';
import { chartOf } from '../../builders/charts.ts';
import { DrawLog } from '../../builders/draw-log.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const palette = makePalette(THEMES.light);
const SYSTEM = palette.pixels[CATEGORIES.indexOf('system') * 2];
const RENDERING = palette.pixels[CATEGORIES.indexOf('rendering') * 2];
/** Ruler and flags. */
const AXIS = 36;
const HEADER = 20;

/** One pixel is one microsecond. */
const chart = chartOf(
  traceOf(
    thread('CrRendererMain')
      .slice('RunTask', 0, 500)
      .slice('Layout', 100, 220)
      .slice('Paint', 300, 304)
      .slice('RunTask', 600, 900),
    thread('Compositor', { role: 'compositor' }).slice('Commit', 50, 150).slice('Draw', 60, 80),
  ),
  { categories: { Layout: 'rendering' } },
);

function paint(changes: Partial<ChartScene> = {}, height = 300): DrawLog {
  const log = new DrawLog(1_000, height);
  new ChartPainter().paint(log, sceneOf(chart, changes));
  return log;
}

const labelsOf = (log: DrawLog): string[] => log.texts.filter(({ y }) => y > AXIS).map(({ text }) => text);

describe('rows', () => {
  test('stand below axis and header, one line each with a gap, boxes a pixel apart', () => {
    const { lines } = paint();
    expect(lines.map(({ y, height }) => [y, height])).toEqual([
      [AXIS + HEADER, 17],
      [AXIS + HEADER + 18, 17],
      [AXIS + HEADER + 36, 19],
    ]);
    expect(lines[0].runs).toEqual([
      [0, 499, SYSTEM],
      [600, 899, SYSTEM],
    ]);
    // The Paint of 4 µs is just wide enough for its gap; both lie in a Task, Layout has a category of its own.
    expect(lines[1].runs.map(([from, to]) => [from, to])).toEqual([
      [100, 219],
      [300, 303],
    ]);
    expect(lines[1].runs[0][2]).toBe(RENDERING);
  });

  test('a collapsed track shows its outermost boxes behind its title', () => {
    expect(paint().lines[2].runs).toEqual([[50, 149, SYSTEM]]);
  });

  test('scrolled rows are cut off at the axis and at the bottom', () => {
    const scrolled = paint({ scrollTop: 25 }).lines;
    expect(scrolled.map(({ y }) => y)).toEqual([
      AXIS + HEADER - 25,
      AXIS + HEADER + 18 - 25,
      AXIS + HEADER + 36 - 25,
    ]);
    expect(paint({ scrollTop: 38 }).lines).toHaveLength(2);
    expect(paint({}, AXIS + HEADER + 10).lines).toHaveLength(1);
  });

  test('a box that leaves the picture has no gap at its edge', () => {
    const log = paint({ grid: makeGrid(0, { start: 50, end: 250 }, 1_000) });
    expect(log.lines[0].runs).toEqual([[0, 1_000, SYSTEM]]);
  });
});

test('long tasks of the page are listed for the overview, and nobody else’s', () => {
  const tasks = chartOf(
    traceOf(
      thread('CrRendererMain').slice('RunTask', 0, 40_000).slice('RunTask', 50_000, 110_000),
      thread('Worker', { role: 'worker' }).slice('RunTask', 0, 90_000),
    ),
  );
  expect([...longTasksOf(tasks)]).toEqual([50_000, 110_000]);
});

describe('labels', () => {
  test('are written where they fit, cut where they do not, and not at all in less than three characters', () => {
    expect(labelsOf(paint())).toEqual(['Task', 'Task', 'Layout']);
    const half = paint({ grid: makeGrid(0, { start: 0, end: 2_000 }, 1_000) });
    expect(labelsOf(half)).toEqual(['Task', 'Task', 'Layo…']);
    const tenth = paint({ grid: makeGrid(0, { start: 0, end: 10_000 }, 1_000) });
    expect(labelsOf(tenth)).toEqual(['Task']);
  });

  test('begin at the left edge where their box begins before it', () => {
    const log = paint({ grid: makeGrid(0, { start: 50, end: 250 }, 1_000) });
    const [first] = log.texts.filter(({ text }) => text === 'Task');
    expect(first.x).toBe(4);
  });

  test('are black or white, as the box asks', () => {
    const dark = makePalette(THEMES.dark);
    const log = paint({ palette: dark });
    expect(log.texts.find(({ text }) => text === 'Layout')?.colour).toBe('#000');
    expect(log.texts.find(({ text }) => text === 'Task')?.colour).toBe('#fff');
  });

  test('too many for a moving picture: the widest are written, and the painter says so', () => {
    const log = new DrawLog(1_000, 300);
    expect(new ChartPainter().paint(log, sceneOf(chart, { mostLabels: 2 }))).toBe(true);
    expect(labelsOf(log)).toEqual(['Task', 'Task']);
    expect(new ChartPainter().paint(log, sceneOf(chart))).toBe(false);
  });
});

describe('marks', () => {
  test('the selected box has an outline of two pixels around it; nothing is painted for the hovered one', () => {
    const layout = chart.boxes.slice.indexOf(1);
    const { outlines } = paint({ selected: layout, hovered: 0 });
    const top = AXIS + HEADER + 18;
    expect(outlines).toEqual([
      { colour: palette.accent, thickness: 2, area: { x: 98, y: top - 2, width: 124, height: 21 } },
    ]);
  });

  test('a box that is not drawn has no outline', () => {
    const inCollapsed = chart.boxes.length - 1;
    expect(paint({ selected: inCollapsed }).outlines).toEqual([]);
    const grid = makeGrid(0, { start: 2_000, end: 3_000 }, 1_000);
    expect(paint({ selected: 0, grid }).outlines).toEqual([]);
  });

  test('a measured range is veiled and says how long it is', () => {
    const log = paint({ measured: { start: 200, end: 450 } });
    expect(log.fills).toContainEqual({
      colour: palette.veil,
      area: { x: 200, y: 0, width: 250, height: 300 },
    });
    expect(log.texts.map(({ text }) => text)).toContain('250\u00a0µs');
  });
});

describe('long tasks', () => {
  const long = chartOf(
    traceOf(
      thread('CrRendererMain').slice('RunTask', 0, 60_000).slice('RunTask', 70_000, 119_000),
      thread('Compositor', { role: 'compositor' }).slice('RunTask', 0, 90_000),
    ),
  );

  test('of a main thread have a line along what is beyond 50 ms', () => {
    const log = new DrawLog(1_000, 300);
    const grid = makeGrid(0, { start: 0, end: 100_000 }, 1_000);
    new ChartPainter().paint(log, sceneOf(long, { grid }));
    expect(log.fills.filter(({ colour }) => colour === palette.error).map(({ area }) => area)).toEqual([
      { x: 500, y: AXIS + HEADER, width: 100, height: 2 },
    ]);
  });

  test('are seen as a pixel where they are no wider', () => {
    const log = new DrawLog(1_000, 300);
    const grid = makeGrid(0, { start: 0, end: 1e9 }, 1_000);
    new ChartPainter().paint(log, sceneOf(long, { grid }));
    expect(log.fills.filter(({ colour }) => colour === palette.error)).toHaveLength(1);
  });

  test('are told', () => {
    expect(describeBox(long, 0)).toContain('long task');
    expect(describeBox(long, 1)).not.toContain('long task');
  });
});

describe('a search', () => {
  const labelled = (text: string): { boxes: Int32Array; labels: Uint8Array } => {
    const labels = Uint8Array.from(chart.labels, (label) => (label.text === text ? 1 : 0));
    const boxes = Int32Array.from(
      Array.from({ length: chart.boxes.length }, (_, box) => box).filter(
        (box) => labels[chart.boxes.label[box]] === 1,
      ),
    );
    return { boxes, labels };
  };
  const DIMMED = palette.dimmed[CATEGORIES.indexOf('system') * 2];

  test('leaves what it found as it is and dims the rest, boxes and texts', () => {
    const log = paint({ matches: labelled('Layout') });
    expect(log.lines[0].runs.map(([, , colour]) => colour)).toEqual([DIMMED, DIMMED]);
    expect(log.lines[1].runs[0]).toEqual([100, 219, RENDERING]);
    const colourOf = (text: string) => log.texts.find((each) => each.text === text)?.colour;
    expect(colourOf('Layout')).toBe('#000');
    expect(colourOf('Task')).toBe(palette.quietText);
  });

  test('shows a find that shares its pixel with a longer box', () => {
    const grid = makeGrid(0, { start: 0, end: 500_000 }, 1_000);
    const unfound = paint({ grid, matches: labelled('nothing') });
    expect(unfound.lines[1].runs.map(([, , colour]) => colour)).not.toContain(RENDERING);
    const log = paint({ grid, matches: labelled('Paint') });
    const plain = palette.pixels[chart.boxes.colour[labelled('Paint').boxes[0]]];
    expect(log.lines[1].runs).toEqual([[0, 1, plain]]);
  });
});

describe('the axis', () => {
  test('covers what scrolls under it, and counts from the origin', () => {
    const log = paint({ origin: 100 });
    const cover = log.fills.findIndex(({ area }) => area.y === 0 && area.height === AXIS);
    expect(log.fills[cover]).toEqual({
      colour: palette.ground,
      area: { x: 0, y: 0, width: 1_000, height: AXIS },
    });
    const ticks = log.texts.filter(({ y }) => y < 20);
    expect(ticks.slice(0, 3).map(({ x, text }) => [x, text])).toEqual([
      [4, '-0.1\u00a0ms'],
      [104, '0.0\u00a0ms'],
      [204, '0.1\u00a0ms'],
    ]);
  });

  test('flags the milestones it knows, side by side where they would overlap, their lines where they are', () => {
    const log = paint({
      milestones: [
        { name: 'load', time: 510 },
        { name: 'firstContentfulPaint', time: 500 },
        { name: 'domInteractive', time: 200 },
        { name: 'largestContentfulPaint', time: 5_000 },
      ],
    });
    const flags = log.texts.filter(({ y }) => y > 20 && y < AXIS);
    expect(flags.map(({ text, x }) => [text, x])).toEqual([
      ['FCP', 504],
      ['L', 543],
    ]);
    const lines = log.fills
      .filter(({ area }) => area.y === 20 && area.height === 280)
      .map(({ area }) => area.x);
    expect(lines).toEqual([500, 510]);
    // No line goes through the text of a flag that lies over it.
    const inFlags = log.fills.filter(({ area }) => area.y === 20 && area.height <= 16);
    expect(inFlags.map(({ area }) => area.height)).toEqual([16, 16, 15, 15]);
  });

  test('cuts nothing off at the right: flags are moved inside, a time without room is left out', () => {
    const log = paint({
      origin: -930,
      milestones: [
        { name: 'domContentLoaded', time: 970 },
        { name: 'largestContentfulPaint', time: 985 },
        { name: 'load', time: 995 },
      ],
    });
    const rightOf = ({ text, x }: { text: string; x: number }): number => x + log.measure(text);
    for (const each of log.texts.filter(({ y }) => y < AXIS))
      expect(rightOf(each)).toBeLessThanOrEqual(1_000);
    const flags = log.texts.filter(({ y }) => y > 20 && y < AXIS);
    expect(flags.map(({ text }) => text)).toEqual(['DCL', 'LCP', 'L']);
    for (const [at, flag] of flags.slice(1).entries()) expect(flag.x).toBeGreaterThan(rightOf(flags[at]));
    // One tick has a line and no text.
    const ticks = log.fills.filter(({ area }) => area.y === 0 && area.height === 20 && area.width === 1);
    expect(ticks.length - log.texts.filter(({ y }) => y < 20).length).toBe(1);
  });
});

describe('pixel ratio', () => {
  test.each([1, 1.25, 1.5, 2, 3])('at %d every measure is whole device pixels', (ratio) => {
    for (const growth of [1, 20 / 11]) {
      const { ratio: _ratio, ...rest } = measuresFor(ratio, growth);
      for (const pixels of Object.values(rest)) expect(Number.isInteger(pixels) && pixels >= 1).toBe(true);
    }
  });

  test('what holds text grows with it, lines and pictures do not', () => {
    const [usual, grown] = [measuresFor(2), measuresFor(2, 2)];
    for (const name of [
      'font',
      'row',
      'header',
      'ruler',
      'flags',
      'counter',
      'tick',
      'leastLabelled',
    ] as const)
      expect(grown[name]).toBe(2 * usual[name]);
    for (const name of ['gap', 'outline', 'padding', 'picture'] as const)
      expect(grown[name]).toBe(usual[name]);
  });
});

describe('marks on slices', () => {
  /** Layout, the only slice of its name, is forced and of a third party. */
  const layout = 1;
  const bits = new Uint8Array(6);
  bits[layout] = MARK_FORCED | MARK_THIRD_PARTY;
  const marks = { bits, forced: Int32Array.of(layout), forcedBy: Int32Array.of(0) };

  test('forced layout has a red corner where there is room', () => {
    const log = paint({ marks });
    expect(log.triangles).toEqual([{ colour: palette.error, x: 219, y: AXIS + HEADER + 18, size: 6 }]);
    expect(log.lines[1].runs[0][2]).toBe(RENDERING);
    const far = makeGrid(0, { start: 0, end: 100_000 }, 1_000);
    expect(paint({ marks, grid: far }).triangles).toEqual([]);
  });

  test('third parties stand back, name and all, where they are to be dimmed', () => {
    const dimmed = paint({ marks, dims: true });
    expect(dimmed.lines[1].runs[0][2]).toBe(palette.dimmed[CATEGORIES.indexOf('rendering') * 2]);
    expect(dimmed.lines[0].runs[0][2]).toBe(SYSTEM);
    const colourOf = (log: DrawLog) => log.texts.find(({ text }) => text === 'Layout')?.colour;
    expect(colourOf(dimmed)).toBe(palette.quietText);
    expect(colourOf(paint({ marks }))).not.toBe(palette.quietText);
  });
});

test('what lies over the boxes lies under the axis', () => {
  const order: string[] = [];
  const overlay = { paint: () => order.push('notes'), actionAt: () => null };
  const log = new DrawLog(1_000, 300);
  const fill = log.fill.bind(log);
  log.fill = (colour, area) => {
    order.push(area.y === 0 && area.height === AXIS ? 'axis' : 'box');
    fill(colour, area);
  };
  new ChartPainter().paint(log, sceneOf(chart, { overlay }));
  expect(order.indexOf('notes')).toBeLessThan(order.indexOf('axis'));
  expect(order).toContain('notes');
});

test('on lines of half the pixels boxes stand where they stand, and texts in the pixels that are drawn on', () => {
  const whole = paint();
  const halved = new DrawLog(1_000, 300, 500);
  new ChartPainter().paint(halved, sceneOf(chart));
  expect(halved.lines[0].runs).toEqual([
    [0, 249, SYSTEM],
    [300, 449, SYSTEM],
  ]);
  expect(labelsOf(halved)).toEqual(labelsOf(whole));
  expect(halved.texts.map(({ x, y }) => [x, y])).toEqual(whole.texts.map(({ x, y }) => [x, y]));
});
