/** Numbers, moments, pages and vitals as people read them. */
import { describe, expect, it } from 'vitest';
import { viewVitals } from '../../../src/panel/state/facts/vitals-view.ts';
import { shownCategories } from '../../../src/panel/words/categories.ts';
import {
  formatElapsed,
  formatMillisExact,
  formatMillisShort,
  formatMoment,
  formatPage,
  formatShare,
  shortenMiddle,
} from '../../../src/panel/words/format.ts';
import { CHOICE_WORDS, PRESET_WORDS } from '../../../src/panel/words/settings.ts';
import { NO_VITALS, type VitalEntry } from '../../../src/recording/index.ts';

/** Spaces of every width as plain ones. */
const plain = (text: string): string => text.replace(/\s/g, ' ');

describe('words', () => {
  it('writes milliseconds short on the line and whole in the table', () => {
    expect([1_204.4, 112, 9.97, 3.24, 0.051, 0].map((value) => plain(formatMillisShort(value)))).toEqual([
      '1 204',
      '112',
      '10',
      '3.2',
      '0.05',
      '0',
    ]);
    expect(plain(formatMillisExact(1_204.3571))).toBe('1 204.357');
    expect(plain(formatMillisExact(999.9996))).toBe('1 000.000');
    expect(formatMillisExact(-0.5)).toBe('−0.500');
    expect(formatMillisExact(-0.0001)).toBe('0.000');
  });

  it('writes shares so that small ones are not nothing', () => {
    expect([formatShare(1, 3), formatShare(1, 300), formatShare(0, 3), formatShare(1, 0)].map(plain)).toEqual(
      ['33 %', '0.3 %', '0 %', '0 %'],
    );
  });

  it('runs a clock', () => {
    expect([0, 3_449, 59_999, 65_000].map((value) => plain(formatElapsed(value)))).toEqual([
      '0.0 s',
      '3.4 s',
      '59.9 s',
      '1:05',
    ]);
  });

  it('names a moment by how far it is away', () => {
    const now = new Date(2026, 10, 21, 18, 0).getTime();
    expect(formatMoment(new Date(2026, 10, 21, 14, 2).getTime(), now)).toBe('14:02');
    expect(formatMoment(new Date(2026, 10, 20, 14, 2).getTime(), now)).toBe('20 Nov 14:02');
    expect(formatMoment(new Date(2025, 10, 21, 14, 2).getTime(), now)).toBe('21 Nov 2025 14:02');
  });

  it('names a page by what tells it from others', () => {
    expect(formatPage('https://shop.example:8080/cart?q=1#top')).toBe('shop.example:8080/cart');
    expect(formatPage('https://shop.example/')).toBe('shop.example');
    expect(formatPage('file:///tmp/page.html')).toBe('file:///tmp/page.html');
    expect(formatPage('chrome-extension://abc/page.html')).toBe('chrome-extension://abc/page.html');
    expect(formatPage('about:blank')).toBe('about:blank');
    expect(formatPage('no address')).toBe('no address');
    expect(formatPage(`data:text/html,${'x'.repeat(200)}`)).toHaveLength(80);
  });

  it('shortens in the middle, never longer than asked', () => {
    expect(shortenMiddle('/a/very/long/path.js', 11)).toBe('/a/ve…th.js');
    expect(shortenMiddle('short', 5)).toBe('short');
  });
});

describe('categories of a breakdown', () => {
  it('are the six, and others where they took time; idle is what is left', () => {
    const busy = { loading: 0, scripting: 0, rendering: 0, painting: 0, system: 0 };
    const breakdown = { ...busy, idle: 3, messaging: 0, gpu: 0.2, async: 0, experience: 0 };
    expect(shownCategories(breakdown)).toEqual([...Object.keys(busy), 'gpu', 'idle']);
  });
});

describe('vitals', () => {
  const entry = (
    value: number,
    rating: VitalEntry['rating'],
    attribution: VitalEntry['attribution'] = {},
  ) => ({
    value,
    rating,
    attribution,
  });

  it('say their rating in words, and why there is none', () => {
    const rows = viewVitals({
      ...NO_VITALS,
      LCP: entry(1_900, 'good'),
      CLS: entry(0.1234, 'needs-improvement'),
      TTFB: entry(2_000, 'poor'),
    });
    expect(rows.map(({ name, value, word }) => [name, plain(value), word])).toEqual([
      ['LCP', '1.9 s', 'good'],
      ['CLS', '0.123', 'needs improvement'],
      ['INP', '–', 'no interaction'],
      ['FCP', '–', 'not measured'],
      ['TTFB', '2 s', 'poor'],
    ]);
  });

  it('what the page was not asked is told from the trace, without a rating', () => {
    const traced = { lcp: 730.9, cls: 0.1234, inp: null, fcp: null, ttfb: 5.684 };
    const rows = viewVitals(NO_VITALS, traced);
    expect(rows.map(({ value, rating, word }) => [plain(value), rating, word])).toEqual([
      ['731 ms', null, 'from the trace'],
      ['0.123', null, 'from the trace'],
      ['–', null, 'no interaction'],
      ['–', null, 'not measured'],
      ['5.68 ms', null, 'from the trace'],
    ]);
  });

  it('count the layout shifts that the page was kept from seeing', () => {
    const traced = { lcp: null, cls: 0.13, inp: null, fcp: null, ttfb: null };
    const cls = (own: number) => viewVitals({ ...NO_VITALS, CLS: entry(own, 'good') }, traced)[1];
    expect([cls(0).value, cls(0).word]).toEqual(['0.13', 'needs improvement']);
    expect([cls(0.2).value, cls(0.2).word]).toEqual(['0.2', 'good']);
  });

  it('list what web-vitals attributes them to, without what it left empty', () => {
    const [lcp] = viewVitals({
      ...NO_VITALS,
      LCP: entry(1_900, 'good', { target: 'main>img', resourceLoadDelay: 12.5, url: '', lcpEntry: null }),
    });
    expect(lcp.attribution.map(([label, text]) => [label, plain(text)])).toEqual([
      ['Target', 'main>img'],
      ['Resource load delay', '12.5 ms'],
    ]);
  });
});

describe('settings', () => {
  it('say what each part of a recording costs the page', () => {
    for (const [name, hint] of Object.values(CHOICE_WORDS)) expect(hint, name).toMatch(/\d ms|%|\bcosts\b/);
    for (const { name, costs } of Object.values(PRESET_WORDS)) expect(costs, name).toMatch(/^Costs /);
  });
});
