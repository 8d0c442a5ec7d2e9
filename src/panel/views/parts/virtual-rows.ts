/**
 * Long lists of rows of one height, of which only those in sight are in the page.
 * In: how many rows there are, the row to keep in sight. Out: the rows to draw with their places, and the height of all.
 * A page cannot be higher than some 33 million pixels: of more than {@link MOST_ROWS} rows the caller shows the first.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Rect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** CSS pixels: rows are as high as their text needs, and at least so high; as in style/tables.css. */
const LEAST_ROW = 20;
const ROW_PER_LINE = 1.2;
export const MOST_ROWS = 1_500_000;

export interface VirtualRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly items: readonly VirtualItem[];
  readonly height: number;
  /** How many rows fit. */
  readonly pageRows: () => number;
}

export function useVirtualRows(count: number, active: number): VirtualRows {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const [rowHeight, setRowHeight] = useState(LEAST_ROW);
  const measureRows = (): void => {
    if (scroller.current !== null) setRowHeight(rowHeightIn(scroller.current));
  };
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    observeElementRect: (of: Virtualizer<HTMLDivElement, Element>, tell: (rect: Rect) => void) =>
      observeElementRect(of, (rect) => {
        measureRows();
        tell(rect);
      }),
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: redraw,
  };
  const [rows] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  rows.setOptions(options);
  useLayoutEffect(() => rows._didMount(), [rows]);
  // A list that was empty gets its scroller later, and text may grow at any time.
  useLayoutEffect(() => {
    // Its list is walked by keys: it is no stop of Tab's by itself.
    if (scroller.current !== null) scroller.current.tabIndex = -1;
    measureRows();
  });
  useLayoutEffect(() => rows.measure(), [rows, rowHeight]);
  useLayoutEffect(() => rows._willUpdate());
  useLayoutEffect(() => {
    if (active >= 0) rows.scrollToIndex(active, { align: 'auto' });
  }, [rows, active]);
  return {
    scroller,
    items: rows.getVirtualItems(),
    height: rows.getTotalSize(),
    pageRows: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1),
  };
}

/** A font size that the browser is set to makes lines higher. In a frame that is not shown there are no lines. */
function rowHeightIn(scroller: HTMLElement): number {
  const line = Number.parseFloat(getComputedStyle(scroller).lineHeight) || 0;
  return Math.max(LEAST_ROW, Math.ceil(line * ROW_PER_LINE));
}
