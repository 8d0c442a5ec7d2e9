import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import { layOutChart, layOutChartInSteps } from '../../../src/flame/index.ts';
import { SLICE_END_INFERRED } from '../../../src/trace/index.ts';
import { chartOf, classesOf, listRows, NO_PAGE } from '../../builders/charts.ts';
import { buildRequestItem } from '../../builders/page-items.ts';
import { randomTables } from '../../builders/random-tables.ts';
import { thread, traceOf } from '../../builders/tables.ts';

describe('layOutChart', () => {
  test('stacks slices by depth, one row each', () => {
    const chart = chartOf(
      traceOf(
        thread('CrRendererMain').slice('RunTask', 0, 50).slice('Layout', 10, 30).slice('Paint', 30, 40),
      ),
    );
    expect(listRows(chart)).toEqual([['Task 0–50'], ['Layout 10–30', 'Paint 30–40']]);
  });

  test('leaves hidden slices out and lets their children stand in their place', () => {
    const tables = traceOf(
      thread('CrRendererMain')
        .slice('Hidden', 0, 60)
        .slice('RunTask', 0, 50)
        .slice('Hidden', 5, 35)
        .slice('Layout', 10, 30),
    );
    const chart = chartOf(tables, { hidden: ['Hidden'] });
    expect(listRows(chart)).toEqual([['Task 0–50'], ['Layout 10–30']]);
  });

  test('is laid out in steps of bounded work, so that a long one can be given up', () => {
    const many = 90_000;
    const recipe = thread('CrRendererMain');
    for (let i = 0; i < many; i++) recipe.slice('RunTask', i, i + 1);
    const tables = traceOf(recipe);
    let reads = 0;
    let longest = 0;
    const { start } = tables.slices;
    // Each box is filled from its slice's start, once.
    const counted = new Proxy(start, {
      get(column, row) {
        reads++;
        return Reflect.get(column, row);
      },
    });
    const counting = layOutChartInSteps(
      { ...tables, slices: { ...tables.slices, start: counted } },
      classesOf(tables),
      NO_PAGE,
      [],
    );
    for (let before = reads; counting.next().done !== true; before = reads)
      longest = Math.max(longest, reads - before);
    expect(reads).toBe(many);
    expect(longest).toBe(1 << 16);
  });

  test('a shade is that of the nearest visible slice, however deep the hidden ones lie', () => {
    const deep = 500;
    const recipe = thread('CrRendererMain').slice('Layout', 0, 10 * deep);
    for (let i = 1; i < deep; i++) recipe.slice('Hidden', i, 10 * deep - i).slice('Layout', i, i + 0.5);
    const tables = traceOf(recipe);
    let reads = 0;
    const parent = new Proxy(tables.slices.parent, {
      get(column, row) {
        reads++;
        return Reflect.get(column, row);
      },
    });
    const classes = classesOf(tables, { hidden: ['Hidden'] });
    const { boxes } = layOutChart({ ...tables, slices: { ...tables.slices, parent } }, classes, NO_PAGE);
    const shades = Array.from(boxes.colour, (colour) => colour % 2);
    expect(shades).toEqual([0, ...new Array(deep - 1).fill(1)]);
    expect(reads).toBeLessThan(4 * tables.slices.length);
  });

  test('gives each thread its own rows, and none to an empty one', () => {
    const tables = traceOf(
      thread('Empty', { role: 'other' }),
      thread('Compositor', { role: 'compositor' }).slice('Commit', 1, 2),
      thread('CrRendererMain').slice('RunTask', 0, 50).slice('Layout', 10, 30),
    );
    const chart = chartOf(tables);
    expect(chart.tracks.map(({ title, firstRow, rows }) => [title, firstRow, rows])).toEqual([
      ['Main of process 1', 0, 2],
      ['Compositor', 2, 1],
      ['Empty', 3, 0],
    ]);
    expect(listRows(chart)[2]).toEqual(['Commit 1–2']);
  });

  test('puts the page first and names its URL', () => {
    const tables = traceOf(
      thread('CrRendererMain', { pid: 1 }).slice('RunTask', 0, 1),
      thread('CrRendererMain', { pid: 2 }).slice('RunTask', 0, 1),
      thread('CrRendererMain', { pid: 3 }).slice('RunTask', 0, 1),
    );
    const page = {
      ...NO_PAGE,
      mainThread: 2,
      url: 'https://shop.test/cart',
      onMainFrame: new Set([2]),
      urlOfProcess: new Map([
        [1, 'https://ads.test/'],
        [3, 'https://shop.test/cart'],
      ]),
    };
    expect(chartOf(tables, {}, page).tracks.map(({ title }) => title)).toEqual([
      'Main — https://shop.test/cart',
      'Frame — https://ads.test/',
      'Main of process 2',
    ]);
  });

  test('a frame whose document came before its process was heard of goes by the script that it runs most', () => {
    const own = 'https://ads.test/tag.js';
    const frame = thread('CrRendererMain', { pid: 2 })
      .call('once', 0, 1, { url: 'https://cdn.test/lib.js' })
      .call('tick', 2, 5, { url: own })
      .call('inner', 3, 4, { url: 'https://cdn.test/lib.js' })
      .call('tick', 6, 7, { url: own })
      .call('native', 8, 9, { url: '' })
      .call('native', 10, 11, { url: '' })
      .call('native', 12, 13, { url: '' });
    const tables = traceOf(thread('CrRendererMain', { pid: 1 }).slice('RunTask', 0, 20), frame);
    const page = { ...NO_PAGE, mainThread: 0, url: 'https://shop.test/', onMainFrame: new Set([0]) };
    const titles = chartOf(tables, {}, page).tracks.map(({ title }) => title);
    expect(titles).toEqual(['Main — https://shop.test/', `Frame — runs ${own}`]);
    // Where no page is known nobody's frame it is.
    expect(chartOf(tables).tracks.map(({ title }) => title)).toContain('Main of process 2');
  });

  test('the last task of a process that ended is drawn to when it was last heard of, one of the page to the end', () => {
    const tables = traceOf(
      thread('CrRendererMain', { pid: 1 }).slice('RunTask', 0, 900),
      thread('CrRendererMain', { pid: 2 }).slice('RunTask', 10, 900).slice('Layout', 20, 900),
      thread('Compositor', { pid: 2, role: 'compositor' }).slice('Commit', 20, 35),
      thread('CrRendererMain', { pid: 3 }).slice('RunTask', 0, 50),
    );
    const { duration } = tables.slices;
    const flags = Uint8Array.from(tables.slices.flags, (flag, slice) =>
      duration[slice] > 800 ? flag | SLICE_END_INFERRED : flag,
    );
    const open = { ...tables, slices: { ...tables.slices, flags } };
    const page = { ...NO_PAGE, mainThread: 0, url: 'https://shop.test/', onMainFrame: new Set([0]) };
    expect(listRows(layOutChart(open, classesOf(tables), page))).toEqual([
      ['Task 0–900'],
      ['Task 10–35'],
      ['Layout 20–35'],
      ['Task 0–50'],
      ['Commit 20–35'],
    ]);
    // A trace that is of no page ends where it ends.
    expect(listRows(layOutChart(open, classesOf(tables), NO_PAGE))[1]).toEqual(['Task 10–900']);
  });

  test('what happened to the page is laid out in steps, too', () => {
    const tables = traceOf(thread('CrRendererMain').slice('RunTask', 0, 1));
    const times = (start: number) => ({ start, sent: start, settled: start + 1, end: start + 2 });
    const items = Array.from({ length: 20_000 }, (_, at) => buildRequestItem(times(at)));
    const steps = layOutChartInSteps(tables, classesOf(tables), NO_PAGE, items);
    let count = 0;
    while (steps.next().done !== true) count++;
    // Parts, boxes and notes, of some thousands of items each.
    expect(count).toBeGreaterThan(15);
  });

  test('numbers what is called alike, in order of showing', () => {
    const pool = { role: 'pool', pid: 1 } as const;
    const tables = traceOf(
      thread('ThreadPoolForegroundWorker', { ...pool, tid: 9 }).slice('ImageDecodeTask', 0, 1),
      thread('ThreadPoolForegroundWorker', { ...pool, tid: 5 }),
      thread('VizCompositorThread', { role: 'other', pid: 2 }).slice('Draw', 0, 1),
    );
    const titles = chartOf(tables).tracks.map(({ title, tid }) => [title, tid]);
    expect(titles).toEqual([
      ['Thread pool 1', 5],
      ['Thread pool 2', 9],
      ['VizCompositorThread', 3],
    ]);
  });

  test('labels a JavaScript call with its function and place, anonymous ones too', () => {
    const chart = chartOf(
      traceOf(thread('CrRendererMain').call('f1', 0, 9, { line: 11, column: 4 }).call('', 1, 2, { url: '' })),
    );
    expect(chart.labels).toEqual([
      { text: 'f1', eventName: '', source: { url: 'https://page.test/app.js', line: 12, column: 5 } },
      { text: '(anonymous)', eventName: '', source: null },
    ]);
  });

  test('shades a box inside one of its own category, hidden ones between them or not', () => {
    const tables = traceOf(
      thread('CrRendererMain')
        .slice('RunTask', 0, 50)
        .call('f1', 0, 40)
        .slice('Hidden', 1, 30)
        .call('f2', 2, 20),
    );
    const scripting = CATEGORIES.indexOf('scripting') * 2;
    const chart = chartOf(tables, { hidden: ['Hidden'], categories: { f1: 'scripting', f2: 'scripting' } });
    expect([...chart.boxes.colour]).toEqual([CATEGORIES.indexOf('system') * 2, scripting, scripting + 1]);
  });

  test('boxes of a row never overlap, ascend by slice, and every visible slice has one', () => {
    fc.assert(
      fc.property(randomTables, (tables) => {
        const chart = chartOf(tables, { hidden: ['Hidden'] });
        const { boxes, rowStart } = chart;
        const wrong: number[] = [];
        for (let row = 0; row + 1 < rowStart.length; row++) {
          for (let box = rowStart[row] + 1; box < rowStart[row + 1]; box++) {
            const isApart = boxes.start[box] >= boxes.end[box - 1];
            if (!isApart || boxes.slice[box] <= boxes.slice[box - 1]) wrong.push(box);
          }
        }
        expect(wrong).toEqual([]);
        const visible = [...classesOf(tables, { hidden: ['Hidden'] }).visible.entries()].filter(
          ([, on]) => on === 1,
        );
        expect([...boxes.slice].sort((a, b) => a - b)).toEqual(visible.map(([slice]) => slice));
      }),
    );
  });
});
