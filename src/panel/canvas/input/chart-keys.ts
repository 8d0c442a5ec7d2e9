/**
 * Keys of the flame chart, as the table of the chosen set says (chart-key-table.ts); keys with Ctrl, Cmd or Alt belong
 * to others.
 * In: a view, a key press, whose keys. Out: calls of the view, and whether the press was ours.
 */
import {
  childBoxes,
  cullRow,
  formatDuration,
  makePieces,
  parentBox,
  siblingBox,
} from '../../../flame/index.ts';
import type { KeySet } from '../../../settings/index.ts';
import type { ChartView } from '../chart-view.ts';
import { hideInChart } from './chart-hiding.ts';
import { type ChartCommand, chartCommandOf, isOuterCommand, type OuterCommand } from './chart-key-table.ts';
import { focusTrackNames } from './track-actions.ts';

const ZOOM_STEP = 0.7;
const BIG_ZOOM_STEP = 0.2;
/** CSS pixels. */
const PAN_STEP = 160;
const SCROLL_STEP = 50;
const PAGE_STEP = 4 * SCROLL_STEP;

export interface KeyPress {
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function pressKey(view: ChartView, press: KeyPress, set: KeySet): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) return false;
  const command = chartCommandOf(set, press.code, press.shiftKey);
  return command !== null && obey(view, command, press.shiftKey ? BIG_ZOOM_STEP : ZOOM_STEP);
}

/** Commands that always can be obeyed. */
type Moving = Exclude<
  ChartCommand,
  | 'zoom-into'
  | 'step-out'
  | 'track-name'
  | 'fit'
  | 'measure'
  | 'clear'
  | 'hide-slice'
  | 'hide-children'
  | 'hide-repeats'
  | 'show-hidden'
  | OuterCommand
>;

/** Does what a key or a menu says. False where there is nothing that it could be done to. */
export function obey(view: ChartView, command: ChartCommand, zoomStep = ZOOM_STEP): boolean {
  if (isOuterCommand(command)) return view.command(command);
  if (command === 'fit') return fitMarked(view);
  if (command === 'measure') return measureMarked(view);
  if (command === 'clear') return clearMark(view);
  if (command === 'show-hidden') return hideInChart(view, null);
  if (command === 'zoom-into') return view.props.peek().crumbs?.zoomInto() ?? false;
  if (command === 'step-out') return view.props.peek().crumbs?.stepOut() ?? false;
  if (command === 'track-name') return focusTrackNames(view);
  if (command === 'hide-slice') return hideInChart(view, 'slice');
  if (command === 'hide-children') return hideInChart(view, 'children');
  if (command === 'hide-repeats') return hideInChart(view, 'repeats');
  const pan = PAN_STEP * view.size.peek().ratio;
  const does: Readonly<Record<Moving, () => void>> = {
    'zoom-in': () => view.zoom(zoomStep),
    'zoom-out': () => view.zoom(1 / zoomStep),
    left: () => view.pan(-pan),
    right: () => view.pan(pan),
    up: () => view.scrollBy(-SCROLL_STEP),
    down: () => view.scrollBy(SCROLL_STEP),
    'page-up': () => view.scrollBy(-PAGE_STEP),
    'page-down': () => view.scrollBy(PAGE_STEP),
    all: () => view.showAll(),
    before: () => selectNext(view, 'before'),
    after: () => selectNext(view, 'after'),
    parent: () => selectNext(view, 'parent'),
    child: () => selectNext(view, 'child'),
  };
  does[command]();
  return true;
}

type Step = 'before' | 'after' | 'parent' | 'child';

function selectNext(view: ChartView, step: Step): void {
  const next = view.selectedBox < 0 ? firstBox(view) : neighbour(view, step);
  if (next < 0) return;
  view.select(next);
  view.reveal(next);
}

/** Where keys start without a selection: the longest box seen in the topmost track in sight that has one; -1 for none. */
function firstBox(view: ChartView): number {
  const { chart } = view.props.peek();
  const pieces = makePieces(view.grid.columns);
  const { arrangement, scrollTop } = view.scroll.facts();
  for (const { track, pinned, bottom } of arrangement.sections) {
    if (track.rows === 0 || (!pinned && bottom <= scrollTop)) continue;
    cullRow(chart, track.firstRow, view.grid, pieces);
    let widest = -1;
    for (let piece = 0; piece < pieces.count; piece++) {
      const width = pieces.to[piece] - pieces.from[piece];
      if (widest < 0 || width > pieces.to[widest] - pieces.from[widest]) widest = piece;
    }
    if (widest >= 0) return pieces.box[widest];
  }
  return -1;
}

/** Parent, first child, or the box before or after; -1 for none. */
function neighbour(view: ChartView, step: Step): number {
  const { chart, graph } = view.props.peek();
  const box = view.selectedBox;
  if (step === 'before') return siblingBox(chart, box, -1);
  if (step === 'after') return siblingBox(chart, box, 1);
  // In flames children stand above.
  if ((step === 'parent') !== (graph?.upward === true)) return parentBox(chart, box);
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

/** The selected slice, else what is shown. A flame graph has no times to measure. */
function measureMarked(view: ChartView): boolean {
  const { measured, viewport, graph } = view.props.peek();
  if (graph !== undefined) return false;
  const range = view.selectedBox < 0 ? viewport.peek() : view.rangeOfBox(view.selectedBox);
  measured.value = range;
  view.announcement.value = `Measured: ${formatDuration(range.end - range.start)}`;
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
