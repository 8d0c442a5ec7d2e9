/**
 * Call trees and flame graphs of one open document. Keeps the last profile: a view that is sorted, grouped or turned
 * round asks about the same one again.
 * In: where profiles come from, questions (view-questions.ts). Out: answers whose columns may be transferred.
 */
import { type Chart, groupProfile, layOutGraph } from '../../flame/index.ts';
import {
  applyTransforms,
  buildCallTree,
  buildSandwich,
  type CallTree,
  findFunction,
  type StackProfile,
  tabulateFunctions,
} from '../../profile/index.ts';
import { groupNamer } from '../scripts/script-parties.ts';
import type { GraphQuestion, ProfileScope, TreeAnswer, TreeQuestion } from '../view-questions.ts';
import type { ScopedProfiles } from './scoped-profiles.ts';

export class ProfileViews {
  readonly #profiles: ScopedProfiles;
  #last: { readonly key: string; readonly profile: StackProfile } | null = null;

  constructor(profiles: ScopedProfiles) {
    this.#profiles = profiles;
  }

  tree({ scope, inverted, group }: TreeQuestion): TreeAnswer {
    const plain = this.profile(scope);
    const { profile, firstGroup } =
      group === 'none'
        ? { profile: plain, firstGroup: plain.frames.length }
        : groupProfile(plain, {
            by: group,
            at: inverted ? 'leaf' : 'root',
            nameOf: groupNamer(group, this.#profiles.pageUrl, this.#profiles.scriptOf),
            frameAt: this.#profiles.frameAt?.(scope) ?? (() => ''),
          });
    const { strings, frames } = profile;
    const tree = buildCallTree(profile, { inverted });
    return { tree, strings, frames, firstGroup, totals: totalsOf(plain) };
  }

  graph({ scope, shape, order }: GraphQuestion): Chart {
    const profile = this.profile(scope);
    return layOutGraph(profile, this.#treeOfGraph(profile, { scope, shape, order }));
  }

  #treeOfGraph(profile: StackProfile, { shape, order }: GraphQuestion): CallTree {
    if (!('function' in shape))
      return buildCallTree(profile, { inverted: shape.kind === 'bottom-up', order });
    return buildSandwich(profile, findFunction(profile, shape.function), { order })[shape.kind];
  }

  /** What a scope says, its transforms made. */
  profile(scope: ProfileScope): StackProfile {
    const key = JSON.stringify(scope);
    if (this.#last?.key !== key)
      this.#last = { key, profile: applyTransforms(this.#profiles.cut(scope), scope.transforms) };
    return this.#last.profile;
  }
}

function totalsOf(profile: StackProfile): Float64Array {
  const totals = new Float64Array(profile.frames.length);
  const table = tabulateFunctions(profile);
  for (let row = 0; row < table.length; row++) totals[table.frame[row]] = table.total[row];
  return totals;
}
