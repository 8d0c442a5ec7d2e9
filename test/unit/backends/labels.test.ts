/** What a backend would refuse is refused before it is sent, with the reason. */
import { describe, expect, test } from 'vitest';
import { BACKEND_KINDS, checkLabels, type Labels, suggestName } from '../../../src/backends/index.ts';

const weights = (kind: (typeof BACKEND_KINDS)[number], labels: Labels): string[] =>
  checkLabels(kind, labels).map(({ label, weight }) => `${label} ${weight}`);

test.each(BACKEND_KINDS)('%s takes what every recording has', (kind) => {
  const labels = {
    service_name: 'shop.example:8080',
    page: '/product/:id',
    browser: 'Chrome',
    browser_version: '156',
    viewport: 'desktop',
    cpu_throttle: '4x',
    network: 'Slow 4G',
    cache: 'cold',
  };
  expect(checkLabels(kind, labels)).toEqual([]);
});

describe('names', () => {
  test.each(['a b', 'browser.version', '1st', 'ä', ''])('%j: Pyroscope and Parca', (name) => {
    expect(weights('pyroscope', { [name]: 'v' })).toEqual([`${name} refused`]);
    expect(weights('parca', { [name]: 'v' })).toEqual([`${name} refused`]);
  });

  test('dots are good for OpenTelemetry', () => {
    expect(checkLabels('otlp', { 'deployment.environment': 'test' })).toEqual([]);
    expect(weights('otlp-traces', { 'a b': 'v' })).toEqual(['a b refused']);
    // It would stand in the place of service_name.
    expect(weights('otlp', { 'service.name': 'v' })).toEqual(['service.name refused']);
  });

  test.each(['__name__', '__session_id__', 'span_id', 'trace_id', 'profile_id', 'category', 'thread'])(
    '%s is not the user’s',
    (name) => expect(weights('pyroscope', { [name]: 'v' })).toEqual([`${name} refused`]),
  );

  test.each([
    ['browser.version', 'browser_version'],
    ['a  b', 'a_b'],
    ['1st', 'l1st'],
    ['__x', 'x'],
    ['ä', 'label'],
  ])('%s → %s', (name, suggested) => {
    expect(suggestName(name)).toBe(suggested);
    expect(checkLabels('pyroscope', { [suggestName(name)]: 'v' })).toEqual([]);
  });
});

describe('lengths are counted in bytes', () => {
  test('names', () => {
    expect(checkLabels('pyroscope', { ['n'.repeat(1024)]: 'v' })).toEqual([]);
    expect(weights('pyroscope', { ['n'.repeat(1025)]: 'v' })[0]).toMatch(/refused$/);
  });

  test('values', () => {
    expect(weights('pyroscope', { page: 'ä'.repeat(1024) })).toEqual(['page warning']);
    expect(weights('pyroscope', { page: 'ä'.repeat(1025) })).toEqual(['page refused']);
  });

  test('labels', () => {
    const labels = (count: number): Labels =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'v']));
    expect(checkLabels('pyroscope', labels(26))).toEqual([]);
    expect(weights('pyroscope', labels(27))).toEqual([' refused']);
    expect(checkLabels('pyroscope', { ...labels(26), none: '' }).map(({ weight }) => weight)).toEqual([
      'dropped',
    ]);
  });
});

describe('values that never come again', () => {
  test.each([
    'https://shop.example/cart?session=1',
    'https://shop.example/cart',
    '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
    '5b8efff798038103d269b633813fc60c',
    '2026-03-01T14:02:33Z',
    '1795252842951',
  ])('%s', (value) => expect(weights('pyroscope', { page: value })).toEqual(['page warning']));

  test.each(['/product/:id', '2.3.1', '156', 'de-DE', 'shop.example', 'feature/fast-cart'])(
    '%s is good',
    (value) => expect(checkLabels('pyroscope', { page: value })).toEqual([]),
  );

  test('a trace may have them', () =>
    expect(checkLabels('otlp-traces', { page: 'https://shop.example/?q=1' })).toEqual([]));
});

test('half a character and a zero byte are refused', () => {
  expect(weights('parca', { page: '\ud83d' })).toEqual(['page refused']);
  expect(weights('parca', { page: 'a\0b' })).toEqual(['page refused']);
});

test('every problem says its reason', () => {
  const problems = checkLabels('pyroscope', { 'a b': '', x: '', page: 'https://a/b?c', thread: 'x' });
  for (const { problem, reason } of problems)
    expect([problem, reason]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
});
