/** Long lists cross in parts, and the answer is the same in the end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PartGatherer, takeApart } from '../../../src/engine/answer-parts.ts';

const across = <T>(answer: T): { readonly whole: T; readonly longest: number; readonly parts: number } => {
  const { bare, parts } = takeApart(answer);
  const gatherer = new PartGatherer();
  for (const part of parts) gatherer.take(structuredClone(part));
  const whole = gatherer.complete(structuredClone(bare));
  return { whole, longest: Math.max(0, ...parts.map(({ items }) => items.length)), parts: parts.length };
};

test('what holds no long list crosses as it is', () => {
  const answer = { open: 1, threads: [1, 2], bounds: { start: 0, end: 1 }, nothing: null };
  expect(takeApart(answer)).toEqual({ bare: answer, parts: [] });
  expect(takeApart(answer).bare).toBe(answer);
  expect(takeApart(undefined)).toEqual({ bare: undefined, parts: [] });
});

test('long lists cross a thousand at a time, wherever answers have them', () => {
  const texts = Array.from({ length: 20_500 }, (_, row) => ({
    text: `f${row}`,
    source: { url: 'a.js', line: row },
  }));
  const answer = {
    kind: 'trace',
    chart: { labels: texts, start: new Float64Array(5_000) },
    opened: { requests: texts.slice(0, 1_001) },
  };
  const { whole, longest, parts } = across(answer);
  expect(whole).toEqual(answer);
  expect([longest, parts]).toEqual([1_000, 23]);
  expect(takeApart(answer).bare.chart.start).toBe(answer.chart.start);
  expect(across(texts).whole).toEqual(texts);
});

test('any answer is whole again', () => {
  const list = fc.integer({ min: 0, max: 3_000 }).map((length) => Array.from({ length }, (_, at) => at));
  const value = fc.oneof(
    list,
    fc.string(),
    fc.constant(null),
    fc.record({ inner: list, more: fc.record({ deep: list }) }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value), (answer) => {
      expect(across(answer).whole).toEqual(answer);
    }),
    { numRuns: 50 },
  );
});
