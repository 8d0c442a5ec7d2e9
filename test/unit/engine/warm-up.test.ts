/** Warming up reads a made-up trace and the best of the recordings there are, leaves nothing open, and is done once. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import { Engine, type LibraryReader } from '../../../src/engine/index.ts';
import { makePracticeTrace } from '../../../src/engine/opening/practice-trace.ts';
import { type Recording, type RecordingId, recordingId } from '../../../src/recording/index.ts';
import { SMALL_TRACE } from '../../builders/json-trace.ts';
import { buildRecording, NO_SOURCES } from '../../builders/recording.ts';

const GZIPPED = new Uint8Array(gzipSync(SMALL_TRACE));

function makeEngine(list: Result<readonly Recording[]>) {
  const reads: RecordingId[] = [];
  const library: LibraryReader = {
    ...NO_SOURCES,
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
    readFrame: () => Promise.reject(new Error('no picture is asked for')),
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
  expect(after).toMatchObject({ ok: true, value: { open: 1 } });
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

test('ends as soon as somebody opens something', async () => {
  const { engine, reads } = makeEngine(succeed([kept('good', 500_000)]));
  const warm = engine.warmUp();
  const opened = await engine.open({ kind: 'library', id: recordingId('good') });
  expect(opened.ok).toBe(true);
  const soFar = reads.length;
  await warm;
  expect(reads.length - soFar).toBeLessThanOrEqual(1);
});

test('a recording that cannot be read does not keep it from the made-up trace', async () => {
  const { engine, reads } = makeEngine(succeed([kept('good', 500_000)]));
  const broken = new Engine({
    library: {
      ...NO_SOURCES,
      list: async () => succeed([kept('good', 500_000)]),
      get: async () => fail(makeFailure('recording-not-found', { subject: 'good' })),
      readTrace: () => Promise.reject(new Error('is not asked')),
      followTrace: () => Promise.reject(new Error('is not asked')),
      readFrame: () => Promise.reject(new Error('no picture is asked for')),
    },
  });
  expect(await broken.warmUp()).toEqual(succeed(undefined));
  expect(await engine.warmUp()).toEqual(succeed(undefined));
  expect(reads.length).toBeGreaterThan(0);
});

test('practice is open until it is closed, and ends no warming up', async () => {
  const { engine, reads } = makeEngine(succeed([kept('good', 500_000)]));
  const practised = await engine.practise();
  if (!practised.ok) throw new Error(practised.failure.message);
  const { open, mainThread } = practised.value;
  expect(mainThread).not.toBeNull();
  expect((await engine.chart(open)).ok).toBe(true);
  expect(reads).toEqual([]);
  await engine.warmUp();
  expect(reads.length).toBeGreaterThan(0);
  await engine.close(open);
  expect(await engine.chart(open)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
});

test('the made-up trace has all that a page load has', async () => {
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: 'practice', file: makePracticeTrace() });
  if (!opened.ok) throw new Error(opened.failure.message);
  const { open, mainThread, pageWindow, requests, counters, sampleCount, milestones, diagnostics } =
    opened.value;
  expect(Object.entries(diagnostics).filter(([, count]) => count !== 0)).toEqual([]);
  expect(sampleCount).toBeGreaterThan(5_000);
  expect([requests.length, counters.length > 0, milestones.length > 3]).toEqual([40, true, true]);
  if (mainThread === null || pageWindow === null) throw new Error('no page');
  const answer = await engine.breakdown(open, { thread: mainThread, range: pageWindow });
  if (!answer.ok) throw new Error(answer.failure.message);
  const { loading, scripting, rendering, painting } = answer.value;
  for (const millis of [loading, scripting, rendering, painting]) expect(millis).toBeGreaterThan(1);
});
