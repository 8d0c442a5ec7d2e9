/** `pageflame top` and `list` of files that weigh no time: in their own unit; `diff` refuses them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeFailure } from '../../../src/base/index.ts';
import { runDiff } from '../../../src/cli/diff.ts';
import { runList } from '../../../src/cli/list.ts';
import { WHOLE_MAIN } from '../../../src/cli/open-profiles.ts';
import { runTop, tabulateTop } from '../../../src/cli/top.ts';
import { writePprof } from '../../../src/profile/index.ts';
import { profileOf } from '../../builders/profiles.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const REACT = join(SHARED, 'traces/react.json.gz');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageflame-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** What a command that succeeds writes to stdout. */
async function printed(run: () => Promise<number>): Promise<string> {
  const said = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await run()).toBe(0);
    return said.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    said.mockRestore();
  }
}

test('top and list of what weighs no time: in its own unit, as a table and as JSON', async () => {
  const folded = await write('counts.txt', 'main;render 3\nmain 1\n');
  const options = { file: folded, count: 5, scope: WHOLE_MAIN, sourceMaps: null };
  const table = await printed(() => runTop({ ...options, json: false }));
  expect(table).toBe(
    '  self count total count  function\n           3           3  render\n           1           4  main\n',
  );
  expect(JSON.parse(await printed(() => runTop({ ...options, json: true })))).toEqual([
    { function: 'render', url: '', line: 0, unit: 'count', self: 3, total: 3 },
    { function: 'main', url: '', line: 0, unit: 'count', self: 1, total: 4 },
  ]);
  const lines = { ...options, functionName: 'main' };
  expect(await printed(() => runList({ ...lines, json: false }))).toContain('self count total count');
  expect(JSON.parse(await printed(() => runList({ ...lines, json: true })))).toEqual([
    { url: '', line: 0, unit: 'count', self: 1, total: 4 },
  ]);
  const react = { ...options, file: REACT, count: 1, functionName: 'createElementWithValidation' };
  const [row] = JSON.parse(await printed(() => runTop({ ...react, json: true })));
  expect(Object.keys(row)).toEqual(['function', 'url', 'line', 'selfMs', 'totalMs', 'samples']);
  const [line] = JSON.parse(await printed(() => runList({ ...react, json: true })));
  expect(Object.keys(line)).toEqual(['url', 'line', 'selfMs', 'totalMs']);
});

test('diff of what weighs no time says so in one line, and nothing else', async () => {
  const bytes = { ...profileOf({ 'main@a.js:1': 2048 }), type: 'alloc_space', unit: 'bytes' } as const;
  const objects = { ...profileOf({ 'main@a.js:1': 7 }), type: 'alloc_objects', unit: 'count' } as const;
  const file = await write('heaps.pb', writePprof([objects, bytes]));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const sides = { before: file, after: file, count: 5, scope: WHOLE_MAIN, json: true, sourceMaps: null };
  const code = await runDiff(sides);
  const words = said.mock.calls.map(([text]) => String(text));
  said.mockRestore();
  expect(code).toBe(1);
  const { message } = makeFailure('profile-without-time', { subject: 'heaps.pb' });
  expect(words).toEqual([`pageflame: ${message}\n`]);
});

test('of several kinds of weight the first, and which others there are is said', async () => {
  const bytes = { ...profileOf({ 'main@a.js:1': 2048 }), type: 'alloc_space', unit: 'bytes' } as const;
  const objects = { ...profileOf({ 'main@a.js:1': 7 }), type: 'alloc_objects', unit: 'count' } as const;
  const file = await write('heap.pb', writePprof([objects, bytes]));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const rows = await tabulateTop({ file, count: 5, scope: WHOLE_MAIN, json: true, sourceMaps: null });
  const words = said.mock.calls.map(([text]) => String(text));
  said.mockRestore();
  expect(rows).toMatchObject({ ok: true, value: [{ function: 'main', unit: 'count', self: 7, total: 7 }] });
  expect(words).toEqual(['pageflame: heap.pb weighs alloc_objects, alloc_space; this is alloc_objects.\n']);
});
