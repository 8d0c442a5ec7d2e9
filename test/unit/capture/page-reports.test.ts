/** Reports from the page are text that anybody may have written. */
import { describe, expect, it } from 'vitest';
import { parsePageReport } from '../../../src/capture/page-reports.ts';

const VITAL = {
  kind: 'vital',
  origin: 1_000,
  name: 'LCP',
  value: 250.5,
  rating: 'good',
  at: 1_250.5,
  attribution: { target: '#hero', timeToFirstByte: 12, url: null, deep: { no: 1 }, list: [1] },
};
const parse = (value: unknown) => parsePageReport(JSON.stringify(value));

describe('parsePageReport', () => {
  it('reads a vital, and of its attribution what is flat', () => {
    expect(parse(VITAL)).toEqual({
      kind: 'vital',
      origin: 1_000,
      name: 'LCP',
      at: 1_250.5,
      entry: {
        value: 250.5,
        rating: 'good',
        attribution: { target: '#hero', timeToFirstByte: 12, url: null },
      },
    });
  });

  it('reads what a document says of itself', () => {
    const report = {
      kind: 'document',
      origin: 1,
      width: 800,
      height: 600,
      pixelRatio: 2,
      hidden: true,
      userAgent: 'Chrome',
      metas: [],
    };
    expect(parse({ ...report, extra: 1 })).toEqual(report);
    const metas = { version: '2.3.0', other: 'x', release: 7 };
    expect(parse({ ...report, metas })).toEqual({ ...report, metas: [{ name: 'version', value: '2.3.0' }] });
    expect(parse({ ...report, hidden: 'yes' })).toEqual({ ...report, hidden: false });
  });

  it.each([
    null,
    7,
    'text',
    [],
    {},
    { kind: 'other' },
    { ...VITAL, name: 'FID' },
    { ...VITAL, name: '__proto__' },
    { ...VITAL, value: '250' },
    { ...VITAL, value: null },
    { ...VITAL, rating: 'splendid' },
    { ...VITAL, at: undefined },
    { ...VITAL, attribution: { target: 'x'.repeat(30_000) } },
    { kind: 'document', origin: 1, width: 800 },
  ])('refuses %j', (value) => {
    expect(parse(value)).toBeNull();
  });

  it('refuses what is not JSON', () => {
    expect(parsePageReport('{"kind":')).toBeNull();
  });
});
