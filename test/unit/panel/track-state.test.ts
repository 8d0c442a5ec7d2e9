/** How tracks stand: as kept with the recording, kept when it changes, and taken back. */
import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { type Chart, hideTrack, initialTrackChoices, toggleTrack } from '../../../src/flame/index.ts';
import { createNotesKeeper } from '../../../src/panel/state/chart/notes-keeper.ts';
import { createTrackState } from '../../../src/panel/state/chart/track-state.ts';
import { NO_NOTES, type RecordingNotes } from '../../../src/recording/index.ts';
import { chartOf } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

const chart = chartOf(
  traceOf(
    thread('CrRendererMain').slice('RunTask', 0, 50),
    thread('Compositor', { role: 'compositor' }).slice('Draw', 1, 5),
  ),
);
const [main, compositor] = chart.tracks;

function open(session = new Map<string, RecordingNotes>()) {
  const notes = createNotesKeeper(
    { kind: 'session', key: 'a', session },
    { onFailure: () => undefined, onSaved: () => undefined },
  );
  const shown = signal<Chart | null>(null);
  const state = createTrackState(shown, notes);
  return { notes, state, shown, session };
}

it('tracks stand as they would by themselves, and nothing is kept of that', () => {
  const { notes, state, shown } = open();
  shown.value = chart;
  expect(state.choices.value).toEqual(initialTrackChoices(chart));
  expect(notes.notes.value).toEqual(NO_NOTES);
  expect(state.canUndo.value).toBe(false);
});

it('a change is kept, is there when it is opened again, and can be taken back', () => {
  const first = open();
  first.shown.value = chart;
  first.state.choices.value = hideTrack(first.state.choices.value, compositor.key);
  first.state.choices.value = toggleTrack(first.state.choices.value, main.key);
  expect(first.notes.notes.value.tracks).toMatchObject({ hidden: [compositor.key], collapsed: [main.key] });
  expect(first.state.hidden.value.map(({ key }) => key)).toEqual([compositor.key]);

  const again = open(first.session);
  again.shown.value = chart;
  expect(again.state.choices.value.hidden).toEqual(new Set([compositor.key]));
  expect(again.state.choices.value.collapsed).toEqual(new Set([compositor.key, main.key]));
  expect(again.state.undo()).toBe(false);

  expect(first.state.undo()).toBe(true);
  expect(first.notes.notes.value.tracks.collapsed).toEqual([]);
  first.state.bringBack(compositor.key);
  expect(first.notes.notes.value.tracks).toEqual(NO_NOTES.tracks);
  expect(first.state.undo()).toBe(true);
  expect(first.state.choices.value.hidden).toEqual(new Set([compositor.key]));
});

it('a chart that is laid out anew changes nothing', () => {
  const { state, shown } = open();
  shown.value = chart;
  state.choices.value = hideTrack(state.choices.value, compositor.key);
  const before = state.choices.value;
  shown.value = { ...chart };
  expect(state.choices.value).toBe(before);
});

it('a track that comes later stands as it would by itself, and nobody has changed anything', () => {
  const { notes, state, shown } = open();
  shown.value = chart;
  state.choices.value = toggleTrack(state.choices.value, compositor.key);
  const servers = { ...compositor, kind: 'servers', key: 'servers', title: 'At the servers' } as const;
  shown.value = { ...chart, tracks: [servers, ...chart.tracks] };
  expect(state.choices.value.collapsed).toEqual(new Set(['servers']));
  expect(notes.notes.value.tracks).toMatchObject({ opened: [compositor.key], collapsed: [] });
  expect(state.undo()).toBe(true);
  expect(state.undo()).toBe(false);
});
