import { signal } from '@preact/signals';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CATEGORIES, type TimeRange } from '../../../src/analysis/index.ts';
import { type SliceIndex, sliceIndex } from '../../../src/base/index.ts';
import { type HideRule, initialTrackChoices } from '../../../src/flame/index.ts';
import { ChartView } from '../../../src/panel/canvas/chart-view.ts';
import { createFrameScheduler } from '../../../src/panel/canvas/frame-scheduler.ts';
import { pressKey } from '../../../src/panel/canvas/input/chart-keys.ts';
import { changeTrack } from '../../../src/panel/canvas/input/track-actions.ts';
import { ViewportMotion } from '../../../src/panel/canvas/input/viewport-motion.ts';
import type { FlameChartProps } from '../../../src/panel/canvas/props.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(
  traceOf(
    thread('CrRendererMain')
      .slice('RunTask', 0, 500)
      .slice('Layout', 100, 220)
      .slice('Paint', 300, 304)
      .slice('RunTask', 600, 1_000),
    thread('Compositor', { role: 'compositor' }).slice('Commit', 50, 150).slice('Draw', 60, 80),
  ),
  { categories: { Layout: 'rendering' } },
);
const HOME = { start: 100, end: 900 };

/** A chart of 1 000 × 300 pixels, one pixel to a microsecond, without any elements. */
function makeView(changes: Partial<FlameChartProps> = {}) {
  const told: (SliceIndex | null)[] = [];
  const props: FlameChartProps = {
    chart,
    viewport: signal<TimeRange>(chart.bounds),
    measured: signal<TimeRange | null>(null),
    selection: signal<SliceIndex | null>(null),
    tracks: signal(initialTrackChoices(chart)),
    home: HOME,
    matches: signal(null),
    origin: 0,
    milestones: [],
    theme: 'light',
    scheduler: createFrameScheduler(() => 0),
    onSelect: (slice) => told.push(slice),
    ...changes,
  };
  const view = new ChartView(props);
  view.size.value = { width: 1_000, height: 300, ratio: 1, textGrowth: 1 };
  const press = (code: string, shiftKey = false): boolean =>
    pressKey(view, { code, shiftKey, ctrlKey: false, metaKey: false, altKey: false }, 'devtools');
  const selected = (): string => {
    const box = view.selectedBox;
    return box < 0 ? '' : chart.labels[chart.boxes.label[box]].text;
  };
  return { view, props, told, press, selected };
}

beforeEach(() => {
  // Reduced motion: jumps arrive at once.
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
});

describe('pointing', () => {
  test('finds the box drawn at a pixel, in open tracks and behind the title of collapsed ones', () => {
    const { view } = makeView();
    const at = (x: number, y: number): string => {
      const box = view.boxAt({ x, y });
      return box < 0 ? '' : chart.labels[chart.boxes.label[box]].text;
    };
    expect([at(150, 60), at(150, 80), at(302, 80), at(250, 80), at(100, 97)]).toEqual([
      'Task',
      'Layout',
      'Paint',
      '',
      'Commit',
    ]);
    expect([at(150, 10), at(150, 40), at(150, 250)]).toEqual(['', '', '']);
  });
});

describe('hiding', () => {
  const hiddenOf = () => signal<readonly HideRule[]>([]);

  test('takes the selected slice out and goes on with its parent', () => {
    const hidden = hiddenOf();
    const { view, press, selected } = makeView({ hidden });
    expect(press('KeyH')).toBe(false);
    press('ArrowDown');
    press('ArrowDown');
    expect(selected()).toBe('Layout');
    press('KeyH');
    expect(selected()).toBe('Task');
    expect(hidden.value).toEqual([{ what: 'slice', slice: 1 }]);
    expect(view.announcement.value).toBe('Slice Layout hidden');
  });

  test('takes children or repeats out, and shows all again', () => {
    const hidden = hiddenOf();
    const { press, selected } = makeView({ hidden });
    press('ArrowDown');
    press('KeyC');
    press('KeyR');
    expect(selected()).toBe('Task');
    expect(hidden.value.map(({ what }) => what)).toEqual(['children', 'repeats']);
    press('KeyU');
    expect(hidden.value).toEqual([]);
    expect(press('KeyU')).toBe(false);
  });
});

describe('keys', () => {
  test('W and S zoom about the pointer, else about the middle', () => {
    const { view, props, press } = makeView();
    press('KeyW');
    expect(props.viewport.value).toEqual({ start: 150, end: 850 });
    press('KeyS');
    expect(props.viewport.value.start).toBeCloseTo(0, 6);
    view.pointAt({ x: 0, y: 0 });
    press('KeyW', true);
    expect(props.viewport.value).toEqual({ start: 0, end: 200 });
  });

  test('A and D pan by the same distance on the screen, at any zoom', () => {
    const { props, press } = makeView();
    props.viewport.value = { start: 400, end: 500 };
    press('KeyD');
    expect(props.viewport.value).toEqual({ start: 416, end: 516 });
    press('KeyA');
    press('ArrowLeft', true);
    expect(props.viewport.value).toEqual({ start: 384, end: 484 });
  });

  test('0 shows the page window, pressed again the whole trace; F fits what is selected or measured', () => {
    const { props, press, view } = makeView();
    press('Digit0');
    expect(props.viewport.value).toEqual(HOME);
    press('Digit0');
    expect(props.viewport.value).toEqual(chart.bounds);
    expect(press('KeyF')).toBe(false);
    props.measured.value = { start: 500, end: 600 };
    press('KeyF');
    expect(props.viewport.value).toEqual({ start: 495, end: 605 });
    view.select(0);
    press('KeyF');
    expect(props.viewport.value).toEqual({ start: 0, end: 525 });
  });

  test('M measures what is selected, else what is shown', () => {
    const { view, props, press } = makeView({ viewport: signal({ start: 100, end: 300 }) });
    press('KeyM');
    expect(props.measured.value).toEqual({ start: 100, end: 300 });
    view.select(0);
    press('KeyM');
    expect(props.measured.value).toEqual({ start: 0, end: 500 });
    expect(view.announcement.value.replaceAll('\u00a0', ' ')).toBe('Measured: 500 µs');
  });

  test('arrows walk parent, child and siblings; the owner is told, the reader hears it', () => {
    const { view, press, selected, told } = makeView();
    press('ArrowDown');
    expect(selected()).toBe('Task');
    expect(view.announcement.value).toBe('Task, 500\u00a0µs, System, 2 children');
    press('ArrowDown');
    expect(view.announcement.value).toBe('Layout, 120\u00a0µs, Rendering, no children');
    press('ArrowRight');
    expect(selected()).toBe('Paint');
    press('ArrowDown');
    expect(selected()).toBe('Paint');
    press('ArrowLeft');
    press('ArrowUp');
    expect(selected()).toBe('Task');
    expect(told).toEqual([0, 1, 2, 1, 0]);
  });

  test('a box that is out of sight is brought into view', () => {
    const { props, press } = makeView();
    props.viewport.value = { start: 0, end: 100 };
    press('ArrowDown');
    press('ArrowRight');
    const { start, end } = props.viewport.value;
    expect(end - start).toBeCloseTo(100, 9);
    expect(start <= 600 && end > 600).toBe(true);
  });

  test('Esc takes back the measured range, then the selection, then belongs to others', () => {
    const { view, props, press } = makeView();
    view.select(0);
    props.measured.value = HOME;
    expect([press('Escape'), props.measured.value, props.selection.value]).toEqual([true, null, 0]);
    expect([press('Escape'), props.selection.value]).toEqual([true, null]);
    expect(press('Escape')).toBe(false);
  });

  test('keys with Ctrl, Cmd or Alt and unknown keys are left alone', () => {
    const { view, press, props } = makeView();
    const plain = { code: 'KeyW', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
      expect(pressKey(view, { ...plain, [modifier]: true }, 'devtools')).toBe(false);
    }
    expect(press('KeyQ')).toBe(false);
    expect(props.viewport.value).toBe(chart.bounds);
  });
});

describe('selecting', () => {
  test('a box in a collapsed track opens it', () => {
    const { view, props } = makeView();
    const draw = chart.boxes.length - 1;
    view.reveal(draw);
    expect(props.tracks.value.collapsed.size).toBe(0);
  });

  test('collapsing says so', () => {
    const { view, props } = makeView();
    const [main, compositor] = chart.tracks;
    expect(changeTrack(view, main.key, 'toggle-track')).toBe(true);
    expect([...props.tracks.value.collapsed]).toEqual([compositor.key, main.key]);
    expect(view.announcement.value).toBe(`${main.title} collapsed`);
  });

  test('a track is hidden, pinned and moved; nothing is said where nothing changes', () => {
    const { view, props } = makeView();
    const [main, compositor] = chart.tracks;
    changeTrack(view, compositor.key, 'track-up');
    expect(props.tracks.value.order).toEqual([compositor.key, main.key]);
    expect(view.announcement.value).toBe('Compositor moved up');
    view.announcement.value = '';
    expect(changeTrack(view, compositor.key, 'track-up')).toBe(false);
    expect(view.announcement.value).toBe('');
    changeTrack(view, main.key, 'pin-track');
    expect(props.tracks.value.pinned).toEqual([main.key]);
    changeTrack(view, compositor.key, 'hide-track');
    expect(view.announcement.value).toBe('Compositor hidden');
    expect(view.arrangement.value.sections.map(({ track }) => track.key)).toEqual([main.key]);
    expect(changeTrack(view, 'gone', 'hide-track')).toBe(false);
  });

  test('what is pinned is pointed at where it stands, whatever is scrolled', () => {
    const { view } = makeView();
    const [, compositor] = chart.tracks;
    changeTrack(view, compositor.key, 'toggle-track');
    changeTrack(view, compositor.key, 'pin-track');
    const at = (x: number, y: number): string => {
      const box = view.boxAt({ x, y });
      return box < 0 ? '' : chart.labels[chart.boxes.label[box]].text;
    };
    // Axis 36, header 20, Commit, Draw; then Main: header, Task, Layout.
    expect([at(100, 60), at(70, 80), at(150, 100), at(150, 116), at(150, 134)]).toEqual([
      'Commit',
      'Draw',
      '',
      'Task',
      'Layout',
    ]);
  });

  test('a slice that the chart does not draw selects no box', () => {
    const { view, props } = makeView();
    props.selection.value = sliceIndex(99);
    expect(view.selectedBox).toBe(-1);
  });
});

describe('jumps', () => {
  test('take 150 ms, frame by frame, and end exactly there', () => {
    const viewport = signal<TimeRange>({ start: 0, end: 1_000 });
    const motion = new ViewportMotion(() => false);
    motion.jump(viewport, { start: 400, end: 500 });
    expect(motion.goalOf(viewport)).toEqual({ start: 400, end: 500 });
    expect(motion.advance(viewport, 1_000)).toBe(true);
    expect(motion.advance(viewport, 1_075)).toBe(true);
    const { start, end } = viewport.value;
    expect(start > 0 && start < 400 && end > 500 && end < 1_000).toBe(true);
    expect(motion.advance(viewport, 1_150)).toBe(false);
    expect(viewport.value).toEqual({ start: 400, end: 500 });
    expect(motion.advance(viewport, 1_200)).toBe(false);
  });

  test('end at once where somebody else moves, and are no jumps with reduced motion', () => {
    const viewport = signal<TimeRange>({ start: 0, end: 1_000 });
    const motion = new ViewportMotion(() => false);
    motion.jump(viewport, { start: 400, end: 500 });
    motion.advance(viewport, 0);
    viewport.value = { start: 7, end: 8 };
    expect(motion.advance(viewport, 50)).toBe(false);
    expect(viewport.value).toEqual({ start: 7, end: 8 });
    new ViewportMotion(() => true).jump(viewport, { start: 400, end: 500 });
    expect(viewport.value).toEqual({ start: 400, end: 500 });
  });
});

test('a chart of nothing can be looked at and walked', () => {
  const nothing = chartOf(traceOf());
  const { view, press } = makeView({
    chart: nothing,
    viewport: signal(nothing.bounds),
    home: nothing.bounds,
  });
  for (const code of ['ArrowDown', 'KeyW', 'KeyD', 'Digit0']) expect(press(code)).toBe(true);
  expect([view.selectedBox, view.boxAt({ x: 10, y: 60 })]).toEqual([-1, -1]);
});

test('every category has a colour for both shades', () => {
  expect(new Set(chart.boxes.colour)).toEqual(
    new Set([
      CATEGORIES.indexOf('system') * 2,
      CATEGORIES.indexOf('system') * 2 + 1,
      CATEGORIES.indexOf('rendering') * 2,
    ]),
  );
});
