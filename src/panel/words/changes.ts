/** A change between two profiles in words: figures before and after, the difference, and what colours stand for. Pure. */
import type { CompareBy, WeightUnit } from '../../profile/index.ts';
import { formatShare } from './format.ts';
import { tellChange, tellWeight } from './weights.ts';

export interface ChangeFacts {
  readonly before: number;
  readonly after: number;
  /** What each side holds in all. */
  readonly weights: { readonly before: number; readonly after: number };
  readonly unit: WeightUnit;
  readonly by: CompareBy;
}

/** `12.3 ms (4 %)`: the figure of one side. */
export const tellSide = ({ weights, unit, ...facts }: ChangeFacts, side: 'before' | 'after'): string =>
  `${tellWeight(facts[side], unit)} (${formatShare(facts[side], weights[side])})`;

/** `+3.2 ms (+26 %)`, `new`, `gone`; by share `+1.2 points`. */
export function tellDelta({ before, after, weights, unit, by }: ChangeFacts): string {
  if (before === 0 && after === 0) return '±0';
  if (by === 'share') return tellPoints(shareOf(after, weights.after) - shareOf(before, weights.before));
  const change = tellChange(after - before, unit);
  if (before === 0) return `${change}, new`;
  if (after === 0) return `${change}, gone`;
  return after === before
    ? change
    : `${change} (${signed(formatShare(Math.abs(after - before), before), after - before)})`;
}

/** Of 1 → `+1.2 points`: what a share grew by, in percent of the whole; `±0` is said of what has not changed alone. */
export function tellPoints(share: number): string {
  // Less is what dividing by two wholes costs.
  if (Math.abs(share) < 1e-9) return '±0';
  const points = Math.round(Math.abs(share) * 1_000) / 10;
  return `${signed(points === 0 ? '<0.1' : String(points), share)} points`;
}

const signed = (text: string, sign: number): string => `${sign < 0 ? '−' : '+'}${text}`;
const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** Step of colour → what it says. */
export const CHANGE_WORDS: Readonly<Record<number, string>> = {
  [-4]: 'over 60 % less, or gone',
  [-3]: '30 to 60 % less',
  [-2]: '10 to 30 % less',
  [-1]: '2 to 10 % less',
  0: 'the same, or less than 0.1 % of all',
  1: '2 to 10 % more',
  2: '10 to 30 % more',
  3: '30 to 60 % more',
  4: 'over 60 % more, or new',
};
