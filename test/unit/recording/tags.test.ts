/** The tags that a recording has of itself: each of few values. */
import { describe, expect, test } from 'vitest';
import { automaticTags, pagePattern, serviceOf, tagsOf } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';

test('of a recording', () => {
  const recording = buildRecording({ viewport: { width: 412, height: 900 } });
  const options = { ...recording.options, cpuThrottling: 4, networkThrottling: 'Slow 4G', coldCache: true };
  expect(automaticTags({ ...recording, options })).toEqual({
    service_name: 'shop.example:8080',
    page: '/cart',
    browser: 'Chrome',
    browser_version: '156',
    viewport: 'phone',
    cpu_throttle: '4x',
    network: 'Slow 4G',
    cache: 'cold',
  });
});

test('the user’s own go first, and an empty one takes an automatic one away', () => {
  const tags = tagsOf(buildRecording({ tags: { service_name: 'cart', cache: '', env: 'staging' } }));
  expect(tags).toMatchObject({ service_name: 'cart', env: 'staging', network: 'none' });
  expect(tags).not.toHaveProperty('cache');
  expect(tags).not.toHaveProperty('viewport');
});

test('the site’s stand between: the user may take one away', () => {
  const siteTags = { team: 'cart', env: 'test', page: '/checkout' };
  const tags = tagsOf(buildRecording({ siteTags, tags: { env: 'live', team: '' }, pageVersion: '2.3.0' }));
  expect(tags).toMatchObject({ env: 'live', page: '/checkout', page_version: '2.3.0' });
  expect(tags).not.toHaveProperty('team');
});

describe('pages of one kind are one', () => {
  test.each([
    ['https://a/', '/'],
    ['https://a/product/4711/reviews?x=1#y', '/product/:id/reviews'],
    ['https://a/user/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', '/user/:id'],
    ['https://a/c/5f2b8c0e9a1d/x', '/c/:id/x'],
    ['https://a/blog/how-to-cook-in-2024', '/blog/how-to-cook-in-2024'],
    ['https://a/v2/deadbeef', '/v2/deadbeef'],
    ['https://a/img/12345.jpg', '/img/:id'],
    ['https://a/t/aB3xY9zK2mQ7pL5w', '/t/:id'],
    ['data:text/html,x', '/'],
    ['nonsense', '/'],
  ])('%s', (url, pattern) => expect(pagePattern(url)).toBe(pattern));
});

test.each([
  ['https://www.shop.example/', 'www.shop.example'],
  ['http://127.0.0.1:8080/', '127.0.0.1:8080'],
  ['data:text/html,x', 'data'],
  ['', 'page'],
])('the site of %s', (url, service) => expect(serviceOf(url)).toBe(service));
