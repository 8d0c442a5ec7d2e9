import { signal } from '@preact/signals';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ensure, fail, makeFailure, type Result, runThrough } from '../../../src/base/index.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { type ChangeOptions, listChanges } from '../../../src/panel/state/comparison/change-rows.ts';
import { createComparisonView, type Held } from '../../../src/panel/state/comparison/comparison-view.ts';
import { createDocumentView } from '../../../src/panel/state/document-view.ts';
import { createOpener, type OpenRequest } from '../../../src/panel/state/library/opener.ts';
import { createAggregated } from '../../../src/panel/state/profile/aggregated.ts';
import { tellDelta, tellPoints, tellSide } from '../../../src/panel/words/changes.ts';
import { stemOf } from '../../../src/panel/words/formats.ts';
import { tellChange, tellWeight } from '../../../src/panel/words/weights.ts';
import type { StackProfile } from '../../../src/profile/index.ts';
import { PAGE_TRACE } from '../../builders/page-trace.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { profileOf } from '../../builders/profiles.ts';

const URL_OF_A = 'https://x.example/a.js';
const BEFORE = profileOf({
  [`main@${URL_OF_A}:1`]: 10_000,
  [`main@${URL_OF_A}:1;old@${URL_OF_A}:3`]: 5_000,
  [`main@${URL_OF_A}:1;f@${URL_OF_A}:5`]: 30_000,
});
const AFTER = profileOf({
  [`main@${URL_OF_A}:1`]: 10_000,
  [`main@${URL_OF_A}:1;f@${URL_OF_A}:8`]: 45_000,
  [`main@${URL_OF_A}:1;fresh@${URL_OF_A}:9`]: 1_000,
});

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
};
const onFailure = (failure: { readonly code: string }): void => {
  throw new Error(failure.code);
};

async function hold(engine: Engine, profiles: readonly StackProfile[], name = 'a file'): Promise<Held> {
  const document = value(await engine.openDocument({ kind: 'profiles', name, format: 'pprof', profiles }));
  return { document, name, recording: null, from: null, measured: null };
}

/** All that the engine was asked for comes in turn. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await settled();
}

describe('an open file of profiles', () => {
  const open = async (profiles: readonly StackProfile[]) => {
    const engine = new Engine({ library: null });
    const { document } = await hold(engine, profiles);
    if (document.kind !== 'profiles') throw new Error('a trace');
    const view = createDocumentView({ engine, opened: document.opened, from: null, onFailure });
    const copy = async (): Promise<boolean> => true;
    const sources = {
      startText: () => {
        throw new Error('a file of profiles holds no sources');
      },
      fetchTexts: async () => fail(makeFailure('cancelled')),
    };
    const downloads: string[] = [];
    const aggregated = createAggregated({
      outside: { engine, copy, download: (name) => downloads.push(name) },
      view,
      sources,
      onFailure,
    });
    disposers.push(view.dispose);
    await answered();
    return { view, aggregated, downloads };
  };

  test('has a chart where it tells times, and its views follow what is seen of it', async () => {
    const { view, aggregated } = await open([BEFORE]);
    expect(view.chart.value?.boxes.length).toBe(3);
    disposers.push(aggregated.bottomUp.follow());
    await answered();
    expect(aggregated.bottomUp.answer.value?.tree.weight).toBe(45_000);
    view.measured.value = { start: 0, end: 12_000 };
    await answered();
    expect(aggregated.bottomUp.answer.value?.tree.weight).toBe(12_000);
  });

  test('shows a function in the chart by its longest call, and says where there is none', async () => {
    const { view, aggregated } = await open([BEFORE]);
    await aggregated.showInChart({ name: 'f', url: URL_OF_A, line: 5, column: 0 });
    expect(view.selection.value).toBe(2);
    expect(aggregated.said.value).toBe('The longest call of f is selected in the chart.');
    await aggregated.showInChart({ name: 'nobody', url: '', line: 0, column: 0 });
    expect(aggregated.said.value).toBe('The chart has no call of nobody.');
    expect(view.selection.value).toBe(2);
    aggregated.openSource({ name: 'f', url: URL_OF_A, line: 5, column: 0 });
    expect(aggregated.said.value).toContain('a file of profiles holds none');
  });

  test('is saved as what the views are of', async () => {
    const { aggregated, downloads } = await open([BEFORE]);
    aggregated.save('folded');
    await vi.waitFor(() => expect(aggregated.said.value).not.toBe(''));
    expect(downloads).toEqual(['CrRendererMain.folded']);
    expect(aggregated.said.value).toBe('Saved as Folded stacks (.folded).');
  });

  test('offers what its thread is weighed by, and another thread its own', async () => {
    const counted = {
      ...AFTER,
      type: 'alloc',
      unit: 'bytes' as const,
      thread: { ...AFTER.thread, name: 'Worker', tid: 9 },
    };
    const { view } = await open([BEFORE, { ...BEFORE, type: 'samples', unit: 'count' }, counted]);
    const { profile } = view;
    const names = (): string[] => profile.weights.value.map(({ name }) => name);
    expect(names()).toEqual(['cpu (time)', 'samples (count)']);
    expect(profile.unit.value).toBe('microseconds');
    profile.thread.value = ensure(profile.threads[1], 'there are two').thread;
    expect(names()).toEqual(['alloc (bytes)']);
    expect(profile.unit.value).toBe('bytes');
    expect(profile.scope.value.type).toBe(profile.type.value);
  });
});

describe('a comparison', () => {
  const compare = async (before: readonly StackProfile[], after: readonly StackProfile[]) => {
    const engine = new Engine({ library: null });
    const view = createComparisonView({
      engine,
      before: await hold(engine, before, 'one'),
      after: await hold(engine, after, 'other'),
      onFailure,
    });
    disposers.push(view.dispose);
    return view;
  };
  const options: ChangeOptions = { by: 'weight', sort: 'self', reversed: false, kind: 'all', text: '' };
  const rowsOf = async (view: Awaited<ReturnType<typeof compare>>, changes: Partial<ChangeOptions> = {}) => {
    disposers.push(view.followFunctions());
    await answered();
    const answer = ensure(view.functions.value, 'it was answered');
    return runThrough(listChanges(answer, { ...options, ...changes })).map(
      ({ name, kind, self, total }) =>
        `${name} ${kind} ${Number(self.toFixed(3))} ${Number(total.toFixed(3))}`,
    );
  };

  test('lists functions by what changed most, with those that are new and gone', async () => {
    const view = await compare([BEFORE], [AFTER]);
    expect(await rowsOf(view)).toEqual([
      'f both 15000 15000',
      'old gone -5000 -5000',
      'fresh new 1000 1000',
      'main both 0 11000',
    ]);
    expect(await rowsOf(view, { kind: 'new' })).toEqual(['fresh new 1000 1000']);
    expect(await rowsOf(view, { kind: 'less' })).toEqual(['old gone -5000 -5000']);
    expect(await rowsOf(view, { sort: 'total', reversed: true })).toHaveLength(4);
    expect((await rowsOf(view, { sort: 'total' }))[1]).toBe('main both 0 11000');
    expect((await rowsOf(view, { sort: 'name' })).map((row) => row.split(' ')[0])).toEqual([
      'f',
      'fresh',
      'main',
      'old',
    ]);
    const namesBy = async (sort: ChangeOptions['sort']): Promise<string> =>
      (await rowsOf(view, { sort })).map((row) => row.split(' ')[0]).join();
    expect(await namesBy('before')).toMatch(/^f,/);
    expect(await namesBy('total-before')).toMatch(/^main,f,old,fresh/);
    expect(await namesBy('total-after')).toMatch(/^main,f,fresh,old/);
    expect(await namesBy('source')).toBe('main,old,f,fresh');
    expect(await rowsOf(view, { text: 'FRESH' })).toHaveLength(1);
    expect((await rowsOf(view, { by: 'share' }))[0]).toBe('f both 0.137 0.137');
  });

  test('keeps its order and filter, and a listing that is given up goes back to what is shown', async () => {
    const view = await compare([BEFORE], [AFTER]);
    const { changes } = view;
    const namesShown = (): string[] => (changes.listed.value?.rows ?? []).map(({ name }) => name);
    disposers.push(view.followFunctions());
    const stop = changes.follow();
    await answered();
    expect(namesShown()).toEqual(['f', 'old', 'fresh', 'main']);
    changes.sortBy('name');
    changes.sortBy('name');
    expect(namesShown()).toEqual(['old', 'main', 'fresh', 'f']);
    const { listed } = changes;
    stop();
    // Not followed, so that what is wanted is not what is shown.
    changes.kind.value = 'new';
    changes.sortBy('self');
    changes.cancel();
    expect([changes.kind.value, changes.sort.value]).toEqual(['all', { by: 'name', reversed: true }]);
    const before = listed.value;
    disposers.push(changes.follow());
    expect(listed.value).toBe(before);
    // Another answer has other rows: the one that keys move stays with its function, or is none.
    const nameOfActive = (): string | undefined =>
      listed.value?.rows.find(({ row }) => row === changes.active.value)?.name;
    changes.active.value = ensure(listed.value?.rows[0], 'it is listed').row;
    expect(nameOfActive()).toBe('old');
    const focus = (name: string, line: number): void => {
      view.transforms.value = [
        { kind: 'focus-function', function: { name, url: URL_OF_A, line, column: 0 } },
      ];
    };
    focus('old', 3);
    await answered();
    expect([nameOfActive(), listed.value?.rows.length]).toEqual(['old', 1]);
    focus('fresh', 9);
    await answered();
    expect([nameOfActive(), changes.active.value]).toEqual([undefined, -1]);
  });

  test('asks for the graph of the side looked at, and selects what the table wants', async () => {
    const view = await compare([BEFORE], [AFTER]);
    disposers.push(view.followGraph());
    await answered();
    expect(view.whole.graph.value?.chart.bounds.end).toBe(56_000);
    view.wanted.value = { name: 'old', url: URL_OF_A, line: 3, column: 0 };
    view.wide.value = 'before';
    await answered();
    expect(view.whole.graph.value?.chart.bounds.end).toBe(45_000);
    const { chart, selection } = view.whole.part;
    const { boxes, labels } = ensure(chart.value, 'it is there');
    const box = boxes.slice.indexOf(ensure(selection.value, 'it is selected'));
    expect(labels[boxes.label[box]].text).toBe('old');
    expect(view.wanted.value).toBeNull();
  });

  test('as a sandwich is of the function that is looked for, each side as wide as it is', async () => {
    const view = await compare([BEFORE], [AFTER]);
    disposers.push(view.followGraph());
    view.shown.value = 'sandwich';
    await answered();
    expect(view.callees.graph.value).toBeNull();
    view.wanted.value = { name: 'f', url: URL_OF_A, line: 8, column: 0 };
    await answered();
    expect([view.middle.value?.name, view.wanted.value]).toEqual(['f', null]);
    const names = (part: 'callers' | 'callees'): readonly string[] => {
      const chart = ensure(view[part].graph.value, 'it was answered').chart;
      return Array.from(chart.boxes.label, (label) => chart.labels[label].text);
    };
    expect(names('callers')).toEqual(['f', 'main']);
    expect(names('callees')[0]).toBe('f');
    const { chart, after } = ensure(view.callees.graph.value, 'it was answered');
    // The box is the function's, the share is of the whole side.
    expect([chart.bounds.end < after.weight, after.weight]).toEqual([true, 56_000]);
  });

  test('weighs both sides alike where it can, and says where it cannot', async () => {
    const counted = { ...BEFORE, type: 'samples', unit: 'count' as const };
    const both = await compare([BEFORE, counted], [AFTER, { ...AFTER, type: 'samples', unit: 'count' }]);
    both.after.profile.type.value = ensure(both.after.profile.weights.value[1], 'there are two').id;
    expect(both.before.profile.unit.value).toBe('count');
    const never = await compare([counted], [AFTER]);
    disposers.push(never.followFunctions());
    await answered();
    expect(never.problem.value?.code).toBe('units-differ');
    expect(never.functions.value).toBeNull();
  });

  test('of a trace is of the measured range, else of the page’s load', async () => {
    const engine = new Engine({ library: null });
    const file = new Blob([PAGE_TRACE]);
    const document = value(await engine.openDocument({ kind: 'file', name: 'page.json', file }));
    const held: Held = { document, name: 'page', recording: null, from: null, measured: null };
    const range = { start: 0, end: 5 };
    const view = createComparisonView({
      engine,
      before: { ...held, measured: range },
      after: held,
      onFailure,
    });
    disposers.push(view.dispose);
    expect(view.before.profile.scope.value.range).toEqual(range);
    expect(view.before.ranges.map(({ id }) => id)).toEqual(['measured', 'page-load', 'whole']);
    const pageWindow = document.kind === 'trace' ? document.opened.pageWindow : null;
    expect(view.after.profile.scope.value.range).toEqual(pageWindow);
    view.after.range.value = 'whole';
    expect(view.after.profile.scope.value.range).toEqual(document.opened.bounds);
  });
});

/** With the spaces that can be typed. */
const plain = (text: string): string => text.replace(/\s/g, ' ');

describe('what is held open', () => {
  const start = () => {
    const { outside } = fakeOutside();
    const engine = new Engine({ library: null });
    const look = signal({ dimThirdParties: false, ignored: [] });
    return { engine, opener: createOpener({ engine, library: outside.library, look, onFailure }) };
  };
  const request = (profile: StackProfile, name: string): OpenRequest => ({
    source: { kind: 'profiles', name, format: 'pprof', profiles: [profile] },
    name,
    recording: null,
  });
  const isOpen = async (engine: Engine, { document }: Held): Promise<boolean> =>
    (await engine.chart(document.opened.open)).ok;

  test('is both sides of a comparison, and nothing when it is left', async () => {
    const { engine, opener } = start();
    expect(await opener.open(request(AFTER, 'after'))).toBe(true);
    const after = ensure(opener.held(), 'it is shown');
    const before = ensure(await opener.hold(request(BEFORE, 'before')), 'it was opened');
    expect(opener.shown.value).toMatchObject({ name: 'after' });
    await opener.compare(before, after);
    expect(opener.shown.value).toMatchObject({ kind: 'comparison', name: 'before and after' });
    // Swapped, and one alone: what is still looked at stays open.
    await opener.compare(after, before);
    expect([await isOpen(engine, before), await isOpen(engine, after)]).toEqual([true, true]);
    await opener.showHeld(before);
    expect(opener.shown.value).toMatchObject({ kind: 'profiles', name: 'before' });
    expect([await isOpen(engine, before), await isOpen(engine, after)]).toEqual([true, false]);
    opener.close();
    expect(await isOpen(engine, before)).toBe(false);
  });

  test('is given back where it is not wanted, never where it is shown', async () => {
    const { engine, opener } = start();
    await opener.open(request(AFTER, 'after'));
    const shown = ensure(opener.held(), 'it is shown');
    opener.release(shown);
    expect(await isOpen(engine, shown)).toBe(true);
    const other = ensure(await opener.hold(request(BEFORE, 'before')), 'it was opened');
    opener.release(other);
    expect(await isOpen(engine, other)).toBe(false);
  });

  test('may be one document with itself', async () => {
    const { engine, opener } = start();
    await opener.open(request(AFTER, 'after'));
    const held = ensure(opener.held(), 'it is shown');
    await opener.compare(held, held);
    expect(await isOpen(engine, held)).toBe(true);
    opener.close();
    expect(await isOpen(engine, held)).toBe(false);
  });
});

describe('changes in words', () => {
  const weights = { before: 100_000, after: 200_000 };
  const facts = { weights, unit: 'microseconds', by: 'weight' } as const;

  test('have a sign, both figures, and say what is new and gone', () => {
    expect(plain(tellDelta({ ...facts, before: 10_000, after: 13_000 }))).toBe('+3 ms (+30 %)');
    expect(plain(tellDelta({ ...facts, before: 13_000, after: 10_000 }))).toBe('−3 ms (−23 %)');
    expect(plain(tellDelta({ ...facts, before: 0, after: 3_000 }))).toBe('+3 ms, new');
    expect(plain(tellDelta({ ...facts, before: 3_000, after: 0 }))).toBe('−3 ms, gone');
    expect(plain(tellDelta({ ...facts, before: 3_000, after: 3_000 }))).toBe('±0');
    expect(plain(tellDelta({ ...facts, by: 'share', before: 10_000, after: 10_000 }))).toBe('−5 points');
    expect(plain(tellSide({ ...facts, before: 10_000, after: 13_000 }, 'before'))).toBe('10 ms (10 %)');
    // What has changed at all is not called the same; what two divisions cost is.
    expect([0.0001, -0.0001, 0, 1 / 3 - 3 / 9 + 1e-17].map(tellPoints).map(plain)).toEqual([
      '+<0.1 points',
      '−<0.1 points',
      '±0',
      '±0',
    ]);
  });

  test('are in the profile’s unit', () => {
    expect(plain(tellChange(-3, 'count'))).toBe('−3');
    expect(plain(tellChange(1, 'count'))).toBe('+1');
    expect(plain(tellWeight(2_500_000, 'bytes'))).toBe('2.5 MB');
    expect(plain(tellWeight(0.25, 'none'))).toBe('0.25');
  });

  test('a file’s name without what tells its format', () => {
    expect(stemOf('load.pb.gz')).toBe('load');
    expect(stemOf('node.cpuprofile')).toBe('node');
    expect(stemOf('.json')).toBe('profile');
  });
});
