/** What must hold for the tables of every trace: of every shared one, and of random ones. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifySlices, findPageLoad, summarize } from '../../../src/analysis/index.ts';
import { SLICE_END_INFERRED, SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { crossingEvents, hostileEvents, nestedEvents, profileEvents } from '../../builders/random-traces.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';
import { oddities, type RawEvent, tablesOf } from '../../builders/trace.ts';

const traces = join(SHARED, 'traces');
const files = readdirSync(traces, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(json|gz)$/.test(name),
);

test.each(files)(
  '%s',
  async (file) => {
    expect(findBrokenRules(await readTraceFile(join(traces, file)))).toEqual([]);
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
        const page = findPageLoad(tables);
        const classes = classifySlices(tables);
        const summary = summarize({
          tables,
          classes,
          page,
          window: tables.bounds,
          jsCalls: true,
          measuredVitals: null,
        });
        expect(JSON.stringify(summary)).not.toContain('NaN');
      }),
      { numRuns: 300 },
    );
  });
});
