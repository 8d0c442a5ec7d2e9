/** The menu of a track's name, loaded when it is asked for first. In: which track's, and where. Out: the menu. */
import type { Signal } from '@preact/signals';
import type { TrackState } from '../../state/chart/track-state.ts';
import type { ProfileView } from '../../state/profile/profile-view.ts';
import { useRoom } from '../app/lazy-room.ts';
import type { AskedTrackMenu } from './track-menu.tsx';

interface TrackMenuHostProps {
  readonly tracks: TrackState;
  readonly profile: ProfileView;
  readonly asked: Signal<AskedTrackMenu | null>;
}

const load = () => import('./track-menu.tsx');

export function TrackMenuHost({ tracks, profile, asked }: TrackMenuHostProps) {
  const about = asked.value;
  const room = useRoom(about !== null, load);
  if (room === null || about === null) return null;
  return (
    <room.TrackMenu
      tracks={tracks}
      profile={profile}
      asked={about}
      onClose={() => {
        if (asked.peek() === about) asked.value = null;
      }}
    />
  );
}
