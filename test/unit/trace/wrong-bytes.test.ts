/**
 * Real traces whose bytes are wrong here and there: cut, flipped, overwritten, doubled. Whatever comes of it is read or refused,
 * analysed and laid out, and breaks no rule of the tables.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  classifySlices,
  collectPageItems,
  findInitiators,
  findPageLoad,
} from '../../../src/analysis/index.ts';
import { layOutChart } from '../../../src/flame/index.ts';
import { readTrace } from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';

/** A trace of megabytes is no worse than its begin. */
const BYTES = 150_000;
const begin = (name: string): Uint8Array =>
  new Uint8Array(
    gunzipSync(readFileSync(new URL(`../../fixtures/traces/${name}`, import.meta.url))).subarray(0, BYTES),
  );

/** What JSON and protobuf are made of, and what neither expects. */
const BAD_BYTES = [0x00, 0x0a, 0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x80, 0xff];

const change = fc.record({
  at: fc.nat(BYTES - 1),
  how: fc.constantFrom('overwrite', 'flip', 'fill', 'double'),
  byte: fc.constantFrom(...BAD_BYTES),
  bit: fc.nat(7),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function damage(whole: Uint8Array, changes: readonly Change[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = whole.slice(0, Math.max(1, Math.min(whole.length, length)));
  for (const { at, how, byte, bit } of changes) {
    if (how === 'overwrite') bytes[at] = byte;
    else if (how === 'flip') bytes[at] ^= 1 << bit;
    else if (how === 'fill') bytes.fill(byte, at, at + 10);
    else bytes.copyWithin(at, at >>> 1, (at >>> 1) + 100);
  }
  return bytes;
}

const inPieces = (bytes: Uint8Array<ArrayBuffer>, piece: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + piece));
      at += piece;
    },
  });
};

test.each(['node.json.gz', 'twins.json.gz', 'twins.pftrace.gz', 'workers.pftrace.gz'])('%s', async (name) => {
  const whole = begin(name);
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 100 }),
      fc.integer({ min: 1, max: 2 * BYTES }),
      fc.integer({ min: 100, max: 70_000 }),
      async (changes, length, piece) => {
        const read = await readTrace(inPieces(damage(whole, changes, length), piece));
        if (!read.ok) {
          expect(['not-a-trace', 'file-empty', 'gzip-broken', 'packed-otherwise']).toContain(
            read.failure.code,
          );
          return;
        }
        const tables = read.value;
        expect(findBrokenRules(tables)).toEqual([]);
        const page = findPageLoad(tables);
        const items = collectPageItems(tables, page);
        layOutChart(tables, classifySlices(tables), page, items);
        findInitiators(tables, items);
      },
    ),
    { numRuns: 40 },
  );
});
