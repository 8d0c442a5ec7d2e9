/**
 * Every view of a range says the same: summary, tables in every grouping, flame graphs both ways, the command line's list,
 * over real traces. Sums
 * differ by no more than adding up fractions in another order does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TimeRange } from '../../../src/analysis/index.ts';
import type { Result, ThreadIndex } from '../../../src/base/index.ts';
import { asMillis, tabulateTop } from '../../../src/cli/top.ts';
import { Engine, type OpenId } from '../../../src/engine/index.ts';
import { NO_SCRIPT } from '../../../src/flame/index.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

interface Place {
  readonly engine: Engine;
  readonly open: OpenId;
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
}

const GROUPS = ['none', 'category', 'url', 'domain', 'party', 'frame'] as const;

async function checkTables({ engine, open, thread, range }: Place, jsOnly: boolean): Promise<number> {
  const scope = { thread, range, within: null, type: 'cpu', jsOnly, transforms: [] };
  const { idle: _none, ...busy } = value(await engine.breakdown(open, { thread, range }));
  const whole = Object.values(busy).reduce((sum, millis) => sum + millis * 1_000, 0);
  for (const group of GROUPS)
    for (const inverted of [false, true]) {
      const { tree, strings, frames } = value(await engine.tree(open, { scope, inverted, group }));
      const roots = Array.from(tree.parent.keys()).filter((node) => tree.parent[node] < 0);
      const what = `${group} ${inverted ? 'bottom-up' : 'top-down'}`;
      expect(
        roots.reduce((sum, node) => sum + tree.total[node], 0),
        what,
      ).toBeCloseTo(whole, 0);
      expect(
        tree.self.reduce((sum, self) => sum + self, 0),
        what,
      ).toBeCloseTo(whole, 0);
      if (group !== 'category') continue;
      const told = Object.fromEntries(
        roots.map((node) => [strings[frames.name[tree.frame[node]]], tree.total[node]]),
      );
      for (const [category, millis] of Object.entries(busy))
        expect(told[category] ?? 0, category).toBeCloseTo(millis * 1_000, 0);
    }
  for (const kind of ['top-down', 'bottom-up'] as const) {
    const graph = value(await engine.graph(open, { scope, shape: { kind }, order: 'heavy' }));
    expect(graph.bounds.end, kind).toBeCloseTo(whole, 0);
  }
  return whole;
}

/** Also where a change has taken out what all else ran in. */
async function checkMerged({ engine, open, thread, range }: Place, whole: number): Promise<void> {
  const task = { name: 'Task', url: '', line: 0, column: 0 };
  const transforms = [{ kind: 'merge-function', function: task }] as const;
  const scope = { thread, range, within: null, type: 'cpu', jsOnly: false, transforms };
  const graph = value(await engine.graph(open, { scope, shape: { kind: 'top-down' }, order: 'heavy' }));
  const { tree } = value(await engine.tree(open, { scope, inverted: true, group: 'none' }));
  const rows = Array.from(tree.parent.keys()).filter((node) => tree.parent[node] < 0);
  expect(graph.bounds.end).toBeCloseTo(whole, 0);
  expect(rows.reduce((sum, node) => sum + tree.total[node], 0)).toBeCloseTo(whole, 0);
}

/** Where a file's source is shown, its lines and what has no line add up to the file's row of the table by address. */
async function checkSources({ engine, open, thread, range }: Place): Promise<void> {
  const scope = { thread, range, within: null, type: 'cpu', jsOnly: false, transforms: [] };
  const { tree, strings, frames } = value(await engine.tree(open, { scope, inverted: true, group: 'url' }));
  const files = Array.from(tree.parent.keys()).filter((node) => tree.parent[node] < 0);
  for (const node of files.slice(0, 6)) {
    const url = strings[frames.name[tree.frame[node]]];
    if (url === NO_SCRIPT) continue;
    const { places } = value(
      await engine.sourceTimes(open, { url, thread, range, within: null, type: 'cpu' }),
    );
    const told = places.self.reduce((sum, self, place) => sum + self + places.caused[place], 0);
    expect(told, url).toBeCloseTo(tree.total[node], 0);
  }
}

async function checkEvents({ engine, open, thread, range }: Place): Promise<void> {
  const filters = {
    within: null,
    least: 0,
    categories: null,
    text: '',
    order: 'name',
    reversed: false,
  } as const;
  const plain = value(await engine.events(open, { thread, range, ...filters, group: 'none' }));
  for (const group of ['activity', ...GROUPS.slice(1)] as const) {
    const { slices, groups } = value(await engine.events(open, { thread, range, ...filters, group }));
    expect(groups?.first.at(-1), group).toBe(plain.slices.length);
    expect(Int32Array.from(slices).sort(), group).toEqual(Int32Array.from(plain.slices).sort());
  }
}

const COUNT = 30;

/** The command line's list of functions, beside the panel's table of the same range. */
async function checkTop({ engine, open, thread, range }: Place, file: string): Promise<void> {
  const scope = { thread: 'main', from: range.start, to: range.end, jsOnly: false } as const;
  const top = value(await tabulateTop({ file, count: COUNT, scope, json: true, sourceMaps: null }));
  const { tree, strings, frames, totals } = value(
    await engine.tree(open, {
      scope: { thread, range, within: null, type: 'cpu', jsOnly: false, transforms: [] },
      inverted: true,
      group: 'none',
    }),
  );
  const rows: string[] = [];
  for (let node = 0; node < tree.length; node = tree.subtreeEnd[node]) {
    const frame = tree.frame[node];
    const place = `${strings[frames.name[frame]]} ${strings[frames.url[frame]]}:${frames.line[frame]}`;
    rows.push(`${place} ${asMillis(tree.total[node])} ${asMillis(totals[frame])}`);
  }
  const told = top.map((row) => `${row.function} ${row.url}:${row.line} ${row.self} ${row.total}`);
  expect(rows).toEqual(expect.arrayContaining(told.filter((row) => !row.includes(' 0 '))));
}

describe('all views of a range add up to the same', () => {
  test.each([
    'lh-artifacts-amp-trace',
    'lh-artifacts-intercom-widget-trace',
    'lh-artifacts-animation-trace',
    'ss-70-worker',
  ])('%s', { timeout: 60_000 }, async (name) => {
    const engine = new Engine({ library: null });
    const path = join(SHARED, 'traces', `${name}.json.gz`);
    const file = new Blob([new Uint8Array(readFileSync(path))]);
    const { open, mainThread, threads, pageWindow, bounds } = value(
      await engine.open({ kind: 'file', name, file }),
    );
    const thread = mainThread ?? threads.find(({ slices }) => slices > 0)?.thread;
    if (thread === undefined) throw new Error('no thread has slices');
    const home = pageWindow ?? bounds;
    const middle = (home.start + home.end) / 2;
    const sums: number[] = [];
    for (const range of [
      bounds,
      home,
      { start: home.start, end: middle },
      { start: middle, end: home.end },
    ]) {
      const place = { engine, open, thread, range };
      sums.push(await checkTables(place, false));
      expect(await checkTables(place, true)).toBeCloseTo(sums.at(-1) ?? 0, 0);
      await checkEvents(place);
      await checkSources(place);
      await checkMerged(place, sums.at(-1) ?? 0);
      if (mainThread !== null) await checkTop(place, path);
    }
    // Two halves are the whole.
    expect(sums[2] + sums[3]).toBeCloseTo(sums[1], 0);
  });
});
