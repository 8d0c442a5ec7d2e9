/** Flows survive the way from Chrome's protobuf to JSON: the same slices initiate the same slices. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findInitiators, LINK_KINDS } from '../../../src/analysis/index.ts';
import { type TraceTables, writeJsonEvents } from '../../../src/trace/index.ts';
import { blocksOf } from '../../builders/perfetto.ts';
import { readFixture } from '../../builders/shared-traces.ts';
import { tablesOf } from '../../builders/trace.ts';

/** To the microsecond: JSON has no more than three decimals. */
function list(tables: TraceTables): string[] {
  const { slices, strings } = tables;
  const { kind, cause, effect, length } = findInitiators(tables, []);
  const tell = (row: number): string => `${strings.get(slices.name[row])} ${slices.start[row].toFixed(2)}`;
  return Array.from(
    { length },
    (_, i) => `${LINK_KINDS[kind[i]]}: ${tell(cause[i])} → ${tell(effect[i])}`,
  ).sort();
}

test.each(['known-costs', 'twins', 'workers', 'cross-process'])('%s', async (file) => {
  const url = new URL(`../../fixtures/traces/${file}.pftrace.gz`, import.meta.url);
  const bytes = new Uint8Array(gunzipSync(readFileSync(url)));
  const texts: string[] = [];
  for await (const text of writeJsonEvents(blocksOf(bytes, () => 65_536))) texts.push(text);
  const told = list(await readFixture(`${file}.pftrace.gz`));
  expect(list(await tablesOf(`[${texts.join(',\n')}]`))).toEqual(told);
  expect(told.filter((line) => line.startsWith('flow')).length).toBeGreaterThan(10);
});
