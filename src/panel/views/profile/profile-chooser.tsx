/**
 * The dialog that chooses a profile: a recording, a file or a backend's, to be opened or to be compared with. A modal
 * dialog of the browser: it keeps the focus, Esc closes it.
 */
import '../../style/documents.css';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { makeFailure } from '../../../base/index.ts';
import type { Recording } from '../../../recording/index.ts';
import type { App, Choosing } from '../../state/app.ts';
import { type BackendQuery, createBackendQuery } from '../../state/comparison/backend-query.ts';
import type { Held } from '../../state/comparison/comparison-view.ts';
import type { OpenRequest } from '../../state/library/opener.ts';
import { filterShelf } from '../../state/library/shelf-filter.ts';
import { RecordingLine } from '../app/toolbar.tsx';
import { BackendQueryForm } from '../comparison/backend-query-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { OpenIcon } from '../parts/icons.tsx';

interface ProfileChooserProps {
  readonly app: App;
  readonly choosing: Choosing;
}

export function ProfileChooser({ app, choosing }: ProfileChooserProps) {
  const query = useBackendQuery(app);
  const from = useSignal(choosing.from);
  const shown = app.opener.held();
  const close = (): void => {
    query?.cancel();
    app.choosing.value = null;
  };
  const parts: Choice = { app, choosing, shown, close };
  const isComparing = choosing.purpose === 'compare';
  const subject = choosing.recording?.name ?? shown?.name ?? null;
  const title = isComparing
    ? subject === null
      ? 'Compare: choose the first'
      : `Compare ${subject} with`
    : 'Open a profile from a backend';
  return (
    <Dialog id="chooser" title={title} kind="settings chooser" isOpen={true} onClose={close}>
      {isComparing && <WhereToLook from={from} />}
      {isComparing && from.value === 'recordings' ? (
        <Recordings
          app={app}
          shown={shown}
          subject={choosing.recording}
          onChoose={(choice) => void choose(parts, choice)}
        />
      ) : (
        <BackendQueryForm
          query={query}
          action={isComparing ? 'Compare' : 'Open'}
          onSetUp={() => {
            close();
            app.sending.screen.value = 'backends';
          }}
          onSubmit={() => void takeFromBackend(parts, query)}
        />
      )}
    </Dialog>
  );
}

function WhereToLook({ from }: { readonly from: Signal<Choosing['from']> }) {
  return (
    <fieldset class="segments">
      <legend class="for-readers">Where to look</legend>
      {(['recordings', 'backend'] as const).map((place) => (
        <label key={place}>
          <input
            type="radio"
            name="choose-from"
            checked={from.value === place}
            onChange={() => {
              from.value = place;
            }}
          />
          {place === 'recordings' ? 'Recordings and files' : 'A backend'}
        </label>
      ))}
    </fieldset>
  );
}

interface Choice {
  readonly app: App;
  readonly choosing: Choosing;
  /** What is shown while the dialog is open. */
  readonly shown: Held | null;
  readonly close: () => void;
}

async function takeFromBackend(parts: Choice, query: BackendQuery | null): Promise<void> {
  const { opener } = parts.app;
  const fetched = await query?.fetch();
  if (fetched == null || query === null) return;
  const held = await opener.hold({ ...fetched, recording: null, quiet: true });
  if (held !== null && hasSamples(held)) return choose(parts, held);
  if (held !== null) opener.release(held);
  query.say(makeFailure('backend-no-profile', { subject: fetched.name }));
}

/** Something to be opened, or opened already. */
async function choose(parts: Choice, choice: OpenRequest | Held): Promise<void> {
  const { app, choosing, shown } = parts;
  const { opener } = app;
  const { recording } = choosing;
  parts.close();
  const other = 'document' in choice ? choice : await opener.hold(choice);
  if (other === null) return;
  if (choosing.purpose === 'open') return opener.showHeld(other);
  const own = recording === null ? shown : await opener.hold(requestOf(recording));
  if (own !== null) {
    const isLater = startOf(other, 0) > startOf(own, Number.POSITIVE_INFINITY);
    return isLater ? opener.compare(own, other) : opener.compare(other, own);
  }
  if (recording !== null) return opener.release(other);
  // The first of two: it is shown, and the dialog asks for the second.
  await opener.showHeld(other);
  app.choosing.value = { ...choosing };
}

const startOf = ({ recording }: Held, unknown: number): number => recording?.startedAt ?? unknown;

const requestOf = (recording: Recording): OpenRequest => ({
  source: { kind: 'library', id: recording.id },
  name: recording.name,
  recording,
});

const hasSamples = ({ document }: Held): boolean => document.kind === 'trace' || document.opened.samples > 0;

/** null until the backends are read. */
function useBackendQuery(app: App): BackendQuery | null {
  const [query, setQuery] = useState<BackendQuery | null>(null);
  useEffect(() => {
    let made: BackendQuery | null = null;
    let isHere = true;
    void app.outside.backends().then((door) => {
      if (!isHere) return;
      made = createBackendQuery(door, app.outside.clock);
      setQuery(made);
    });
    return () => {
      isHere = false;
      made?.dispose();
    };
  }, [app]);
  return query;
}

interface RecordingsProps {
  readonly app: App;
  readonly shown: Held | null;
  readonly subject: Recording | null;
  readonly onChoose: (choice: OpenRequest | Held) => void;
}

function Recordings({ app, shown, subject, onChoose }: RecordingsProps) {
  const text = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const own = subject?.id ?? shown?.recording?.id;
  const others = (app.shelf.recordings.value ?? []).filter(({ id }) => id !== own);
  return (
    <>
      <div class="view-bar">
        <input
          type="search"
          class="text-field filter"
          aria-label="Filter the recordings"
          placeholder="Page, tag=value"
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <button type="button" class="plain-button" onClick={() => input.current?.click()}>
          <OpenIcon />A file…
        </button>
        {shown !== null && subject === null && (
          <button
            type="button"
            class="plain-button"
            title="Another thread or another part of the same"
            onClick={() => onChoose(shown)}
          >
            Itself
          </button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          class="compare-file"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file !== undefined)
              onChoose({ source: { kind: 'file', name: file.name, file }, name: file.name, recording: null });
          }}
        />
      </div>
      <RecordingsFound
        app={app}
        listed={filterShelf(others, text.value)}
        isFiltered={text.value.trim() !== ''}
        isFirst={own === undefined && shown === null}
        onChoose={onChoose}
      />
    </>
  );
}

interface RecordingsFoundProps extends Pick<RecordingsProps, 'app' | 'onChoose'> {
  readonly listed: readonly Recording[];
  readonly isFiltered: boolean;
  /** There is nothing yet that it is compared with. */
  readonly isFirst: boolean;
}

function RecordingsFound({ app, listed, isFiltered, isFirst, onChoose }: RecordingsFoundProps) {
  const now = app.outside.clock.now();
  return listed.length === 0 ? (
    <p class="quiet">
      {isFiltered
        ? 'No recording bears these words.'
        : isFirst
          ? 'There is no recording yet. Record a page, or choose a file.'
          : 'There is no other recording. Record the page again, or choose a file.'}
    </p>
  ) : (
    <ul class="chooser-list" aria-label="Recordings">
      {listed.map((recording) => (
        <li key={recording.id}>
          <button type="button" class="row-button" onClick={() => onChoose(requestOf(recording))}>
            <RecordingLine recording={recording} now={now} sent={app.sending.marks.value.get(recording.id)} />
          </button>
        </li>
      ))}
    </ul>
  );
}
