/** From a trace back to its recording's file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { deriveTraceIds, writePageflameLink } from '../../../src/backends/index.ts';
import { readArguments } from '../../../src/cli/arguments.ts';
import { runFind } from '../../../src/cli/find.ts';
import { packRecording, recordingId } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'pageflame-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function* nothing(): AsyncGenerator<Uint8Array, void> {
  // A recording without pictures.
}

async function save(id: string, changes = {}): Promise<string> {
  const recording = buildRecording({ id: recordingId(id), state: 'whole', ...changes });
  const path = join(folder, `${id}.pageflame`);
  const packed = packRecording({ recording, trace: null, frames: nothing() });
  writeFileSync(path, new Uint8Array(await new Response(packed).arrayBuffer()));
  return path;
}

async function find(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = readArguments(['find', ...args]);
  if (command.name !== 'find') return { code: 2, out: '', err: JSON.stringify(command) };
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
  const code = await runFind(command.options);
  return { code, out, err };
}

test('by trace id, span id, server’s trace, and link', async () => {
  const one = await save('one');
  const two = await save('two', { serverTrace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) } });
  const ids = await deriveTraceIds('one', null);
  expect(await find(ids.traceId, one, two)).toEqual({ code: 0, out: `${one}\n`, err: '' });
  expect((await find(`http://j/trace/x?uiFind=${ids.rootSpanId}`, two, one)).out).toBe(`${one}\n`);
  expect((await find('a'.repeat(32), one, two)).out).toBe(`${two}\n`);
  expect((await find(writePageflameLink({ recording: 'two', range: null }), one, two)).out).toBe(`${two}\n`);
});

test('says where there is none, and what cannot be read', async () => {
  const one = await save('one');
  expect(await find('f'.repeat(32), one)).toMatchObject({ code: 1, out: '' });
  expect((await find('x', join(folder, 'gone.pageflame'))).err).toContain('gone.pageflame');
  expect((await find()).err).toContain('find takes a trace id');
});
