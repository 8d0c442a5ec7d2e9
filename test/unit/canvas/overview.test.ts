import { signal } from '@preact/signals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import { type CpuOverview, MIN_SPAN, makeGrid } from '../../../src/flame/index.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { moveEdge, pressHandleKey } from '../../../src/panel/canvas/overview-gestures.ts';
import { paintOverview, stackColumns } from '../../../src/panel/canvas/overview-painter.ts';
import { makePalette } from '../../../src/panel/canvas/palette.ts';
import { THEMES } from '../../../src/panel/canvas/theme.ts';
import { DrawLog } from '../../builders/draw-log.ts';

const SCRIPTING = CATEGORIES.indexOf('scripting');
const RENDERING = CATEGORIES.indexOf('rendering');
const RANGE = { start: 1_000, end: 2_000 };

/** Buckets over {@link RANGE}: microseconds of scripting and of rendering. */
function overviewOf(scripting: readonly number[], rendering: readonly number[]): CpuOverview {
  const buckets = scripting.length;
  const busy = new Float32Array(CATEGORIES.length * buckets);
  busy.set(scripting, SCRIPTING * buckets);
  busy.set(rendering, RENDERING * buckets);
  return { range: RANGE, buckets, busy };
}

describe('stackColumns', () => {
  test('shares of columns that are wider or narrower than buckets', () => {
    const overview = overviewOf([500, 250], [0, 250]);
    const half = stackColumns(overview, RANGE, 1);
    expect([half[SCRIPTING], half[RENDERING]]).toEqual([0.75, 0.25]);
    const four = stackColumns(overview, RANGE, 4);
    expect([...four.subarray(SCRIPTING * 4, SCRIPTING * 4 + 4)]).toEqual([1, 1, 0.5, 0.5]);
    const three = stackColumns(overview, RANGE, 3);
    expect(three[SCRIPTING * 3 + 1]).toBeCloseTo(0.75, 6);
  });

  test('loses and adds nothing, whatever the width', () => {
    const busy = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(busy, fc.integer({ min: 1, max: 400 }), (scripting, columns) => {
        const shares = stackColumns(
          overviewOf(
            scripting,
            scripting.map(() => 0),
          ),
          RANGE,
          columns,
        );
        const sum = shares.reduce((one, other) => one + other, 0) * (1_000 / columns);
        expect(sum).toBeCloseTo(
          scripting.reduce((one, other) => one + other, 0),
          1,
        );
      }),
    );
  });

  test('a trace without any time has no shares', () => {
    const nothing = { ...overviewOf([0], [0]), range: { start: 5, end: 5 } };
    expect([...stackColumns(nothing, { start: 5, end: 5 }, 3)].every((share) => share === 0)).toBe(true);
  });
});

describe('paintOverview', () => {
  test('stacks the categories from the bottom up, each as high as its share', () => {
    const palette = makePalette(THEMES.light);
    const measures = measuresFor(1);
    const log = new DrawLog(2, measures.ruler + 10);
    const grid = makeGrid(RANGE.start, RANGE, 2);
    paintOverview(log, {
      overview: overviewOf([500, 100], [0, 200]),
      bounds: RANGE,
      milestones: [{ name: 'load', time: 1_500 }],
      origin: 1_000,
      grid,
      palette,
      measures,
      fontFamily: 'sans-serif',
    });
    const column = (x: number): (number | null)[] =>
      log.lines.map(({ runs }) => runs.find(([from, to]) => x >= from && x < to)?.[2] ?? null);
    const [yellow, violet] = [palette.pixels[SCRIPTING * 2], palette.pixels[RENDERING * 2]];
    expect(log.lines.map(({ y }) => y)).toEqual(
      Array.from({ length: 10 }, (_, line) => measures.ruler + line),
    );
    expect(column(0)).toEqual(new Array(10).fill(yellow));
    expect(column(1)).toEqual([null, null, null, null, violet, violet, violet, violet, yellow, yellow]);
    expect(log.fills).toContainEqual({
      colour: palette.quietText,
      area: { x: 1, y: 0, width: 1, height: log.height },
    });
  });
});

describe('the window on the overview', () => {
  const makeBrush = () => ({ viewport: signal({ start: 1_200, end: 1_400 }), bounds: RANGE });

  test('an edge moves alone, stops at the bounds and before the other edge', () => {
    const brush = makeBrush();
    moveEdge(brush, 'end', 1_700);
    expect(brush.viewport.value).toEqual({ start: 1_200, end: 1_700 });
    moveEdge(brush, 'end', 9_000);
    moveEdge(brush, 'start', -5);
    expect(brush.viewport.value).toEqual(RANGE);
    moveEdge(brush, 'start', 5_000);
    expect(brush.viewport.value).toEqual({ start: 2_000 - MIN_SPAN, end: 2_000 });
    moveEdge(brush, 'end', 0);
    expect(brush.viewport.value.end).toBe(2_000);
  });

  test.each([
    ['start', 'ArrowLeft', false, { start: 1_180, end: 1_400 }],
    ['start', 'ArrowRight', true, { start: 1_300, end: 1_400 }],
    ['end', 'ArrowRight', false, { start: 1_200, end: 1_420 }],
    ['end', 'End', false, { start: 1_200, end: 2_000 }],
    ['start', 'Home', false, { start: 1_000, end: 1_400 }],
  ] as const)('%s handle, %s (Ctrl %s)', (edge, code, ctrlKey, expected) => {
    const brush = makeBrush();
    expect(pressHandleKey(brush, edge, { code, ctrlKey, microsPerPixel: 10 })).toBe(true);
    expect(brush.viewport.value).toEqual(expected);
  });

  test('leaves other keys alone', () => {
    expect(pressHandleKey(makeBrush(), 'start', { code: 'Tab', ctrlKey: false, microsPerPixel: 1 })).toBe(
      false,
    );
  });
});
