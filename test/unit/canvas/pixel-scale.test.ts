/** Fewer pixels than are drawn on: whole ones, without holes between neighbours. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PixelScale } from '../../../src/panel/canvas/paint/pixel-scale.ts';

test('where there are as many, everything is as it was given', () => {
  const scale = new PixelScale(300, 300);
  expect([scale.at(7.5), scale.long(7.5, 0.25)]).toEqual([7.5, 0.25]);
});

test('neighbours stay neighbours, the last ends where the canvas ends, and nothing that is drawn vanishes', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(lengths, fc.double({ min: 1.1, max: 3, noNaN: true }), (each, coarseness) => {
      const drawn = each.reduce((sum, length) => sum + length, 0);
      const own = Math.ceil(drawn / coarseness);
      const scale = new PixelScale(drawn, own);
      let from = 0;
      for (const length of each) {
        const long = scale.long(from, length);
        expect(Number.isInteger(scale.at(from))).toBe(true);
        expect(long).toBeGreaterThanOrEqual(1);
        expect(scale.at(from) + long).toBeGreaterThanOrEqual(scale.at(from + length));
        from += length;
      }
      expect(scale.at(from)).toBe(own);
    }),
  );
  expect(new PixelScale(100, 50).long(10, 0)).toBe(0);
  expect(new PixelScale(100, 50).long(10, -4)).toBe(-4);
});
