/** What the recordings take, how many stay, and deleting those without tags, with a way back. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatBytes } from '../../../flame/index.ts';
import { bytesOf, chooseSurplus, type StorageSettings } from '../../../settings/index.ts';
import type { App } from '../../state/app.ts';
import type { StorageRoom } from '../../state/doors.ts';
import { untagged } from '../../state/library/shelf-actions.ts';
import { countOf } from '../../words/format.ts';
import { Choice } from './settings-controls.tsx';

const COUNTS: readonly (readonly [number | null, string])[] = [
  [null, 'All'],
  ...[10, 20, 50, 100, 200].map((count) => [count, `${count} newest`] as const),
];
const BYTES: readonly (readonly [number | null, string])[] = [
  [null, 'As the browser has'],
  ...[0.5e9, 1e9, 2e9, 5e9, 10e9].map((bytes) => [bytes, `${bytes / 1e9} GB`] as const),
];

interface StorageSectionProps {
  readonly app: App;
  readonly settings: StorageSettings;
  readonly onChange: (changes: Partial<StorageSettings>) => void;
}

export function StorageSection({ app, settings, onChange }: StorageSectionProps) {
  const recordings = app.shelf.recordings.value ?? [];
  const surplus = chooseSurplus(recordings, settings, null).length;
  return (
    <section aria-labelledby="settings-storage">
      <h2 id="settings-storage">Storage</h2>
      <Taken app={app} />
      <Choice
        label="Recordings to keep"
        value={settings.mostRecordings}
        options={COUNTS}
        onChange={(mostRecordings) => onChange({ mostRecordings })}
      />
      <Choice
        label="Space for recordings"
        value={settings.mostBytes}
        options={BYTES}
        onChange={(mostBytes) => onChange({ mostBytes })}
      />
      <p class="hint" role="status">
        {surplus === 0
          ? 'What is over a limit goes when the next recording is made, oldest first, with ten seconds to undo it. Recordings with tags stay.'
          : `${countOf(surplus, 'recording')} will go when the next one is made, with ten seconds to undo it. Recordings with tags stay.`}
      </p>
      <DeleteButton app={app} />
    </section>
  );
}

function Taken({ app }: { readonly app: App }) {
  const room = useSignal<StorageRoom | null>(null);
  const recordings = app.shelf.recordings.value ?? [];
  useEffect(() => {
    void app.outside.storageRoom().then((told) => {
      room.value = told;
    });
  }, [app, recordings, room]);
  const bytes = recordings.reduce((sum, recording) => sum + bytesOf(recording), 0);
  return (
    <p class="number">
      {countOf(recordings.length, 'recording')}, {formatBytes(bytes)}.{' '}
      {room.value !== null &&
        `The browser gives ${formatBytes(room.value.quota)}, of which ${formatBytes(room.value.used)} are used.`}
    </p>
  );
}

function DeleteButton({ app }: { readonly app: App }) {
  const { recordings, canUndo } = app.shelf;
  const count = untagged(recordings.value ?? []).length;
  return (
    <p class="setting-buttons">
      <button type="button" class="plain-button" disabled={count === 0} onClick={app.actions.removeUntagged}>
        Delete all without tags ({count})
      </button>
      {canUndo.value && (
        <button type="button" class="plain-button" onClick={app.actions.undoRemove}>
          Undo
        </button>
      )}
    </p>
  );
}
