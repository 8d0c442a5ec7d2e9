/** Labels while the picture moves: fewer where frames take long, more where there is time. */
import { expect, test } from 'vitest';
import { MotionBudget } from '../../../src/panel/canvas/paint/motion-budget.ts';

/** Frames of so many milliseconds. */
function runFrames(millis: (labels: number) => number, isPartial: boolean, frames = 100): number {
  let time = 0;
  let waiting: (() => void) | null = null;
  const budget = new MotionBudget(
    (callback) => {
      waiting = callback;
    },
    () => time,
  );
  for (let frame = 0; frame < frames; frame++) {
    const tell = budget.watch();
    time += millis(budget.labels);
    tell(isPartial);
    (waiting as (() => void) | null)?.();
    waiting = null;
  }
  return budget.labels;
}

test('a machine that has the time draws many labels, but not without end', () => {
  expect(runFrames(() => 3, true)).toBe(500);
});

test('a machine that has not draws few, but some', () => {
  expect(runFrames(() => 30, true)).toBe(60);
});

test('what labels cost decides how many there are', () => {
  const labels = runFrames((count) => 4 + count / 50, true);
  expect(4 + labels / 50).toBeGreaterThan(5);
  expect(4 + labels / 50).toBeLessThan(9);
});

test('where every label was drawn, other things take the time', () => {
  expect(runFrames(() => 30, false)).toBe(250);
});
