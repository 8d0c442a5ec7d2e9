/** What the user does to tracks: one change at a time, and what of it is kept. */
import { describe, expect, test } from 'vitest';
import {
  bringBackAllTracks,
  bringBackTrack,
  type Chart,
  changesOf,
  choicesFrom,
  hideAllOthers,
  hideTrack,
  initialTrackChoices,
  moveTrack,
  NO_TRACK_CHOICES,
  placeTrack,
  revealTrack,
  type Track,
  type TrackChoices,
  togglePinned,
  toggleTrack,
  visibleTracks,
} from '../../../src/flame/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(
  traceOf(
    thread('CrRendererMain').slice('RunTask', 0, 50),
    thread('Compositor', { role: 'compositor' }).slice('Draw', 1, 5),
  ),
);
const track = (key: string, changes: Partial<Track> = {}): Track => ({
  ...chart.tracks[0],
  key,
  title: key,
  ...changes,
});
const many: Chart = {
  ...chart,
  tracks: [
    track('a'),
    track('b'),
    track('shop', { kind: 'group', rows: 0 }),
    track('basket', { group: 'shop' }),
    track('stock', { group: 'shop' }),
    track('c'),
  ],
};
const shown = (choices: TrackChoices): string =>
  visibleTracks(many, choices)
    .map(({ key }) => key)
    .join(' ');
const NOTHING = { opened: [], collapsed: [], hidden: [], pinned: [], order: [] };

describe('at first', () => {
  const opened = (tracks: readonly Track[]): string[] => {
    const { collapsed } = initialTrackChoices({ ...many, tracks });
    return tracks.flatMap(({ key }) => (collapsed.has(key) ? [] : [key]));
  };

  test('the threads that run scripts are open, everything else is one line, in an open group', () => {
    expect(
      opened([
        track('network', { kind: 'network', rows: 3 }),
        track('timings', { kind: 'timings', rows: 1 }),
        track('shop', { kind: 'group', rows: 0 }),
        track('basket', { kind: 'custom', group: 'shop' }),
        track('main', { role: 'main', rows: 40 }),
        track('worker', { role: 'worker', rows: 4 }),
        track('counters', { kind: 'counters', rows: 4 }),
        track('raster', { role: 'raster', rows: 2 }),
      ]),
    ).toEqual(['shop', 'main', 'worker']);
  });
});

describe('moving', () => {
  test('goes by one place, and not past the ends', () => {
    const down = moveTrack(many, NO_TRACK_CHOICES, 'a', 1);
    expect(shown(down)).toBe('b a shop basket stock c');
    expect(shown(moveTrack(many, down, 'a', 1))).toBe('b shop basket stock a c');
    expect(shown(moveTrack(many, down, 'a', -1))).toBe('a b shop basket stock c');
    expect(moveTrack(many, NO_TRACK_CHOICES, 'a', -1)).toBe(NO_TRACK_CHOICES);
    expect(moveTrack(many, NO_TRACK_CHOICES, 'c', 1)).toBe(NO_TRACK_CHOICES);
  });

  test('passes what is hidden, and takes a group whole', () => {
    const choices = hideTrack(NO_TRACK_CHOICES, 'b');
    expect(shown(moveTrack(many, choices, 'a', 1))).toBe('shop basket stock a c');
    expect(shown(moveTrack(many, NO_TRACK_CHOICES, 'shop', 1))).toBe('a b c shop basket stock');
  });

  test('inside a group stays there; nothing is put into a group or out of it', () => {
    expect(shown(moveTrack(many, NO_TRACK_CHOICES, 'stock', -1))).toBe('a b shop stock basket c');
    expect(moveTrack(many, NO_TRACK_CHOICES, 'stock', 1)).toBe(NO_TRACK_CHOICES);
    const out = placeTrack(many, NO_TRACK_CHOICES, { key: 'stock', beside: 'a', after: false });
    expect(out).toBe(NO_TRACK_CHOICES);
  });

  test('among the pinned is their own order', () => {
    const pinned = togglePinned(togglePinned(NO_TRACK_CHOICES, 'c'), 'a');
    expect(pinned.pinned).toEqual(['c', 'a']);
    const moved = moveTrack(many, pinned, 'a', -1);
    expect([moved.pinned, moved.order]).toEqual([['a', 'c'], []]);
    expect(togglePinned(moved, 'a').pinned).toEqual(['c']);
  });

  test('a drop stands before or behind what it was dropped on', () => {
    const before = placeTrack(many, NO_TRACK_CHOICES, { key: 'c', beside: 'a', after: false });
    expect(shown(before)).toBe('c a b shop basket stock');
    const after = placeTrack(many, before, { key: 'c', beside: 'b', after: true });
    expect(shown(after)).toBe('a b c shop basket stock');
  });
});

describe('hiding', () => {
  test('one, all others, and bringing back', () => {
    const one = hideTrack(NO_TRACK_CHOICES, 'b');
    expect(shown(one)).toBe('a shop basket stock c');
    expect(shown(bringBackTrack(one, 'b'))).toBe(shown(NO_TRACK_CHOICES));
    const alone = hideAllOthers(many, NO_TRACK_CHOICES, 'stock');
    expect(shown(alone)).toBe('shop stock');
    expect(shown(hideAllOthers(many, NO_TRACK_CHOICES, 'shop'))).toBe('shop basket stock');
    expect(shown(bringBackAllTracks(alone))).toBe(shown(NO_TRACK_CHOICES));
  });
});

describe('revealing', () => {
  test('brings a track back, opens its group, and opens it where its rows are asked for', () => {
    const [, , , basket] = many.tracks;
    expect(revealTrack(NO_TRACK_CHOICES, basket, true)).toBe(NO_TRACK_CHOICES);
    const hidden = hideTrack(hideTrack(NO_TRACK_CHOICES, 'basket'), 'shop');
    expect(shown(revealTrack(hidden, basket, false))).toBe(shown(NO_TRACK_CHOICES));
    const shut = toggleTrack(toggleTrack(NO_TRACK_CHOICES, 'basket'), 'shop');
    expect([...revealTrack(shut, basket, false).collapsed]).toEqual(['basket']);
    expect([...revealTrack(shut, basket, true).collapsed]).toEqual([]);
  });
});

describe('what is kept', () => {
  const [main, compositor] = chart.tracks;

  test('is what the user changed, and nothing else', () => {
    const first = initialTrackChoices(chart);
    expect(changesOf(chart, first, NOTHING)).toEqual(NOTHING);
    const changed = toggleTrack(toggleTrack(first, compositor.key), main.key);
    expect(changesOf(chart, changed, NOTHING)).toEqual({
      ...NOTHING,
      opened: [compositor.key],
      collapsed: [main.key],
    });
  });

  test('comes back as it was', () => {
    const choices = togglePinned(
      hideTrack(toggleTrack(initialTrackChoices(chart), compositor.key), main.key),
      compositor.key,
    );
    expect(choicesFrom(chart, changesOf(chart, choices, NOTHING))).toEqual(choices);
  });

  test('of tracks that are not there stays', () => {
    const kept = { ...NOTHING, opened: ['9:9'], collapsed: ['8:8'] };
    expect(changesOf(chart, choicesFrom(chart, kept), kept)).toEqual(kept);
  });
});
