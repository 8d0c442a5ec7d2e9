/**
 * Dragging a track's name to another place. In: the element that holds the names, a view. Out: the drop; while dragging
 * the name that it would land beside bears `data-drop` (`before` or `after`). A press that does not move is a click.
 */
import { neighboursOf } from '../../../flame/index.ts';
import type { ChartView } from '../chart-view.ts';
import { dropTrack } from './track-actions.ts';

/** CSS pixels: less is a click with an unsteady hand. */
const DRAG_THRESHOLD = 5;

interface Drag {
  readonly pointer: number;
  readonly key: string;
  readonly header: HTMLElement;
  readonly fromY: number;
  isMoving: boolean;
  goal: { readonly key: string; readonly after: boolean } | null;
}

export function listenToTrackDrags(root: HTMLElement, view: ChartView, signal: AbortSignal): void {
  let drag: Drag | null = null;
  const headers = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('.track-header')];
  const unmark = (): void => {
    for (const header of headers()) delete header.dataset.drop;
  };
  const onDown = (event: PointerEvent): void => {
    const header =
      event.target instanceof Element ? event.target.closest<HTMLElement>('.track-header') : null;
    const key = header?.dataset.track;
    if (event.button !== 0 || header === null || key === undefined) return;
    drag = { pointer: event.pointerId, key, header, fromY: event.clientY, isMoving: false, goal: null };
  };
  const onMove = (event: PointerEvent): void => {
    if (drag?.pointer !== event.pointerId) return;
    // A button that was let go of outside of the window told nobody.
    if (event.buttons === 0) {
      end();
      return;
    }
    if (!drag.isMoving && Math.abs(event.clientY - drag.fromY) < DRAG_THRESHOLD) return;
    if (!drag.isMoving) {
      drag.isMoving = true;
      drag.header.setPointerCapture(event.pointerId);
      drag.header.dataset.dragged = '';
    }
    unmark();
    drag.goal = goalAt(view, headers(), drag.key, event.clientY);
    const { goal } = drag;
    const beside = headers().find(({ dataset }) => dataset.track === goal?.key);
    if (beside !== undefined && goal !== null) beside.dataset.drop = goal.after ? 'after' : 'before';
  };
  const end = (): void => {
    unmark();
    if (drag !== null) delete drag.header.dataset.dragged;
    drag = null;
  };
  const onUp = ({ pointerId }: PointerEvent): void => {
    if (drag?.pointer !== pointerId) return;
    const { key, header, goal, isMoving } = drag;
    end();
    if (!isMoving) return;
    // The click that follows is of this drag.
    header.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => header.removeEventListener('click', swallow, { capture: true }));
    if (goal !== null) dropTrack(view, { key, beside: goal.key, after: goal.after });
  };
  const options = { signal };
  root.addEventListener('pointerdown', onDown, options);
  root.addEventListener('pointermove', onMove, options);
  root.addEventListener('pointerup', onUp, options);
  root.addEventListener(
    'pointercancel',
    ({ pointerId }) => {
      if (drag?.pointer === pointerId) end();
    },
    options,
  );
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** The nearest name among those that it can change places with; null where that is itself. */
function goalAt(view: ChartView, headers: readonly HTMLElement[], key: string, y: number): Drag['goal'] {
  const { chart, tracks } = view.props.peek();
  const among = new Set(neighboursOf(chart, tracks.peek(), key).map((track) => track.key));
  let best: { key: string; after: boolean; distance: number } | null = null;
  for (const header of headers) {
    const other = header.dataset.track ?? '';
    if (!among.has(other)) continue;
    const { top, bottom } = header.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    const distance = Math.abs(y - middle);
    if (best === null || distance < best.distance) best = { key: other, after: y > middle, distance };
  }
  return best === null || best.key === key ? null : { key: best.key, after: best.after };
}
