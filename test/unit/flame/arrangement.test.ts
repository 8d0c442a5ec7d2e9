import { describe, expect, test } from 'vitest';
import type { Chart, Track } from '../../../src/flame/index.ts';
import {
  arrangeTracks,
  initialTrackChoices,
  NO_TRACK_CHOICES,
  placeOfRow,
  rowsAtY,
  type TrackChoices,
  toggleTrack,
} from '../../../src/flame/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const HEIGHTS = { header: 20, row: 18 };
const chart = chartOf(
  traceOf(
    thread('CrRendererMain').slice('RunTask', 0, 50).slice('Layout', 10, 30),
    thread('Compositor', { role: 'compositor' }).slice('Commit', 1, 5).slice('Draw', 2, 3),
    thread('Nothing', { role: 'other' }),
  ),
);

const COMPOSITOR = chart.tracks[1].key;

describe('arrangeTracks', () => {
  test('main threads are open, others show their header only, empty ones nothing', () => {
    const { sections, height } = arrangeTracks(chart, initialTrackChoices(chart), HEIGHTS);
    expect(
      sections.map(({ track, collapsed, top, bottom }) => [track.title, collapsed, top, bottom]),
    ).toEqual([
      ['Main of process 1', false, 0, 56],
      ['Compositor', true, 56, 76],
    ]);
    expect(height).toBe(76);
  });

  test('empty tracks show on demand; toggling opens and collapses', () => {
    const choices = toggleTrack({ ...initialTrackChoices(chart), showEmpty: true }, COMPOSITOR);
    const { sections, height } = arrangeTracks(chart, choices, HEIGHTS);
    expect(sections.map(({ collapsed }) => collapsed)).toEqual([false, false, true]);
    expect(height).toBe(56 + 56 + 20);
    expect(toggleTrack(choices, COMPOSITOR).collapsed).toEqual(initialTrackChoices(chart).collapsed);
  });

  test('pixels find their row, and rows their pixels', () => {
    const arrangement = arrangeTracks(chart, initialTrackChoices(chart), HEIGHTS);
    expect([0, 19, 20, 37, 38, 55, 56, 75, 76, -1].map((y) => rowsAtY(arrangement, y))).toEqual([
      ...[[], [], [0], [0], [1], [1], [2], [2], [], []],
    ]);
    expect(placeOfRow(arrangement, 1)).toEqual({ top: 38, height: 18, pinned: false });
    expect(placeOfRow(arrangement, 2)).toEqual({ top: 56, height: 20, pinned: false });
    expect(placeOfRow(arrangement, 3)).toBeNull();
  });
});

describe('a collapsed track of the page', () => {
  const requests = (rows: number): Chart => ({
    ...chart,
    tracks: [{ ...chart.tracks[0], kind: 'network', key: 'network', firstRow: 5, rows }],
  });
  const collapsed = { ...NO_TRACK_CHOICES, collapsed: new Set(['network']) };

  test('shows its rows squeezed into one line, each found where it stands', () => {
    const arrangement = arrangeTracks(requests(2), collapsed, HEIGHTS);
    expect(arrangement.height).toBe(20);
    expect([0, 9, 10, 19].map((y) => rowsAtY(arrangement, y))).toEqual([[5], [5], [6], [6]]);
    expect(placeOfRow(arrangement, 6)).toEqual({ top: 10, height: 10, pinned: false });
  });

  test('of more rows than there are lines, lets several share one; the first lies on top', () => {
    const arrangement = arrangeTracks(requests(10), collapsed, HEIGHTS);
    expect([0, 5, 10, 15, 19].map((y) => rowsAtY(arrangement, y))).toEqual([
      [5, 9, 13],
      [6, 10, 14],
      [7, 11],
      [8, 12],
      [8, 12],
    ]);
    expect(placeOfRow(arrangement, 12)).toEqual({ top: 15, height: 5, pinned: false });
    const full = arrangeTracks(requests(500), collapsed, HEIGHTS);
    expect(rowsAtY(full, 0)).toHaveLength(6);
    expect(placeOfRow(full, 200)).toBeNull();
  });
});

describe('pinned, hidden and grouped tracks', () => {
  const track = (key: string, changes: Partial<Track> = {}): Track => ({
    ...chart.tracks[0],
    key,
    title: key,
    firstRow: 0,
    rows: 1,
    ...changes,
  });
  const many: Chart = {
    ...chart,
    tracks: [
      track('a'),
      track('shop', { kind: 'group', rows: 0 }),
      track('basket', { group: 'shop', firstRow: 1 }),
      track('stock', { group: 'shop', firstRow: 2 }),
      track('b', { firstRow: 3 }),
    ],
  };
  const placed = (choices: Partial<TrackChoices>) =>
    arrangeTracks(many, { ...NO_TRACK_CHOICES, ...choices }, HEIGHTS);
  const titles = (choices: Partial<TrackChoices>): string[] =>
    placed(choices).sections.map(({ track: { title }, pinned }) => (pinned ? `^${title}` : title));

  test('pinned ones stand apart, from the top, in the order in which they were pinned', () => {
    expect(titles({ pinned: ['b', 'a'] })).toEqual(['^b', '^a', 'shop', 'basket', 'stock']);
    const { sections, pinnedHeight, height } = placed({ pinned: ['b', 'a'] });
    expect(sections.map(({ top }) => top)).toEqual([0, 38, 0, 20, 58]);
    expect([pinnedHeight, height]).toEqual([76, 96]);
    const arrangement = placed({ pinned: ['b'] });
    expect([rowsAtY(arrangement, 25, true), rowsAtY(arrangement, 25)]).toEqual([[3], [0]]);
    expect(placeOfRow(arrangement, 3)).toEqual({ top: 20, height: 18, pinned: true });
  });

  test('a group brings its tracks along: collapsed, hidden or pinned', () => {
    expect(titles({ collapsed: new Set(['shop']) })).toEqual(['a', 'shop', 'b']);
    expect(titles({ hidden: new Set(['shop']) })).toEqual(['a', 'b']);
    expect(titles({ hidden: new Set(['basket']) })).toEqual(['a', 'shop', 'stock', 'b']);
    expect(titles({ pinned: ['shop'] })).toEqual(['^shop', '^basket', '^stock', 'a', 'b']);
    expect(titles({ pinned: ['shop'], collapsed: new Set(['shop']) })).toEqual(['^shop', 'a', 'b']);
  });

  test('the order is the user’s; what it does not name stays behind what it stood behind', () => {
    expect(titles({ order: ['b', 'a', 'shop', 'stock', 'basket'] })).toEqual([
      'b',
      'a',
      'shop',
      'stock',
      'basket',
    ]);
    expect(titles({ order: ['b', 'shop', 'a'] })).toEqual(['b', 'shop', 'basket', 'stock', 'a']);
    expect(titles({ order: ['gone', 'a'] })).toEqual(['a', 'shop', 'basket', 'stock', 'b']);
  });
});
