import { expect, test } from 'vitest';
import { EventRows } from '../../../src/analysis/event-rows.ts';
import { SLICE_JS_CALL } from '../../../src/trace/index.ts';
import { thread, traceOf } from '../../builders/tables.ts';

test('every event finds its slice, and a moment of very many is looked through once', () => {
  const many = 2_000;
  const recipe = thread('CrRendererMain').slice('RunTask', 0, 5);
  for (let i = 0; i < many; i++) recipe.slice('Layout', 10, 20);
  const { slices, threads } = traceOf(recipe);
  const detail = Float64Array.from({ length: slices.length }, (_, row) => 1_000 + row);
  // A call whose stack has the number of an event's place.
  const flags = slices.flags.slice();
  flags[1] = SLICE_JS_CALL;
  detail[1] = 1_002;
  let reads = 0;
  const counted = new Proxy(detail, {
    get(column, row) {
      reads++;
      return Reflect.get(column, row);
    },
  });
  const rows = new EventRows({ threads, slices: { ...slices, flags, detail: counted } });
  expect(rows.find(0, slices.start[0], 1_000)).toBe(0);
  for (let row = 2; row < slices.length; row++)
    expect(rows.find(0, slices.start[row], 1_000 + row)).toBe(row);
  expect(rows.find(0, slices.start[2], 999)).toBe(-1);
  expect(rows.find(0, slices.start[2] + 1, 1_002)).toBe(-1);
  expect(reads).toBeLessThan(25 * slices.length);
});
