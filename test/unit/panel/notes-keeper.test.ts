/** Notes on the open trace: shown at once, saved one after the other, lost to nobody. */
import { describe, expect, it } from 'vitest';
import { fail, makeFailure, succeed } from '../../../src/base/index.ts';
import { createNotesKeeper, type NotesChange } from '../../../src/panel/state/chart/notes-keeper.ts';
import type { LibraryDoor } from '../../../src/panel/state/doors.ts';
import type { Recording, RecordingNotes } from '../../../src/recording/index.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const add =
  (text: string): NotesChange =>
  (notes) => ({
    ...notes,
    annotations: [...notes.annotations, { id: text, text, kind: 'range', start: 1, end: 2 }],
  });
const texts = ({ annotations }: RecordingNotes): string[] => annotations.map(({ text }) => text);

function keep(changes: Partial<Recording> = {}) {
  let entry = buildRecording({ state: 'whole', ...changes });
  let refuses = false;
  const failures: string[] = [];
  const saved: Recording[] = [];
  const library: LibraryDoor = {
    ...fakeOutside().outside.library,
    get: async () => succeed(entry),
    edit: async (id, edit) => {
      if (refuses) return fail(makeFailure('storage-full', { subject: id }));
      entry = { ...entry, ...edit };
      return succeed(entry);
    },
  };
  const keeper = createNotesKeeper(
    { kind: 'library', recording: entry, library },
    { onFailure: ({ code }) => failures.push(code), onSaved: (one) => saved.push(one) },
  );
  return {
    keeper,
    failures,
    saved,
    entry: () => entry,
    /** Another page with the same recording. */
    elsewhere: (change: NotesChange) => {
      entry = { ...entry, notes: change(entry.notes) };
    },
    refuse: (on: boolean) => {
      refuses = on;
    },
  };
}

describe('notes of a recording in the library', () => {
  it('are there at once, and saved', async () => {
    const { keeper, entry, saved } = keep();
    keeper.change(add('one'));
    expect(texts(keeper.notes.value)).toEqual(['one']);
    keeper.change(add('two'));
    await settled();
    expect(texts(entry().notes)).toEqual(['one', 'two']);
    expect(texts(keeper.notes.value)).toEqual(['one', 'two']);
    expect(saved.at(-1)).toEqual(entry());
  });

  it('keep what another page has written meanwhile', async () => {
    const { keeper, entry, elsewhere } = keep();
    elsewhere(add('theirs'));
    keeper.change(add('ours'));
    await settled();
    expect(texts(entry().notes)).toEqual(['theirs', 'ours']);
    expect(texts(keeper.notes.value)).toEqual(['theirs', 'ours']);
  });

  it('wait while the recording is still being written', async () => {
    const { keeper, entry } = keep({ state: 'recording' });
    keeper.change(add('early'));
    await settled();
    expect(texts(entry().notes)).toEqual([]);
    keeper.update({ ...entry(), state: 'whole' });
    await settled();
    expect(texts(entry().notes)).toEqual(['early']);
  });

  it('stay in sight where they cannot be saved, and are saved with the next', async () => {
    const { keeper, entry, failures, refuse } = keep();
    refuse(true);
    keeper.change(add('one'));
    await settled();
    expect(failures).toEqual(['storage-full']);
    expect(texts(keeper.notes.value)).toEqual(['one']);
    refuse(false);
    keeper.change(add('two'));
    await settled();
    expect(texts(entry().notes)).toEqual(['one', 'two']);
  });
});

describe('notes of a file', () => {
  it('are there again when it is opened again, until the page is closed', () => {
    const session = new Map<string, RecordingNotes>();
    const open = () =>
      createNotesKeeper(
        { kind: 'session', key: 'a.json', session },
        { onFailure: () => undefined, onSaved: () => undefined },
      );
    open().change(add('seen'));
    expect(texts(open().notes.value)).toEqual(['seen']);
    expect(open().isKept).toBe(false);
  });
});
