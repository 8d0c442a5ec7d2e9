/**
 * What the reader says of every shared trace, every column of every table: held against what it said before. A change on
 * purpose is taken over with `npx vitest run --project unit test/unit/trace/digests.test.ts -u`, and looked at.
 */
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';
import { digestTables, type TableDigest } from '../../builders/table-digest.ts';

const KEPT = '../../fixtures/table-digests.json';
const FOLDERS: readonly (readonly [string, string])[] = [
  ['shared', join(SHARED, 'traces')],
  ['fixtures', fileURLToPath(new URL('../../fixtures/traces', import.meta.url))],
];

test('every shared trace and fixture says what it said', async () => {
  const digests: Record<string, TableDigest> = {};
  for (const [title, folder] of FOLDERS) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /\.(json|gz|pftrace)$/.test(name)).sort()) {
      digests[`${title}/${file.replaceAll(sep, '/')}`] = digestTables(
        await readTraceFile(join(folder, file)),
      );
    }
  }
  await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot(KEPT);
}, 240_000);
