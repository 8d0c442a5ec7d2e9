/**
 * Says which tracks are hidden, and brings them back: one by one, all, or by taking the last change back. Nothing where
 * none is. In: how the tracks stand. Out: the same, changed.
 */
import type { TrackState } from '../../state/chart/track-state.ts';
import { countOf } from '../../words/format.ts';
import { Menu } from '../parts/menu.tsx';

export function HiddenTracks({ tracks }: { readonly tracks: TrackState }) {
  const hidden = tracks.hidden.value;
  if (hidden.length === 0) return null;
  return (
    <div class="search-bar">
      <p role="status">{countOf(hidden.length, 'track', 'tracks')} hidden.</p>
      <Menu
        id="hidden-tracks"
        label="Hidden tracks"
        button="Bring back…"
        buttonClass="plain-button"
        entries={hidden.map(({ key, title }) => ({
          key,
          label: title,
          onChoose: () => tracks.bringBack(key),
        }))}
      />
      <button type="button" class="plain-button" onClick={tracks.bringBackAll}>
        Show all
      </button>
      {tracks.canUndo.value && (
        <button type="button" class="plain-button" onClick={tracks.undo}>
          Undo
        </button>
      )}
    </div>
  );
}
