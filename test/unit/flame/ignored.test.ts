import { describe, expect, test } from 'vitest';
import { hideSlices, ignoreTest, layOutChart } from '../../../src/flame/index.ts';
import { classesOf, listRows, NO_PAGE } from '../../builders/charts.ts';
import { thread, traceOf } from '../../builders/tables.ts';

describe('patterns of the ignore list', () => {
  const names = (pattern: string, url: string): boolean => ignoreTest([pattern])(url);

  test('name addresses by a part, in any case, with stars between parts', () => {
    const url = 'https://cdn.example/lib/jquery-3.7.min.js';
    for (const pattern of ['jquery', 'JQuery', url, '*jquery*', 'cdn.example*jquery*.js', '/lib/'])
      expect(names(pattern, url), pattern).toBe(true);
    for (const pattern of ['', '*', 'react', 'jquery*cdn', 'lib*lib'])
      expect(names(pattern, url), pattern).toBe(false);
    expect(names('a', '')).toBe(false);
  });

  test('take no longer the more stars there are', () => {
    const steps = '*a'.repeat(2_000);
    expect(names(`${steps}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

test('calls of ignored scripts leave the chart; what the browser did for them stays', () => {
  const tables = traceOf(
    thread('CrRendererMain')
      .slice('RunTask', 0, 100)
      .call('vendor', 10, 90, { url: 'https://page.test/vendor.js' })
      .slice('Layout', 20, 30)
      .call('own', 40, 50),
  );
  const rows = listRows(
    layOutChart(tables, hideSlices(tables, classesOf(tables), [], ['vendor.js']), NO_PAGE),
  );
  expect(rows.map((row) => row.join(' | '))).toEqual(['Task 0–100', 'Layout 20–30 | own 40–50']);
});
