import { expect, test } from 'vitest';
import { describeAddress, describeSource } from '../../../src/panel/words/places.ts';

test.each([
  ['https://page.test/static/app.js?v=3', 12, 5, 'app.js:12:5'],
  ['https://page.test/', 1, 1, 'page.test/:1:1'],
  ['https://page.test/app.js', 0, 0, 'app.js'],
  ['chrome-extension://abc/background.js', 2, 1, 'background.js:2:1'],
  ['node:internal/timers', 9, 3, 'node:internal/timers:9:3'],
  ['native array.js', 1, 1, 'native array.js:1:1'],
  ['wasm://wasm/fib-0a1b2c3d', 1, 501, 'wasm fib-0a1b2c3d:0x1f4'],
  ['https://page.test/fib.wasm', 1, 1, 'fib.wasm:0x0'],
  // pprof tells no columns.
  ['runtime/malloc.go', 1067, 0, 'runtime/malloc.go:1067'],
  // By a source map.
  ['https://page.test/src/fib.ts', 2, 5, 'fib.ts:2:5'],
  [`data:text/javascript,${'x'.repeat(90)}`, 1, 4, `data:text/javascript,${'x'.repeat(19)}…:1:4`],
])('%s at %d:%d is called %s', (url, line, column, expected) => {
  expect(describeSource({ url, line, column })).toBe(expected);
});

test.each([
  ['https://page.test/static/app.js?v=3', 12, 5, 'https://page.test/static/app.js?v=3:12:5'],
  ['https://page.test/fib.wasm', 1, 36, 'https://page.test/fib.wasm:0x23'],
  ['runtime/malloc.go', 1067, 0, 'runtime/malloc.go:1067'],
  ['https://page.test/app.js', 0, 0, 'https://page.test/app.js'],
  ['', 0, 0, ''],
])('%s at %d:%d is copied as %s', (url, line, column, expected) => {
  expect(describeAddress({ url, line, column })).toBe(expected);
});
