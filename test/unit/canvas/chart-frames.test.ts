/** Which frames of a chart are painted: a strip that counts how often its lines are put there, once in each. */
import { signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';
import type { PageItem, TimeRange } from '../../../src/analysis/index.ts';
import { nextTurn } from '../../../src/base/index.ts';
import { type Chart, initialTrackChoices, layOutChart } from '../../../src/flame/index.ts';
import { ChartView } from '../../../src/panel/canvas/chart-view.ts';
import { createFrameScheduler } from '../../../src/panel/canvas/frame-scheduler.ts';
import type { FlameChartProps, PagePictures } from '../../../src/panel/canvas/props.ts';
import { chartOf, classesOf, NO_PAGE } from '../../builders/charts.ts';
import { buildRequestItem } from '../../builders/page-items.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const tables = traceOf(thread('CrRendererMain').slice('RunTask', 0, 400).slice('RunTask', 500, 1_000));
const plain = chartOf(tables);

let painted = 0;

class StandInCanvas {
  width = 0;
  height = 0;
  getContext() {
    const draw = (): { width: number } => ({ width: 5 });
    const context = { canvas: this, fillRect: draw, fillText: draw, measureText: draw, drawImage: draw };
    const path = { beginPath: draw, moveTo: draw, lineTo: draw, fill: draw };
    return { ...context, ...path, putImageData: () => painted++ };
  }
}

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => 0,
    removeEventListener: () => 0,
  }));
  vi.stubGlobal('getComputedStyle', () => ({ fontFamily: 'sans-serif', fontSize: '11px' }));
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal('OffscreenCanvas', StandInCanvas);
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray;
      constructor(width: number, height: number) {
        this.data = new Uint8ClampedArray(width * height * 4);
      }
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {
        // Its size never changes.
      }
      disconnect(): void {
        // It never told.
      }
    },
  );
});

const pagePicture: PageItem = {
  ...buildRequestItem({ start: 0, sent: 0, settled: 0, end: 1_000 }),
  track: 'screenshots',
  source: { kind: 'screenshot', frame: 7 },
};

/** A chart whose first picture is about to be painted. */
function makeNewChart(
  { chart, ...props }: Partial<FlameChartProps> & { readonly chart: Chart } = { chart: plain },
) {
  const asked: ((time: number) => void)[] = [];
  const viewport = signal<TimeRange>(chart.bounds);
  const view = new ChartView({
    ...{ chart, viewport, measured: signal(null), matches: signal(null), selection: signal(null) },
    ...{ tracks: signal(initialTrackChoices(chart)), home: chart.bounds, origin: 0, milestones: [] },
    ...{ theme: 'light', scheduler: createFrameScheduler((callback) => asked.push(callback)) },
    ...props,
  });
  const scroller = { scrollTop: 0, clientHeight: 264 } as HTMLElement;
  const attach = () => {
    const canvas = Object.assign(new StandInCanvas(), {
      getBoundingClientRect: () => ({ width: 1_000, height: 300, left: 0, top: 0 }),
    });
    const elements = { canvas: canvas as unknown as HTMLCanvasElement, root: scroller };
    return { canvas, detach: view.attach({ ...elements, scroller, pinned: null }) };
  };
  const { detach } = attach();
  let time = 0;
  /** One frame; false where none is asked for. */
  const step = (): boolean => {
    const next = asked.shift();
    time += 16;
    next?.(time);
    return next !== undefined;
  };
  /** Runs frames until none is asked for; how many painted something. */
  const settle = (): number => {
    const before = painted;
    while (step());
    return painted - before;
  };
  return { view, viewport, scroller, step, settle, attach, detach };
}

async function passTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** A chart whose first picture has been painted. */
async function makeChart(props?: Parameters<typeof makeNewChart>[0]) {
  const made = makeNewChart(props);
  // The first picture comes in tasks of its own.
  await passTurns(8);
  return made;
}

test('the first picture comes in several tasks; what changes meanwhile is in it', async () => {
  const { viewport, settle } = makeNewChart();
  const before = painted;
  await passTurns(1);
  viewport.value = { start: 0, end: 500 };
  expect(settle()).toBe(0);
  // Begun once more for the new viewport.
  await passTurns(1);
  expect(painted - before).toBe(0);
  await passTurns(1);
  expect(painted - before).toBe(1);
  expect(settle()).toBe(0);
});

test('a pointer paints nothing: the frame around what it points at lies over the picture', async () => {
  const { view, settle } = await makeChart();
  expect(painted).toBeGreaterThan(0);
  settle();
  view.pointAt({ x: 50, y: 60 });
  expect(settle()).toBe(0);
  const frame = { x: -1, y: 55, width: 402, height: 19 };
  expect(view.hover.value).toMatchObject({ x: 50, y: 60, frame });
  view.pointAt({ x: 90, y: 62 });
  expect(settle()).toBe(0);
  expect(view.hover.value).toMatchObject({ x: 90, y: 62, frame });
  view.pointAt({ x: 700, y: 62 });
  expect(settle()).toBe(0);
  expect(view.hover.value?.frame).toMatchObject({ x: 499 });
  // What is selected has a frame of its own, painted.
  view.select(view.hover.value?.box ?? -1);
  expect(settle()).toBe(1);
  expect(view.hover.value?.frame).toBeNull();
  view.pointAt(null);
  expect(settle()).toBe(0);
  expect(view.hover.value).toBeNull();
});

test('the chart is painted anew for a request that asked or was asked for, not for one that stands alone', async () => {
  const at = (start: number, initiator = -1): PageItem => {
    const item = buildRequestItem({ start, sent: start, settled: start + 100, end: start + 100 });
    return { ...item, initiator };
  };
  const chart = layOutChart(tables, classesOf(tables), NO_PAGE, [at(0), at(200, 0), at(400), at(600)]);
  const { view, settle } = await makeChart({ chart });
  const network = view.arrangement.value.sections.find(({ track }) => track.kind === 'network');
  const y = 36 + (network?.rowsTop ?? 0) + 5;
  settle();
  const pointAt = (x: number): number => {
    view.pointAt({ x, y });
    const paintings = settle();
    expect(view.hover.value?.box).toBeGreaterThanOrEqual(0);
    return paintings;
  };
  // From one that stands alone to another nothing changes.
  expect([pointAt(450), pointAt(650)]).toEqual([0, 0]);
  expect([pointAt(50), pointAt(250)]).toEqual([1, 1]);
  // The arrows go.
  expect([pointAt(450), pointAt(650)]).toEqual([1, 0]);
});

test('what the chart shows is painted again whatever the pointer does', async () => {
  const { view, viewport, settle } = await makeChart();
  settle();
  view.pointAt({ x: 50, y: 60 });
  settle();
  viewport.value = { start: 0, end: 500 };
  expect(settle()).toBeGreaterThanOrEqual(1);
  expect(view.hover.value?.box).toBe(0);
});

test('scrolling is moving: the card stays away until it rests', async () => {
  const { view, scroller, settle } = await makeChart();
  settle();
  view.pointAt({ x: 50, y: 60 });
  settle();
  scroller.scrollTop = 4;
  view.scroll.read();
  // On the way. At rest what is pointed at now is looked up, and the picture stays as it is.
  expect(settle()).toBe(1);
  expect(view.hover.value?.box).toBe(0);
});

test('a hand that goes on turning where there is no more to be seen paints nothing', async () => {
  const { view, viewport, settle } = await makeChart();
  settle();
  const told: TimeRange[] = [];
  const stop = viewport.subscribe((range) => void told.push(range));
  view.zoom(2);
  view.pan(50);
  // The page tells of a place that was set here once more.
  view.scroll.read();
  expect(settle()).toBe(0);
  expect(told).toHaveLength(1);
  view.zoom(0.5);
  expect(settle()).toBeGreaterThan(0);
  stop();
});

test('while the chart moves no picture of the page is read; what is in sight is when it rests', async () => {
  const asked: number[] = [];
  const pictures: PagePictures = {
    version: signal(0),
    aspect: 1.6,
    addressOf: () => null,
    peek: () => null,
    get: (picture) => {
      asked.push(picture);
      return null;
    },
  };
  const chart = layOutChart(tables, classesOf(tables), NO_PAGE, [pagePicture]);
  const { viewport, step, settle } = await makeChart({ chart, pictures });
  settle();
  expect(asked.splice(0)).toEqual([7]);
  viewport.value = { start: 100, end: 900 };
  step();
  expect(asked).toEqual([]);
  settle();
  expect(asked).toEqual([7]);
});

test('attached anew, the chart is painted on its new canvas where it was left, and its owner is told no second time', async () => {
  let told = 0;
  const { view, viewport, settle, attach, detach } = await makeChart({
    chart: plain,
    onPainted: () => told++,
  });
  settle();
  detach();
  viewport.value = { start: 0, end: 500 };
  view.pointAt({ x: 50, y: 60 });
  expect(settle()).toBe(0);
  const before = painted;
  const { canvas } = attach();
  await passTurns(4);
  expect([canvas.width, painted - before]).toEqual([1_000, 1]);
  expect(settle()).toBe(0);
  expect([told, view.hover.value?.box]).toEqual([1, 0]);
});
