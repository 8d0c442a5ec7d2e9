/**
 * All insights of one page load, each a pure function of its own. In: tables and what analysis made of them. Out: those
 * that the trace gives evidence for, in the order of {@link INSIGHT_KINDS}: from the load's beginning to its end.
 */
import type { Insight, InsightInput } from './contract.ts';
import { findForcedLayouts } from './forced-layouts.ts';
import { findGarbageCollection } from './garbage.ts';
import { findLargeScripts } from './large-scripts.ts';
import { findLayoutShifts } from './layout-shifts.ts';
import { findLcpParts } from './lcp.ts';
import { tellLongTasks } from './long-tasks.ts';
import { findRenderBlocking, findSlowInteractions } from './page-insights.ts';
import { findThirdParties } from './third-parties.ts';

const FINDERS = [
  findLcpParts,
  findRenderBlocking,
  tellLongTasks,
  findForcedLayouts,
  findLayoutShifts,
  findSlowInteractions,
  findGarbageCollection,
  findThirdParties,
  findLargeScripts,
] as const;

export function collectInsights(input: InsightInput): Insight[] {
  return FINDERS.flatMap((find) => find(input) ?? []);
}
