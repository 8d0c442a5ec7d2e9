import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { threadIndex } from '../../../src/base/index.ts';
import {
  CHANGE_STEPS,
  type Chart,
  changeKey,
  changeSign,
  changeStep,
  FILE_KEYS,
  FIRST_FILE_KEY,
  layOutGraph,
  layOutPair,
  layOutTimeline,
  selfTimeOfBox,
} from '../../../src/flame/index.ts';
import { alignProfiles, buildCallTree, buildPairTree, ProfileBuilder } from '../../../src/profile/index.ts';
import { profileOf } from '../../builders/profiles.ts';

const HEAD = {
  thread: { name: 'main', pid: 1, tid: 2, role: 'other' },
  type: 'wall',
  unit: 'microseconds' as const,
  range: { start: 0, end: 100 },
  startUnixMillis: null,
  labels: {},
};

/** A profile of `[time, weight, 'a;b']`. */
function timed(samples: readonly (readonly [number, number, string])[], head: Partial<typeof HEAD> = {}) {
  const builder = new ProfileBuilder();
  for (const [time, weight, path] of samples) {
    let stack = -1;
    for (const name of path.split(';').filter((each) => each !== ''))
      stack = builder.stack(stack, builder.frame({ name, url: name === '(idle)' ? '' : 'a.js' }));
    builder.samples.add({ stack, weight, time });
  }
  return builder.settle({ ...HEAD, ...head });
}

/** `name start–end` per row. */
function listRows({ rowStart, boxes, labels }: Chart): string[] {
  return Array.from({ length: rowStart.length - 1 }, (_, row) =>
    Array.from({ length: rowStart[row + 1] - rowStart[row] }, (_, index) => {
      const box = rowStart[row] + index;
      return `${labels[boxes.label[box]].text} ${boxes.start[box]}–${boxes.end[box]}`;
    }).join(' | '),
  );
}

const lay = (...profiles: ReturnType<typeof timed>[]): Chart =>
  layOutTimeline(
    profiles.map((profile, row) => ({ thread: threadIndex(row), title: `thread ${row}`, profile })),
  );

describe('a timed profile over time', () => {
  test('may have more functions than a call takes arguments', () => {
    const builder = new ProfileBuilder();
    const count = 150_000;
    for (let at = 0; at < count; at++)
      builder.samples.add({
        stack: builder.stack(-1, builder.frame({ name: `f${at}`, url: 'a.js' })),
        weight: 1,
        time: at,
      });
    const { labels, boxes } = lay(builder.settle({ ...HEAD, range: { start: 0, end: count } }));
    expect([labels.length, boxes.length]).toEqual([count, count]);
  });

  test('has a box per call; what follows without a gap is one', () => {
    const chart = lay(
      timed([
        [0, 10, 'main;f'],
        [10, 5, 'main;f'],
        [15, 5, 'main;g'],
        [20, 20, '(idle)'],
        [40, 10, 'main'],
        [50, 5, 'main;f'],
      ]),
    );
    expect(listRows(chart)).toEqual(['main 0–20 | main 40–55', 'f 0–15 | g 15–20 | f 50–55']);
    expect(chart.bounds).toEqual({ start: 0, end: 100 });
    expect([...chart.boxes.slice]).toEqual([0, 3, 1, 2, 4]);
    expect(selfTimeOfBox(chart, 1)).toBe(10);
  });

  test('joins samples of one interval, and no more', () => {
    const chart = lay(
      timed([
        [0, 10, 'f'],
        [11, 10, 'f'],
        [40, 10, 'f'],
        [60, 3, 'f'],
        [64, 2, 'f'],
      ]),
    );
    expect(listRows(chart)).toEqual(['f 0–21 | f 40–50 | f 60–63 | f 64–66']);
  });

  test('counts have no length: a sample lasts to the next', () => {
    const counted = {
      ...timed([
        [0, 1, 'f'],
        [10, 1, 'g'],
        [30, 1, 'g'],
      ]),
      unit: 'count' as const,
    };
    expect(listRows(lay(counted))).toEqual(['f 0–10 | g 10–100']);
  });

  test('stands in a track of its thread; one without times has no rows', () => {
    const untimed = profileOf({ f: 1 });
    const none = {
      ...untimed,
      samples: { ...untimed.samples, time: untimed.samples.time.map(() => Number.NaN) },
    };
    const chart = lay(timed([[5, 5, 'a;b']]), none, timed([[0, 10, 'c']]));
    expect(listRows(chart)).toEqual(['a 5–10', 'b 5–10', 'c 0–10']);
    expect(
      chart.tracks.map(({ title, firstRow, rows, firstSlice, endSlice }) => [
        title,
        firstRow,
        rows,
        firstSlice,
        endSlice,
      ]),
    ).toEqual([
      ['thread 0', 0, 2, 0, 2],
      ['thread 1', 2, 0, 2, 2],
      ['thread 2', 2, 1, 2, 3],
    ]);
  });

  test('is a chart as all: rows in order, nothing overlaps, children within their callers', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', '(idle)'), { maxLength: 5 })
      .map((names) => names.join(';'));
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), path), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (list) => {
        let time = 0;
        const samples = list.map(([gap, weight, names]) => {
          time += gap;
          return [time, weight, names] as const;
        });
        const { rowStart, boxes } = lay(timed(samples, { range: { start: 0, end: time + 20 } }));
        for (let row = 0; row + 1 < rowStart.length; row++)
          for (let box = rowStart[row]; box < rowStart[row + 1]; box++) {
            expect(boxes.end[box]).toBeGreaterThanOrEqual(boxes.start[box]);
            if (box + 1 < rowStart[row + 1]) {
              expect(boxes.start[box + 1]).toBeGreaterThanOrEqual(boxes.end[box]);
              expect(boxes.slice[box + 1]).toBeGreaterThan(boxes.slice[box]);
            }
            if (row === 0) continue;
            let parent = rowStart[row] - 1;
            while (boxes.slice[parent] > boxes.slice[box]) parent--;
            expect(boxes.start[parent]).toBeLessThanOrEqual(boxes.start[box]);
            expect(boxes.end[parent]).toBeGreaterThanOrEqual(boxes.end[box]);
          }
      }),
    );
  });
});

describe('a flame graph of two profiles', () => {
  const pair = alignProfiles(
    profileOf({ main: 10, 'main;old': 30, 'main;f': 20 }),
    profileOf({ main: 10, 'main;f': 50, 'main;f;g': 5 }),
  );
  const tree = buildPairTree(pair);

  test('is as wide as the side looked at, without what that side has not', () => {
    expect(listRows(layOutPair(pair, tree, { wide: 'after', by: 'weight' }))).toEqual([
      'main 0–65',
      'f 0–55',
      'g 0–5',
    ]);
    expect(listRows(layOutPair(pair, tree, { wide: 'before', by: 'weight' }))).toEqual([
      'main 0–60',
      'f 0–20 | old 20–50',
    ]);
  });

  test('is coloured by the change, which the sides swapped turn round', () => {
    const { boxes } = layOutPair(pair, tree, { wide: 'after', by: 'weight' });
    const middle = boxes.colour[0] - changeStep(60, 65, 65);
    expect(boxes.colour[1] - middle).toBe(4);
    const swapped = layOutPair(
      { before: pair.after, after: pair.before },
      { ...tree, before: tree.after, after: tree.before },
      { wide: 'before', by: 'weight' },
    );
    expect(swapped.boxes.colour[1] - middle).toBe(-4);
  });

  test('calls a small change none', () => {
    expect(changeStep(100, 101, 1_000)).toBe(0);
    expect(changeStep(0, 0.9, 1_000)).toBe(0);
    expect(changeStep(0, 2, 1_000)).toBe(CHANGE_STEPS);
    expect(changeStep(2, 0, 1_000)).toBe(-CHANGE_STEPS);
    expect(changeStep(100, 111, 1_000)).toBe(1);
    expect(changeStep(0, 0, 0)).toBe(0);
  });

  test('have a sign, so that colour alone says nothing', () => {
    expect([-4, -1, 0, 1, 4].map((step) => changeSign(changeKey(step)))).toEqual(['−', '−', '', '+', '+']);
    expect([0, changeKey(-4) - 1, changeKey(4) + 1].map(changeSign)).toEqual(['', '', '']);
  });
});

test('a frame without a category has the colour of its file', () => {
  const profile = timed([
    [0, 5, 'a'],
    [5, 5, 'b'],
  ]);
  const { boxes } = layOutGraph(profile, buildCallTree(profile));
  expect(boxes.colour[0]).toBe(boxes.colour[1]);
  expect(boxes.colour[0]).toBeGreaterThanOrEqual(FIRST_FILE_KEY);
  expect(boxes.colour[0]).toBeLessThan(FIRST_FILE_KEY + FILE_KEYS);
});
