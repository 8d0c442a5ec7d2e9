/**
 * The flame chart's behaviour: what is where, moving about, selecting, what is painted. Gestures and keys call it, the
 * component shows what it says.
 * In: props (signals owned by the caller) and the elements it lives in. Out: writes to viewport, selection, measured
 * and tracks; its own signals for hover card, headers and live text. Coordinates are device pixels of the canvas.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../analysis/index.ts';
import { type Micros, type SliceIndex, sliceIndex } from '../../base/index.ts';
import {
  type Arrangement,
  arrangeTracks,
  boxNear,
  boxOfSlice,
  fitViewport,
  makeGrid,
  type PixelGrid,
  panViewport,
  revealInViewport,
  revealTrack,
  rowOfBox,
  sameRange,
  spanOfBox,
  timeToX,
  trackOfRow,
  xToTime,
  zoomViewport,
} from '../../flame/index.ts';
import { ChartFrames, type Place } from './chart-frames.ts';
import type { FramePainter } from './frame-scheduler.ts';
import type { OuterCommand } from './input/chart-key-table.ts';
import { ChartScroll, type ScrollElements } from './input/chart-scroll.ts';
import { ViewportMotion } from './input/viewport-motion.ts';
import { graphMeasuresFor, type Measures, measuresFor } from './measures.ts';
import { findArrowEnds, hasArrows } from './paint/arrow-painter.ts';
import { hoveredArea } from './paint/box-area.ts';
import { describeBox, describeNode } from './paint/box-words.ts';
import { type CanvasSize, makeCanvasSize, observeCanvasSize } from './paint/canvas-size.ts';
import type { Area } from './paint/draw-target.ts';
import { followForcedColours, type SystemColours, themeOf } from './paint/forced-colours.ts';
import { makePalette } from './paint/palette.ts';
import type { PictureDesk } from './paint/pictures.ts';
import type { ChartOverlay, ChartScene, Point } from './paint/scene.ts';
import type { ChartHandle, ClientPoint, FlameChartProps } from './props.ts';

export interface ChartElements extends ScrollElements {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

/** A box under the pointer, or (-1) none in that row; and where the pointer is (CSS pixels of the root). */
export interface Hover extends Point {
  readonly box: number;
  /** A row of a counter; -1 where it is none. */
  readonly counter: number;
  /** A frame around the box, CSS pixels of the root: nothing of the picture is painted anew for it. */
  readonly frame: Area | null;
}

/** CSS pixels around what is hard to meet. */
const REACH = 3;

const sameArea = (one: Area | null, other: Area | null): boolean =>
  one?.x === other?.x && one?.y === other?.y && one?.width === other?.width && one?.height === other?.height;

export class ChartView implements ChartHandle {
  readonly props: Signal<FlameChartProps>;
  readonly size: Signal<CanvasSize> = makeCanvasSize();
  readonly measures: ReadonlySignal<Measures> = computed(() => {
    const { ratio, textGrowth } = this.size.value;
    const isGraph = this.props.value.graph !== undefined;
    return isGraph ? graphMeasuresFor(ratio, textGrowth) : measuresFor(ratio, textGrowth);
  });
  readonly arrangement: ReadonlySignal<Arrangement> = computed(() => {
    const { chart, tracks, graph } = this.props.value;
    return arrangeTracks(chart, tracks.value, this.measures.value, graph?.upward);
  });
  /** Which of the tracks are in sight. */
  readonly scroll = new ChartScroll({
    arrangement: this.arrangement,
    measures: this.measures,
    size: this.size,
    onChange: () => this.invalidate(),
  });
  readonly hover = signal<Hover | null>(null);
  /** What a screen reader is told next. */
  readonly announcement = signal('');
  readonly #forced = signal<SystemColours | null>(null);
  readonly #palette = computed(() => makePalette(themeOf(this.props.value.theme, this.#forced.value)));
  readonly #chart = computed(() => this.props.value.chart);
  /** Once for a chart, when something is pointed at. */
  readonly #arrowEnds = computed(() => findArrowEnds(this.#chart.value));
  readonly #selectedBox = computed(() => {
    const { chart, selection } = this.props.value;
    return selection.value === null ? -1 : boxOfSlice(chart, selection.value);
  });
  /** Whoever saves pictures; null where nobody does. */
  pictures: PictureDesk | null = null;
  readonly #motion = new ViewportMotion();
  /** For the scheduler: the same one for as long as there is the chart. */
  readonly #paint: FramePainter = (time) => this.#frames?.paint(time) ?? false;
  #frames: ChartFrames | null = null;
  #elements: ChartElements | null = null;
  #pointer: Point | null = null;
  #ownSelection: SliceIndex | null = null;
  #fontFamily = 'sans-serif';
  #isBegun = false;
  #isTold = false;

  constructor(props: FlameChartProps) {
    this.props = signal(props);
  }

  /** Starts painting into `elements`. Call the answer to stop. */
  attach(elements: ChartElements): () => void {
    this.#elements = elements;
    this.#fontFamily = getComputedStyle(elements.root).fontFamily;
    const { scheduler } = this.props.peek();
    this.scroll.attach(elements);
    const frames = this.#makeFrames(elements.canvas);
    this.#frames = frames;
    const stops = [
      () => frames.close(),
      observeCanvasSize(elements.canvas, this.size),
      followForcedColours(this.#forced),
      scheduler.add(this.#paint),
      effect(() => this.#watch()),
      effect(() => this.#followSelection()),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#elements = null;
      this.scroll.attach(null);
      this.#frames = null;
    };
  }

  #makeFrames(canvas: HTMLCanvasElement): ChartFrames {
    return new ChartFrames(canvas, {
      size: this.size,
      advance: (time) => this.#motion.advance(this.props.peek().viewport, time),
      place: () => this.#placeOfPicture(),
      scene: () => this.#sceneAtRest(),
      pictures: () => this.props.peek().pictures ?? null,
      look: () => this.#updateHover(this.size.peek().ratio),
      lookAway: () => this.#forgetHover(),
      onBegin: () => this.#begin(),
      onWhole: () => this.#tellPainted(),
    });
  }

  focus(): void {
    this.#elements?.root.focus({ preventScroll: true });
  }

  invalidate(): void {
    this.#frames?.touch();
    this.props.peek().scheduler.invalidate(this.#paint);
  }

  /** Where the pointer is, null outside: decides what is hovered and where keys zoom. */
  pointAt(point: Point | null): void {
    this.#pointer = point;
    this.props.peek().scheduler.invalidate(this.#paint);
  }

  get grid(): PixelGrid {
    const { chart, viewport } = this.props.peek();
    return makeGrid(chart.bounds.start, viewport.peek(), Math.max(1, this.size.peek().width));
  }

  get overlay(): ChartOverlay | null {
    return this.props.peek().overlay?.peek() ?? null;
  }

  timeAt(x: number): Micros {
    return xToTime(this.grid, x);
  }

  /** The box drawn at a point; -1 for none. What is a few pixels wide is met from beside it. */
  boxAt(point: Point): number {
    const { chart } = this.props.peek();
    const rows = this.scroll.rowsAt(point);
    for (const reach of [0, Math.round(REACH * this.size.peek().ratio)])
      for (const row of rows) {
        const box = boxNear(chart, row, this.grid, { x: point.x, reach });
        if (box >= 0) return box;
      }
    return -1;
  }

  /** The row of a counter at a point; -1 for none. */
  #counterAt(point: Point): number {
    const { counters } = this.props.peek().chart;
    return this.scroll.rowsAt(point).find((row) => counters?.has(row) === true) ?? -1;
  }

  get selectedBox(): number {
    return this.#selectedBox.peek();
  }

  /** Zooms about `x`; about the pointer or the middle where it is left out. */
  zoom(factor: number, x = this.#pointer?.x ?? this.size.peek().width / 2): void {
    const { viewport, chart } = this.props.peek();
    const { start, end } = viewport.peek();
    // Not by the grid, which is rounded to whole pixels: the error of many small steps would add up.
    const anchor = start + (x / Math.max(1, this.size.peek().width)) * (end - start);
    this.#look(zoomViewport({ start, end }, chart.bounds, anchor, factor));
  }

  /** Moves what is seen by device pixels: positive looks further right. */
  pan(pixels: number): void {
    const { viewport, chart } = this.props.peek();
    this.#look(panViewport(viewport.peek(), chart.bounds, pixels / this.grid.scale));
  }

  /** At the bounds a hand may go on turning: nothing is told, and nothing painted. */
  #look(range: TimeRange): void {
    const { viewport } = this.props.peek();
    if (!sameRange(viewport.peek(), range)) viewport.value = range;
  }

  /** CSS pixels, positive downwards; of the part that is pointed at. */
  scrollBy(pixels: number): void {
    this.scroll.by(pixels, this.#pointer);
  }

  /** Hands on what is not the chart's own to do; `at`: where a menu was asked for. */
  command(command: OuterCommand, at: ClientPoint | null = null): boolean {
    if (command === 'picture-png' || command === 'picture-svg') {
      this.pictures?.save(this, command === 'picture-png' ? 'png' : 'svg');
      return this.pictures !== null;
    }
    return this.props.peek().onCommand?.(command, this, at) ?? false;
  }

  /** Where a box is seen, CSS pixels of the page: where a menu about it opens. null where it is out of sight. */
  placeOf(box: number): ClientPoint | null {
    const { chart } = this.props.peek();
    const bottom = box < 0 ? null : this.scroll.bottomOf(rowOfBox(chart, box));
    const rect = this.#elements?.canvas.getBoundingClientRect();
    if (bottom === null || rect === undefined) return null;
    const { ratio } = this.size.peek();
    const span = spanOfBox(chart, box);
    const from = timeToX(this.grid, span.start) / ratio;
    const to = timeToX(this.grid, span.end) / ratio;
    if (to < 0 || from > rect.width) return null;
    return {
      x: rect.left + Math.max(0, from),
      y: rect.top + Math.min(Math.max(bottom / ratio, 0), rect.height),
    };
  }

  /** Where the canvas begins, CSS pixels of the page. */
  placeOnPage(): { readonly left: number; readonly top: number } {
    return this.#elements?.canvas.getBoundingClientRect() ?? { left: 0, top: 0 };
  }

  /** All that a picture needs, as it is seen now; null before the first layout. */
  scene(): ChartScene | null {
    const { width, height } = this.size.peek();
    return width === 0 || height === 0 ? null : this.#sceneAtRest();
  }

  jumpTo(range: TimeRange): void {
    this.#motion.jump(this.props.peek().viewport, range);
    this.invalidate();
  }

  fit(range: TimeRange): void {
    this.jumpTo(fitViewport(range, this.props.peek().chart.bounds));
  }

  /** The page window; the whole trace where that is what is seen already. */
  showAll(): void {
    const { home, chart, viewport } = this.props.peek();
    this.jumpTo(sameRange(this.#motion.goalOf(viewport), home) ? chart.bounds : home);
  }

  rangeOfBox(box: number): TimeRange {
    return spanOfBox(this.props.peek().chart, box);
  }

  /** Selects as the user does: says so aloud, and tells the owner. -1 selects nothing. */
  select(box: number): void {
    const { chart, selection, onSelect } = this.props.peek();
    const slice = box < 0 ? null : sliceIndex(chart.boxes.slice[box]);
    this.#ownSelection = slice;
    selection.value = slice;
    this.announcement.value = box < 0 ? 'Nothing selected' : this.describe(box);
    onSelect?.(slice);
  }

  /** What a screen reader is told of a box. */
  describe(box: number): string {
    const { chart, graph } = this.props.peek();
    return graph === undefined ? describeBox(chart, box) : describeNode(chart, box, graph);
  }

  /** Brings a box into view: opens its track, scrolls to its row, moves to its time. */
  reveal(box: number): void {
    const { chart, viewport, tracks } = this.props.peek();
    const row = rowOfBox(chart, box);
    const track = trackOfRow(chart, row);
    if (track !== null) tracks.value = revealTrack(tracks.peek(), track, row > track.firstRow);
    this.scroll.toRow(row);
    const goal = this.#motion.goalOf(viewport);
    const seen = revealInViewport(goal, chart.bounds, this.rangeOfBox(box));
    if (seen !== goal) this.jumpTo(seen);
  }

  /** The track whose name is, or would be, in the order of Tab. */
  readonly reachedTrack = signal('');

  headerOf(key: string): HTMLElement | null {
    const { root } = this.#elements ?? {};
    return root?.querySelector<HTMLElement>(`.track-header[data-track="${CSS.escape(key)}"]`) ?? null;
  }

  /** False where nobody shows a menu. */
  openTrackMenu(key: string, at: ClientPoint): boolean {
    return this.props.peek().onTrackMenu?.(key, this, at) ?? false;
  }

  /** Everything that a frame shows; a change of any of it asks for one. */
  #watch(): void {
    const { viewport, measured, matches, marks, dims, overlay } = this.props.value;
    viewport.value;
    marks?.value;
    dims?.value;
    overlay?.value;
    this.props.value.pictures?.version.value;
    matches.value;
    measured.value;
    this.size.value;
    this.arrangement.value;
    this.#palette.value;
    this.#selectedBox.value;
    this.invalidate();
  }

  /** A selection set from outside is brought into view. */
  #followSelection(): void {
    const slice = this.props.value.selection.value;
    if (slice === this.#ownSelection) return;
    this.#ownSelection = slice;
    const box = this.#selectedBox.peek();
    if (box < 0) return;
    this.announcement.value = this.describe(box);
    this.reveal(box);
  }

  /** Begins with the page's main thread in sight, however much stands above it. */
  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { chart, graph } = this.props.peek();
    const main = chart.tracks.find(({ kind, rows }) => kind === 'thread' && rows > 0);
    if (graph === undefined && main !== undefined) this.scroll.makeRoomFor(main.key);
  }

  #placeOfPicture(): Place {
    const { scrollTop, pinnedScrollTop } = this.scroll.facts();
    return { range: this.props.peek().viewport.peek(), scrolled: scrollTop + pinnedScrollTop };
  }

  /** When a frame has taken what was painted. */
  #tellPainted(): void {
    const { onPainted, scheduler } = this.props.peek();
    if (onPainted === undefined || this.#isTold) return;
    const stop = scheduler.idle.subscribe((isIdle) => {
      if (!isIdle) return;
      queueMicrotask(() => stop());
      if (this.#isTold) return;
      this.#isTold = true;
      onPainted();
    });
  }

  #sceneAtRest(): ChartScene {
    const props = this.props.peek();
    const { chart, origin, milestones } = props;
    const { arrangement, scrollTop, pinnedScrollTop } = this.scroll.facts();
    return {
      chart,
      arrangement,
      scrollTop,
      pinnedScrollTop,
      grid: this.grid,
      origin,
      milestones,
      palette: this.#palette.peek(),
      measures: this.measures.peek(),
      selected: this.#selectedBox.peek(),
      hovered: -1,
      measured: props.measured.peek(),
      matches: props.matches.peek(),
      marks: props.marks?.peek() ?? null,
      dims: props.dims?.peek() ?? false,
      overlay: props.overlay?.peek() ?? null,
      pictures: props.pictures ?? null,
      fontFamily: this.#fontFamily,
      mostLabels: Number.POSITIVE_INFINITY,
    };
  }

  /** True where there is a pointer. */
  #forgetHover(): boolean {
    if (this.hover.peek() !== null) this.hover.value = null;
    return this.#pointer !== null;
  }

  #updateHover(ratio: number): number {
    const point = this.#pointer;
    const box = point === null ? -1 : this.boxAt(point);
    const counter = point === null || box >= 0 ? -1 : this.#counterAt(point);
    const isOnNothing = point === null || (box < 0 && counter < 0);
    const frame = this.#frameOf(box, ratio);
    const hover = isOnNothing ? null : { box, counter, x: point.x / ratio, y: point.y / ratio, frame };
    const old = this.hover.peek();
    const isSame = hover?.box === old?.box && hover?.x === old?.x && hover?.y === old?.y;
    if (!isSame || !sameArea(frame, old?.frame ?? null)) this.hover.value = hover;
    return hasArrows(this.#chart.peek(), this.#arrowEnds.peek(), box) ? box : -1;
  }

  /** The selected box has its own. */
  #frameOf(box: number, ratio: number): Area | null {
    if (box < 0 || box === this.selectedBox) return null;
    const facts = { ...this.scroll.facts(), chart: this.props.peek().chart, grid: this.grid };
    const area = hoveredArea(facts, box);
    if (area === null) return null;
    const { x, y, width, height } = area;
    return { x: x / ratio, y: y / ratio, width: width / ratio, height: height / ratio };
  }
}
