/** The depth-first table: rows, parents, depths, subtrees, and what is cut. */
import { expect, test } from 'vitest';
import { SLICE_CLIPPED } from '../../../src/trace/index.ts';
import { trace } from '../../builders/trace.ts';
import { dedent, draw, paint } from '../../builders/trace-picture.ts';

test('children follow their parent; a subtree is a range of rows', async () => {
  const { slices, threads } = await paint(`
    A               |------------------|  |--|
    B                 |----|
    x                   |
    C                       |----------|
  `).read();
  expect(Array.from(slices.depth)).toEqual([0, 1, 2, 1, 0]);
  expect(Array.from(slices.parent)).toEqual([-1, 0, 1, 0, -1]);
  expect(Array.from(slices.subtreeEnd)).toEqual([4, 3, 3, 4, 5]);
  expect([threads.firstSlice[0], threads.endSlice[0]]).toEqual([0, 5]);
});

test('what reaches past its parent’s end is cut there, with all it contains', async () => {
  const tables = await paint(`
    A               |---------|
    C                   |-----------|
    d                     |-------|
  `).read();
  expect(draw(tables)).toBe(
    dedent(`
    A               |---------|
     C                  |-----|
      d                   |---|
  `),
  );
  expect(Array.from(tables.slices.flags)).toEqual([0, SLICE_CLIPPED, SLICE_CLIPPED]);
  expect(tables.diagnostics.overlappingSlices).toBe(2);
});

test('a slice without length at its parent’s end stands beside it, at its begin inside it', async () => {
  const tables = await paint(`
    A               |---------|
    first           |
    last                      |
  `).read();
  expect(Array.from(tables.slices.depth)).toEqual([0, 1, 0]);
});

test('a task whose end is lost lasts to the next task', async () => {
  const lost = trace()
    .thread('one')
    .begin('RunTask', 0)
    .begin('A', 1)
    .slice('RunTask', 10, 15)
    .slice('RunTask', 20, 25);
  const { slices, diagnostics } = await lost.read();
  expect(Array.from(slices.duration)).toEqual([10_000, 9_000, 5_000, 5_000]);
  expect(Array.from(slices.depth)).toEqual([0, 1, 0, 0]);
  expect(diagnostics.beginsWithoutEnd).toBe(2);
  // What has an end, and reaches over the next task's begin, tells of a task inside a task.
  const nested = await trace()
    .thread('one')
    .begin('RunTask', 0)
    .slice('Loop', 5, 15)
    .slice('RunTask', 10, 12)
    .slice('B', 30, 31)
    .read();
  expect(Array.from(nested.slices.depth)).toEqual([0, 1, 2, 1]);
});

test('threads follow one another, in the order in which they appear', async () => {
  const { slices, threads } = await trace()
    .thread('one', { tid: 1 })
    .slice('a', 0, 1)
    .thread('two', { tid: 2 })
    .slice('b', 0, 1)
    .thread('none', { tid: 3 })
    .event({ tid: 1, ph: 'X', name: 'c', ts: 2_000_000, dur: 1 })
    .read();
  expect(Array.from(threads.firstSlice)).toEqual([0, 2, 3]);
  expect(Array.from(threads.endSlice)).toEqual([2, 3, 3]);
  expect(Array.from(slices.thread)).toEqual([0, 0, 1]);
});
