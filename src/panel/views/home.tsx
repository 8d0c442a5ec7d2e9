/**
 * The empty state: says what this is, offers to record or to open, and lists the last recordings.
 */
import { useSignal } from '@preact/signals';
import type { App } from '../state/app.ts';
import { countOf } from '../words/format.ts';
import { DeleteIcon, OpenIcon, RecordIcon } from './icons.tsx';
import { RecordingLine } from './toolbar.tsx';

/** As many as fit under the button in a docked panel. */
const FIRST_RECORDINGS = 5;

interface HomeProps {
  readonly app: App;
  readonly onOpenFile: () => void;
  readonly primaryKey: string;
}

export function Home({ app, onOpenFile, primaryKey }: HomeProps) {
  const { place } = app.outside;
  return (
    <main class="home">
      <section class="welcome" aria-label="Start">
        {place.kind === 'panel' ? (
          <>
            <h1 class="lead">Reload this page while Pageflame records it, and see where its time goes.</h1>
            <p class="start-buttons">
              <button
                type="button"
                class="primary-button"
                disabled={app.recorder.value.kind === 'connecting'}
                onClick={() => app.actions.record(true)}
              >
                <RecordIcon />
                Record and reload
              </button>
              <kbd>{primaryKey}+Shift+E</kbd>
            </p>
          </>
        ) : (
          <h1 class="lead">
            To record a page, press Pageflame's toolbar button in the tab you want to measure. Its result
            shows here.
          </h1>
        )}
        <p class="quiet">
          or drop a trace here, or{' '}
          <button type="button" class="link-button" onClick={onOpenFile}>
            <OpenIcon />
            open a file
          </button>
        </p>
      </section>
      <RecordingList app={app} />
    </main>
  );
}

function RecordingList({ app }: { readonly app: App }) {
  const showsAll = useSignal(false);
  const recordings = app.shelf.recordings.value;
  if (recordings === null || recordings.length === 0) return null;
  const now = app.outside.clock.now();
  const listed = showsAll.value ? recordings : recordings.slice(0, FIRST_RECORDINGS);
  return (
    <section class="recent" aria-label="Recordings">
      <h2>Last recordings</h2>
      <ul>
        {listed.map((recording) => (
          <li key={recording.id}>
            <button
              type="button"
              class="row-button"
              onClick={() => void app.actions.openRecording(recording.id)}
            >
              <RecordingLine recording={recording} now={now} />
            </button>
            <button
              type="button"
              class="tool"
              aria-label={`Delete ${recording.name}`}
              title="Delete; Undo stays for ten seconds"
              onClick={() => app.actions.remove(recording.id)}
            >
              <DeleteIcon />
            </button>
          </li>
        ))}
      </ul>
      {listed.length < recordings.length && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            showsAll.value = true;
          }}
        >
          Show all {countOf(recordings.length, 'recording')}
        </button>
      )}
    </section>
  );
}
