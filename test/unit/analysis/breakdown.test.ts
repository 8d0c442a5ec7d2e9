/** Time per category over any range, beside a slow and obvious count of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CATEGORIES,
  type Category,
  classifySlices,
  computeBreakdown,
  type SliceClasses,
  type TimeRange,
} from '../../../src/analysis/index.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { crossingEvents, nestedEvents, profileEvents } from '../../builders/random-traces.ts';
import { micros, tablesOf, trace } from '../../builders/trace.ts';
import { dedent, paint } from '../../builders/trace-picture.ts';

interface Question {
  readonly thread: number;
  readonly range: TimeRange;
  readonly jsCalls: boolean;
}

/** Asks of every microsecond which counted slice covers it innermost. Times must be whole. */
function countSlowly(tables: TraceTables, classes: SliceClasses, question: Question): Map<Category, number> {
  const { slices, threads } = tables;
  const counts = new Map<Category, number>(CATEGORIES.map((category) => [category, 0]));
  for (let at = question.range.start; at < question.range.end; at++) {
    let category: Category = 'idle';
    let innermost = -1;
    for (let row = threads.firstSlice[question.thread]; row < threads.endSlice[question.thread]; row++) {
      const covers = slices.start[row] <= at && at < slices.start[row] + slices.duration[row];
      const counted =
        classes.visible[row] === 1 &&
        (slices.flags[row] & SLICE_END_INFERRED) === 0 &&
        (question.jsCalls || (slices.flags[row] & SLICE_JS_CALL) === 0);
      if (!covers || !counted || slices.depth[row] < innermost) continue;
      innermost = slices.depth[row];
      category = CATEGORIES[classes.category[row]];
    }
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
}

describe('random traces over random ranges', () => {
  test.each([
    ['that nest', nestedEvents],
    ['that cross', crossingEvents],
  ])(
    '%s: each microsecond counts once, for the innermost visible slice',
    async (_, events) => {
      const edge = fc.integer({ min: -10, max: 80 });
      await fc.assert(
        fc.asyncProperty(
          events,
          profileEvents,
          fc.tuple(edge, edge),
          fc.boolean(),
          fc.boolean(),
          async (slices, profile, [a, b], jsCalls, ofPage) => {
            const page = ofPage ? [{ ph: 'R', name: 'navigationStart', ts: 1 }] : [];
            const tables = await tablesOf(JSON.stringify([...slices, ...profile, ...page]));
            const classes = classifySlices(tables);
            const range = { start: micros(0) + Math.min(a, b), end: micros(0) + Math.max(a, b) };
            for (let thread = 0; thread < tables.threads.length; thread++) {
              const question = { thread, range, jsCalls };
              const expected = countSlowly(tables, classes, question);
              const breakdown = computeBreakdown(tables, classes, question);
              for (const category of CATEGORIES) {
                expect(breakdown[category]).toBeCloseTo((expected.get(category) ?? 0) / 1000, 9);
              }
            }
          },
        ),
        { numRuns: 200 },
      );
    },
    30_000,
  );
});

const PICTURE = `
  RunTask         |-------------------|
  Layout            |------|
  Paint                |-|
  FunctionCall               |-----|
  navigationStart !
`;

async function breakdownOf(picture: string, from: number, to: number, jsCalls = true): Promise<object> {
  const tables = await paint(picture).read();
  const range = { start: micros(from), end: micros(to) };
  const breakdown = computeBreakdown(tables, classifySlices(tables), { thread: 0, range, jsCalls });
  return Object.fromEntries(Object.entries(breakdown).filter(([, value]) => value !== 0));
}

describe('a range', () => {
  test.each<[number, number, object]>([
    [0, 20, { rendering: 5, painting: 2, scripting: 6, system: 7 }],
    [-5, 30, { rendering: 5, painting: 2, scripting: 6, system: 7, idle: 15 }],
    [4, 6, { rendering: 1, painting: 1 }],
    [5, 6, { painting: 1 }],
    [20, 25, { idle: 5 }],
    [7, 7, {}],
    [9, 3, {}],
  ])('from %d to %d ms', async (from, to, expected) => {
    expect(await breakdownOf(PICTURE, from, to)).toEqual(expected);
  });
});

test('without JS calls their time is their slice’s', async () => {
  const picture = dedent(`
    RunTask         |---------|
    samples           a  a
    navigationStart !
  `);
  expect(await breakdownOf(picture, 0, 10)).toEqual({ system: 2, scripting: 8 });
  expect(await breakdownOf(picture, 0, 10, false)).toEqual({ system: 10 });
});

test('a slice without a written end takes no time, what it contains does', async () => {
  const tables = await trace()
    .thread('CrRendererMain')
    .navigate('https://a.test/', 0)
    .begin('FunctionCall', 0)
    .slice('Layout', 2, 4)
    .slice('RunTask', 8, 10)
    .read();
  const range = { start: micros(0), end: micros(10) };
  const breakdown = computeBreakdown(tables, classifySlices(tables), { thread: 0, range, jsCalls: true });
  expect(breakdown).toMatchObject({ scripting: 0, rendering: 2, system: 2, idle: 6 });
});

test('time that an event of category idle covers is idle', async () => {
  const tables = await trace()
    .thread('ThreadPoolForegroundWorker')
    .navigate('https://a.test/', 0)
    .slice('RunTask', 0, 20)
    .slice('v8.parseOnBackgroundWaiting', 5, 9)
    .read();
  const range = { start: micros(0), end: micros(30) };
  const breakdown = computeBreakdown(tables, classifySlices(tables), { thread: 0, range, jsCalls: true });
  expect(breakdown).toMatchObject({ system: 16, idle: 14 });
});
