/**
 * Keys of the flame chart, DevTools' own. Letters match by place on the keyboard (`code`), so that WASD lie together
 * on every layout; keys with Ctrl, Cmd or Alt belong to others.
 * In: a view and a key press. Out: calls of the view, and whether the press was ours.
 */
import { childBoxes, parentBox, siblingBox } from '../../flame/index.ts';
import type { ChartView } from './chart-view.ts';

const ZOOM_STEP = 0.7;
const BIG_ZOOM_STEP = 0.2;
/** CSS pixels. */
const PAN_STEP = 160;
const SCROLL_STEP = 50;

export interface KeyPress {
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function pressKey(view: ChartView, press: KeyPress): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) return false;
  return press.code.startsWith('Arrow')
    ? pressArrow(view, press.code, press.shiftKey)
    : pressOther(view, press.code, press.shiftKey ? BIG_ZOOM_STEP : ZOOM_STEP);
}

function pressOther(view: ChartView, code: string, zoomStep: number): boolean {
  const pan = PAN_STEP * view.size.peek().ratio;
  switch (code) {
    case 'KeyW':
    case 'Equal':
    case 'NumpadAdd':
      view.zoom(zoomStep);
      return true;
    case 'KeyS':
    case 'Minus':
    case 'NumpadSubtract':
      view.zoom(1 / zoomStep);
      return true;
    case 'KeyA':
      view.pan(-pan);
      return true;
    case 'KeyD':
      view.pan(pan);
      return true;
    case 'KeyF':
      return fitMarked(view);
    case 'Digit0':
    case 'Numpad0':
      view.showAll();
      return true;
    case 'PageUp':
    case 'PageDown':
      view.scroll((code === 'PageUp' ? -1 : 1) * SCROLL_STEP * 4);
      return true;
    case 'Escape':
      return clearMark(view);
    default:
      return false;
  }
}

function pressArrow(view: ChartView, code: string, shift: boolean): boolean {
  if (shift) {
    const pan = PAN_STEP * view.size.peek().ratio;
    if (code === 'ArrowLeft') view.pan(-pan);
    else if (code === 'ArrowRight') view.pan(pan);
    else view.scroll(code === 'ArrowUp' ? -SCROLL_STEP : SCROLL_STEP);
    return true;
  }
  const next = view.selectedBox < 0 ? view.firstBox() : neighbour(view, code);
  if (next < 0) return true;
  view.select(next);
  view.reveal(next);
  return true;
}

/** Parent, first child, or the box before or after; -1 for none. */
function neighbour(view: ChartView, code: string): number {
  const { chart, graph } = view.props.peek();
  const box = view.selectedBox;
  // In flames children stand above.
  const towardsParent = graph?.upward === true ? 'ArrowDown' : 'ArrowUp';
  if (code === towardsParent) return parentBox(chart, box);
  if (code === 'ArrowLeft') return siblingBox(chart, box, -1);
  if (code === 'ArrowRight') return siblingBox(chart, box, 1);
  const { from, to } = childBoxes(chart, box);
  return from < to ? from : -1;
}

/** Fits the selection, else the measured range. */
function fitMarked(view: ChartView): boolean {
  const measured = view.props.peek().measured.peek();
  if (view.selectedBox >= 0) view.fit(view.rangeOfBox(view.selectedBox));
  else if (measured !== null) view.fit(measured);
  else return false;
  return true;
}

/** One step back: the measured range first, then the selection. Not ours where there is neither. */
function clearMark(view: ChartView): boolean {
  const { measured, selection } = view.props.peek();
  if (measured.peek() !== null) measured.value = null;
  else if (selection.peek() !== null) view.select(-1);
  else return false;
  return true;
}
