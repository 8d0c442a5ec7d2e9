import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.ts';
import { tabulateDiff } from '../../../src/cli/diff.ts';
import { WHOLE_MAIN } from '../../../src/cli/open-profiles.ts';
import { writePprof } from '../../../src/profile/index.ts';
import { PAGE_TRACE } from '../../builders/page-trace.ts';
import { profileOf } from '../../builders/profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'pageflame-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const before = file(
  'before.pb',
  writePprof([profileOf({ 'main@a.js:1': 10_000, 'main@a.js:1;f@a.js:5': 30_000 })]),
);
const after = file(
  'after.pb',
  writePprof([
    profileOf({ 'main@a.js:1': 10_000, 'main@a.js:1;f@a.js:8': 45_500, 'main@a.js:1;g@a.js:9': 250 }),
  ]),
);
const options = { before, after, count: 20, scope: WHOLE_MAIN, json: true, sourceMaps: null };

describe('pageflame diff', () => {
  test('lists functions by what changed most', async () => {
    const table = await tabulateDiff(options);
    if (!table.ok) throw new Error(table.failure.message);
    expect(table.value.beforeMs).toBe(40);
    expect(table.value.afterMs).toBe(55.75);
    expect(table.value.rows[0]).toEqual({
      function: 'f',
      url: 'a.js',
      line: 8,
      selfBeforeMs: 30,
      selfAfterMs: 45.5,
      selfDeltaMs: 15.5,
      totalBeforeMs: 30,
      totalAfterMs: 45.5,
      totalDeltaMs: 15.5,
    });
    expect(table.value.rows.map((row) => `${row.function} ${row.selfDeltaMs} ${row.totalDeltaMs}`)).toEqual([
      'f 15.5 15.5',
      'g 0.25 0.25',
      'main 0 15.75',
    ]);
    const first = await tabulateDiff({ ...options, count: 1 });
    expect(first.ok && first.value.rows.length).toBe(1);
  });

  test('of a trace with itself is nothing', async () => {
    const trace = file('page.json', PAGE_TRACE);
    const table = await tabulateDiff({ ...options, before: trace, after: trace, count: 1_000 });
    if (!table.ok) throw new Error(table.failure.message);
    expect(table.value.rows.length).toBeGreaterThan(3);
    expect(
      table.value.rows.every(({ selfDeltaMs, totalDeltaMs }) => selfDeltaMs === 0 && totalDeltaMs === 0),
    ).toBe(true);
  });

  test('is refused in words where a side is missing or no profile', async () => {
    const missing = await tabulateDiff({ ...options, after: join(folder, 'none') });
    expect(missing.ok ? 'ok' : missing.failure.code).toBe('file-not-found');
    expect(readArguments(['diff', 'a'])).toEqual({
      name: 'wrong-usage',
      of: 'diff',
      reason: 'diff takes two files, before and after',
    });
    expect(readArguments(['diff', 'a', 'b', '-n', '0'])).toMatchObject({ name: 'wrong-usage' });
    expect(readArguments(['diff', 'a', 'b', '-n', '5', '--json'])).toEqual({
      name: 'diff',
      options: { before: 'a', after: 'b', count: 5, scope: WHOLE_MAIN, json: true, sourceMaps: null },
    });
  });
});
