/** Saved pictures: what stands around the chart is as large as the chart's own text. */
import { afterEach, expect, test, vi } from 'vitest';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { makeSvg } from '../../../src/panel/canvas/paint/picture.ts';
import { chartOf } from '../../builders/charts.ts';
import { sceneOf } from '../../builders/scenes.ts';
import { thread, traceOf } from '../../builders/tables.ts';

afterEach(() => vi.unstubAllGlobals());

/** Every character is half as wide as it is high. */
class Ruler {
  font = '';
  getContext(): this {
    return this;
  }
  measureText(text: string): { width: number } {
    return { width: (text.length * Number(/(\d+)px/.exec(this.font)?.[1])) / 2 };
  }
}

const chart = chartOf(traceOf(thread('CrRendererMain').slice('RunTask', 0, 500)));

function save(ratio: number, textGrowth: number): string {
  vi.stubGlobal('OffscreenCanvas', Ruler);
  return makeSvg({
    scene: sceneOf(chart, { measures: measuresFor(ratio, textGrowth) }),
    size: { width: 1_000, height: 300, ratio },
    title: 'Flame chart',
    subtitle: 'All of it',
    scale: (share) => `${share * 100} %`,
  });
}

/** Device pixels. */
function lookAt(svg: string) {
  const sizeOf = (text: string): number =>
    Number(new RegExp(`font-size="(\\d+)"[^>]*>${text}<`).exec(svg)?.[1]);
  const downOf = (text: string): number => Number(new RegExp(`y="(\\d+)"[^>]*>${text}<`).exec(svg)?.[1]);
  return {
    height: Number(/viewBox="0 0 1000 (\d+)"/.exec(svg)?.[1]),
    title: sizeOf('Flame chart'),
    subtitle: sizeOf('All of it'),
    lines: ['Flame chart', 'All of it', '50 %', 'System'].map(downOf),
  };
}

test.each([
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
])('at a ratio of %d, with text %d times as large', (ratio, textGrowth) => {
  const by = ratio * textGrowth;
  expect(lookAt(save(ratio, textGrowth))).toEqual({
    height: 300 + 84 * by,
    title: 13 * by,
    subtitle: 11 * by,
    lines: [18 * by, 34 * by, 300 + 55 * by, 300 + 75 * by],
  });
});
