/**
 * Mouse, pen, trackpad and keys on the overview strip: dragging picks a new range, the handles move its edges, the
 * ruler above the window moves it whole; a click centres it, a double click shows everything, the wheel zooms, and
 * sideways it moves.
 * In: what is visible and the strip's element. Out: new values of the viewport. Pixels are CSS pixels of the strip.
 */
import type { Signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import { clampViewport, leastSpan, panViewport, sameRange, zoomViewport } from '../../../flame/index.ts';

export interface Brush {
  readonly viewport: Signal<TimeRange>;
  readonly bounds: TimeRange;
}

export type Edge = 'start' | 'end';
/** What is being dragged. */
type Hold =
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'move' }
  | { readonly kind: 'pick' };

const DRAG_THRESHOLD = 4;
const ZOOM_PER_PIXEL = 0.002;
const LINE_PIXELS = 18;

/** At the bounds a hand may go on: nothing is told, and nothing painted. */
function look({ viewport }: Brush, range: TimeRange): void {
  if (!sameRange(viewport.peek(), range)) viewport.value = range;
}

/** Moves one edge of the visible range to `time`; the other stays, and they never meet. */
export function moveEdge({ viewport, bounds }: Brush, edge: Edge, time: number): void {
  const { start, end } = viewport.peek();
  const least = leastSpan(bounds);
  viewport.value =
    edge === 'start'
      ? { start: Math.max(bounds.start, Math.min(time, end - least)), end }
      : { start, end: Math.min(bounds.end, Math.max(time, start + least)) };
}

/** Pixels that a key moves a handle by; Ctrl and Page keys make it more. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -50,
  PageUp: 50,
};

/** Keys on a handle, as sliders have them: Home and End go to the bounds. False where it is not ours. */
export function pressHandleKey(
  brush: Brush,
  edge: Edge,
  press: { readonly code: string; readonly ctrlKey: boolean; readonly microsPerPixel: number },
): boolean {
  const { start, end } = brush.viewport.peek();
  const time = edge === 'start' ? start : end;
  if (press.code === 'Home') moveEdge(brush, edge, brush.bounds.start);
  else if (press.code === 'End') moveEdge(brush, edge, brush.bounds.end);
  else if (Object.hasOwn(KEY_STEPS, press.code)) {
    const pixels = KEY_STEPS[press.code] * (press.ctrlKey ? 5 : 1);
    moveEdge(brush, edge, time + pixels * press.microsPerPixel);
  } else return false;
  return true;
}

/** `current` gives the brush as it is when asked: its bounds change with the recording. */
export function listenToBrush(root: HTMLElement, current: () => Brush): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const timeAt = (event: MouseEvent): number => {
    const rect = root.getBoundingClientRect();
    const { bounds } = current();
    const share = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
    return bounds.start + share * (bounds.end - bounds.start);
  };
  listenToHolds(root, current, timeAt, signal);
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { viewport, bounds } = current();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PIXELS;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const perPixel = (bounds.end - bounds.start) / root.getBoundingClientRect().width;
      look(current(), panViewport(viewport.peek(), bounds, event.deltaX * unit * perPixel));
      return;
    }
    const factor = Math.exp(event.deltaY * unit * ZOOM_PER_PIXEL);
    look(current(), zoomViewport(viewport.peek(), bounds, timeAt(event), factor));
  };
  root.addEventListener('wheel', onWheel, { passive: false, signal });
  root.addEventListener(
    'dblclick',
    (event) => {
      if (isOnButton(event)) return;
      const { viewport, bounds } = current();
      viewport.value = clampViewport(bounds, bounds);
    },
    { signal },
  );
  return () => controller.abort();
}

function listenToHolds(
  root: HTMLElement,
  current: () => Brush,
  timeAt: (event: MouseEvent) => number,
  signal: AbortSignal,
): void {
  let held: {
    readonly pointer: number;
    hold: Hold;
    readonly clientX: number;
    readonly time: number;
    last: number;
    isMoving: boolean;
  } | null = null;
  const onDown = (event: PointerEvent): void => {
    const isOther = held !== null && held.pointer !== event.pointerId;
    if (event.button !== 0 || isOther || isOnButton(event)) return;
    const time = timeAt(event);
    held = {
      pointer: event.pointerId,
      hold: holdOf(event, root, current(), time),
      clientX: event.clientX,
      time,
      last: time,
      isMoving: false,
    };
  };
  const onMove = (event: PointerEvent): void => {
    if (held?.pointer !== event.pointerId) return;
    // A button that was let go of outside of the window told nobody.
    if (event.buttons === 0) {
      held = null;
      return;
    }
    if (!held.isMoving && Math.abs(event.clientX - held.clientX) < DRAG_THRESHOLD) return;
    if (!held.isMoving) root.setPointerCapture(event.pointerId);
    held.isMoving = true;
    const brush = current();
    const time = timeAt(event);
    if (held.hold.kind === 'edge') moveEdge(brush, held.hold.edge, time);
    else if (held.hold.kind === 'move') {
      look(brush, panViewport(brush.viewport.peek(), brush.bounds, time - held.last));
    } else {
      const range = { start: Math.min(held.time, time), end: Math.max(held.time, time) };
      look(brush, clampViewport(range, brush.bounds));
    }
    held.last = time;
  };
  const onUp = ({ pointerId }: PointerEvent): void => {
    if (held?.pointer !== pointerId) return;
    const { hold, isMoving, time } = held;
    held = null;
    if (isMoving || hold.kind !== 'pick') return;
    const { viewport, bounds } = current();
    const { start, end } = viewport.peek();
    viewport.value = panViewport({ start, end }, bounds, time - (start + end) / 2);
  };
  root.addEventListener('pointerdown', onDown, { signal });
  root.addEventListener('pointermove', onMove, { signal });
  root.addEventListener('pointerup', onUp, { signal });
  root.addEventListener(
    'pointercancel',
    ({ pointerId }) => {
      if (held?.pointer === pointerId) held = null;
    },
    { signal },
  );
}

function holdOf(event: PointerEvent, root: HTMLElement, { viewport }: Brush, time: number): Hold {
  const edge = event.target instanceof HTMLElement ? event.target.dataset.edge : undefined;
  if (edge === 'start' || edge === 'end') return { kind: 'edge', edge };
  const { start, end } = viewport.peek();
  // It is as high as its text.
  const grip = root.querySelector('.overview-grip');
  const isOnRuler = grip !== null && event.clientY < grip.getBoundingClientRect().bottom;
  return isOnRuler && time >= start && time <= end ? { kind: 'move' } : { kind: 'pick' };
}

/** The button on the window has its own click. */
const isOnButton = (event: Event): boolean =>
  event.target instanceof Element && event.target.closest('button') !== null;
