/**
 * The list of notes: each leads to its place in the chart, is changed and deleted here. Those whose slice is not in this
 * trace say so and stay. In: the notes. Out: a list with a button per note.
 */
import { useState } from 'preact/hooks';
import type { AnchorPlace, Annotations, PlacedAnnotation } from '../../state/chart/annotations.ts';
import { countOf } from '../../words/format.ts';
import { nameNote } from '../../words/notes.ts';

interface NotesPaneProps {
  readonly annotations: Annotations;
  readonly origin: number;
  /** The chart takes the focus. */
  readonly onJump: () => void;
}

export function NotesPane({ annotations, origin, onJump }: NotesPaneProps) {
  const { placed, isKept } = annotations;
  const all = placed.value;
  const gone = all.filter(isGone).length;
  return (
    <div class="notes-pane">
      <NoteButtons annotations={annotations} />
      {!isKept && (
        <p class="quiet">
          This file is not in the library: notes on it are kept for as long as this page is open.
        </p>
      )}
      {all.length === 0 ? (
        <p class="quiet">
          No notes yet. Select a slice, or measure a range with Shift and the mouse, and press L; K links two
          slices. Notes are saved with the recording and travel in its file.
        </p>
      ) : (
        <p class="for-readers" role="status">
          {countOf(all.length, 'note')}
          {gone > 0 && `, ${gone} of them on slices that are not in this trace`}
        </p>
      )}
      <ul class="notes">
        {all.map((one) => (
          <NoteRow key={one.note.id} one={one} {...{ annotations, origin, onJump }} />
        ))}
      </ul>
    </div>
  );
}

const places = (one: PlacedAnnotation): readonly AnchorPlace[] =>
  one.kind === 'label' ? [one.on] : one.kind === 'link' ? [one.from, one.to] : [];
const isGone = (one: PlacedAnnotation): boolean => places(one).includes('gone');

function NoteButtons({ annotations }: { readonly annotations: Annotations }) {
  const [problem, setProblem] = useState('');
  const deleted = annotations.deleted.value;
  const run = (does: () => boolean, advice: string): void => setProblem(does() ? '' : advice);
  return (
    <p class="note-buttons">
      <button
        type="button"
        class="plain-button"
        onClick={() => run(() => annotations.write('selection'), 'Select a slice in the chart first.')}
      >
        Note on the selected slice
      </button>
      <button
        type="button"
        class="plain-button"
        onClick={() =>
          run(() => annotations.write('range'), 'Measure a range in the chart first: Shift and drag.')
        }
      >
        Note on the measured range
      </button>
      <button
        type="button"
        class="plain-button"
        onClick={() => run(annotations.link, 'Select the slice that the link begins at first.')}
      >
        Link from the selected slice
      </button>
      {deleted !== null && (
        <button type="button" class="plain-button" onClick={annotations.undo}>
          Undo: bring back {deleted.text === '' ? 'the deleted note' : `“${deleted.text.slice(0, 40)}”`}
        </button>
      )}
      <output>{problem}</output>
    </p>
  );
}

interface NoteRowProps extends NotesPaneProps {
  readonly one: PlacedAnnotation;
}

function NoteRow({ one, annotations, origin, onJump }: NoteRowProps) {
  const { note } = one;
  const [isMissed, setMissed] = useState(false);
  const what = nameNote(note, origin);
  const text = note.text === '' ? what : note.text;
  return (
    <li>
      <button
        type="button"
        class="note-jump"
        onClick={() => {
          const isThere = annotations.jump(note.id);
          setMissed(!isThere);
          if (isThere) onJump();
        }}
      >
        <span class="note-words">{text}</span>
        <span class="quiet">{what}</span>
      </button>
      {isMissed && !isGone(one) && <output class="bad">It is hidden in the chart</output>}
      {isGone(one) && (
        <span class="bad">{one.kind === 'link' ? 'An end of it' : 'Its slice'} is not in this trace</span>
      )}
      <button
        type="button"
        class="plain-button"
        aria-label={`Change: ${text}`}
        onClick={() => annotations.edit(note.id)}
      >
        Change
      </button>
      <button
        type="button"
        class="plain-button"
        aria-label={`Delete: ${text}`}
        onClick={() => annotations.remove(note.id)}
      >
        Delete
      </button>
    </li>
  );
}
