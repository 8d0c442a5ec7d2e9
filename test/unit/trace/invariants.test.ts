/** What must hold for the tables of every trace: of every shared one, and of random ones. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifySlices, findPageLoad, type Summary, summarize } from '../../../src/analysis/index.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { crossingEvents, hostileEvents, nestedEvents, profileEvents } from '../../builders/random-traces.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';
import { oddities, type RawEvent, tablesOf } from '../../builders/trace.ts';

/** Files beside the repository, and our own: gzip JSON, plain JSON, Perfetto. */
const FOLDERS = [join(SHARED, 'traces'), fileURLToPath(new URL('../../fixtures/traces', import.meta.url))];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|gz|pftrace)$/.test(name))
    .map((name): [string, string] => [name, join(folder, name)]),
);

const summaryOf = (tables: TraceTables): Summary =>
  summarize({
    tables,
    classes: classifySlices(tables),
    page: findPageLoad(tables),
    window: tables.bounds,
    jsCalls: true,
    measuredVitals: null,
  });

test.each(files)(
  '%s',
  async (_, path) => {
    const tables = await readTraceFile(path);
    expect(findBrokenRules(tables)).toEqual([]);
    const { threads, window } = summaryOf(tables);
    for (const { pid, tid, categories } of threads) {
      const sum = Object.values(categories).reduce((total, millis) => total + millis, 0);
      const off = Math.abs(sum - (window.endMicros - window.startMicros) / 1000);
      expect({ thread: `${pid}:${tid}`, isWhole: off <= 0.005 }).toEqual({
        thread: `${pid}:${tid}`,
        isWhole: true,
      });
    }
  },
  60_000,
);

const read = (events: readonly RawEvent[]): Promise<TraceTables> => tablesOf(JSON.stringify(events));

describe('random traces', () => {
  test('that nest as in a healthy browser: nothing is odd', async () => {
    await fc.assert(
      fc.asyncProperty(nestedEvents, profileEvents, async (slices, profile) => {
        const tables = await read([...slices, ...profile]);
        expect(findBrokenRules(tables)).toEqual([]);
        expect(oddities(tables)).toEqual({});
        expect(tables.slices.flags.some((flags) => (flags & ~SLICE_JS_CALL) !== 0)).toBe(false);
      }),
    );
  });

  test('that cross, with ends that do not match', async () => {
    await fc.assert(
      fc.asyncProperty(crossingEvents, profileEvents, async (slices, profile) => {
        expect(findBrokenRules(await read([...slices, ...profile]))).toEqual([]);
      }),
    );
  });

  test('JS calls change no slice whose end was written', async () => {
    const list = ({ slices, threads }: TraceTables): string[] =>
      Array.from(slices.start, (start, row) => {
        const { pid, tid } = { pid: threads.pid[slices.thread[row]], tid: threads.tid[slices.thread[row]] };
        const isKnown = (slices.flags[row] & SLICE_END_INFERRED) === 0;
        const lasts = isKnown ? slices.duration[row] : 'to some end';
        return `${pid}:${tid} ${slices.name[row]} ${start} ${lasts}`;
      }).filter((_, row) => (slices.flags[row] & SLICE_JS_CALL) === 0);
    await fc.assert(
      fc.asyncProperty(fc.oneof(nestedEvents, crossingEvents), profileEvents, async (slices, profile) => {
        expect(list(await read([...slices, ...profile]))).toEqual(list(await read(slices)));
      }),
      { numRuns: 300 },
    );
  });

  test('that are hostile: read, counted, analysed', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvents, async (events) => {
        const tables = await read(events);
        expect(findBrokenRules(tables)).toEqual([]);
        expect(tables.eventCount).toBe(events.length);
        const summary = summaryOf(tables);
        expect(JSON.stringify(summary)).not.toContain('NaN');
      }),
      { numRuns: 300 },
    );
  });
});
