/**
 * What keys, menu and mouse do to tracks, and what a screen reader hears of it. In: a view, a track's key, a command.
 * Out: the choices of the view's owner, changed; whether there was anything to change.
 */
import {
  hideAllOthers,
  hideTrack,
  moveTrack,
  type Placing,
  placeTrack,
  rowOfBox,
  type TrackChoices,
  togglePinned,
  toggleTrack,
  trackOfRow,
} from '../../../flame/index.ts';
import type { ChartView } from '../chart-view.ts';
import type { ChartHandle } from '../props.ts';
import type { TrackCommand } from './chart-key-table.ts';

type Tracked = Pick<ChartHandle, 'props' | 'announcement'>;

/** What a track is to be changed by; going from name to name is the headers' own. */
export type TrackChange = Exclude<TrackCommand, 'previous-track' | 'next-track' | 'track-menu'>;

export function changeTrack(view: Tracked, key: string, command: TrackChange): boolean {
  const { chart, tracks } = view.props.peek();
  const track = chart.tracks.find((each) => each.key === key);
  if (track === undefined) return false;
  const before = tracks.peek();
  const after = changed(view, before, key, command);
  if (after === before) return false;
  tracks.value = after;
  view.announcement.value = `${track.title} ${wordsOf(command, after, key)}`;
  return true;
}

/** A header was dropped beside another one. */
export function dropTrack(view: Tracked, placing: Placing): void {
  const { chart, tracks } = view.props.peek();
  const after = placeTrack(chart, tracks.peek(), placing);
  if (after === tracks.peek()) return;
  tracks.value = after;
  const titleOf = (key: string): string => chart.tracks.find((each) => each.key === key)?.title ?? '';
  const where = placing.after ? 'below' : 'above';
  view.announcement.value = `${titleOf(placing.key)} moved ${where} ${titleOf(placing.beside)}`;
}

function changed(view: Tracked, before: TrackChoices, key: string, command: TrackChange): TrackChoices {
  const { chart } = view.props.peek();
  switch (command) {
    case 'toggle-track':
      return toggleTrack(before, key);
    case 'hide-track':
      return hideTrack(before, key);
    case 'only-track':
      return hideAllOthers(chart, before, key);
    case 'pin-track':
      return togglePinned(before, key);
    case 'track-up':
      return moveTrack(chart, before, key, -1);
    case 'track-down':
      return moveTrack(chart, before, key, 1);
  }
}

function wordsOf(command: TrackChange, { collapsed, pinned }: TrackChoices, key: string): string {
  switch (command) {
    case 'toggle-track':
      return collapsed.has(key) ? 'collapsed' : 'opened';
    case 'hide-track':
      return 'hidden';
    case 'only-track':
      return 'shown alone';
    case 'pin-track':
      return pinned.includes(key) ? 'pinned at the top' : 'no longer pinned';
    case 'track-up':
      return 'moved up';
    case 'track-down':
      return 'moved down';
  }
}

/** To the name of the selected slice's track, or the one that was reached last. False where there are no names. */
export function focusTrackNames(view: ChartView): boolean {
  const { chart } = view.props.peek();
  const row = view.selectedBox < 0 ? -1 : rowOfBox(chart, view.selectedBox);
  const own = row < 0 ? undefined : trackOfRow(chart, row)?.key;
  const first = view.arrangement.peek().sections[0]?.track.key ?? '';
  const header =
    view.headerOf(own ?? view.reachedTrack.peek()) ?? (first === '' ? null : view.headerOf(first));
  header?.focus();
  return header !== null;
}
