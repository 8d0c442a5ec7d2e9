import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileQuery,
  countBefore,
  countLabels,
  cullMatches,
  findBoxes,
  firstMatchFrom,
  MOST_SEARCHED,
  makeGrid,
  makePieces,
  matchesOfRow,
  matchTexts,
  neighbourMatch,
  type SearchQuery,
  searchTextsOf,
} from '../../../src/flame/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const queryOf = (text: string, changes: Partial<SearchQuery> = {}): SearchQuery => ({
  text,
  regex: false,
  matchCase: false,
  wholeWord: false,
  ...changes,
});

/** Which of `texts` the query finds. */
function found(texts: readonly string[], query: SearchQuery): string[] {
  const compiled = compileQuery(query);
  if (!compiled.ok) throw new Error(compiled.problem);
  const flags = matchTexts({ shown: texts, other: texts.map(() => '') }, compiled.test);
  return texts.filter((_, row) => flags[row] === 1);
}

describe('queries', () => {
  const TEXTS = ['render', 'Render', 'renderRow', 'pre-render', 'a.b', 'axb', '$render', 'größeren'];

  test('find a part of a text in any case, unless case is asked for', () => {
    expect(found(TEXTS, queryOf('RENDER'))).toEqual([
      'render',
      'Render',
      'renderRow',
      'pre-render',
      '$render',
    ]);
    expect(found(TEXTS, queryOf('Render', { matchCase: true }))).toEqual(['Render']);
    expect(found(TEXTS, queryOf('a.b'))).toEqual(['a.b']);
    expect(found(TEXTS, queryOf(''))).toEqual([]);
  });

  test('find whole words, where $ and letters beyond ASCII belong to words', () => {
    expect(found(TEXTS, queryOf('render', { wholeWord: true }))).toEqual(['render', 'Render', 'pre-render']);
    expect(found(TEXTS, queryOf('eren', { wholeWord: true }))).toEqual([]);
    expect(found(['f(x)'], queryOf('f(x)', { wholeWord: true }))).toEqual(['f(x)']);
  });

  test('find patterns, and say what is wrong with broken ones', () => {
    expect(found(TEXTS, queryOf('^render|x', { regex: true }))).toEqual([
      'render',
      'Render',
      'renderRow',
      'axb',
    ]);
    expect(found(TEXTS, queryOf('render|x', { regex: true, wholeWord: true, matchCase: true }))).toEqual([
      'render',
      'pre-render',
    ]);
    expect(compileQuery(queryOf('(', { regex: true }))).toMatchObject({ ok: false });
  });

  test('look at the first characters of endless addresses only', () => {
    const long = `data:${'x'.repeat(MOST_SEARCHED)}needle`;
    expect(found([long], queryOf('needle'))).toEqual([]);
    expect(found([long], queryOf('data:x'))).toEqual([long]);
  });
});

describe('finds in a chart', () => {
  const chart = chartOf(
    traceOf(
      thread('CrRendererMain')
        .slice('RunTask', 0, 500)
        .slice('Layout', 100, 220)
        .call('layOut', 300, 400, { url: 'https://shop.example/cart.js' })
        .slice('RunTask', 600, 1_000)
        .slice('Layout', 700, 720),
      thread('Compositor', { role: 'compositor' }).slice('Layout', 50, 150),
    ),
  );
  const find = (text: string): Int32Array => {
    const compiled = compileQuery(queryOf(text));
    if (!compiled.ok) throw new Error(compiled.problem);
    return findBoxes(
      chart.boxes.label,
      countLabels(chart.boxes.label, chart.labels.length),
      matchTexts(searchTextsOf(chart.labels), compiled.test),
    );
  };
  const startOf = (box: number): number => (box < 0 ? -1 : chart.boxes.start[box]);

  test('go by the text, by what Chrome calls the event, and by the address', () => {
    expect([...find('layout')].map(startOf)).toEqual([100, 300, 700, 50]);
    expect([...find('runtask')].map(startOf)).toEqual([0, 600]);
    expect([...find('task')].map(startOf)).toEqual([0, 600]);
    expect([...find('cart.js')].map(startOf)).toEqual([300]);
    expect([...find('nowhere')]).toEqual([]);
  });

  test('are walked in time over all tracks, and round the ends', () => {
    const boxes = find('layout');
    const walk = (from: number, step: 1 | -1, steps: number): number[] => {
      const visited: number[] = [];
      for (let box = from, left = steps; left > 0; left--) {
        box = neighbourMatch(chart, boxes, box, step);
        visited.push(startOf(box));
      }
      return visited;
    };
    const first = firstMatchFrom(chart, boxes, 60);
    expect(startOf(first)).toBe(100);
    expect(walk(first, 1, 5)).toEqual([300, 700, 50, 100, 300]);
    expect(walk(first, -1, 3)).toEqual([50, 700, 300]);
    expect(startOf(firstMatchFrom(chart, boxes, 5_000))).toBe(50);
    expect(countBefore(chart, boxes, first)).toBe(1);
    expect(neighbourMatch(chart, new Int32Array(0), first, 1)).toBe(-1);
    // From a box that is no find itself.
    expect(startOf(neighbourMatch(chart, boxes, find('task')[1], 1))).toBe(700);
  });

  test('every walk forward visits every find once, in time; backwards the same the other way', () => {
    fc.assert(
      fc.property(randomTables, fc.integer({ min: 1, max: 5 }), (tables, modulus) => {
        const any = chartOf(tables);
        const boxes = Int32Array.from(
          Array.from({ length: any.boxes.length }, (_, box) => box).filter((box) => box % modulus === 0),
        );
        if (boxes.length === 0) return;
        const inTime = [...boxes].sort((a, b) => any.boxes.start[a] - any.boxes.start[b] || a - b);
        const forward: number[] = [];
        let box = firstMatchFrom(any, boxes, Number.NEGATIVE_INFINITY);
        for (const _ of boxes) {
          forward.push(box);
          expect(countBefore(any, boxes, box)).toBe(forward.length - 1);
          box = neighbourMatch(any, boxes, box, 1);
        }
        expect(forward).toEqual(inTime);
        const backward: number[] = [];
        for (const _ of boxes) {
          box = neighbourMatch(any, boxes, box, -1);
          backward.push(box);
        }
        expect(backward).toEqual([...inTime].reverse());
      }),
      { numRuns: 100 },
    );
  });

  /** Finds that are many, and few in a long row: they are walked in two ways. */
  const searchable = fc.oneof(
    fc.tuple(randomTables, fc.integer({ min: 1, max: 4 })),
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 6 }).map((rare) => {
        const recipe = thread('CrRendererMain').slice('common', 0, 1);
        for (let at = 1; at < 1_000; at++)
          recipe.slice(rare.includes(at) ? 'rare' : 'common', 2 * at, 2 * at + (at % 3));
        return traceOf(recipe);
      }),
      fc.constant(0),
    ),
  );

  test('a column shows a find exactly where one of them covers it', () => {
    fc.assert(
      fc.property(
        searchable,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: -100, max: 2_000 }),
        fc.constantFrom(1, 30, 3_000),
        ([tables, modulus], columns, start, span) => {
          const any = chartOf(tables);
          const grid = makeGrid(0, { start, end: start + span }, columns);
          const pieces = makePieces(columns + 1);
          const found = Uint8Array.from(any.labels, ({ text }, label) =>
            (modulus === 0 ? text === 'rare' : label % modulus === 0) ? 1 : 0,
          );
          const boxes = findBoxes(any.boxes.label, countLabels(any.boxes.label, any.labels.length), found);
          const columnOf = (time: number): number => Math.floor(time * grid.scale) - grid.firstColumn;
          for (let row = 0; row + 1 < any.rowStart.length; row++) {
            cullMatches(any, matchesOfRow(any, boxes, row), grid, { pieces, found });
            const drawn = new Uint8Array(columns);
            let painted = 0;
            for (let piece = 0; piece < pieces.count; piece++) {
              const { from, to } = { from: pieces.from[piece], to: pieces.to[piece] };
              if (from < painted || to > columns || to <= from) throw new Error(`piece [${from}, ${to})`);
              drawn.fill(1, from, to);
              painted = to;
            }
            const expected = new Uint8Array(columns);
            for (const box of boxes) {
              if (box < any.rowStart[row] || box >= any.rowStart[row + 1]) continue;
              const from = columnOf(any.boxes.start[box]);
              const to = Math.max(columnOf(any.boxes.end[box]), from + 1);
              expected.fill(1, Math.max(0, from), Math.max(0, to));
            }
            expect([...drawn]).toEqual([...expected]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
