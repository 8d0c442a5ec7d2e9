/**
 * Random but well-formed threads for property tests: slices nest, siblings do not cross, some last no time at all,
 * many are far narrower than a pixel.
 */
import fc from 'fast-check';
import type { TraceTables } from '../../src/trace/index.ts';
import { type ThreadRecipe, thread, traceOf } from './tables.ts';

const NAMES = ['RunTask', 'Layout', 'Paint', 'FunctionCall', 'Hidden'];

interface Sprout {
  readonly name: string;
  /** Share of the parent's time before it, and share of what is left that it takes. */
  readonly gap: number;
  readonly share: number;
  readonly children: readonly Sprout[];
}

const share = fc.oneof(fc.constantFrom(0, 0.001, 1), fc.double({ min: 0, max: 1, noNaN: true }));

const forest: fc.Arbitrary<Sprout[]> = fc.letrec<{ sprouts: Sprout[] }>((tie) => ({
  sprouts: fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      gap: share,
      share,
      children: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant([]), tie('sprouts')),
    }),
    { maxLength: 12 },
  ),
})).sprouts;

function grow(recipe: ThreadRecipe, sprouts: readonly Sprout[], from: number, to: number): void {
  let at = from;
  for (const sprout of sprouts) {
    const start = at + (to - at) * sprout.gap * 0.3;
    const end = start + (to - start) * sprout.share * 0.6;
    recipe.slice(sprout.name, start, end);
    grow(recipe, sprout.children, start, end);
    at = end;
  }
}

/** Tables of one to three threads over [0, 10 000] µs. */
export const randomTables: fc.Arbitrary<TraceTables> = fc
  .array(forest, { minLength: 1, maxLength: 3 })
  .map((forests) =>
    traceOf(
      ...forests.map((sprouts, index) => {
        const recipe = thread(`Thread ${index}`);
        grow(recipe, sprouts, 0, 10_000);
        return recipe;
      }),
    ),
  );
