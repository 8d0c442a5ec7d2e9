/**
 * One tiny file per defect, named after it: what is counted, and what is read all the same.
 * Most hold the same two slices, RunTask and Layout, and one thing that is odd.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  collectLoadFacts,
  collectPageItems,
  computeTraceVitals,
  findInitiators,
  findPageLoad,
} from '../../../src/analysis/index.ts';
import type { FailureCode } from '../../../src/base/index.ts';
import type { Diagnostics } from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { oddities, read } from '../../builders/trace.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/odd', import.meta.url));
const PAIR = ['RunTask 100+50', 'Layout 110+20'];

/** File → diagnostics that are not 0, slices as `name start+duration`. */
const READ: Readonly<Record<string, readonly [Partial<Diagnostics>, readonly string[]]>> = {
  'arguments-no-json.json': [{ malformedEvents: 1 }, ['navigationStart 90+0', ...PAIR]],
  'async-begin-without-end.json': [{ unmatchedAsync: 1 }, PAIR],
  'async-end-first-in-file.json': [{}, PAIR],
  'async-end-without-begin.json': [{ unmatchedAsync: 1 }, PAIR],
  'async-id-missing.json': [{}, PAIR],
  'bare-array.json': [{}, PAIR],
  'begin-without-end.json': [{ beginsWithoutEnd: 1 }, ['RunTask 100+30', 'Layout 110+20']],
  'byte-order-mark.json': [{}, PAIR],
  'comma-twice.json': [{ malformedEvents: 1 }, PAIR],
  'cut-off-in-event.json': [{ cutOff: 1 }, ['RunTask 100+50']],
  'cut-off-in-metadata.json': [{ cutOff: 1 }, PAIR],
  'duplicate-keys.json': [{}, PAIR],
  'duration-impossible.json': [{ badTimes: 1 }, ['Point 90+0', 'RunTask 100+50', 'Layout 110+20']],
  'duration-missing.json': [{}, ['Point 90+0', 'RunTask 100+50', 'Layout 110+20']],
  'duration-negative.json': [{ negativeDurations: 1 }, ['Point 90+0', 'RunTask 100+50', 'Layout 110+20']],
  'empty-entry.json': [{ badTimes: 1 }, PAIR],
  'empty-line-first.json': [{}, PAIR],
  'empty-list.json': [{}, []],
  'end-of-other-slice.json': [{ endsOfOtherSlice: 1 }, PAIR],
  'end-of-outer-slice.json': [
    { endsOfOtherSlice: 1, beginsWithoutEnd: 1 },
    ['RunTask 100+50', 'Layout 110+40'],
  ],
  'end-without-begin.json': [{ endsWithoutBegin: 1 }, PAIR],
  'end-without-name.json': [{}, PAIR],
  'ends-out-of-order.json': [{}, PAIR],
  'garbage-after-end.json': [{}, PAIR],
  'gzip-cut-off.json.gz': [{ cutOff: 1 }, ['RunTask 100+50', 'Layout 110+20', 'Paint 200+3']],
  'gzip-members.json.gz': [
    {},
    [
      'RunTask 100+50',
      'Layout 110+20',
      'Paint 200+3',
      'Paint 340+6',
      'Paint 459+4',
      'Paint 599+7',
      'Paint 718+5',
    ],
  ],
  'gzip-without-trailer.json.gz': [
    { cutOff: 1 },
    [
      'RunTask 100+50',
      'Layout 110+20',
      'Paint 200+3',
      'Paint 340+6',
      'Paint 459+4',
      'Paint 599+7',
      'Paint 718+5',
    ],
  ],
  'ids-as-text.json': [{}, PAIR],
  'invalid-utf8.json': [{}, ['RunTask 100+50', 'Layout� 110+20']],
  'keys-escaped.json': [{}, PAIR],
  'lone-surrogate.json': [{}, ['RunTask 100+50', 'Layout\ud800 110+20']],
  'measure-properties-of-wrong-types.json': [{}, PAIR],
  'metadata-before-events.json': [{}, PAIR],
  'no-closing-bracket-after-comma.json': [{ cutOff: 1 }, PAIR],
  'no-closing-bracket.json': [{ cutOff: 1 }, PAIR],
  'no-comma-between.json': [{}, PAIR],
  'null-entry.json': [{ malformedEvents: 1 }, PAIR],
  'numbers-as-text.json': [{}, PAIR],
  'out-of-order.json': [{}, PAIR],
  'overlapping-slices.json': [{ overlappingSlices: 1 }, ['RunTask 100+50', 'Layout 140+10']],
  'phase-missing.json': [{ unknownPhases: 1 }, PAIR],
  'phase-async-instant.json': [{}, PAIR],
  'phase-async-steps-of-old.json': [{}, PAIR],
  'phase-clock-sync.json': [{}, PAIR],
  'phase-context.json': [{}, PAIR],
  'phase-counter-in-series.json': [{}, PAIR],
  'phase-flow.json': [{}, PAIR],
  'phase-mark.json': [{}, [...PAIR, 'Odd 120+0']],
  'phase-memory-dump.json': [{}, PAIR],
  'phase-object.json': [{}, PAIR],
  'phase-sample.json': [{}, PAIR],
  'phase-of-two-letters.json': [{ unknownPhases: 2 }, PAIR],
  'phase-unknown.json': [{ unknownPhases: 1 }, PAIR],
  'raw-quote-in-name.json': [{ malformedEvents: 1 }, PAIR],
  'sample-chunks-out-of-order.json': [{}, ['FunctionCall 100+50', 'f 110+40']],
  'sample-nodes-circular.json': [{}, ['FunctionCall 100+50', 'g 110+40']],
  'sample-nodes-of-wrong-types.json': [{ orphanSamples: 1 }, ['FunctionCall 100+50', ' 110+40']],
  'samples-more-than-deltas.json': [{ malformedProfileChunks: 1 }, ['FunctionCall 100+50']],
  'samples-of-unknown-nodes.json': [{ orphanSamples: 1 }, ['FunctionCall 100+50', 'f 110+40']],
  'samples-out-of-order.json': [{}, ['FunctionCall 100+50', 'f 115+35']],
  'samples-without-head.json': [{ orphanSamples: 2 }, ['FunctionCall 100+50']],
  'stack-frames-of-wrong-types.json': [{}, PAIR],
  'threads-interleaved.json': [{}, ['RunTask 100+50', 'Layout 110+20', 'RunTask 105+55']],
  'time-impossible.json': [{ badTimes: 1 }, PAIR],
  'time-missing.json': [{ badTimes: 1 }, PAIR],
  'time-negative.json': [{}, ['Early -20+5', 'RunTask 100+50', 'Layout 110+20']],
  'time-null.json': [{ badTimes: 1 }, PAIR],
  'trailing-comma.json': [{}, PAIR],
  'unended-event.json': [{ malformedEvents: 1 }, PAIR],
  'unquoted-key.json': [{ malformedEvents: 1 }, ['Layout 110+20']],
  'windows-line-ends.json': [{}, PAIR],
};

/** File → why it is refused. */
const REFUSED: Readonly<Record<string, FailureCode>> = {
  'refused-blank.json': 'not-a-trace',
  'refused-empty.json': 'file-empty',
  'refused-gzip-cut-at-once.json.gz': 'gzip-broken',
  'refused-gzip-damaged.json.gz': 'gzip-broken',
  'refused-gzip-of-garbage.json.gz': 'gzip-broken',
  'refused-gzip-of-nothing.json.gz': 'gzip-broken',
  'refused-gzip-of-text.json.gz': 'not-a-trace',
  'refused-numbers.json': 'not-a-trace',
  'refused-object.json': 'not-a-trace',
  'refused-other-list.json': 'not-a-trace',
  'refused-png.json': 'not-a-trace',
  'refused-text.json': 'not-a-trace',
};

const readFile = (name: string): ReturnType<typeof read> =>
  read(new Uint8Array(readFileSync(`${FOLDER}/${name}`)), { subject: name });

test('every file is told of here, and tiny', () => {
  const files = readdirSync(FOLDER).sort();
  expect(files).toEqual([...Object.keys(READ), ...Object.keys(REFUSED)].sort());
  for (const file of files) expect(readFileSync(`${FOLDER}/${file}`).length).toBeLessThan(1024);
});

test.each(Object.entries(READ))('%s', async (name, [diagnostics, slices]) => {
  const result = await readFile(name);
  if (!result.ok) throw new Error(result.failure.message);
  const tables = result.value;
  const { start, duration, name: names } = tables.slices;
  expect(oddities(tables)).toEqual(diagnostics);
  expect(Array.from(start, (at, row) => `${tables.strings.get(names[row])} ${at}+${duration[row]}`)).toEqual(
    slices,
  );
  expect(findBrokenRules(tables)).toEqual([]);
  // What is made of it when it is opened throws nothing, either.
  const page = findPageLoad(tables);
  findInitiators(tables, collectPageItems(tables, page));
  collectLoadFacts(tables, page);
  computeTraceVitals(tables, page);
});

test.each(Object.entries(REFUSED))('%s', async (name, code) => {
  const result = await readFile(name);
  expect(result).toMatchObject({ ok: false, failure: { code, message: expect.stringContaining(name) } });
});
