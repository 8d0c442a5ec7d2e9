/** What headers and meta tags tell of the server's trace and the page's version. */
import { describe, expect, test } from 'vitest';
import { readServerTrace, readVersionHeader, readVersionMeta } from '../../../src/base/index.ts';

const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const CONTEXT = { traceId: TRACE, spanId: SPAN };

describe('the server’s trace', () => {
  const timing = { name: 'server-timing', value: `db;dur=3, traceparent;desc="00-${TRACE}-${SPAN}-01"` };
  const response = { name: 'traceresponse', value: `00-${'c'.repeat(32)}-${SPAN}-01` };

  test('is in Server-Timing, before traceresponse', () => {
    expect(readServerTrace([response, timing])).toEqual(CONTEXT);
    expect(readServerTrace([response])?.traceId).toBe('c'.repeat(32));
  });

  test('is none where ids are zeros or the version is ff', () => {
    expect(readServerTrace([{ name: 'traceresponse', value: `00-${'0'.repeat(32)}-${SPAN}-01` }])).toBeNull();
    expect(readServerTrace([{ name: 'traceresponse', value: `ff-${TRACE}-${SPAN}-01` }])).toBeNull();
    expect(readServerTrace([{ name: 'server-timing', value: 'cache;desc=hit' }])).toBeNull();
  });
});

describe('the page’s version', () => {
  test('is the plainest of its headers', () => {
    const headers = [
      { name: 'x-commit', value: 'f00' },
      { name: 'x-version', value: ' 2.3.0 ' },
    ];
    expect(readVersionHeader(headers)).toBe('2.3.0');
  });

  test('is none where it is empty or a whole text', () => {
    expect(readVersionMeta([{ name: 'version', value: '' }])).toBeNull();
    expect(readVersionMeta([{ name: 'version', value: 'x'.repeat(81) }])).toBeNull();
    expect(readVersionMeta([{ name: 'x-version', value: '1' }])).toBeNull();
  });
});
