/** The store of the command line: what is appended comes out in the file, and a disk's refusal is a sentence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Result } from '../../../src/base/index.ts';
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

  const file = join(folder, 'x.pageflame');
  const packed = ok(await store.pack(started.id, file));
  const unpacked = ok(unpackRecording(readFileSync(file), 'x'));
  const { trace } = unpacked;
  expect(unpacked.recording).toStrictEqual({ ...whole, trace: { ...whole.trace, bytes: trace?.length } });
  expect(packed).toStrictEqual(unpacked.recording);
  // It is given plain, and kept as gzip.
  expect(gunzipSync(trace ?? new Uint8Array(0)).equals(Buffer.concat([first, second]))).toBe(true);
  expect(unpacked.frames.map((frame) => Buffer.from(frame).equals(jpeg))).toStrictEqual([true]);
  expect(readdirSync(folder)).toStrictEqual(['x.pageflame']);
});

test('packs a recording whose trace is gone', async () => {
  ok(await store.put({ ...started, state: 'cut-off' }));
  const file = join(folder, 'x.pageflame');
  ok(await store.pack(started.id, file));
  expect(ok(unpackRecording(readFileSync(file), 'x')).trace).toBeNull();
});

test('takes bytes again from an offset on', async () => {
  ok(await store.put(started));
  ok(await store.appendTrace(withTrace(4), 0, new Uint8Array([1, 2, 3, 4])));
  ok(await store.appendTrace(withTrace(3), 2, new Uint8Array([9])));
  ok(await store.put(withTrace(3, { state: 'whole' })));
  const file = join(folder, 'x.pageflame');
  ok(await store.pack(started.id, file));
  const { trace } = ok(unpackRecording(readFileSync(file), 'x'));
  expect([...gunzipSync(trace ?? new Uint8Array(0))]).toStrictEqual([1, 2, 9]);
});

test('writes over an older file, and leaves it alone where it fails', async () => {
  const file = join(folder, 'x.pageflame');
  writeFileSync(file, 'older');
  ok(await store.put(withTrace(4, { state: 'whole' })));
  expect(codeOf(await store.pack(started.id, file))).toBe('write-failed');
  expect(readFileSync(file, 'utf8')).toBe('older');
  expect(readdirSync(folder)).toStrictEqual(['x.pageflame']);
  ok(await store.put({ ...started, state: 'whole' }));
  ok(await store.pack(started.id, file));
  expect(readFileSync(file, 'utf8')).not.toBe('older');
});

test('a full disk is storage-full, and leaves no part behind', async () => {
  const file = join(folder, 'x.pageflame');
  // Linux's device that is always full.
  symlinkSync('/dev/full', `${file}.part`);
  ok(await store.put({ ...started, state: 'whole' }));
  expect(codeOf(await store.pack(started.id, file))).toBe('storage-full');
  expect(readdirSync(folder)).toStrictEqual([]);
});

test('refuses in words: no such folder, no such recording', async () => {
  ok(await store.put({ ...started, state: 'whole' }));
  const refused = await store.pack(started.id, join(folder, 'nowhere', 'x.pageflame'));
  expect(refused).toMatchObject({ ok: false, failure: { code: 'write-failed' } });
  expect(refused.ok || refused.failure.message).toContain('x.pageflame');
  expect(codeOf(await store.get(recordingId('other')))).toBe('recording-not-found');
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
