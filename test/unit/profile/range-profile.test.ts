/** A range as a stack profile: its sums are the breakdown's, its stacks those of the slices. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CATEGORIES,
  categoryNumber,
  classifySlices,
  computeBreakdown,
  findPageLoad,
  type TimeRange,
} from '../../../src/analysis/index.ts';
import { type ProfileType, profileOfRange, type StackProfile } from '../../../src/profile/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { foldProfile } from '../../builders/profiles.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';
import { thread, traceOf } from '../../builders/tables.ts';
import { micros, millis, trace } from '../../builders/trace.ts';

const TRACES = join(SHARED, 'traces');
const files = readdirSync(TRACES).filter((name) => name.endsWith('.json.gz'));

/** Milliseconds per category. */
function sumCategories(profile: StackProfile): number[] {
  const sums = CATEGORIES.map(() => 0);
  const { samples } = profile;
  for (let i = 0; i < samples.length; i++) sums[samples.category[i]] += samples.weight[i] / 1000;
  return sums;
}

function checkAgainstBreakdown(tables: TraceTables, row: number, range: TimeRange, jsOnly: boolean): void {
  const classes = classifySlices(tables);
  const breakdown = computeBreakdown(tables, classes, { thread: row, range, jsCalls: true });
  for (const type of ['cpu', 'wall'] as const) {
    const profile = profileOfRange(tables, classes, { thread: row, range, type, jsOnly });
    const sums = sumCategories(profile);
    for (const category of CATEGORIES) {
      const expected = category === 'idle' && type === 'cpu' ? 0 : breakdown[category];
      expect(Math.abs(sums[categoryNumber(category)] - expected), `${type} ${category}`).toBeLessThan(0.001);
    }
    const { time, weight, length, stack } = profile.samples;
    for (let i = 0; i < length; i++) {
      if (stack[i] < 0 || !(weight[i] > 0) || (i > 0 && time[i] < time[i - 1] + weight[i - 1] - 0.001))
        throw new Error(`sample ${i} of ${type}: stack ${stack[i]}, weight ${weight[i]}, time ${time[i]}`);
    }
    for (let i = 0; i < profile.stacks.length; i++)
      if (profile.stacks.prefix[i] >= i) throw new Error(`stack ${i} comes before its prefix`);
    if (type !== 'wall') continue;
    const total = sums.reduce((sum, each) => sum + each, 0);
    expect(Math.abs(total - (range.end - range.start) / 1000)).toBeLessThan(0.001);
  }
}

describe('sums per category are the breakdown', () => {
  test('random threads, random ranges', () => {
    const edge = fc.integer({ min: -500, max: 11_000 });
    fc.assert(
      fc.property(randomTables, edge, edge, fc.boolean(), (tables, a, b, jsOnly) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) };
        for (let row = 0; row < tables.threads.length; row++)
          checkAgainstBreakdown(tables, row, range, jsOnly);
      }),
      { numRuns: 200 },
    );
  });

  test.each(files)('%s', { timeout: 120_000 }, async (name) => {
    const tables = await readTraceFile(join(TRACES, name));
    const page = findPageLoad(tables);
    const { start, end } = tables.bounds;
    const third = (end - start) / 3;
    const ranges = [tables.bounds, { start: start + third, end: end - third }];
    if (page.window !== null) ranges.push(page.window);
    for (const range of ranges) {
      for (let row = 0; row < tables.threads.length; row++) {
        if (tables.threads.endSlice[row] > tables.threads.firstSlice[row])
          checkAgainstBreakdown(tables, row, range, row % 2 === 1);
      }
      if (page.mainThread >= 0) checkAgainstBreakdown(tables, page.mainThread, range, true);
    }
  });
});

const tables = traceOf(
  thread('CrRendererMain', { pid: 7, tid: 8 })
    .slice('RunTask', 0, 100)
    .slice('FunctionCall', 10, 60)
    .call('f1', 12, 58, { line: 4, column: 2 })
    .slice('Layout', 20, 30)
    .call('', 40, 50)
    .slice('MinorGC', 70, 75)
    .slice('RunTask', 120, 150),
);
const classes = classifySlices(tables);
const ask = (type: ProfileType, range: TimeRange, jsOnly = false): StackProfile =>
  profileOfRange(tables, classes, { thread: 0, range, type, jsOnly });

describe('stacks', () => {
  test('browser work stands under the function that caused it', () => {
    expect(foldProfile(ask('cpu', { start: 0, end: 200 }))).toEqual({
      Task: 10 + 10 + 25 + 30,
      'Task;Function call': 2 + 2,
      'Task;Function call;f1': 8 + 10 + 8,
      'Task;Function call;f1;Layout': 10,
      'Task;Function call;f1;(anonymous)': 10,
      'Task;Minor GC': 5,
    });
  });

  test('a range cuts stretches at its ends; wall adds what is idle', () => {
    expect(foldProfile(ask('wall', { start: 25, end: 130 }))).toEqual({
      'Task;Function call;f1;Layout': 5,
      'Task;Function call;f1': 10 + 8,
      'Task;Function call;f1;(anonymous)': 10,
      'Task;Function call': 2,
      Task: 10 + 25 + 10,
      'Task;Minor GC': 5,
      '(idle)': 20,
    });
  });

  test('JavaScript alone: browser work counts for its function, or for nobody, in its own category', () => {
    const profile = ask('cpu', { start: 0, end: 100 }, true);
    expect(foldProfile(profile)).toEqual({
      '(program)': 10 + 2 + 2 + 10 + 5 + 25,
      f1: 8 + 10 + 8 + 10,
      'f1;(anonymous)': 10,
    });
    const rendering = sumCategories(profile)[categoryNumber('rendering')];
    expect(rendering).toBe(0.01);
  });

  test('a function has its bare name, and its place counted from 1', () => {
    const { frames, strings } = ask('cpu', { start: 0, end: 100 });
    const f1 = frames.name.findIndex((name) => strings[name] === 'f1');
    expect([strings[frames.url[f1]], frames.line[f1], frames.column[f1]]).toEqual([
      'https://page.test/app.js',
      5,
      3,
    ]);
  });

  test('an empty range holds nothing', () => {
    expect(foldProfile(ask('wall', { start: 50, end: 50 }))).toEqual({});
  });
});

describe("V8's samples", () => {
  // f calls g at 4 ms; the event Layout runs from 6 to 8 ms inside of f.
  const recipe = trace()
    .thread('CrRendererMain')
    .slice('RunTask', 0, 20)
    .slice('FunctionCall', 1, 15)
    .slice('Layout', 6, 8)
    .samples('  ffffffffffP\n    gg', { from: -1 });

  test('each counts one, under V8’s own stack, in the category of the slice that it fell into', async () => {
    const read = await recipe.read();
    const own = classifySlices(read);
    const profile = profileOfRange(read, own, { thread: 0, range: read.bounds, type: 'samples' });
    expect(profile.unit).toBe('count');
    expect(foldProfile(profile)).toEqual({ f: 8, 'f;g': 2, '(program)': 1 });
    const sums = sumCategories(profile);
    expect(sums[categoryNumber('rendering')] * 1000).toBe(2);
    const part = { start: micros(3), end: micros(4) };
    expect(foldProfile(profileOfRange(read, own, { thread: 0, range: part, type: 'samples' }))).toEqual({
      'f;g': 2,
    });
  });

  test('lines: a stretch of a call is cut where V8 saw another line of it', async () => {
    const frame = { functionName: 'f', url: 'a.js', lineNumber: 9, columnNumber: 0, scriptId: 1 };
    const read = await trace()
      .thread('CrRendererMain')
      .slice('RunTask', 0, 20)
      .slice('FunctionCall', 1, 15)
      .slice('Layout', 8, 10)
      .profile('0x1', 0)
      .profileChunk('0x1', 0, {
        nodes: [
          { id: 1, callFrame: { functionName: '(root)' } },
          { id: 2, parent: 1, callFrame: frame },
        ],
        samples: [2, 2, 2, 2, 2],
        timeDeltas: [2000, 2000, 2000, 5000, 1000],
        lines: [11, 11, 12, 12, 13],
      })
      .read();
    const { samples, stacks, frames, strings } = profileOfRange(read, classifySlices(read), {
      thread: 0,
      range: read.bounds,
      type: 'cpu',
    });
    const told = Array.from(samples.stack, (stack, i) => {
      const name = strings[frames.name[stacks.frame[stack]]];
      return `${name} ${millis(samples.time[i])}+${samples.weight[i] / 1000} line ${samples.line[i]}`;
    });
    expect(told.filter((text) => text.startsWith('f ') || text.startsWith('Layout'))).toEqual([
      'f 2+4 line 11',
      'f 6+2 line 12',
      'Layout 8+2 line 0',
      'f 10+2 line 12',
      'f 12+3 line 13',
    ]);
  });
});
