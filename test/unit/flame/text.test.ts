import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatExactDuration,
  formatTick,
  LabelFitter,
  layOutTicks,
  makeGrid,
  roundStep,
  titleOfEvent,
} from '../../../src/flame/index.ts';

/** No-break spaces read as plain ones. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  test.each([
    [0, '0 µs'],
    [4, '4 µs'],
    [0.25, '0.25 µs'],
    [999.4, '999 µs'],
    [999.6, '1 ms'],
    [3_200, '3.2 ms'],
    [3_204.9, '3.2 ms'],
    [34_127, '34.1 ms'],
    [999_960, '1 s'],
    [1_250_000, '1.25 s'],
    [1_234_567_890, '1 230 s'],
    [-3_200, '-3.2 ms'],
  ])('a label says %d µs as %s', (micros, text) => {
    expect(plain(formatDuration(micros))).toBe(text);
  });

  test('details say every digit', () => {
    expect(plain(formatExactDuration(1_204_127))).toBe('1 204.127 ms');
    expect(plain(formatExactDuration(4))).toBe('0.004 ms');
    expect(plain(formatExactDuration(50_000))).toBe('50 ms');
  });

  test('bytes and counts', () => {
    expect(plain(formatBytes(812))).toBe('812 B');
    expect(plain(formatBytes(1_254_000))).toBe('1.25 MB');
    expect(plain(formatCount(1_204_567))).toBe('1 204 567');
  });

  test.each([
    [0, 100_000, '0.0 s'],
    [-0, 1_000, '0 ms'],
    [1_500_000, 500_000, '1.5 s'],
    [2_431_250, 50, '2 431.25 ms'],
    [2_431_234, 1, '2 431.234 ms'],
    [-20_000, 20_000, '-20 ms'],
  ])('a tick at %d µs of a ruler with steps of %d µs reads %s', (time, step, text) => {
    expect(plain(formatTick(time, step))).toBe(text);
  });
});

describe('the ruler', () => {
  test.each([
    [0.3, 0.5],
    [1, 1],
    [1.1, 2],
    [33, 50],
    [600, 1_000],
  ])('the round step for %d is %d', (micros, step) => {
    expect(roundStep(micros)).toBeCloseTo(step, 9);
  });

  test('counts from its origin, whatever the trace clock says', () => {
    const start = 812_000_123_456;
    const grid = makeGrid(start, { start: start - 100_000, end: start + 300_000 }, 400);
    expect(layOutTicks(grid, start, 90).map(({ x, text }) => [x, plain(text)])).toEqual([
      [0, '-0.1 s'],
      [100, '0.0 s'],
      [200, '0.1 s'],
      [300, '0.2 s'],
      [400, '0.3 s'],
    ]);
  });
});

describe('labels', () => {
  const tenEach = (text: string): number => text.length * 10;
  const shorten = (text: string, room: number): string => new LabelFitter(tenEach).fit(0, text, room);

  test.each([
    ['Layout', 60, 'Layout'],
    ['Layout', 59, 'Layo…'],
    ['Layout', 40, 'Lay…'],
    ['Layout', 39, ''],
    ['f1', 20, 'f1'],
    ['f1', 19, ''],
    ['https://a.test/app.js', 100, 'https…p.js'],
    ['f1 (a/b)', 50, 'f1 (…'],
  ])('%s in %d pixels is shown as "%s"', (text, room, shown) => {
    expect(shorten(text, room)).toBe(shown);
  });

  test('a cut never leaves half a character', () => {
    expect(shorten('abc😀defgh', 50)).toBe('abc…');
  });

  test.each([
    [80, '+ Layout'],
    [79, '+ Layo…'],
    [59, '+'],
    [9, ''],
  ])('with a sign in %d pixels it is shown as "%s"', (room, shown) => {
    expect(new LabelFitter(tenEach).fitSigned('+', 0, 'Layout', room)).toBe(shown);
  });

  test('every character and every label is measured once', () => {
    const asked: string[] = [];
    const fitter = new LabelFitter((text) => {
      asked.push(text);
      return tenEach(text);
    });
    fitter.fit(0, 'aab', 100);
    fitter.fit(0, 'aab', 30);
    fitter.fit(1, 'abb', 10);
    expect(asked).toEqual(['…', 'a', 'b']);
  });
});

describe('titles', () => {
  test("are DevTools' words, and the event's own name where it has none", () => {
    expect(titleOfEvent('UpdateLayoutTree')).toBe('Recalculate style');
    expect(titleOfEvent('MyOwnEvent')).toBe('MyOwnEvent');
    expect(titleOfEvent('constructor')).toBe('constructor');
  });
});
