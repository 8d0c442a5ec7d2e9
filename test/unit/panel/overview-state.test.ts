/** Breadcrumbs of the overview, and what its lanes hold. */
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { TimeRange } from '../../../src/analysis/index.ts';
import { threadIndex } from '../../../src/base/index.ts';
import type { EngineApi } from '../../../src/engine/client.ts';
import { createOverview } from '../../../src/panel/state/chart/overview.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { ScriptedEngine, settled } from '../../builders/panel-outside.ts';

const BOUNDS = { start: 0, end: 10_000 };
const HOME = { start: 1_000, end: 9_000 };

function open() {
  const viewport = signal<TimeRange>(HOME);
  const engine = new ScriptedEngine();
  const asked: TimeRange[] = [];
  const answering: EngineApi = engine;
  const answer = answering.overview.bind(engine);
  answering.overview = (id, question, options) => {
    asked.push(question.range);
    return answer(id, question, options);
  };
  const overview = createOverview({
    engine,
    opened: buildOpenedRecording({ bounds: BOUNDS, mainThread: threadIndex(0) }),
    home: HOME,
    viewport,
    chart: signal(null),
    onFailure: () => undefined,
  });
  return { overview, viewport, asked };
}

describe('breadcrumbs', () => {
  it('zoom the strip into what is shown, and step out again', async () => {
    const { overview, viewport, asked } = open();
    viewport.value = { start: 2_000, end: 4_000 };
    expect(overview.zoomInto()).toBe(true);
    expect(overview.range.value).toEqual({ start: 2_000, end: 4_000 });
    expect(overview.zoomInto()).toBe(false);
    viewport.value = { start: 2_500, end: 2_600 };
    overview.zoomInto();
    expect(overview.crumbs.value).toHaveLength(3);
    await settled();
    expect(asked.at(-1)).toEqual({ start: 2_500, end: 2_600 });
    expect(overview.stepOut()).toBe(true);
    expect([overview.range.value, viewport.value]).toEqual([
      { start: 2_000, end: 4_000 },
      { start: 2_000, end: 4_000 },
    ]);
    overview.stepOut();
    expect([overview.range.value, viewport.value]).toEqual([BOUNDS, HOME]);
    expect(overview.stepOut()).toBe(false);
  });

  it('keep the deeper ones until another is made', () => {
    const { overview, viewport } = open();
    viewport.value = { start: 2_000, end: 4_000 };
    overview.zoomInto();
    overview.goTo(0);
    expect(overview.crumbs.value).toHaveLength(2);
    expect(overview.stepIn()).toBe(true);
    expect(viewport.value).toEqual({ start: 2_000, end: 4_000 });
    expect(overview.stepIn()).toBe(false);
    overview.goTo(0);
    viewport.value = { start: 5_000, end: 6_000 };
    overview.zoomInto();
    expect(overview.crumbs.value).toEqual([BOUNDS, { start: 5_000, end: 6_000 }]);
  });

  it('are left where the chart shows more than they hold', () => {
    const { overview, viewport } = open();
    viewport.value = { start: 2_000, end: 4_000 };
    overview.zoomInto();
    viewport.value = { start: 2_400, end: 2_600 };
    overview.zoomInto();
    viewport.value = { start: 2_300, end: 2_500 };
    expect(overview.active.value).toBe(1);
    viewport.value = { start: 100, end: 200 };
    expect([overview.active.value, overview.range.value]).toEqual([0, BOUNDS]);
    expect(viewport.value).toEqual({ start: 100, end: 200 });
  });
});

describe('the lanes', () => {
  it("are of the page's main thread, and of its process where that counts as a whole", () => {
    const column = (...values: number[]) => Float64Array.from(values);
    const thread = { tid: 1, name: '', role: 'main', url: '', title: '', onMainFrame: true } as const;
    const overview = createOverview({
      engine: new ScriptedEngine(),
      chart: signal(null),
      opened: buildOpenedRecording({
        bounds: BOUNDS,
        mainThread: threadIndex(4),
        threads: [{ ...thread, thread: threadIndex(4), pid: 12, slices: 0, samples: 0 }],
        counters: [
          { name: 'nodes', pid: 11, thread: -1, time: column(1), value: column(5) },
          { name: 'nodes', pid: 12, thread: -1, time: column(1), value: column(9) },
          { name: 'jsHeapSizeUsed', pid: 12, thread: 5, time: column(1), value: column(3) },
          { name: 'jsHeapSizeUsed', pid: 12, thread: 4, time: column(1), value: column(7) },
        ],
      }),
      home: HOME,
      viewport: signal<TimeRange>(HOME),
      onFailure: () => undefined,
    });
    expect(overview.content.value.nodes?.most).toBe(9);
    expect(overview.content.value.heap?.most).toBe(7);
    expect(overview.content.value.network).toBeNull();
  });

  it('are made when the chart is there, and all at once', async () => {
    const column = (...values: number[]) => Float64Array.from(values);
    let show = (): void => undefined;
    const from = new Promise<void>((resolve) => {
      show = resolve;
    });
    const overview = createOverview({
      engine: new ScriptedEngine(),
      chart: signal(null),
      opened: buildOpenedRecording({
        bounds: BOUNDS,
        mainThread: threadIndex(4),
        threads: [
          {
            ...{ tid: 1, name: '', role: 'main', url: '', title: '', onMainFrame: true },
            ...{ thread: threadIndex(4), pid: 12, slices: 0, samples: 0 },
          },
        ],
        counters: [{ name: 'nodes', pid: 12, thread: -1, time: column(1), value: column(9) }],
      }),
      home: HOME,
      viewport: signal<TimeRange>(HOME),
      from,
      onFailure: () => undefined,
    });
    expect(overview.content.value.nodes).toBeNull();
    show();
    await settled();
    expect(overview.content.value.nodes?.most).toBe(9);
  });
});
