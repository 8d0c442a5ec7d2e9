import { signal } from '@preact/signals';
import { afterEach, describe, expect, test } from 'vitest';
import { sliceIndex, threadIndex } from '../../../src/base/index.ts';
import { type Aggregated, createAggregated } from '../../../src/panel/state/profile/aggregated.ts';
import type { EventOrder } from '../../../src/panel/state/profile/event-log.ts';
import { TRANSFORM_KEYS, transformOfKey } from '../../../src/panel/state/profile/graph-keys.ts';
import {
  boxIn,
  functionOfBox,
  type GraphPart,
  weightOfMatches,
} from '../../../src/panel/state/profile/graph-part.ts';
import { nameOfText, writeTable } from '../../../src/panel/state/profile/table-text.ts';
import { heaviestPath, nameOfNode } from '../../../src/panel/state/profile/tree-rows.ts';
import { findTyped, type TreeView } from '../../../src/panel/state/profile/tree-view.ts';
import { createTraceView, type TraceView } from '../../../src/panel/state/trace-view.ts';
import { buildNotesKeeper } from '../../builders/notes.ts';
import { buildOpenedRecording, NO_LINKS } from '../../builders/opened.ts';
import { settled } from '../../builders/panel-outside.ts';
import { ViewsEngine } from '../../builders/panel-views.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const OWN = 'https://shop.example/app.js';
const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 100)
    .call('main', 10, 90, { url: OWN })
    .call('render', 20, 50, { url: OWN, line: 3 })
    .slice('Layout', 30, 45)
    .slice('RunTask', 200, 260)
    .call('main', 210, 230, { url: OWN })
    .slice('Layout', 240, 250),
  thread('DedicatedWorker thread', { role: 'worker' }).slice('RunTask', 5, 25),
);
const facts = { pid: 1, tid: 1, name: '', url: '', title: '', onMainFrame: true, samples: 0 };

interface Rig {
  readonly engine: ViewsEngine;
  readonly view: TraceView;
  readonly aggregated: Aggregated;
  readonly copied: string[];
}

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

async function makeRig(): Promise<Rig> {
  const engine = new ViewsEngine(tables, { categories: { Layout: 'rendering', main: 'scripting' } });
  const copied: string[] = [];
  const onFailure = (failure: { readonly code: string }): void => {
    throw new Error(failure.code);
  };
  const opened = buildOpenedRecording({
    mainThread: threadIndex(0),
    bounds: { start: 0, end: 300 },
    pageWindow: { start: 0, end: 300 },
    threads: [
      { ...facts, thread: threadIndex(0), role: 'main', slices: 7 },
      { ...facts, thread: threadIndex(1), role: 'worker', slices: 1 },
    ],
  });
  const view = createTraceView({
    chartFirstMillis: 0,
    engine,
    opened,
    notes: buildNotesKeeper(),
    look: signal({ dimThirdParties: false, ignored: [] }),
    onFailure: () => undefined,
  });
  const copy = async (text: string): Promise<boolean> => {
    copied.push(text);
    return true;
  };
  const aggregated = createAggregated({
    outside: { engine, copy, download: neverAsked },
    view,
    sources: { startText: neverAsked, fetchTexts: neverAsked },
    onFailure,
  });
  disposers.push(() => view.dispose());
  await settled();
  return { engine, view, aggregated, copied };
}

const neverAsked = (): never => {
  throw new Error('these views open no source');
};

/** `name` of every row, indented, `+` closed and `-` open, `>` the active one. */
function listRows(tree: TreeView): string[] {
  const answer = tree.answer.value;
  if (answer === null) return [];
  return [...tree.rows.value].map(({ node, depth, expandable, expanded }, row) => {
    const sign = expandable ? (expanded ? '-' : '+') : ' ';
    return `${'  '.repeat(depth)}${sign}${nameOfNode(answer, node)}${row === tree.active.value ? ' <' : ''}`;
  });
}

async function follow(tree: { readonly follow: () => () => void }): Promise<void> {
  disposers.push(tree.follow());
  await settled();
}

describe('a tree table', () => {
  test('follows the range, and keeps open and active what was', async () => {
    const { view, aggregated } = await makeRig();
    const tree = aggregated.callTree;
    await follow(tree);
    expect(listRows(tree)).toEqual(['+Task']);
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
      tree.press(key, 5);
    expect(listRows(tree)).toEqual(['-Task', '  -main', '    +render <', '   Layout']);
    view.measured.value = { start: 0, end: 100 };
    await settled();
    expect(listRows(tree)).toEqual(['-Task', '  -main', '    +render <']);
  });

  test('is walked by the keys of a tree grid', async () => {
    const { aggregated } = await makeRig();
    const tree = aggregated.callTree;
    await follow(tree);
    const press = (...keys: string[]): string[] => {
      for (const key of keys) tree.press(key, 2);
      return listRows(tree);
    };
    expect(press('ArrowDown', '*')).toEqual([
      '-Task <',
      '  -main',
      '    -render',
      '       Layout',
      '   Layout',
    ]);
    expect(press('End')[4]).toBe('   Layout <');
    expect(press('PageUp')[2]).toBe('    -render <');
    expect(press('ArrowLeft', 'ArrowLeft')).toEqual(['-Task', '  -main <', '    +render', '   Layout']);
    expect(press('Home')[0]).toBe('-Task <');
    tree.activate(findTyped(tree, 'l'));
    expect(listRows(tree)[3]).toBe('   Layout <');
    expect(findTyped(tree, 'zzz')).toBe(-1);
    expect(tree.press('F5', 2)).toBe(false);
  });

  test('sorts siblings, and filters to what matches and what is above it', async () => {
    const { aggregated } = await makeRig();
    const tree = aggregated.bottomUp;
    await follow(tree);
    expect(listRows(tree)).toEqual(['+main', ' Task', '+Layout', '+render']);
    tree.sortBy('total');
    expect(listRows(tree)[0]).toBe(' Task');
    tree.sortBy('name');
    expect(listRows(tree)).toEqual(['+Layout', '+main', '+render', ' Task']);
    tree.sortBy('name');
    expect(listRows(tree)[0]).toBe(' Task');
    tree.sortBy('source');
    expect(listRows(tree)).toEqual(['+main', '+render', ' Task', '+Layout']);
    const calls = aggregated.callTree;
    await follow(calls);
    calls.filter.value = 'LAYOUT';
    calls.press('Home', 5);
    calls.press('*', 5);
    expect(listRows(calls)).toEqual(['-Task <', '  -main', '    -render', '       Layout', '   Layout']);
    calls.filter.value = 'nothing';
    expect(listRows(calls)).toEqual([]);
  });

  test('names groups of categories as people read them, for copying and typed letters, too', async () => {
    const { aggregated } = await makeRig();
    const tree = aggregated.bottomUp;
    await follow(tree);
    tree.group.value = 'category';
    await settled();
    expect(listRows(tree)).toEqual(expect.arrayContaining(['+Scripting', '+Rendering']));
    expect(listRows(tree).join()).not.toMatch(/scripting|rendering/);
  });

  test('tells the heaviest way down', async () => {
    const { aggregated } = await makeRig();
    await follow(aggregated.callTree);
    const answer = aggregated.callTree.answer.value;
    if (answer === null) throw new Error('no answer');
    expect(heaviestPath(answer, -1).map((node) => nameOfNode(answer, node))).toEqual([
      'Task',
      'main',
      'render',
      'Layout',
    ]);
  });
});

describe('what the views are of', () => {
  test('is the thread of the selection, or one that is chosen', async () => {
    const { engine, view, aggregated } = await makeRig();
    await follow(aggregated.callTree);
    aggregated.profile.thread.value = threadIndex(1);
    await settled();
    expect(engine.trees.at(-1)?.scope.thread).toBe(1);
    expect(listRows(aggregated.callTree)).toEqual([' Task']);
    expect(view.profile.scope.value.range).toEqual({ start: 0, end: 300 });
  });

  test('of one slice is that slice until another thread is chosen', async () => {
    const { engine, view, aggregated } = await makeRig();
    await follow(aggregated.callTree);
    const render = {
      slice: sliceIndex(2),
      text: 'render',
      category: 'scripting',
      thread: threadIndex(0),
    } as const;
    aggregated.profile.within.value = {
      ...render,
      eventName: '',
      traceCategory: '',
      start: 20,
      total: 30,
      self: 15,
      source: null,
      path: [],
      children: 1,
      onThread: true,
      jsCall: true,
      endInferred: false,
      clipped: false,
      ...NO_LINKS,
    };
    await settled();
    expect(listRows(aggregated.callTree)).toEqual(['+render']);
    expect(engine.trees.at(-1)?.scope).toMatchObject({ within: 2, range: { start: 20, end: 50 } });
    view.measured.value = { start: 0, end: 100 };
    aggregated.profile.thread.value = threadIndex(1);
    await settled();
    expect(aggregated.profile.scope.value).toMatchObject({ within: null, thread: 1 });
    expect(listRows(aggregated.callTree)).toEqual([' Task']);
  });

  test('shows a function in the chart by its longest slice', async () => {
    const { view, aggregated } = await makeRig();
    await aggregated.showInChart({ name: 'main', url: OWN, line: 1, column: 1 });
    expect(view.selection.value).toBe(sliceIndex(1));
    expect(aggregated.said.value).toBe('The longest of 2 slices of main is selected in the chart.');
    await aggregated.showInChart({ name: '(program)', url: '', line: 0, column: 0 });
    expect(aggregated.said.value).toContain('no slice of (program)');
  });
});

describe('the flame graph', () => {
  const texts = ({ chart }: GraphPart): string[] => {
    const shown = chart.value;
    if (shown === null) return [];
    return Array.from(shown.boxes.label, (label) => shown.labels[label].text);
  };
  const select = (part: GraphPart, name: string): number => {
    const chart = part.chart.value;
    if (chart === null) throw new Error('no graph');
    const box = Array.from(chart.boxes.label).findIndex((label) => chart.labels[label].text === name);
    part.selection.value = sliceIndex(chart.boxes.slice[box]);
    return box;
  };

  test('is changed by transforms, which breadcrumbs take back', async () => {
    const { aggregated } = await makeRig();
    const { graph, profile } = aggregated;
    await follow(graph);
    expect(texts(graph.whole)).toEqual(['Task', 'main', 'Layout', 'render', 'Layout']);
    const chart = graph.whole.chart.value;
    if (chart === null) throw new Error('no graph');
    graph.transform('focus-subtree', chart, select(graph.whole, 'main'));
    await settled();
    expect(texts(graph.whole)).toEqual(['main', 'render', 'Layout']);
    expect(profile.transforms.value).toHaveLength(1);
    const focused = graph.whole.chart.value;
    if (focused === null) throw new Error('no graph');
    // What was above it is gone; it is selected all the same.
    expect(functionOfBox(focused, boxIn(focused, graph.whole.selection.value)).name).toBe('main');
    graph.transform('drop', focused, select(graph.whole, 'render'));
    await settled();
    expect(texts(graph.whole)).toEqual(['main']);
    profile.transforms.value = profile.transforms.value.slice(0, 1);
    await settled();
    expect(texts(graph.whole)).toEqual(['main', 'render', 'Layout']);
    expect(graph.transform('collapse-source', chart, 0)).toBe(false);
  });

  test('keeps the selected path when the range changes', async () => {
    const { view, aggregated } = await makeRig();
    const { whole } = aggregated.graph;
    await follow(aggregated.graph);
    select(whole, 'render');
    view.measured.value = { start: 0, end: 60 };
    await settled();
    const chart = whole.chart.value;
    if (chart === null) throw new Error('no graph');
    expect(functionOfBox(chart, boxIn(chart, whole.selection.value)).name).toBe('render');
    view.measured.value = { start: 200, end: 300 };
    await settled();
    expect(whole.selection.value).toBeNull();
  });

  test('shows callers and callees of one function', async () => {
    const { aggregated } = await makeRig();
    await follow(aggregated.graph);
    aggregated.openSandwich({ name: 'render', url: OWN, line: 4, column: 1 });
    await settled();
    expect(texts(aggregated.graph.callers)).toEqual(['render', 'main', 'Task']);
    expect(texts(aggregated.graph.callees)).toEqual(['render', 'Layout']);
  });

  test('is searched with the chart, and says what share was found', async () => {
    const { view, aggregated } = await makeRig();
    const { whole } = aggregated.graph;
    await follow(aggregated.graph);
    view.search.start();
    view.search.query.value = { ...view.search.query.value, text: 'app.js' };
    await settled();
    const chart = whole.chart.value;
    const matches = whole.matches.value;
    if (chart === null || matches === null) throw new Error('nothing found');
    expect(matches.boxes).toHaveLength(2);
    // `render` runs in `main`: it is not counted twice.
    expect(weightOfMatches(chart, matches)).toBe(100);
    whole.step(1);
    expect(functionOfBox(chart, boxIn(chart, whole.selection.value)).name).toBe('main');
    whole.step(1);
    expect(functionOfBox(chart, boxIn(chart, whole.selection.value)).name).toBe('render');
    view.search.close();
    expect(whole.matches.value).toBeNull();
  });

  test('has one key per transform', () => {
    for (const { kind, code, shift } of TRANSFORM_KEYS) expect(transformOfKey(code, shift)).toBe(kind);
    expect(transformOfKey('KeyF', false)).toBe('focus-function');
    expect(transformOfKey('KeyW', false)).toBeNull();
  });
});

describe('the event log', () => {
  test('lists, and selects in the chart', async () => {
    const { view, aggregated } = await makeRig();
    const { events } = aggregated;
    await follow(events);
    expect(events.slices.value).toHaveLength(7);
    expect(events.factsOf(2)).toMatchObject({ text: 'render', start: 20, total: 30, self: 15 });
    expect(events.press('End', 5)).toBe(true);
    expect(events.press('ArrowRight', 5)).toBe(false);
    expect(view.selection.value).toBe(sliceIndex(6));
    events.press('ArrowUp', 5);
    expect([events.active.value, view.selection.value]).toEqual([5, 5]);
    events.least.value = 40;
    await settled();
    expect(events.slices.value).toHaveLength(3);
    expect(events.active.value).toBe(-1);
  });

  test('sorts by every column, either way round', async () => {
    const { aggregated } = await makeRig();
    const { events } = aggregated;
    await follow(events);
    const names = async (by: EventOrder): Promise<string> => {
      events.sortBy(by);
      await settled();
      return Array.from(events.slices.value ?? [], (slice) => events.factsOf(slice)?.text).join(' ');
    };
    expect(await names('name')).toBe('Layout Layout main main render Task Task');
    expect(await names('name')).toBe('Task Task render main main Layout Layout');
    expect(await names('source')).toBe('main main render Task Layout Task Layout');
    expect((await names('total')).split(' ')[0]).toBe('Task');
    expect((await names('start')).split(' ').slice(0, 3)).toEqual(['Task', 'main', 'render']);
  });

  test('in groups: heads that keys open and close, the group with most time first', async () => {
    const { view, aggregated } = await makeRig();
    const { events } = aggregated;
    await follow(events);
    const listed = (): string[] => {
      const rows = events.rows.value;
      return Array.from({ length: rows?.length ?? 0 }, (_, at) => {
        const row = rows?.at(at);
        const mark = at === events.active.value ? ' <' : '';
        if (row?.kind === 'group') return `${row.group.name} ${row.group.count} ${row.group.self}${mark}`;
        return `  ${events.factsOf(row?.slice ?? -1)?.text}${mark}`;
      });
    };
    events.group.value = 'url';
    await settled();
    expect(listed()).toEqual([`${OWN} 4 100`, '(no script) 3 60']);
    events.press('Home', 5);
    events.press('ArrowRight', 5);
    expect(listed()).toEqual([
      `${OWN} 4 100 <`,
      '  main',
      '  render',
      '  Layout',
      '  main',
      '(no script) 3 60',
    ]);
    events.press('ArrowRight', 5);
    events.press('ArrowDown', 5);
    expect([listed()[2], view.selection.value]).toEqual(['  render <', 2]);
    events.press('ArrowLeft', 5);
    events.press('ArrowLeft', 5);
    expect(listed()).toEqual([`${OWN} 4 100 <`, '(no script) 3 60']);
    // What is selected elsewhere is active again, where it is in sight.
    view.selection.value = sliceIndex(0);
    expect(events.active.value).toBe(-1);
    events.setOpen(1, true);
    expect(listed()[2]).toBe('  Task <');
    events.group.value = 'category';
    await settled();
    expect(
      listed()
        .map((row) => row.split(' ')[0])
        .sort(),
    ).toEqual(['Rendering', 'Scripting', 'System']);
    const heads = listed().map((_, at) => events.rows.value?.at(at));
    expect(heads.map((row) => (row?.kind === 'group' ? row.group.category : null)).sort()).toEqual([
      'rendering',
      'scripting',
      'system',
    ]);
    // By name, as they are read.
    events.setOpen(0, true);
    expect(events.rows.value?.length).toBeGreaterThan(3);
    events.group.value = 'activity';
    await settled();
    expect(listed().map((row) => row.split(' ', 1)[0])).toContain('render');
  });
});

describe('tables as text', () => {
  const table = {
    head: ['Self, ms', 'Activity'],
    numbers: [true, false],
    rows: [
      ['1.5', '  a|b*'],
      ['-2', '=1+"x",\ty'],
    ],
  };

  test('keep to one line a row, whatever a name holds', () => {
    expect([nameOfText(table), nameOfText({ ...table, leftOut: 999_998 }).replace(/\s/g, ' ')]).toEqual([
      'The table',
      'The first 2 of 1 000 000 rows',
    ]);
    expect(writeTable(table, 'text')).toBe('Self, ms\tActivity\n1.5\t  a|b*\n-2\t=1+"x", y\n');
    expect(writeTable(table, 'markdown')).toBe(
      '| Self, ms | Activity |\n| ---: | --- |\n| 1.5 | \u00a0\u00a0a\\|b\\* |\n| -2 | =1+"x", y |\n',
    );
  });

  test('quote in CSV, and let no name run as a formula', () => {
    expect(writeTable(table, 'csv')).toBe('"Self, ms",Activity\r\n1.5,  a|b*\r\n-2,"\'=1+""x"",\ty"\r\n');
  });
});
