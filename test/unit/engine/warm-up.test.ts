/** Warming up reads the best of the recordings there are, leaves nothing open, and is done once. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import { Engine, type LibraryReader } from '../../../src/engine/index.ts';
import { type Recording, type RecordingId, recordingId } from '../../../src/recording/index.ts';
import { SMALL_TRACE } from '../../builders/json-trace.ts';
import { buildRecording } from '../../builders/recording.ts';

const GZIPPED = new Uint8Array(gzipSync(SMALL_TRACE));

function makeEngine(list: Result<readonly Recording[]>) {
  const reads: RecordingId[] = [];
  const library: LibraryReader = {
    list: async () => list,
    get: async (id) => {
      const found = list.ok ? list.value.find((one) => one.id === id) : undefined;
      return found ? succeed(found) : fail(makeFailure('recording-not-found', { subject: id }));
    },
    readTrace: async (id) => {
      reads.push(id);
      return succeed(new Blob([GZIPPED]).stream());
    },
    followTrace: () => Promise.reject(new Error('what has ended is not followed')),
  };
  return { engine: new Engine({ library }), reads };
}

const kept = (id: string, bytes: number | null, changes: Partial<Recording> = {}): Recording =>
  buildRecording({
    id: recordingId(id),
    state: 'whole',
    trace: bytes === null ? null : { format: 'json', bytes, chunks: 1 },
    ...changes,
  });

test('reads the recording of the best size again and again, and leaves nothing open', async () => {
  const list = [
    kept('tiny', 10_000),
    kept('gone', null),
    kept('growing', 600_000, { state: 'recording' }),
    kept('good', 500_000),
    kept('huge', 300_000_000),
  ];
  const { engine, reads } = makeEngine(succeed(list));
  expect(await engine.warmUp()).toEqual(succeed(undefined));
  expect(new Set(reads)).toEqual(new Set(['good']));
  const after = await engine.open({ kind: 'library', id: recordingId('good') });
  if (!after.ok) throw new Error(after.failure.message);
  for (let open = 1; open < after.value.open; open++)
    expect(engine.traceOf(open as typeof after.value.open)).toBeNull();
});

test('does nothing once something was opened, and nothing twice', async () => {
  const { engine, reads } = makeEngine(succeed([kept('good', 500_000)]));
  await engine.open({ kind: 'library', id: recordingId('good') });
  await engine.warmUp();
  expect(reads).toHaveLength(1);
});

test('has nothing to say where there is nothing to read', async () => {
  for (const list of [
    succeed([]),
    fail<readonly Recording[]>(makeFailure('storage-failed', { subject: 'x' })),
  ]) {
    const { engine, reads } = makeEngine(list);
    expect(await engine.warmUp()).toEqual(succeed(undefined));
    expect(reads).toEqual([]);
  }
  expect(await new Engine({ library: null }).warmUp()).toEqual(succeed(undefined));
});
