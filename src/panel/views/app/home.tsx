/**
 * The empty state: says what this is, offers to record or to open, and lists the last recordings.
 */
import { useSignal } from '@preact/signals';
import type { Recording } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import { filterShelf, wordOfTag } from '../../state/library/shelf-filter.ts';
import { countOf } from '../../words/format.ts';
import { DeleteIcon, OpenIcon, RecordIcon, TagIcon } from '../parts/icons.tsx';
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
      {app.shelf.recordings.value?.length === 0 && (
        <p class="quiet teaching">
          While a page is recorded, Chrome says in a bar that Pageflame debugs this browser; Cancel there ends
          the recording. Chrome and Perfetto traces, recordings (.pageflame) and profiles of every common tool
          open here, of any size. Nothing leaves this machine unless you send it. <kbd>?</kbd> lists all keys.
        </p>
      )}
      <RecordingList app={app} />
    </main>
  );
}

function RecordingList({ app }: { readonly app: App }) {
  const showsAll = useSignal(false);
  const typed = useSignal('');
  const all = app.shelf.recordings.value;
  if (all === null || all.length === 0) return null;
  const recordings = filterShelf(all, typed.value);
  const now = app.outside.clock.now();
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const [first] = recordings;
    if (typed.peek().trim() === '') return;
    if (first !== undefined) void app.actions.openRecording(first.id);
    else void app.actions.openLink(typed.peek());
  };
  const listed = showsAll.value ? recordings : recordings.slice(0, FIRST_RECORDINGS);
  return (
    <section class="recent" aria-label="Recordings">
      <h2>Last recordings</h2>
      <form class="shelf-search" onSubmit={onSubmit}>
        <input
          type="search"
          class="text-field"
          aria-label="Find recordings by page, tag=value, trace id or pageflame: link"
          placeholder="Page, tag=value, trace id or pageflame: link"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </form>
      {recordings.length === 0 && (
        <p class="quiet" role="status">
          No recording bears these words. Enter looks for a trace or link of that name.
        </p>
      )}
      <ul>
        {listed.map((recording) => (
          <li key={recording.id}>
            <button
              type="button"
              class="row-button"
              onClick={() => void app.actions.openRecording(recording.id)}
            >
              <RecordingLine
                recording={recording}
                now={now}
                sent={app.sending.marks.value.get(recording.id)}
              />
            </button>
            <button
              type="button"
              class="tool"
              aria-label={`Tags of ${recording.name}`}
              aria-haspopup="dialog"
              title="Name and tags"
              onClick={() => app.tagging.open(recording.id)}
            >
              <TagIcon />
            </button>
            <button
              type="button"
              class="tool"
              title="Compare this recording with another, a file or a backend's profile"
              onClick={() => {
                app.choosing.value = { purpose: 'compare', from: 'recordings', recording };
              }}
            >
              Compare with…
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
            <Plates
              recording={recording}
              onChoose={(word) => {
                typed.value = `${typed.peek()} ${word}`.trim();
              }}
            />
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

interface PlatesProps {
  readonly recording: Recording;
  readonly onChoose: (word: string) => void;
}

/** The tags that somebody gave it; pressing one asks for all recordings with it. */
function Plates({ recording: { tags, siteTags, pageVersion }, onChoose }: PlatesProps) {
  const version = pageVersion === null ? {} : { page_version: pageVersion };
  const given = Object.entries({ ...version, ...siteTags, ...tags }).filter(([, value]) => value !== '');
  if (given.length === 0) return null;
  return (
    <span class="tag-plates">
      {given.map(([name, value]) => (
        <button
          key={name}
          type="button"
          class="tag-plate"
          title={`Show recordings with ${name}=${value}`}
          onClick={() => onChoose(wordOfTag(name, value))}
        >
          {name}={value}
        </button>
      ))}
    </span>
  );
}
