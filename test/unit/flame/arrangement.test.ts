import { describe, expect, test } from 'vitest';
import {
  arrangeTracks,
  initialTrackChoices,
  placeOfRow,
  rowAtY,
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
    const choices = toggleTrack({ ...initialTrackChoices(chart), showEmpty: true }, 1);
    const { sections, height } = arrangeTracks(chart, choices, HEIGHTS);
    expect(sections.map(({ collapsed }) => collapsed)).toEqual([false, false, true]);
    expect(height).toBe(56 + 56 + 20);
    expect(toggleTrack(choices, 1).collapsed).toEqual(initialTrackChoices(chart).collapsed);
  });

  test('pixels find their row, and rows their pixels', () => {
    const arrangement = arrangeTracks(chart, initialTrackChoices(chart), HEIGHTS);
    expect([0, 19, 20, 37, 38, 55, 56, 75, 76, -1].map((y) => rowAtY(arrangement, y))).toEqual([
      -1, -1, 0, 0, 1, 1, 2, 2, -1, -1,
    ]);
    expect(placeOfRow(arrangement, 1)).toEqual({ top: 38, height: 18 });
    expect(placeOfRow(arrangement, 2)).toEqual({ top: 56, height: 20 });
    expect(placeOfRow(arrangement, 3)).toBeNull();
  });
});
