/**
 * Two scopes of what is open, laid over each other. Keeps the last pair: a comparison that is turned round, or looked at
 * from its other side, asks about the same one again.
 * In: the views of both sides, questions. Out: functions with what changed, and flame graphs. Refuses: sides that weigh
 * different things (`units-differ`).
 */
import { fail, makeFailure, type Result, succeed } from '../../base/index.ts';
import { layOutPair } from '../../flame/index.ts';
import {
  alignProfiles,
  applyTransforms,
  buildPairTree,
  diffPair,
  type ProfilePair,
  type ProfileTransform,
  type StackProfile,
} from '../../profile/index.ts';
import type {
  ComparedGraph,
  CompareGraphQuestion,
  CompareScope,
  FunctionChanges,
  OpenId,
} from '../document-questions.ts';
import type { GraphShape } from '../view-questions.ts';
import type { ProfileViews } from './profile-views.ts';

export interface ComparedViews {
  readonly before: ProfileViews;
  readonly after: ProfileViews;
}

export class Comparison {
  #last: {
    readonly key: string;
    readonly opens: readonly OpenId[];
    readonly views: ComparedViews;
    readonly pair: ProfilePair;
  } | null = null;

  functions(views: ComparedViews, scope: CompareScope): Result<FunctionChanges> {
    const found = this.#pairOf(views, scope);
    if (!found.ok) return found;
    const { frame, length, self, total, weights, pair } = diffPair(found.value, 'weight');
    const { strings, frames, unit } = pair.after;
    return succeed({ length, frame, self, total, weights, unit, strings, frames });
  }

  graph(views: ComparedViews, { scope, shape, order, wide }: CompareGraphQuestion): Result<ComparedGraph> {
    const found = this.#pairOf(views, scope);
    if (!found.ok) return found;
    const whole = found.value;
    const pair = cutPair(whole, shape);
    const inverted = shape.kind === 'bottom-up' || shape.kind === 'callers';
    const tree = buildPairTree(pair, { inverted, order });
    const weights = { before: weightOf(whole.before), after: weightOf(whole.after) };
    return succeed({
      chart: layOutPair(pair, tree, { wide, by: scope.by, weights }),
      before: { ...tree.before, weight: weights.before },
      after: { ...tree.after, weight: weights.after },
      unit: whole.after.unit,
    });
  }

  #pairOf(views: ComparedViews, { before, after, transforms }: CompareScope): Result<ProfilePair> {
    const key = JSON.stringify([before, after, transforms]);
    const isSame = this.#last?.views.before === views.before && this.#last.views.after === views.after;
    if (this.#last !== null && isSame && this.#last.key === key) return succeed(this.#last.pair);
    const one = views.before.profile(before.scope);
    const other = views.after.profile(after.scope);
    if (one.unit !== other.unit) return fail(makeFailure('units-differ', { subject: 'The two sides' }));
    const aligned = alignProfiles(one, other);
    const pair: ProfilePair = {
      before: applyTransforms(aligned.before, transforms),
      after: applyTransforms(aligned.after, transforms),
    };
    this.#last = { key, opens: [before.open, after.open], views, pair };
    return succeed(pair);
  }

  /** Forgets what it holds of something that is closed. */
  forget(open: OpenId): void {
    if (this.#last?.opens.includes(open) === true) this.#last = null;
  }
}

/** Of a sandwich's side, what it is of: all below the function's outermost calls, or those calls with all above them. */
function cutPair({ before, after }: ProfilePair, shape: GraphShape): ProfilePair {
  if (!('function' in shape)) return { before, after };
  const { function: ref } = shape;
  const cut: readonly ProfileTransform[] =
    shape.kind === 'callees'
      ? [{ kind: 'focus-function', function: ref }]
      : [
          { kind: 'collapse-function', function: ref },
          { kind: 'focus-subtree', path: [ref], inverted: true },
        ];
  return { before: applyTransforms(before, cut), after: applyTransforms(after, cut) };
}

const weightOf = ({ samples }: StackProfile): number =>
  samples.weight.reduce((sum, weight) => sum + weight, 0);
