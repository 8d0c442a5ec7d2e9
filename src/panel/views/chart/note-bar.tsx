/**
 * Under the chart: the note that is being written, the link that waits for its end, the note that was just deleted.
 * Enter keeps what is written, Esc drops it; the focus goes back to the chart.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LONGEST_ANNOTATION } from '../../../recording/index.ts';
import type { Annotations, Draft } from '../../state/chart/annotations.ts';
import { nameAnchor, nameNote } from '../../words/notes.ts';
import { useEscape } from '../parts/use-escape.ts';

interface NoteBarProps {
  readonly annotations: Annotations;
  readonly origin: number;
  readonly onDone: () => void;
}

export function NoteBar({ annotations, origin, onDone }: NoteBarProps) {
  const draft = annotations.draft.value;
  const from = annotations.linkFrom.value;
  if (draft !== null)
    return <DraftBar key={draft.note.id} draft={draft} {...{ annotations, origin, onDone }} />;
  if (from !== null) return <LinkBar name={nameAnchor(from)} annotations={annotations} />;
  return null;
}

function DraftBar({ draft, annotations, origin, onDone }: NoteBarProps & { readonly draft: Draft }) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.select(), []);
  const end = (what: () => void): void => {
    what();
    onDone();
  };
  useEscape(() => end(annotations.dropDraft));
  const save = (): void => end(() => annotations.save(input.current?.value ?? ''));
  return (
    <form
      class="search-bar note-bar"
      aria-label="Note"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label for="note-text">{nameNote(draft.note, origin)}</label>
      <input
        ref={input}
        id="note-text"
        class="text-field"
        defaultValue={draft.note.text}
        maxLength={LONGEST_ANNOTATION}
        placeholder="What is worth remembering here?"
        autocomplete="off"
      />
      <button type="submit" class="plain-button">
        {draft.isNew ? 'Add' : 'Change'}
      </button>
      {!draft.isNew && (
        <button
          type="button"
          class="plain-button"
          onClick={() => end(() => annotations.remove(draft.note.id))}
        >
          Delete
        </button>
      )}
      <button type="button" class="plain-button" onClick={() => end(annotations.dropDraft)}>
        Cancel
      </button>
    </form>
  );
}

function LinkBar({ name, annotations }: { readonly name: string; readonly annotations: Annotations }) {
  useEscape(annotations.cancelLink);
  return (
    <div class="search-bar note-bar">
      <p role="status">Link from {name}: select its end and press K there.</p>
      <button type="button" class="plain-button" onClick={() => annotations.link()}>
        End here
      </button>
      <button type="button" class="plain-button" onClick={annotations.cancelLink}>
        Cancel
      </button>
    </div>
  );
}
