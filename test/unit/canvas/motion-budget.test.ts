/** What a moving picture may have: labels and lines, by how long its frames took. */
import { expect, test } from 'vitest';
import { MotionBudget } from '../../../src/panel/canvas/paint/motion-budget.ts';

type FrameCost = (budget: MotionBudget) => number;

/** A machine whose frames take as long as it is told. */
function makeMachine() {
  let time = 0;
  let waiting: (() => void) | null = null;
  const budget = new MotionBudget(
    (callback) => {
      waiting = callback;
    },
    () => time,
  );
  /** One motion; in how many of its frames the picture had few lines. */
  const move = (millis: FrameCost, isPartial = true, frames = 100): number => {
    let coarse = 0;
    budget.begin();
    for (let frame = 0; frame < frames; frame++) {
      if (budget.isCoarse) coarse++;
      const tell = budget.watch();
      time += millis(budget);
      tell(isPartial);
      (waiting as (() => void) | null)?.();
      waiting = null;
    }
    return coarse;
  };
  return { budget, move };
}

test('a machine that has the time draws many labels, but not without end', () => {
  const { budget, move } = makeMachine();
  move(() => 3);
  expect(budget.labels).toBe(500);
});

test('a machine that has not draws few, but some', () => {
  const { budget, move } = makeMachine();
  move(() => 30);
  expect(budget.labels).toBe(60);
});

test('what labels cost decides how many there are', () => {
  const { budget, move } = makeMachine();
  move(({ labels }) => 4 + labels / 50);
  expect(4 + budget.labels / 50).toBeGreaterThan(5);
  expect(4 + budget.labels / 50).toBeLessThan(9);
});

test('where every label was drawn, other things take the time', () => {
  const { budget, move } = makeMachine();
  move(() => 30, false);
  expect(budget.labels).toBe(250);
});

test('a machine with time for all lines never gives one up, not for single long frames either', () => {
  const { move } = makeMachine();
  expect(move(() => 8)).toBe(0);
  let frame = 0;
  expect(move(() => (frame++ % 12 === 0 ? 40 : 8), true, 2_000)).toBe(0);
});

test('a machine without it gives lines up after a few frames, and takes none back while the picture moves', () => {
  const { move } = makeMachine();
  expect(move(({ isCoarse }) => (isCoarse ? 1 : 14))).toBe(95);
});

test('long frames among short ones give lines up where there are more than one in ten', () => {
  const { budget, move } = makeMachine();
  let frame = 0;
  move(() => (frame++ % 5 === 0 ? 14 : 8), true, 200);
  expect(budget.isCoarse).toBe(true);
});

test('the next motion is coarse from its first frame where few lines take their time, too', () => {
  const { move } = makeMachine();
  const millis: FrameCost = ({ isCoarse }) => (isCoarse ? 6 : 14);
  move(millis);
  expect(move(millis)).toBe(100);
});

test('a machine that has become quick has all lines again from the next motion on', () => {
  const { move } = makeMachine();
  move(({ isCoarse }) => (isCoarse ? 6 : 14));
  expect(move(() => 1)).toBe(100);
  expect(move(() => 4)).toBe(0);
});

test('where there are no lines to be given up the time decides about labels alone', () => {
  const { budget, move } = makeMachine();
  budget.allowCoarse(false);
  expect(move(() => 14, true, 5)).toBe(0);
  expect([budget.isCoarse, budget.labels]).toEqual([false, 60]);
  move(({ labels }) => 4 + labels / 50, true, 400);
  expect(4 + budget.labels / 50).toBeGreaterThan(5);
});

test('lines are all there at once where there are none to be given up any more', () => {
  const { budget, move } = makeMachine();
  move(() => 14);
  budget.allowCoarse(false);
  expect(budget.isCoarse).toBe(false);
});
