/** Work in turns: short work at once, long work between frames, stale work given up. The clock is the test's. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Steps } from '../../../src/base/index.ts';
import { workInTurns } from '../../../src/panel/state/in-turns.ts';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Each step takes 3 ms. */
function* count(steps: number): Steps<{ readonly steps: number }> {
  for (let step = 0; step < steps; step++) {
    now += 3;
    yield;
  }
  return { steps };
}

function make(first: number | null) {
  const wanted = signal<number | null>(first);
  const isLong = signal(false);
  const done: number[] = [];
  const turns = workInTurns<number, { readonly steps: number }>({
    ask: () => wanted.value,
    steps: count,
    onDone: ({ steps }) => void done.push(steps),
    isLong,
  });
  return { wanted, isLong, done, turns };
}

test('what is short is done at once, and nothing where nothing is asked', () => {
  const { wanted, done } = make(null);
  expect(done).toEqual([]);
  wanted.value = 2;
  expect(done).toEqual([2]);
});

test('what is long is done later, and what has become stale not at all', async () => {
  const { wanted, done } = make(50);
  expect(done).toEqual([]);
  wanted.value = 40;
  await expect.poll(() => done).toEqual([40]);
  wanted.value = 1;
  expect(done).toEqual([40, 1]);
});

test('what is given up, or ended, is not done', async () => {
  const { wanted, done, turns, isLong } = make(50);
  turns.cancel();
  wanted.value = 30;
  await expect.poll(() => done).toEqual([30]);
  wanted.value = 60;
  turns.end();
  wanted.value = 2;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([done, isLong.value]).toEqual([[30], false]);
});
