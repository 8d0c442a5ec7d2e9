/** Labels while the picture moves: fewer where frames take long, more where there is time. */
import { expect, test } from 'vitest';
import { MotionBudget } from '../../../src/panel/canvas/paint/motion-budget.ts';

/** Frames of so many milliseconds; a `pause` before the last one. */
function runFrames(
  millis: (labels: number, frame: number) => number,
  isPartial: boolean,
  { frames = 100, pause = 0 } = {},
): { readonly labels: number; readonly isCoarse: boolean } {
  let time = 0;
  let waiting: (() => void) | null = null;
  const budget = new MotionBudget(
    (callback) => {
      waiting = callback;
    },
    () => time,
  );
  for (let frame = 0; frame < frames; frame++) {
    if (frame === frames - 1) time += pause;
    const tell = budget.watch();
    time += millis(budget.labels, frame);
    tell(isPartial);
    (waiting as (() => void) | null)?.();
    waiting = null;
  }
  return budget;
}

test('a machine that has the time draws many labels, but not without end', () => {
  expect(runFrames(() => 3, true)).toMatchObject({ labels: 500, isCoarse: false });
});

test('a machine that has not draws few, but some', () => {
  expect(runFrames(() => 30, true).labels).toBe(60);
});

test('what labels cost decides how many there are', () => {
  const { labels, isCoarse } = runFrames((count) => 4 + count / 50, true);
  expect(4 + labels / 50).toBeGreaterThan(5);
  expect(4 + labels / 50).toBeLessThan(9);
  expect(isCoarse).toBe(false);
});

test('where every label was drawn, other things take the time', () => {
  expect(runFrames(() => 30, false).labels).toBe(250);
});

test('where the fewest labels are too many the picture becomes coarse, and stays so while it moves', () => {
  expect(runFrames(() => 12, true).isCoarse).toBe(true);
  expect(runFrames(() => 12, false).isCoarse).toBe(true);
  expect(runFrames((_, frame) => (frame < 50 ? 12 : 3), true).isCoarse).toBe(true);
});

test('single long frames make nothing coarse, and a rest is a new beginning', () => {
  expect(runFrames((_, frame) => (frame % 6 === 0 ? 30 : 5), false, { frames: 1_000 }).isCoarse).toBe(false);
  expect(runFrames(() => 12, true, { pause: 20_000 }).isCoarse).toBe(false);
});
