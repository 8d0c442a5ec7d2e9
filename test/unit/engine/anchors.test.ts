/** Notes name slices by what stands in the trace: there and back, and nothing for what is not there. */
import { describe, expect, it } from 'vitest';
import { findInitiators } from '../../../src/analysis/index.ts';
import { sliceIndex } from '../../../src/base/index.ts';
import type { OpenTrace } from '../../../src/engine/opening/summary.ts';
import { anchorOf, resolveAnchors } from '../../../src/engine/slices/anchors.ts';
import { classesOf, NO_PAGE } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const tables = traceOf(
  thread('CrRendererMain')
    .slice('RunTask', 0, 100)
    .call('walk', 10, 90)
    .call('walk', 10, 80)
    .call('', 10, 70)
    .slice('Layout', 20, 30)
    .slice('Layout', 40, 50),
  thread('Worker', { role: 'worker' }).slice('RunTask', 0, 100),
);
const item = {
  track: 'timings' as const,
  start: 5,
  settled: 5,
  end: 9,
  title: 'boot',
  category: 'scripting' as const,
  endInferred: false,
  source: { kind: 'timing' as const, traceCategory: '', custom: null },
  initiator: -1,
};
const trace: OpenTrace = {
  subject: 'test',
  recording: null,
  tables,
  classes: classesOf(tables),
  page: NO_PAGE,
  items: () => [item, item],
  initiators: () => findInitiators(tables, []),
};

describe('an anchor', () => {
  it('names every slice and item, and leads back to it', () => {
    const count = tables.slices.length + 2;
    const all = Array.from({ length: count }, (_, slice) => sliceIndex(slice));
    const anchors = all.map((slice) => anchorOf(trace, slice));
    expect(anchors).not.toContain(null);
    expect(new Set(anchors.map((anchor) => JSON.stringify(anchor))).size).toBe(count);
    expect(
      resolveAnchors(
        trace,
        anchors.flatMap((anchor) => anchor ?? []),
      ),
    ).toEqual(all);
  });

  it('tells calls of one name that begin together by their depth', () => {
    expect(anchorOf(trace, sliceIndex(2))).toEqual({ track: '1:1', start: 10, name: 'walk', nth: 1 });
    expect(anchorOf(trace, sliceIndex(count() - 1))).toEqual({
      track: 'timings',
      start: 5,
      name: 'boot',
      nth: 1,
    });
  });

  it('of what is not there leads nowhere', () => {
    const base = { track: '1:1', start: 20, name: 'Layout', nth: 0 };
    const wrong = [
      { ...base, track: '9:9' },
      { ...base, start: 21 },
      { ...base, name: 'Paint' },
      { ...base, nth: 1 },
      { ...base, nth: -1 },
      { ...base, start: Number.NaN },
      { ...base, track: 'network' },
    ];
    expect(resolveAnchors(trace, wrong)).toEqual(wrong.map(() => null));
    expect(resolveAnchors(trace, [base])).toEqual([4]);
    expect(anchorOf(trace, sliceIndex(count()))).toBeNull();
  });
});

const count = (): number => tables.slices.length + 2;
