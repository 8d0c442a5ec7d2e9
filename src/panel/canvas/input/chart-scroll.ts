/**
 * Which of a chart's tracks are in sight: how far its two parts are scrolled, and what stands where because of it.
 * In: where tracks stand, the canvas' size, the elements that scroll. Out: places on the canvas in device pixels, and how
 * many tracks the chart itself has scrolled out of sight, so that somebody can say so. Scroll positions are CSS pixels.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Arrangement, placeOfRow, rowsAtY } from '../../../flame/index.ts';
import type { Measures } from '../measures.ts';
import type { CanvasSize } from '../paint/canvas-size.ts';
import type { Point } from '../paint/scene.ts';
import { axisHeight, type PaneFacts, pinnedHeightOf, placeAtY, yOfPlace } from '../panes.ts';

export interface ScrollElements {
  /** Scrolls the tracks; its content is as high as they are. */
  readonly scroller: HTMLElement;
  /** The same of those that are pinned; null where none can be. */
  readonly pinned: HTMLElement | null;
}

interface Surroundings {
  readonly arrangement: ReadonlySignal<Arrangement>;
  readonly measures: ReadonlySignal<Measures>;
  readonly size: ReadonlySignal<CanvasSize>;
  /** It stands elsewhere. */
  readonly onChange: () => void;
}

/** The page's main thread has this share of the room at first, and no less than so many rows. */
const LEAST_SHARE = 0.45;
const LEAST_ROWS = 6;

export class ChartScroll {
  readonly #around: Surroundings;
  #elements: ScrollElements | null = null;
  /** CSS pixels. Read once it changes: asked of the page in every frame it would be laid out for it. */
  #scrolled = 0;
  #pinnedScrolled = 0;
  /** Tracks above what is seen, until somebody has looked there. */
  readonly above: Signal<number> = signal(0);
  /** CSS pixels of the pinned tracks that are seen. */
  readonly pinnedHeight: ReadonlySignal<number>;

  constructor(around: Surroundings) {
    this.#around = around;
    this.pinnedHeight = computed(() => {
      const { height, ratio } = around.size.value;
      const arrangement = around.arrangement.value;
      return pinnedHeightOf({ arrangement, measures: around.measures.value, height }) / ratio;
    });
  }

  /** Call with null to let go. */
  attach(elements: ScrollElements | null): void {
    this.#elements = elements;
    if (elements !== null) this.read();
  }

  /** The scrollers stand elsewhere, or are said to: a place that was set here is told once more by the page. */
  read(): void {
    const scrolled = this.#elements?.scroller.scrollTop ?? 0;
    const pinnedScrolled = this.#elements?.pinned?.scrollTop ?? 0;
    if (scrolled === this.#scrolled && pinnedScrolled === this.#pinnedScrolled) return;
    this.#scrolled = scrolled;
    this.#pinnedScrolled = pinnedScrolled;
    // Said until somebody has looked there.
    if (this.above.peek() > 0) this.above.value = this.#countAbove();
    this.#around.onChange();
  }

  /** CSS pixels, positive downwards; of the part that is pointed at where it can be scrolled. */
  by(pixels: number, pointer: Point | null): void {
    if (this.#elements === null || pixels === 0) return;
    const { scroller, pinned } = this.#elements;
    const place = pointer === null ? null : placeAtY(this.facts(), pointer.y);
    const isPinned = place?.pinned === true && pinned !== null && pinned.scrollHeight > pinned.clientHeight;
    if (isPinned) pinned.scrollTop += pixels;
    else scroller.scrollTop += pixels;
    this.read();
  }

  /** Brings one of the chart's rows into sight. */
  toRow(row: number): void {
    const place = placeOfRow(this.#around.arrangement.peek(), row);
    if (place === null || this.#elements === null) return;
    const { scroller: main, pinned } = this.#elements;
    const scroller = place.pinned ? (pinned ?? main) : main;
    const { ratio } = this.#around.size.peek();
    const top = place.top / ratio;
    const bottom = (place.top + place.height) / ratio;
    if (top < scroller.scrollTop) scroller.scrollTop = top - place.height / ratio;
    else if (bottom > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = bottom - scroller.clientHeight + place.height / ratio;
    this.read();
  }

  /** Gives a track the room that it needs to be read, by scrolling past whole tracks above it; no more than that. */
  makeRoomFor(key: string): void {
    const { arrangement, measures, size } = this.#around;
    const { sections } = arrangement.peek();
    const own = sections.find(({ track, pinned }) => track.key === key && !pinned);
    if (this.#elements === null || own === undefined) return;
    const { height, ratio } = size.peek();
    const { header, row } = measures.peek();
    const room = height - axisHeight(measures.peek()) - this.pinnedHeight.peek() * ratio;
    const wanted = Math.min(
      room,
      own.bottom - own.top,
      Math.max(LEAST_SHARE * room, header + LEAST_ROWS * row),
    );
    const least = own.top + wanted - room;
    if (least <= 0) return;
    const above = sections.filter(({ pinned, top }) => !pinned && top < own.top);
    const first = above.find(({ top }) => top >= least) ?? own;
    this.#elements.scroller.scrollTop = first.top / ratio;
    this.read();
    this.above.value = this.#countAbove();
  }

  #countAbove(): number {
    const { arrangement, scrollTop } = this.facts();
    return arrangement.sections.filter(({ pinned, bottom }) => !pinned && bottom <= scrollTop + 1).length;
  }

  toTop(): void {
    if (this.#elements !== null) this.#elements.scroller.scrollTop = 0;
    this.read();
  }

  facts(): PaneFacts {
    const { arrangement, measures, size } = this.#around;
    const { height, ratio } = size.peek();
    return {
      arrangement: arrangement.peek(),
      measures: measures.peek(),
      scrollTop: Math.round(this.#scrolled * ratio),
      pinnedScrollTop: Math.round(this.#pinnedScrolled * ratio),
      height,
    };
  }

  /** The chart's rows at a point of the canvas, the topmost first. */
  rowsAt({ y }: Point): readonly number[] {
    const place = placeAtY(this.facts(), y);
    return place === null ? [] : rowsAtY(this.#around.arrangement.peek(), place.y, place.pinned);
  }

  /** Where on the canvas a row's lower edge is, wherever that is; null where the row is not drawn. */
  bottomOf(row: number): number | null {
    const place = placeOfRow(this.#around.arrangement.peek(), row);
    return place === null ? null : yOfPlace(this.facts(), place) + place.height;
  }
}
