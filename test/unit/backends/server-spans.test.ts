/** Which spans of a trace are what servers did for a request, and when. */
import { expect, test } from 'vitest';
import { arrangeServerSpans, type BackendSpan } from '../../../src/backends/index.ts';

const CONTEXT = { traceId: 'a'.repeat(32), spanId: 's1' };
const REQUEST = { start: 1_000, end: 1_100 };

const span = (spanId: string, parentSpanId: string, changes: Partial<BackendSpan> = {}): BackendSpan => ({
  traceId: CONTEXT.traceId,
  spanId,
  parentSpanId,
  name: spanId,
  service: 'cart',
  scope: 'http',
  start: 1_010,
  end: 1_050,
  ...changes,
});
const told = (spans: readonly BackendSpan[]) =>
  arrangeServerSpans(spans, CONTEXT, REQUEST).spans.map(({ spanId, depth }) => `${depth}${spanId}`);

test('those under the span that was named, each below its parent, by start', () => {
  const spans = [
    span('db', 's1', { start: 1_030 }),
    span('s1', 'gateway'),
    span('sql', 'db', { start: 1_031 }),
    span('auth', 's1', { start: 1_012 }),
    span('gateway', ''),
    span('other', 'gateway'),
  ];
  expect(told(spans)).toEqual(['0s1', '1auth', '1db', '2sql']);
});

test('our own spans are none of them', () => {
  expect(told([span('s1', ''), span('load', 's1', { scope: 'pageflame' }), span('x', 'load')])).toEqual([
    '0s1',
  ]);
});

test('where the named one is gone, all of its trace; a circle ends', () => {
  expect(told([span('a', 'gone'), span('b', 'a')])).toEqual(['0a', '1b']);
  expect(told([span('s1', 's1'), span('c', 's1')])).toEqual(['0s1', '1c']);
  expect(told([])).toEqual([]);
});

test('a clock that is wrong is put right: the first span lies in the middle of the request', () => {
  const late = [
    span('s1', '', { start: 61_010, end: 61_050 }),
    span('db', 's1', { start: 61_020, end: 61_030 }),
  ];
  const { spans, shift } = arrangeServerSpans(late, CONTEXT, REQUEST);
  expect(shift).toBe(-59_980);
  expect(spans.map(({ start, end }) => [start, end])).toEqual([
    [1_030, 1_070],
    [1_040, 1_050],
  ]);
  expect(arrangeServerSpans([span('s1', '')], CONTEXT, REQUEST).shift).toBe(0);
});
