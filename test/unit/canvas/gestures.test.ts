/** Hands on the chart and on the overview: what a drag is when the button is let go elsewhere, or a second finger comes. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { TimeRange } from '../../../src/analysis/index.ts';
import { initialTrackChoices } from '../../../src/flame/index.ts';
import { type ChartElements, ChartView } from '../../../src/panel/canvas/chart-view.ts';
import { createFrameScheduler } from '../../../src/panel/canvas/frame-scheduler.ts';
import { listenToGestures } from '../../../src/panel/canvas/input/chart-gestures.ts';
import { listenToBrush } from '../../../src/panel/canvas/overview/overview-gestures.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(traceOf(thread('CrRendererMain').slice('RunTask', 0, 1_000)));

/** As much of an element as gestures use: 1 000 × 300 CSS pixels at the page's corner. */
class Area extends EventTarget {
  readonly dataset: Record<string, string> = {};
  readonly captured: number[] = [];
  getBoundingClientRect(): Pick<DOMRect, 'left' | 'top' | 'width' | 'height'> {
    return { left: 0, top: 0, width: 1_000, height: 300 };
  }
  setPointerCapture(pointer: number): void {
    this.captured.push(pointer);
  }
  /** The overview's grip, of text twice as large as usual. */
  querySelector(part: string): { getBoundingClientRect(): Pick<DOMRect, 'bottom'> } | null {
    return part === '.overview-grip' ? { getBoundingClientRect: () => ({ bottom: 40 }) } : null;
  }
  point(
    type: string,
    x: number,
    more: { buttons?: number; pointerId?: number; shiftKey?: boolean; clientY?: number } = {},
  ): void {
    const facts = { clientX: x, clientY: 100, button: 0, buttons: 1, pointerId: 1, shiftKey: false, ...more };
    this.dispatchEvent(Object.assign(new Event(type), facts));
  }
}

beforeEach(() => {
  vi.stubGlobal('Element', class {});
  vi.stubGlobal('HTMLElement', class {});
});

describe('on the chart', () => {
  function makeChart() {
    const area = new Area();
    const measured = signal<TimeRange | null>(null);
    const viewport = signal<TimeRange>({ start: 400, end: 500 });
    const view = new ChartView({
      ...{ chart, viewport, measured, matches: signal(null), selection: signal(null) },
      ...{ tracks: signal(initialTrackChoices(chart)), home: chart.bounds, origin: 0, milestones: [] },
      ...{ theme: 'light', scheduler: createFrameScheduler(() => 0) },
    });
    view.size.value = { width: 1_000, height: 300, ratio: 1, textGrowth: 1 };
    const element = area as unknown as HTMLElement & HTMLCanvasElement;
    const elements: ChartElements = { root: element, canvas: element, scroller: element, pinned: null };
    listenToGestures(view, elements, () => 'zoom');
    return { area, viewport, measured };
  }

  test('a drag moves what is seen, and ends with its button', () => {
    const { area, viewport } = makeChart();
    area.point('pointerdown', 500);
    area.point('pointermove', 400);
    expect(viewport.value).toEqual({ start: 410, end: 510 });
    area.point('pointerup', 400, { buttons: 0 });
    area.point('pointermove', 100, { buttons: 0 });
    expect(viewport.value.start).toBe(410);
  });

  test('a button that was let go of outside of the window drags nothing', () => {
    const { area, viewport } = makeChart();
    area.point('pointerdown', 500);
    area.point('pointermove', 100, { buttons: 0 });
    area.point('pointermove', 50, { buttons: 0 });
    expect(viewport.value).toEqual({ start: 400, end: 500 });
    area.point('pointerdown', 500);
    area.point('pointermove', 600);
    expect(viewport.value).toEqual({ start: 390, end: 490 });
  });

  test('a second finger neither takes the drag over nor ends it', () => {
    const { area, viewport, measured } = makeChart();
    area.point('pointerdown', 500, { shiftKey: true });
    area.point('pointermove', 600);
    area.point('pointerdown', 100, { pointerId: 2 });
    area.point('pointermove', 300, { pointerId: 2 });
    area.point('pointerup', 300, { pointerId: 2 });
    area.point('pointercancel', 300, { pointerId: 2 });
    area.point('pointermove', 700);
    expect(measured.value).toEqual({ start: 450, end: 470 });
    expect(viewport.value).toEqual({ start: 400, end: 500 });
    expect(area.dataset.drag).toBe('measure');
    area.point('pointerup', 700);
    expect(area.dataset.drag).toBeUndefined();
  });
});

describe('on the overview', () => {
  function makeBrush() {
    const area = new Area();
    const brush = { viewport: signal<TimeRange>({ start: 0, end: 1_000 }), bounds: { start: 0, end: 1_000 } };
    listenToBrush(area as unknown as HTMLElement, () => brush);
    return { area, viewport: brush.viewport };
  }

  test('a drag picks a range; let go outside, it picks no more', () => {
    const { area, viewport } = makeBrush();
    area.point('pointerdown', 200);
    area.point('pointermove', 300);
    expect(viewport.value).toEqual({ start: 200, end: 300 });
    area.point('pointermove', 900, { buttons: 0 });
    area.point('pointermove', 950);
    expect(viewport.value).toEqual({ start: 200, end: 300 });
  });

  test('all of the grip moves the window, however large its text is', () => {
    const { area, viewport } = makeBrush();
    for (const [clientY, expected] of [
      [39, { start: 300, end: 600 }],
      [41, { start: 250, end: 350 }],
    ] as const) {
      viewport.value = { start: 200, end: 500 };
      area.point('pointerdown', 250, { clientY });
      area.point('pointermove', 350, { clientY });
      area.point('pointerup', 350, { clientY });
      expect(viewport.value).toEqual(expected);
    }
  });

  test('a second finger is not heard', () => {
    const { area, viewport } = makeBrush();
    area.point('pointerdown', 200);
    area.point('pointerdown', 800, { pointerId: 2 });
    area.point('pointermove', 900, { pointerId: 2 });
    area.point('pointermove', 400);
    expect(viewport.value).toEqual({ start: 200, end: 400 });
  });
});
