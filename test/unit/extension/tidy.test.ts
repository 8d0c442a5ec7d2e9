/** Recordings that nobody writes any more end, for the reason that is known; what storage refuses is left for later. */
import { expect, test, vi } from 'vitest';
import { fail, makeFailure, succeed } from '../../../src/base/index.ts';
import { type Recording, recordingId } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';

vi.mock('webextension-polyfill', () => ({ default: {} }));
const { endAbandoned } = await import('../../../src/extension/tidy.ts');

const FULL = makeFailure('storage-full', { subject: 'http://shop.example/' });

function libraryOf(recordings: readonly Recording[]) {
  const entries = new Map(recordings.map((recording) => [recording.id, recording]));
  const library = {
    isFull: false,
    list: async () => succeed([...entries.values()]),
    async put(recording: Recording) {
      if (library.isFull) return fail<void>(FULL);
      entries.set(recording.id, recording);
      return succeed(undefined);
    },
  };
  return { library, entries };
}

const left = buildRecording({ id: recordingId('left'), state: 'recording' });
const gone = buildRecording({ id: recordingId('gone'), state: 'recording' });
const whole = buildRecording({ id: recordingId('whole'), state: 'whole' });

test('all that are left end, and the others stay as they are', async () => {
  const { library, entries } = libraryOf([left, gone, whole]);
  const known = [{ recording: left.id, reason: FULL }];
  expect(await endAbandoned(library, known)).toEqual({ changed: true, isDone: true });
  expect(entries.get(left.id)).toMatchObject({ state: 'cut-off', cutOff: FULL });
  expect(entries.get(gone.id)).toMatchObject({ state: 'cut-off', cutOff: { code: 'browser-gone' } });
  expect(entries.get(whole.id)).toBe(whole);
  expect(await endAbandoned(library, known)).toEqual({ changed: false, isDone: true });
});

test('what the disk does not take is tried again', async () => {
  const { library, entries } = libraryOf([left]);
  library.isFull = true;
  expect(await endAbandoned(library, [])).toEqual({ changed: false, isDone: false });
  expect(entries.get(left.id)?.state).toBe('recording');
  library.isFull = false;
  expect(await endAbandoned(library, [])).toEqual({ changed: true, isDone: true });
});
