/** What `pageflame export` refuses, and what it leaves behind where it fails. */
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FailureCode, makeFailure } from '../../../src/base/index.ts';
import { exportFile } from '../../../src/cli/export.ts';
import { tabulateList } from '../../../src/cli/list.ts';
import { WHOLE_MAIN } from '../../../src/cli/open-profiles.ts';
import { tabulateTop } from '../../../src/cli/top.ts';
import { writeOutput } from '../../../src/cli/write-output.ts';
import { type ExportChanges, exportOptions } from '../../builders/export-options.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const REACT = join(SHARED, 'traces/react.json.gz');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageflame-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

const optionsOf = (file: string, changes: ExportChanges) => exportOptions(file, join(folder, 'out'), changes);

async function refusal(file: string, changes: ExportChanges = {}): Promise<FailureCode | undefined> {
  const options = optionsOf(file, { output: join(folder, 'never'), ...changes });
  const failure = await exportFile(options);
  expect(failure?.message ?? '').not.toContain('\n');
  return failure?.code;
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('refuses', () => {
  test.each<[string, string | Uint8Array, FailureCode]>([
    ['empty.json', '', 'file-empty'],
    ['diary.txt', 'Dear diary,\nnothing today\n', 'not-a-profile'],
    ['object.json', '{"a":1}', 'not-a-trace'],
    ['gecko.json', JSON.stringify({ meta: { version: 30 }, threads: [] }), 'profile-raw-gecko'],
    [
      'new.json',
      JSON.stringify({ meta: { preprocessedProfileVersion: 9999 }, threads: [] }),
      'profile-too-new',
    ],
    ['bomb.json.gz', gzipSync(Buffer.alloc(1000)), 'not-a-trace'],
  ])('%s', async (name, content, code) => {
    expect(await refusal(await write(name, content))).toBe(code);
  });

  test('what the file cannot give', async () => {
    const folded = await write('x.folded', 'a;b 1\n');
    const pageless = await write(
      'pageless.json',
      JSON.stringify([{ name: 'x', ph: 'X', ts: 1, dur: 5, pid: 1, tid: 2 }]),
    );
    expect(await refusal(folded, { scope: { jsOnly: true } })).toBe('profile-not-trace');
    expect(await refusal(folded, { scope: { from: 1 } })).toBe('profile-without-moments');
    expect(await refusal(folded, { scope: { thread: { pid: 1, tid: 2 } } })).toBe('profile-without-thread');
    expect(await refusal(folded, { type: 'cpu' })).toBe('profile-without-time');
    expect(await refusal(folded, { format: 'trace' })).toBe('profile-not-trace');
    expect(await refusal(pageless)).toBe('no-main-thread');
    expect(await refusal(pageless, { scope: { thread: { pid: 1, tid: 9 } } })).toBe('no-such-thread');
    expect(await refusal(pageless, { scope: { thread: 'all' } })).toBe(undefined);
    expect(await refusal(pageless, { scope: { thread: 'all', from: 7, to: 9 } })).toBe('range-outside');
    expect(await refusal(pageless, { scope: { thread: 'all', to: 0 } })).toBe('range-outside');
    expect(await refusal(pageless, { scope: { thread: 'all', from: 6, to: 9 } })).toBe(undefined);
    expect(
      await tabulateList({
        file: REACT,
        functionName: 'nobody',
        scope: WHOLE_MAIN,
        json: true,
        sourceMaps: null,
      }),
    ).toMatchObject({ ok: false, failure: { code: 'no-such-function' } });
  });

  test('what holds no work of any thread', async () => {
    const instant = { name: 'x', ph: 'i', s: 't', ts: 1, pid: 1, tid: 2 };
    const idle = await write('idle.json', JSON.stringify([instant, { ...instant, ts: 9 }]));
    for (const format of ['pprof', 'otlp', 'speedscope', 'folded', 'svg'] as const)
      expect(await refusal(idle, { format, scope: { thread: 'all' } }), format).toBe('profile-empty');
    const scope = { ...WHOLE_MAIN, thread: 'all' } as const;
    expect(await tabulateTop({ file: idle, count: 5, scope, json: true, sourceMaps: null })).toMatchObject({
      ok: false,
      failure: { code: 'profile-empty' },
    });
  });

  test('to write over its own source, or where nothing can be written', async () => {
    const file = await write('own.json', '[]');
    expect(await refusal(file, { output: file })).toBe('output-is-input');
    expect(await refusal(REACT, { output: join(folder, 'no/such/folder/x') })).toBe('write-failed');
    await expect(stat(join(folder, 'no'))).rejects.toThrow();
  });

  test('a failure leaves what was there before, and nothing beside it', async () => {
    const place = await mkdtemp(join(folder, 'kept-'));
    const output = join(place, 'out.json');
    await writeFile(output, 'before');
    // Gzip that ends in the middle of a trace that begins well.
    const trace = await readFile(REACT);
    const cut = await write('cut.json.gz', trace.subarray(0, trace.length / 2));
    const failure = await writeOutput(
      output,
      (async function* () {
        yield new TextEncoder().encode('half');
        throw makeFailure('file-unreadable', { subject: cut });
      })(),
    );
    expect(failure?.code).toBe('file-unreadable');
    expect(await readFile(output, 'utf8')).toBe('before');
    expect(await exportFile(optionsOf(cut, { output, format: 'trace' }))).toBeNull();
    expect((await readFile(output, 'utf8')).startsWith('{"traceEvents":')).toBe(true);
    expect(await readdir(place)).toEqual(['out.json']);
  });

  test.skipIf(process.platform === 'win32')('a device is written to, a link stays a link', async () => {
    expect(await exportFile(optionsOf(REACT, { output: '/dev/null', format: 'folded' }))).toBeNull();
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    const target = await write('target.txt', 'before');
    const link = join(folder, 'link.txt');
    await symlink(target, link);
    expect(await exportFile(optionsOf(REACT, { output: link, format: 'folded' }))).toBeNull();
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await readFile(target, 'utf8')).length).toBeGreaterThan(1000);
  });

  test('names that no file can have', async () => {
    expect(await refusal(REACT, { output: join(folder, 'x'.repeat(300)) })).toBe('write-failed');
    expect(await refusal(REACT, { output: folder })).toBe('write-failed');
    expect(await refusal(join(REACT, 'below'))).toBe('file-not-found');
  });
});
