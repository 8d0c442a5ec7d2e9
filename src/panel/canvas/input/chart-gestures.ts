/**
 * Mouse, pen and trackpad on the flame chart, as DevTools' two modes have them: the wheel zooms at the pointer and
 * Shift+wheel scrolls (classic), or it scrolls and Shift+wheel pans (modern); with Ctrl or Cmd, or a pinch, it zooms in
 * both, and a sideways wheel pans; dragging pans both ways, Shift+drag
 * measures; a click selects, Shift+click measures the box, a double click fits it.
 * In: a view and its elements. Out: calls of the view. Call the answer to stop listening.
 */
import type { WheelMode } from '../../../settings/index.ts';
import type { ChartElements, ChartView } from '../chart-view.ts';
import type { Point } from '../paint/scene.ts';

/** CSS pixels: less is a click with an unsteady hand. */
const DRAG_THRESHOLD = 4;
/** ms: a wheel's run keeps the kind it began with, so that inertia does not turn a pan into a zoom. */
const WHEEL_RUN_MILLIS = 150;
/** ms without an event after which the canvas may stand elsewhere. */
const RECT_MILLIS = 100;
const ZOOM_PER_PIXEL = 0.002;
/** Pinches arrive as Ctrl+wheel with small deltas. */
const ZOOM_PER_PINCH = 0.01;
const MOST_PINCH = 40;
const LINE_PIXELS = 18;

type WheelKind = 'zoom' | 'pinch' | 'scroll' | 'pan';

export function listenToGestures(
  view: ChartView,
  { root, canvas, scroller, pinned }: ChartElements,
  wheelMode: () => WheelMode,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let rect = canvas.getBoundingClientRect();
  let readAt = Number.NEGATIVE_INFINITY;
  const pointOf = (event: MouseEvent): Point => {
    // Where the canvas stands does not change while a hand moves on it; asking in every frame lays the page out for it.
    if (event.timeStamp - readAt > RECT_MILLIS) rect = canvas.getBoundingClientRect();
    readAt = event.timeStamp;
    const { ratio } = view.size.peek();
    return { x: (event.clientX - rect.left) * ratio, y: (event.clientY - rect.top) * ratio };
  };
  listenToWheel(view, root, { pointOf, wheelMode, signal });
  listenToDrags(view, root, pointOf, signal);
  root.addEventListener('pointerleave', () => view.pointAt(null), { signal });
  root.addEventListener(
    'dblclick',
    (event) => {
      if (isOnControl(event)) return;
      const box = view.boxAt(pointOf(event));
      if (box >= 0) view.fit(view.rangeOfBox(box));
      else view.showAll();
    },
    { signal },
  );
  for (const each of [scroller, pinned])
    each?.addEventListener('scroll', () => view.scroll.read(), { signal });
  root.addEventListener('contextmenu', (event) => openMenu(view, event, pointOf), { signal });
  return () => controller.abort();
}

function listenToWheel(
  view: ChartView,
  root: HTMLElement,
  options: {
    readonly pointOf: (event: MouseEvent) => Point;
    readonly wheelMode: () => WheelMode;
    readonly signal: AbortSignal;
  },
): void {
  const { pointOf, wheelMode, signal } = options;
  let run: { kind: WheelKind; at: number; modifiers: string } | null = null;
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const modifiers = `${event.ctrlKey} ${event.metaKey} ${event.shiftKey}`;
    const goesOn = run?.modifiers === modifiers && event.timeStamp - run.at <= WHEEL_RUN_MILLIS;
    const kind: WheelKind = goesOn && run !== null ? run.kind : kindOfWheel(event, wheelMode());
    run = { kind, at: event.timeStamp, modifiers };
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PIXELS;
    const dx = event.deltaX * unit;
    const dy = event.deltaY * unit;
    const { x } = pointOf(event);
    if (kind === 'zoom') view.zoom(Math.exp(dy * ZOOM_PER_PIXEL), x);
    else if (kind === 'pinch') {
      view.zoom(Math.exp(Math.max(-MOST_PINCH, Math.min(MOST_PINCH, dy)) * ZOOM_PER_PINCH), x);
    } else if (kind === 'pan') view.pan((dx === 0 ? dy : dx) * view.size.peek().ratio);
    // Shift turns a wheel sideways on some systems.
    else view.scrollBy(dy === 0 ? dx : dy);
  };
  root.addEventListener('wheel', onWheel, { passive: false, signal });
}

function kindOfWheel(event: WheelEvent, mode: WheelMode): WheelKind {
  if (event.ctrlKey || event.metaKey) return 'pinch';
  if (event.shiftKey) return mode === 'zoom' ? 'scroll' : 'pan';
  return Math.abs(event.deltaX) > Math.abs(event.deltaY) ? 'pan' : mode;
}

interface Drag {
  /** Of several fingers the first one drags. */
  readonly pointer: number;
  readonly kind: 'pan' | 'measure';
  readonly from: Point;
  last: Point;
  /** Time at `from`, for measuring. */
  readonly time: number;
  isMoving: boolean;
}

function listenToDrags(
  view: ChartView,
  root: HTMLElement,
  pointOf: (event: MouseEvent) => Point,
  signal: AbortSignal,
): void {
  let drag: Drag | null = null;
  const onDown = (event: PointerEvent): void => {
    const isOther = drag !== null && drag.pointer !== event.pointerId;
    if (event.button !== 0 || isOther || isOnControl(event)) return;
    const from = pointOf(event);
    drag = {
      pointer: event.pointerId,
      kind: event.shiftKey && view.props.peek().graph === undefined ? 'measure' : 'pan',
      from,
      last: from,
      time: view.timeAt(from.x),
      isMoving: false,
    };
  };
  const onMove = (event: PointerEvent): void => {
    const point = pointOf(event);
    // A button that was let go of outside of the window told nobody.
    if (drag?.pointer === event.pointerId && event.buttons === 0) end();
    if (drag === null) {
      view.pointAt(isOnControl(event) ? null : point);
      return;
    }
    if (drag.pointer !== event.pointerId) return;
    const { ratio } = view.size.peek();
    if (!drag.isMoving) {
      if (Math.hypot(point.x - drag.from.x, point.y - drag.from.y) < DRAG_THRESHOLD * ratio) return;
      drag.isMoving = true;
      // From here on the chart alone hears the pointer, outside of it as well.
      root.setPointerCapture(event.pointerId);
      root.dataset.drag = drag.kind;
      view.pointAt(null);
    }
    if (drag.kind === 'measure') measure(view, drag.time, view.timeAt(point.x));
    else {
      view.pan(drag.last.x - point.x);
      view.scrollBy((drag.last.y - point.y) / ratio);
    }
    drag.last = point;
  };
  const end = (): boolean => {
    const moved = drag?.isMoving === true;
    drag = null;
    delete root.dataset.drag;
    return moved;
  };
  const onUp = (event: PointerEvent): void => {
    if (drag?.pointer !== event.pointerId || end()) return;
    const action = view.overlay?.actionAt(pointOf(event)) ?? null;
    if (action !== null) {
      action();
      return;
    }
    const box = view.boxAt(pointOf(event));
    if (event.shiftKey && box >= 0 && view.props.peek().graph === undefined)
      view.props.peek().measured.value = view.rangeOfBox(box);
    else view.select(box);
  };
  root.addEventListener('pointerdown', onDown, { signal });
  root.addEventListener('pointermove', onMove, { signal });
  root.addEventListener('pointerup', onUp, { signal });
  const onCancel = ({ pointerId }: PointerEvent): void => {
    if (drag?.pointer === pointerId) end();
  };
  root.addEventListener('pointercancel', onCancel, { signal });
}

function measure(view: ChartView, one: number, other: number): void {
  const { measured, chart } = view.props.peek();
  const { start, end } = chart.bounds;
  const clamp = (time: number): number => Math.min(Math.max(time, start), end);
  measured.value = { start: clamp(Math.min(one, other)), end: clamp(Math.max(one, other)) };
}

/** By the mouse the menu is of what it points at, by the menu key of what is selected. */
function openMenu(view: ChartView, event: MouseEvent, pointOf: (event: MouseEvent) => Point): void {
  if (isOnControl(event)) return;
  const isByMouse = event.button === 2 || event.ctrlKey;
  if (isByMouse) {
    const box = view.boxAt(pointOf(event));
    if (box >= 0 && box !== view.selectedBox) view.select(box);
  }
  if (view.command('menu', isByMouse ? { x: event.clientX, y: event.clientY } : null)) event.preventDefault();
}

/** Headers and buttons inside the chart have their own clicks. */
const isOnControl = (event: Event): boolean =>
  event.target instanceof Element && event.target.closest('button') !== null;
