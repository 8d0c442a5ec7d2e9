/** A file on the disk as a Blob: the same bytes, whole, in parts and as a stream. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiskFile } from '../../../src/cli/disk-file.ts';

const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 7919) >>> 3);
let folder = '';
let file: DiskFile;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pageflame-disk-file-'));
  writeFileSync(join(folder, 'bytes'), bytes);
  file = DiskFile.open(join(folder, 'bytes'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const bytesOf = async (blob: Blob): Promise<Buffer> => Buffer.from(await blob.arrayBuffer());

test('whole', async () => {
  expect(file.size).toBe(bytes.length);
  expect((await bytesOf(file)).equals(bytes)).toBe(true);
});

test.each([
  [0, 4],
  [5, 5],
  [699_999, 900_000],
  [-3, undefined],
  [10, 3],
  [undefined, undefined],
])('a part from %s to %s is that of any Blob', async (from, to) => {
  const part = file.slice(from, to);
  const expected = new Blob([bytes]).slice(from, to);
  expect(part.size).toBe(expected.size);
  expect((await bytesOf(part)).equals(await bytesOf(expected))).toBe(true);
  expect(await bytesOf(part.slice(1, 3))).toEqual(await bytesOf(expected.slice(1, 3)));
});

test('a part of it as a stream', async () => {
  const streamed = await new Response(file.slice(3, 600_000).stream()).arrayBuffer();
  expect(Buffer.from(streamed).equals(bytes.subarray(3, 600_000))).toBe(true);
});

test('a folder is no file', () => {
  expect(() => DiskFile.open(folder)).toThrow('not a file');
});
