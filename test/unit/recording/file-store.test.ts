/** The store of the command line: what is appended comes out in the file, and a disk's refusal is a sentence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fail, makeFailure, type Result } from '../../../src/base/index.ts';
import { FileStore } from '../../../src/recording/file-store.node.ts';
import { type Recording, recordingId, unpackRecording } from '../../../src/recording/index.ts';
import { buildRecording, noise } from '../../builders/recording.ts';

function ok<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.detail}`);
  return result.value;
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'none' : result.failure.code);

let store: FileStore;
let folder: string;
beforeEach(async () => {
  store = ok(await FileStore.open());
  folder = mkdtempSync(join(tmpdir(), 'pageflame-test-'));
});
afterEach(async () => {
  ok(await store.close());
  rmSync(folder, { recursive: true });
});

const started = buildRecording();
const withTrace = (bytes: number, changes: Partial<Recording> = {}): Recording =>
  buildRecording({ trace: { format: 'perfetto', bytes, chunks: 1 }, ...changes });

/** The whole file of `id`. */
async function packedFile(id = started.id) {
  const { recording, file } = ok(await store.pack(id));
  const pieces: Uint8Array[] = [];
  for await (const piece of file) pieces.push(piece);
  return { packed: recording, ...ok(unpackRecording(Buffer.concat(pieces), 'x')) };
}

test('packs what was appended', async () => {
  const [first, second, jpeg] = [noise(100_000, 1), noise(5, 2), noise(300, 3)];
  const frames = [{ time: started.startedAt, bytes: jpeg.length }];
  const whole = withTrace(100_005, { frames, state: 'whole' });
  ok(await store.put(started));
  ok(await store.appendTrace(withTrace(100_000), 0, first));
  ok(await store.appendFrame(withTrace(100_000, { frames }), jpeg));
  ok(await store.appendTrace(withTrace(100_005, { frames }), 100_000, second));
  ok(await store.put(whole));
  expect(ok(await store.get(started.id))).toStrictEqual(whole);

  const { recording, packed, trace, frames: pictures } = await packedFile();
  expect(recording).toStrictEqual({ ...whole, trace: { ...whole.trace, bytes: trace?.length } });
  expect(packed).toStrictEqual(recording);
  // It is given plain, and kept as gzip.
  expect(gunzipSync(trace ?? new Uint8Array(0)).equals(Buffer.concat([first, second]))).toBe(true);
  expect(pictures.map((frame) => Buffer.from(frame).equals(jpeg))).toStrictEqual([true]);
});

test('packs a recording whose trace is gone', async () => {
  ok(await store.put({ ...started, state: 'cut-off' }));
  expect((await packedFile()).trace).toBeNull();
});

test('takes bytes again from an offset on', async () => {
  ok(await store.put(started));
  ok(await store.appendTrace(withTrace(4), 0, new Uint8Array([1, 2, 3, 4])));
  ok(await store.appendTrace(withTrace(3), 2, new Uint8Array([9])));
  ok(await store.put(withTrace(3, { state: 'whole' })));
  const { trace } = await packedFile();
  expect([...gunzipSync(trace ?? new Uint8Array(0))]).toStrictEqual([1, 2, 9]);
});

test('bytes that no entry counts are none of the trace', async () => {
  ok(await store.put(started));
  ok(await store.appendTrace(withTrace(4), 0, new Uint8Array([1, 2, 3, 4])));
  // As a write leaves it that a full disk broke off.
  ok(await store.put(withTrace(3, { state: 'cut-off' })));
  const { trace } = await packedFile();
  expect([...gunzipSync(trace ?? new Uint8Array(0))]).toStrictEqual([1, 2, 3]);
});

test('refuses in words: a trace that is not there, no such recording', async () => {
  ok(await store.put(withTrace(4, { state: 'whole' })));
  expect(codeOf(await store.pack(started.id))).toBe('write-failed');
  expect(codeOf(await store.get(recordingId('other')))).toBe('recording-not-found');
});

test('a full disk is storage-full', async () => {
  vi.stubEnv('TMPDIR', folder);
  const other = ok(await FileStore.open());
  ok(await other.put(started));
  ok(await other.appendTrace(withTrace(4), 0, new Uint8Array([1, 2, 3, 4])));
  const [own = ''] = readdirSync(folder);
  // Linux's device that is always full.
  symlinkSync('/dev/full', join(folder, own, started.id, 'trace.pftrace.gz'));
  expect(codeOf(await other.pack(started.id))).toBe('storage-full');
  ok(await other.close());
  vi.unstubAllEnvs();
});

test('a process that ends early leaves no folder behind', async () => {
  vi.stubEnv('TMPDIR', folder);
  const before = process.listeners('exit');
  const other = ok(await FileStore.open());
  ok(await other.put(started));
  const [hook] = process.listeners('exit').filter((one) => !before.includes(one));
  expect(readdirSync(folder).length).toBe(1);
  hook?.(1);
  expect(readdirSync(folder)).toStrictEqual([]);
  ok(await other.close());
  expect(process.listeners('exit')).toStrictEqual(before);
  vi.unstubAllEnvs();
});

test('closing leaves nothing behind', async () => {
  vi.stubEnv('TMPDIR', folder);
  const other = ok(await FileStore.open());
  ok(await other.put(started));
  expect(readdirSync(folder).length).toBe(1);
  ok(await other.close());
  expect(readdirSync(folder)).toStrictEqual([]);
  vi.unstubAllEnvs();
});

describe('a recording that cannot be put where it was to go', () => {
  const whole = withTrace(1000, { state: 'whole', name: 'Shop: cart' });
  const bytes = noise(1000, 1);

  test('is left behind as a file, with nothing beside it', async () => {
    ok(await store.appendTrace(whole, 0, bytes));
    const path = ok(await store.leaveBehind(whole.id));
    ok(await store.close());
    expect(readdirSync(dirname(path))).toStrictEqual([basename(path)]);
    expect(path.endsWith('.pageflame')).toBe(true);
    const { trace } = ok(unpackRecording(readFileSync(path), path));
    expect(gunzipSync(trace ?? new Uint8Array(0)).equals(bytes)).toBe(true);
    rmSync(dirname(path), { recursive: true });
  });

  test('is left behind as its trace where there is no room for a second copy', async () => {
    ok(await store.appendTrace(whole, 0, bytes));
    vi.spyOn(store, 'pack').mockResolvedValue(fail(makeFailure('storage-full', { subject: 'x' })));
    const path = ok(await store.leaveBehind(whole.id));
    ok(await store.close());
    expect(readdirSync(dirname(path))).toStrictEqual([basename(path)]);
    expect(path.endsWith('.pftrace')).toBe(true);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    rmSync(dirname(path), { recursive: true });
  });

  test('of which nothing has arrived is told to be lost', async () => {
    ok(await store.put(started));
    vi.spyOn(store, 'pack').mockResolvedValue(fail(makeFailure('storage-full', { subject: 'x' })));
    expect(codeOf(await store.leaveBehind(started.id))).toBe('storage-full');
  });
});
