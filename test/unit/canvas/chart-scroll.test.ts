/** What a chart begins with, and what it says of the tracks that it has scrolled past; scrolling to a row. */
import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { arrangeTracks, type Chart, NO_TRACK_CHOICES, type Track } from '../../../src/flame/index.ts';
import { ChartScroll } from '../../../src/panel/canvas/input/chart-scroll.ts';
import { measuresFor } from '../../../src/panel/canvas/measures.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const base = chartOf(traceOf(thread('CrRendererMain').slice('RunTask', 0, 50)));
const AXIS = 36;

/** Tracks with so many rows each (20 + 18 pixels a row), the last of them the main thread; the room under the axis. */
function makeScroll(rows: readonly number[], room: number) {
  let firstRow = 0;
  const tracks = rows.map((count, at): Track => {
    const track = { ...base.tracks[0], key: `track ${at}`, firstRow, rows: count };
    firstRow += count;
    return track;
  });
  const chart: Chart = { ...base, tracks };
  const measures = measuresFor(1);
  const scroll = new ChartScroll({
    arrangement: signal(arrangeTracks(chart, NO_TRACK_CHOICES, measures)),
    measures: signal(measures),
    size: signal({ width: 500, height: room + AXIS, ratio: 1, textGrowth: 1 }),
    onChange: () => undefined,
  });
  const scroller = { scrollTop: 0, clientHeight: room };
  scroll.attach({ scroller: scroller as HTMLElement, pinned: null });
  return { scroll, scroller, main: `track ${rows.length - 1}` };
}

describe('at the beginning', () => {
  test('nothing is scrolled where the main thread has room', () => {
    const { scroll, scroller, main } = makeScroll([1, 1, 40], 400);
    scroll.makeRoomFor(main);
    expect([scroller.scrollTop, scroll.above.value]).toEqual([0, 0]);
  });

  test('whole tracks are scrolled past, as few as give it room; looking there ends the hint', () => {
    const { scroll, scroller, main } = makeScroll([1, 1, 1, 1, 40], 200);
    scroll.makeRoomFor(main);
    // Six rows and the header (128) under four tracks of 38 need 80 pixels more: three tracks.
    expect([scroller.scrollTop, scroll.above.value]).toEqual([114, 3]);
    scroll.toTop();
    expect([scroller.scrollTop, scroll.above.value]).toEqual([0, 0]);
  });

  test('a window lower than six rows shows nothing but the main thread', () => {
    const { scroll, scroller, main } = makeScroll([1, 1, 40], 80);
    scroll.makeRoomFor(main);
    expect([scroller.scrollTop, scroll.above.value]).toEqual([76, 2]);
  });

  test('a short main thread needs no more than it is high', () => {
    const { scroll, scroller, main } = makeScroll([1, 1, 1], 120);
    scroll.makeRoomFor(main);
    expect(scroller.scrollTop).toBe(0);
  });
});

test('a row out of sight is scrolled to, with one row of room', () => {
  const { scroll, scroller } = makeScroll([1, 1, 40], 100);
  scroll.toRow(20);
  expect(scroller.scrollTop).toBe(2 * 38 + 20 + 19 * 18 - 100 + 18);
  scroll.toRow(0);
  expect(scroller.scrollTop).toBe(2);
  expect(scroll.rowsAt({ x: 0, y: AXIS + 19 })).toEqual([0]);
});
