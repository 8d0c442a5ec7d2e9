/**
 * All that can be done to a track, each with its key; and the tracks that are hidden, to bring them back.
 * In: the track, how all of them stand. Out: the chosen change; the focus goes back to the track's name.
 */

import type { ChartHandle, ClientPoint } from '../../canvas/index.ts';
import { shownTrackKey, type TrackCommand } from '../../canvas/input/chart-key-table.ts';
import { changeTrack, type TrackChange } from '../../canvas/input/track-actions.ts';
import type { TrackState } from '../../state/chart/track-state.ts';
import type { ProfileView } from '../../state/profile/profile-view.ts';
import { showGraphOfTrack } from '../profile/graph-of.ts';
import { ChartMenu, type ChartMenuEntry } from './chart-menu.tsx';

export interface AskedTrackMenu {
  readonly track: string;
  readonly view: ChartHandle;
  readonly at: ClientPoint;
}

interface TrackMenuProps {
  readonly tracks: TrackState;
  readonly profile: ProfileView;
  readonly asked: AskedTrackMenu;
  readonly onClose: () => void;
}

export function TrackMenu({ tracks, profile, asked, onClose }: TrackMenuProps) {
  const { track, view, at } = asked;
  const { collapsed, pinned } = tracks.choices.value;
  const own = view.props.peek().chart.tracks.find(({ key }) => key === track);
  const focusName = (): void => {
    requestAnimationFrame(() => {
      const name = document.querySelector<HTMLElement>(`.track-header[data-track="${CSS.escape(track)}"]`);
      (name ?? document.querySelector<HTMLElement>('.track-header'))?.focus();
    });
  };
  const entry = (label: string, command: TrackChange & TrackCommand): ChartMenuEntry => ({
    label,
    shown: shownTrackKey(command),
    onChoose: () => {
      changeTrack(view, track, command);
      focusName();
    },
  });
  const canOpen = own !== undefined && (own.rows > 0 || own.kind === 'group');
  const counted = profile.threads.find(({ thread }) => own?.kind === 'thread' && thread === own.thread);
  const graph: ChartMenuEntry[] =
    counted === undefined
      ? []
      : [
          {
            label: 'Flame graph of this track',
            shown: '',
            startsGroup: true,
            onChoose: () => showGraphOfTrack(profile, counted.thread),
          },
        ];
  const entries: ChartMenuEntry[] = [
    { ...entry(collapsed.has(track) ? 'Open' : 'Collapse', 'toggle-track'), disabled: !canOpen },
    { ...entry('Pinned at the top', 'pin-track'), checked: pinned.includes(track) },
    { ...entry('Move up', 'track-up'), startsGroup: true },
    entry('Move down', 'track-down'),
    ...graph,
    { ...entry('Hide', 'hide-track'), startsGroup: true },
    entry('Hide all others', 'only-track'),
    ...tracks.hidden.value.slice(0, 12).map((hidden, index) => ({
      label: `Show ${hidden.title}`,
      shown: '',
      startsGroup: index === 0,
      onChoose: () => tracks.bringBack(hidden.key),
    })),
    {
      label: 'Take the last change back',
      shown: '',
      disabled: !tracks.canUndo.value,
      startsGroup: true,
      onChoose: () => {
        tracks.undo();
        focusName();
      },
    },
  ];
  return <ChartMenu at={at} entries={entries} onClose={onClose} />;
}
