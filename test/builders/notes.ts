/** Notes for tests of what shows them. In: nothing. Out: a keeper whose notes last as long as the test. */
import { createNotesKeeper, type NotesKeeper } from '../../src/panel/state/chart/notes-keeper.ts';

export const buildNotesKeeper = (): NotesKeeper =>
  createNotesKeeper(
    { kind: 'session', key: 'test', session: new Map() },
    { onFailure: () => undefined, onSaved: () => undefined },
  );
