/**
 * How the tracks of the open trace stand: as the user left them, kept with the recording, and with a way back.
 * In: the chart once it is there, the notes of the recording. Out: the choices as a signal that the chart's own gestures
 * write, too; each change of it is kept in the notes and can be taken back. Refuses nothing.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import {
  bringBackAllTracks,
  bringBackTrack,
  type Chart,
  changesOf,
  choicesFrom,
  NO_TRACK_CHOICES,
  type Track,
  type TrackChoices,
} from '../../../flame/index.ts';
import type { NotesKeeper } from './notes-keeper.ts';

/** More steps back than anybody counts. */
const MOST_STEPS = 100;

export interface TrackState {
  readonly choices: Signal<TrackChoices>;
  /** What the user has hidden, in the chart's order; those of a hidden group are told by their group. */
  readonly hidden: ReadonlySignal<readonly Track[]>;
  readonly bringBack: (key: string) => void;
  readonly bringBackAll: () => void;
  readonly canUndo: ReadonlySignal<boolean>;
  /** Takes the last change back; false where there is none. */
  readonly undo: () => boolean;
  readonly dispose: () => void;
}

/** Tracks that came with another layout (servers' spans) stand as they do at first; nobody has changed anything. */
function withNewTracks(
  shown: Chart,
  before: Chart | null,
  now: TrackChoices,
  first: TrackChoices,
): TrackChoices {
  const old = new Set(before?.tracks.map(({ key }) => key));
  const fresh = shown.tracks.filter(({ key }) => !old.has(key) && first.collapsed.has(key));
  if (fresh.length === 0) return now;
  return { ...now, collapsed: new Set([...now.collapsed, ...fresh.map(({ key }) => key)]) };
}

export function createTrackState(chart: ReadonlySignal<Chart | null>, notes: NotesKeeper): TrackState {
  const choices = signal<TrackChoices>(NO_TRACK_CHOICES);
  const steps = signal<readonly TrackChoices[]>([]);
  let known: TrackChoices | null = null;
  let laidOut: Chart | null = null;
  const keep = (shown: Chart, now: TrackChoices): void => {
    const before = notes.notes.peek().tracks;
    const after = changesOf(shown, now, before);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    notes.change((all) => ({ ...all, tracks: changesOf(shown, now, all.tracks) }));
  };
  const stop = effect(() => {
    const shown = chart.value;
    const now = choices.value;
    if (shown === null) return;
    if (known === null) {
      known = choicesFrom(shown, notes.notes.peek().tracks);
      laidOut = shown;
      choices.value = known;
      return;
    }
    if (now === known) {
      if (shown === laidOut) return;
      known = withNewTracks(shown, laidOut, now, choicesFrom(shown, notes.notes.peek().tracks));
      laidOut = shown;
      choices.value = known;
      return;
    }
    steps.value = [...steps.peek(), known].slice(-MOST_STEPS);
    known = now;
    keep(shown, now);
  });
  return {
    choices,
    hidden: computed(() => chart.value?.tracks.filter(({ key }) => choices.value.hidden.has(key)) ?? []),
    bringBack(key) {
      choices.value = bringBackTrack(choices.peek(), key);
    },
    bringBackAll() {
      choices.value = bringBackAllTracks(choices.peek());
    },
    canUndo: computed(() => steps.value.length > 0),
    undo() {
      const before = steps.peek().at(-1);
      const shown = chart.peek();
      if (before === undefined || shown === null) return false;
      steps.value = steps.peek().slice(0, -1);
      known = before;
      choices.value = before;
      keep(shown, before);
      return true;
    },
    dispose: stop,
  };
}
