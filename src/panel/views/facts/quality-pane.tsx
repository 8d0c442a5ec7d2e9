/**
 * Why the numbers can be trusted, or not: the capture quality, note by note.
 */
import { presetOf, type Recording } from '../../../recording/index.ts';
import type { Quality } from '../../state/facts/quality.ts';
import type { QualityLevel, QualityNote } from '../../state/facts/quality-note.ts';
import { BadIcon, CautionIcon, CheckIcon } from '../parts/icons.tsx';

const LEVEL_WORDS: Readonly<Record<QualityLevel, string>> = {
  bad: 'Problem',
  caution: 'Caution',
  fact: 'Fact',
};

export function QualityPane({
  quality,
  recording,
}: {
  readonly quality: Quality;
  readonly recording: Recording | null;
}) {
  const { notes, mark } = quality;
  return (
    <div class="quality-pane">
      {mark === 'good' && (
        <p class="good">
          <CheckIcon />{' '}
          {recording === null ? 'The file was read whole.' : 'The recording is whole: nothing was lost.'}
        </p>
      )}
      <QualityNotes notes={notes} />
      {recording !== null && presetOf(recording.options) === 'standard' && (
        <p class="quiet">Recorded with the standard preset: what DevTools records but for script texts.</p>
      )}
      {recording === null && (
        <p class="quiet">
          This is a bare trace: how it was recorded (throttling, cache, visibility) is not in it.
        </p>
      )}
    </div>
  );
}

export function QualityNotes({ notes }: { readonly notes: readonly QualityNote[] }) {
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note.title} class={note.level}>
          {note.level === 'bad' && <BadIcon />}
          {note.level === 'caution' && <CautionIcon />}
          {note.level === 'fact' && <span class="icon" />}
          <div>
            <strong>{note.title}</strong> <span class="for-readers">({LEVEL_WORDS[note.level]})</span>
            <p>{note.text}</p>
            {note.items !== undefined && (
              <ul class="counted">
                {note.items.map((item) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
