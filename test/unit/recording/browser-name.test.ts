/** One name for one browser, whoever records in it: as the browser names itself to pages. */
import { expect, test } from 'vitest';
import { nameOfBrowser } from '../../../src/recording/index.ts';

const answer = (...brands: readonly string[]) => ({
  fullVersionList: brands.map((brand) => ({
    brand,
    version: /not/i.test(brand) ? '8.0.0.0' : '156.0.8078.79',
  })),
});

test.each([
  [['Not:A-Brand', 'Chromium'], 'Chromium/156.0.8078.79'],
  [['Chromium', 'Google Chrome', 'Not)A;Brand'], 'Google Chrome/156.0.8078.79'],
  [['Microsoft Edge', 'Not_A Brand', 'Chromium'], 'Microsoft Edge/156.0.8078.79'],
  // Without a window (Chromium's shell).
  [['HeadlessChrome', 'Not.A/Brand', 'Chromium'], 'Chromium/156.0.8078.79'],
  [['Not.A/Brand', 'HeadlessChrome'], 'Chromium/156.0.8078.79'],
])('%j', (brands, name) => {
  expect(nameOfBrowser(answer(...brands))).toBe(name);
});

test.each([
  undefined,
  null,
  'Chrome',
  {},
  { fullVersionList: 'Chromium' },
  { fullVersionList: [null, 1, { brand: 'Chromium' }, { version: '1' }] },
  answer('Not A Brand'),
])('%j names none', (told) => {
  expect(nameOfBrowser(told)).toBeNull();
});
