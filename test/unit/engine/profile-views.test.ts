import { describe, expect, test } from 'vitest';
import { CATEGORIES, categoryNumber, findInitiators } from '../../../src/analysis/index.ts';
import { sliceIndex, threadIndex } from '../../../src/base/index.ts';
import type { OpenTrace } from '../../../src/engine/opening/summary.ts';
import { ProfileViews } from '../../../src/engine/profiles/profile-views.ts';
import { TraceProfiles } from '../../../src/engine/profiles/scoped-profiles.ts';
import { groupNamer, thirdPartyNamer } from '../../../src/engine/scripts/script-parties.ts';
import { listEvents } from '../../../src/engine/slices/event-list.ts';
import { listOccurrences } from '../../../src/engine/slices/slice-lists.ts';
import type { EventQuestion, ProfileScope, TreeAnswer } from '../../../src/engine/view-questions.ts';
import type { Chart } from '../../../src/flame/index.ts';
import { SLICE_END_INFERRED } from '../../../src/trace/index.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const OWN = 'https://www.shop.example/app.js';
const OTHER = 'https://cdn.ads.test/a.js';
const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 100)
    .call('main', 10, 90, { url: OWN })
    .call('ad', 20, 50, { url: OTHER })
    .slice('Layout', 30, 45)
    .slice('RunTask', 200, 260)
    .call('main', 210, 230, { url: OWN })
    .slice('Layout', 240, 250),
);
const classes = classesOf(tables, {
  categories: { main: 'scripting', ad: 'scripting', Layout: 'rendering' },
});
const trace: OpenTrace = {
  subject: 'test',
  recording: null,
  tables,
  classes,
  page: { ...NO_PAGE, mainThread: 0, url: 'https://shop.example/' },
  items: () => [],
  initiators: () => findInitiators(tables, []),
};
const views = new ProfileViews(new TraceProfiles(trace));
const WHOLE: ProfileScope = {
  thread: threadIndex(0),
  range: { start: 0, end: 300 },
  within: null,
  type: 'cpu',
  jsOnly: false,
  transforms: [],
};

/** `· name self/total`, a dot per depth. */
function listTree({ tree, strings, frames }: TreeAnswer): string[] {
  return Array.from(
    { length: tree.length },
    (_, node) =>
      `${'·'.repeat(tree.depth[node])}${strings[frames.name[tree.frame[node]]]} ${tree.self[node]}/${tree.total[node]}`,
  );
}

/** `name start–end` per row of the graph. */
function listGraph({ rowStart, boxes, labels }: Chart): string[] {
  return Array.from({ length: rowStart.length - 1 }, (_, row) =>
    Array.from({ length: rowStart[row + 1] - rowStart[row] }, (_, index) => {
      const box = rowStart[row] + index;
      return `${labels[boxes.label[box]].text} ${boxes.start[box]}–${boxes.end[box]}`;
    }).join(' | '),
  );
}

const sliceOf = (name: string, start: number): number =>
  Array.from(tables.slices.start).findIndex(
    (from, slice) => from === start && tables.strings.get(tables.slices.name[slice]) === name,
  );

describe('trees', () => {
  test('are of the range, top-down and bottom-up', () => {
    const trees = (inverted: boolean, range = WHOLE.range) =>
      listTree(views.tree({ scope: { ...WHOLE, range }, inverted, group: 'none' }));
    expect(trees(false)).toEqual([
      'Task 50/160',
      '·main 70/100',
      '··ad 15/30',
      '···Layout 15/15',
      '·Layout 10/10',
    ]);
    expect(trees(false, { start: 0, end: 40 })).toEqual([
      'Task 10/40',
      '·main 10/30',
      '··ad 10/20',
      '···Layout 10/10',
    ]);
    expect(trees(true)[0]).toBe('main 0/70');
    expect(trees(true)).toContain('Layout 0/25');
  });

  test('of one slice begin with it', () => {
    const within = sliceIndex(sliceOf('ad', 20));
    const scope = { ...WHOLE, within };
    expect(listTree(views.tree({ scope, inverted: false, group: 'none' }))).toEqual([
      'ad 15/30',
      '·Layout 15/15',
    ]);
    const jsOnly = { ...scope, jsOnly: true };
    expect(listTree(views.tree({ scope: jsOnly, inverted: false, group: 'none' }))).toEqual(['ad 30/30']);
  });

  test('grouped have the groups as roots, whose totals add up to the whole', () => {
    for (const group of ['category', 'url', 'domain', 'party', 'frame'] as const) {
      for (const inverted of [false, true]) {
        const answer = views.tree({ scope: WHOLE, inverted, group });
        const roots = Array.from({ length: answer.tree.length }, (_, node) => node).filter(
          (node) => answer.tree.depth[node] === 0,
        );
        expect(roots.every((node) => answer.tree.frame[node] >= answer.firstGroup)).toBe(true);
        expect(roots.reduce((sum, node) => sum + answer.tree.total[node], 0)).toBe(160);
      }
    }
    const byParty = listTree(views.tree({ scope: WHOLE, inverted: false, group: 'party' }));
    expect(byParty.filter((row) => !row.startsWith('·'))).toEqual([
      'First party: shop.example 0/70',
      '(no script) 0/60',
      'Third party: ads.test 0/30',
    ]);
    expect(byParty).toContain('····Layout 15/15');
    const byCategory = listTree(views.tree({ scope: WHOLE, inverted: true, group: 'category' }));
    expect(byCategory.filter((row) => !row.startsWith('·'))).toEqual([
      'scripting 0/85',
      'system 0/50',
      'rendering 0/25',
    ]);
    expect(byCategory.slice(0, 2)).toEqual(['scripting 0/85', '·main 0/70']);
  });

  test('grouped by frame: the time of each task is that of the frame that is named in it', () => {
    // The second task's layout says whose it is.
    const layout = tables.slices.name.lastIndexOf(tables.strings.find('Layout'));
    const links = {
      length: 1,
      time: Float64Array.of(240),
      thread: Uint16Array.of(0),
      name: Int32Array.of(tables.slices.name[layout]),
      detail: Float64Array.of(tables.slices.detail[layout]),
      frame: Int32Array.of(tables.strings.intern('F')),
      id: Int32Array.of(0),
    };
    const framed = new ProfileViews(new TraceProfiles({ ...trace, tables: { ...tables, links } }));
    const rows = listTree(framed.tree({ scope: WHOLE, inverted: false, group: 'frame' }));
    expect(rows.filter((row) => !row.startsWith('·'))).toEqual([
      '(no frame told) 0/100',
      'Frame without an address (F) 0/60',
    ]);
  });
});

describe('graphs', () => {
  test('are trees as boxes: siblings from the left, the heaviest first', () => {
    const graph = (shape: 'top-down' | 'bottom-up') =>
      views.graph({ scope: WHOLE, shape: { kind: shape }, order: 'heavy' });
    const chart = graph('top-down');
    expect(chart.bounds).toEqual({ start: 0, end: 160 });
    expect(listGraph(chart)).toEqual(['Task 0–160', 'main 0–100 | Layout 100–110', 'ad 0–30', 'Layout 0–15']);
    const layout = chart.boxes.label.length - 1;
    expect(CATEGORIES[chart.boxes.colour[layout] >> 1]).toBe('rendering');
    expect(chart.boxes.colour[1] >> 1).toBe(categoryNumber('scripting'));
    expect(listGraph(graph('bottom-up'))[0]).toBe('main 0–70 | Task 70–120 | Layout 120–145 | ad 145–160');
  });

  test('of one function show who calls it and what it calls', () => {
    const side = (kind: 'callers' | 'callees') =>
      listGraph(
        views.graph({
          scope: WHOLE,
          shape: { kind, function: { name: 'Layout', url: '', line: 0, column: 0 } },
          order: 'heavy',
        }),
      );
    expect(side('callees')).toEqual(['Layout 0–25']);
    expect(side('callers')).toEqual(['Layout 0–25', 'ad 0–15 | Task 15–25', 'main 0–15', 'Task 0–15']);
  });

  test('of nothing have no rows', () => {
    const scope = { ...WHOLE, range: { start: 280, end: 300 } };
    const chart = views.graph({ scope, shape: { kind: 'top-down' }, order: 'heavy' });
    expect(listGraph(chart)).toEqual([]);
    expect(chart.boxes.length).toBe(0);
  });
});

describe('occurrences', () => {
  const find = (name: string, url = '', range = WHOLE.range) => {
    const place = url === '' ? { line: 0, column: 0 } : { line: 1, column: 1 };
    return listOccurrences(trace, { thread: threadIndex(0), range, function: { name, url, ...place } });
  };

  test('count, and name the longest, of functions and of browser work', () => {
    expect(find('main', OWN)).toEqual({ count: 2, longest: sliceOf('main', 10) });
    expect(find('main', OWN, { start: 150, end: 300 })).toEqual({ count: 1, longest: sliceOf('main', 210) });
    expect(find('Layout')).toEqual({ count: 2, longest: sliceOf('Layout', 30) });
    expect(find('main', OTHER)).toEqual({ count: 0, longest: null });
  });
});

describe('the event log', () => {
  const list = (changes: Partial<EventQuestion>) =>
    Array.from(
      listEvents(trace, {
        thread: threadIndex(0),
        range: WHOLE.range,
        within: null,
        least: 0,
        categories: null,
        text: '',
        order: 'start',
        reversed: false,
        group: 'none',
        ...changes,
      }).slices,
      (slice) => `${tables.strings.get(tables.slices.name[slice])} ${tables.slices.start[slice]}`,
    );

  test('lists the slices of the range, by start or by what they took', () => {
    expect(list({})).toHaveLength(7);
    expect(list({ range: { start: 95, end: 215 } })).toEqual(['RunTask 0', 'RunTask 200', 'main 210']);
    expect(list({ order: 'total' }).slice(0, 3)).toEqual(['RunTask 0', 'main 10', 'RunTask 200']);
    expect(list({ within: sliceIndex(sliceOf('ad', 20)) })).toEqual(['ad 20', 'Layout 30']);
  });

  test('filters by duration, category and name', () => {
    expect(list({ least: 30 })).toEqual(['RunTask 0', 'main 10', 'ad 20', 'RunTask 200']);
    expect(list({ categories: ['rendering'] })).toEqual(['Layout 30', 'Layout 240']);
    expect(list({ text: 'ads.test' })).toEqual(['ad 20']);
    expect(list({ text: 'task' })).toEqual(['RunTask 0', 'RunTask 200']);
    expect(list({ categories: [] })).toEqual([]);
  });

  test('in groups that hold every slice once, browser work with the script that caused it', () => {
    const groupsBy = (group: EventQuestion['group']): string[] => {
      const { slices, groups } = listEvents(trace, {
        thread: threadIndex(0),
        range: WHOLE.range,
        within: null,
        least: 0,
        categories: null,
        text: '',
        order: 'start',
        reversed: false,
        group,
      });
      if (groups === null) throw new Error('there are groups');
      expect(slices).toHaveLength(7);
      expect(new Set(slices).size).toBe(7);
      return groups.names.map((name, at) => `${name} ${groups.first[at + 1] - groups.first[at]}`);
    };
    expect(groupsBy('party').toSorted()).toEqual([
      '(no script) 3',
      'First party: shop.example 2',
      'Third party: ads.test 2',
    ]);
    expect(groupsBy('frame')).toEqual(['(no frame told) 7']);
    expect(groupsBy('activity').toSorted()).toEqual(['Layout 2', 'Task 2', 'ad 1', 'main 2']);
  });
});

describe('groups of addresses', () => {
  test('are sites, not hosts, and say whose', () => {
    const party = groupNamer('party', 'https://www.shop.example.co.uk/cart');
    expect(party('https://static.shop.example.co.uk/a.js')).toBe('First party: example.co.uk');
    expect(party('https://other.co.uk/a.js')).toBe('Third party: other.co.uk');
    expect(party('chrome-extension://abc/a.js')).toBe('Extensions');
    expect(party('blob:https://shop.example.co.uk/1-2')).toBe('First party: example.co.uk');
    expect(party('node:internal')).toBe('(no address)');
    expect(groupNamer('party', 'http://127.0.0.1:80/')('http://127.0.0.1:80/x.js')).toBe(
      'First party: 127.0.0.1',
    );
    expect(groupNamer('domain', '')('https://a.b.test/x')).toBe('a.b.test');
    // Nobody knows who served a module that came as bytes.
    for (const by of ['domain', 'party'] as const)
      expect(groupNamer(by, 'https://a.test/')('wasm://wasm/mod-0a1b2c3d')).toBe('WebAssembly');
    expect(thirdPartyNamer('https://a.test/')('wasm://wasm/0a1b2c3d')).toBeNull();
    expect(groupNamer('url', '')('https://a.test/x?y#z')).toBe('https://a.test/x?y');
  });
});

test('inside a task of a process that ended is what was until then', () => {
  const open = traceOf(
    thread('CrRendererMain', { pid: 1 }).slice('RunTask', 0, 300),
    thread('CrRendererMain', { pid: 2 }).slice('RunTask', 10, 300).slice('Layout', 20, 60),
  );
  const flags = open.slices.flags.slice();
  flags[1] |= SLICE_END_INFERRED;
  const ended = { ...open, slices: { ...open.slices, flags } };
  const profiles = new TraceProfiles({ ...trace, tables: ended, classes: classesOf(open) });
  const scope = { ...WHOLE, thread: threadIndex(1), within: sliceIndex(1), type: 'wall' };
  expect(profiles.cut(scope).range).toEqual({ start: 10, end: 60 });
});
