/**
 * What the reader says of every shared trace, every column of every table: held against what it said before. A change on
 * purpose is taken over with `npx vitest run --project unit test/unit/trace/digests.test.ts -u`, and looked at.
 */
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';
import { digestTables, type TableDigest } from '../../builders/table-digest.ts';

const KEPT = '../../fixtures/table-digests.json';
const TRACES = join(SHARED, 'traces');

test('every shared trace says what it said', async () => {
  const digests: Record<string, TableDigest> = {};
  const files = readdirSync(TRACES, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.(json|gz)$/.test(name)).sort()) {
    digests[file.replaceAll(sep, '/')] = digestTables(await readTraceFile(join(TRACES, file)));
  }
  await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot(KEPT);
}, 240_000);
