import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { TimeRange } from '../../../src/analysis/index.ts';
import { fail, makeFailure, type Result, type SliceIndex, succeed } from '../../../src/base/index.ts';
import type { AskOptions, OpenId, SearchMatches } from '../../../src/engine/client.ts';
import {
  boxOfSlice,
  type Chart,
  compileQuery,
  countLabels,
  findBoxes,
  matchTexts,
  type SearchQuery,
  searchTextsOf,
} from '../../../src/flame/index.ts';
import { createSearch } from '../../../src/panel/state/chart/search.ts';
import { chartOf } from '../../builders/charts.ts';
import { ScriptedEngine, settled } from '../../builders/panel-outside.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const whole = chartOf(
  traceOf(
    thread('CrRendererMain')
      .slice('RunTask', 0, 500)
      .slice('Layout', 100, 220)
      .slice('RunTask', 600, 1_000)
      .slice('Layout', 700, 720),
  ),
);

/** Searches the chart above, as slowly as the test wants. */
class SearchingEngine extends ScriptedEngine {
  readonly asked: string[] = [];
  readonly signals: AbortSignal[] = [];
  wait: Promise<unknown> = Promise.resolve();

  override async search(
    _open?: OpenId,
    query?: SearchQuery,
    options?: AskOptions,
  ): Promise<Result<SearchMatches>> {
    if (query === undefined || options?.signal === undefined) throw new Error('no question');
    this.asked.push(query.text);
    this.signals.push(options.signal);
    await this.wait;
    const compiled = compileQuery(query);
    if (!compiled.ok) return fail(makeFailure('pattern-broken', { subject: 'It' }));
    const labels = matchTexts(searchTextsOf(whole.labels), compiled.test);
    return succeed({
      boxes: findBoxes(whole.boxes.label, countLabels(whole.boxes.label, whole.labels.length), labels),
      labels,
    });
  }
}

function makeSearch() {
  const engine = new SearchingEngine();
  const chart = signal<Chart | null>(whole);
  const selection = signal<SliceIndex | null>(null);
  const viewport = signal<TimeRange>({ start: 400, end: 1_000 });
  const search = createSearch({ engine, open: 1 as OpenId, chart, viewport, selection });
  const type = (text: string): void => {
    search.query.value = { ...search.query.peek(), text };
  };
  const selectedStart = (): number =>
    selection.value === null ? -1 : whole.boxes.start[boxOfSlice(whole, selection.value)];
  return { engine, chart, selection, search, type, selectedStart };
}

describe('searching the chart', () => {
  test('steps to the find that Enter was pressed for, though the chart is laid out anew meanwhile', async () => {
    const { engine, chart, search, type, selectedStart } = makeSearch();
    search.start();
    let answer = (): void => undefined;
    engine.wait = new Promise<void>((resolve) => {
      answer = resolve;
    });
    type('layout');
    await settled();
    search.step(1);
    chart.value = { ...whole };
    await settled();
    expect(selectedStart()).toBe(-1);
    answer();
    await settled();
    expect(selectedStart()).toBe(700);
    expect(engine.asked).toEqual(['layout', 'layout']);
  });

  test('asks while the bar is open, and finds nothing once it is closed', async () => {
    const { engine, search, type } = makeSearch();
    type('layout');
    await settled();
    expect(engine.asked).toEqual([]);
    search.start();
    await settled();
    expect(engine.asked).toEqual(['layout']);
    expect(search.matches.value?.boxes).toHaveLength(2);
    search.close();
    expect(search.matches.value).toBeNull();
  });

  test('cancels the question before, and keeps its finds until the next ones are there', async () => {
    const { engine, search, type } = makeSearch();
    search.start();
    type('lay');
    await settled();
    const before = search.matches.value;
    let go: (value?: unknown) => void = () => undefined;
    engine.wait = new Promise((resolve) => {
      go = resolve;
    });
    type('layo');
    type('task');
    expect(engine.signals[1].aborted).toBe(true);
    expect(search.matches.value).toBe(before);
    expect(search.isBusy.value).toBe(true);
    go();
    await settled();
    expect(search.matches.value?.boxes).toHaveLength(2);
    expect(search.matches.value).not.toBe(before);
    expect(search.isBusy.value).toBe(false);
  });

  test('steps from the first find that is seen, round the end, and counts', async () => {
    const { search, type, selectedStart } = makeSearch();
    search.start();
    type('layout');
    await settled();
    expect(search.place.value).toBe(0);
    search.step(1);
    expect([selectedStart(), search.place.value]).toEqual([700, 2]);
    search.step(1);
    expect([selectedStart(), search.place.value]).toEqual([100, 1]);
    search.step(-1);
    expect([selectedStart(), search.place.value]).toEqual([700, 2]);
  });

  test('a step that is asked for before the answer is there is taken when it is, and then the bar closes', async () => {
    const { search, selection, type, selectedStart } = makeSearch();
    search.start();
    type('task');
    await settled();
    type('layout');
    search.step(1);
    expect(selection.value).toBeNull();
    await settled();
    expect(selectedStart()).toBe(700);
    type('task');
    search.step(1);
    type('layout');
    await settled();
    // Typed on: that step was of another text.
    expect(selectedStart()).toBe(700);
    type('layou');
    search.step(1);
    search.close();
    await settled();
    expect(selectedStart()).toBe(100);
    expect(search.isOpen.value).toBe(false);
  });

  test('drops the finds of a chart that another has taken the place of, and asks again', async () => {
    const { engine, chart, search, type } = makeSearch();
    search.start();
    type('layout');
    await settled();
    chart.value = { ...whole };
    expect(search.matches.value).toBeNull();
    await settled();
    expect(search.matches.value?.boxes).toHaveLength(2);
    expect(engine.asked).toEqual(['layout', 'layout']);
  });

  test('says what is wrong with a pattern, and drops what was found before', async () => {
    const { search, type } = makeSearch();
    search.start();
    type('layout');
    await settled();
    search.query.value = { ...search.query.peek(), text: '(', regex: true };
    await settled();
    expect(search.matches.value).toBeNull();
    expect(search.problem.value).toContain('is not a regular expression');
    type('');
    expect(search.problem.value).toBe('');
  });
});
