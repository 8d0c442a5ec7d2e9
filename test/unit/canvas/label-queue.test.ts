import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabelQueue } from '../../../src/panel/canvas/paint/label-queue.ts';

test('chooses the widest, of equally wide ones the first, and keeps their order', () => {
  const widths = fc.array(fc.oneof(fc.constantFrom(20, 30), fc.integer({ min: 1, max: 5_000 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(widths, fc.nat({ max: 60 }), (all, most) => {
      const queue = new LabelQueue();
      for (const [box, width] of all.entries()) queue.push(box, 7, 7 + width, box * 2);
      const shown = queue.choose(most);
      const boxes = Array.from({ length: shown }, (_, place) => queue.boxAt(place));
      // Widths beyond 2 048 count as that: no screen tells them apart.
      const ranked = all
        .map((width, box) => ({ box, width: Math.min(width, 2_048) }))
        .sort((one, other) => other.width - one.width || one.box - other.box);
      const expected = ranked.slice(0, most).map(({ box }) => box);
      expect(boxes).toEqual(expected.sort((one, other) => one - other));
      for (let place = 0; place < shown; place++) {
        expect([queue.xAt(place), queue.yAt(place), queue.widthAt(place)]).toEqual([
          7,
          boxes[place] * 2,
          all[boxes[place]],
        ]);
      }
    }),
  );
});

test('is empty again once cleared', () => {
  const queue = new LabelQueue();
  queue.push(1, 0, 50, 0);
  queue.clear();
  expect(queue.choose(10)).toBe(0);
});
