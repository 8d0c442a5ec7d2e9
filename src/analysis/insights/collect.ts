/**
 * All insights of one page load, each a pure function of its own. In: tables and what analysis made of them. Out: those
 * that the trace gives evidence for, in the order of {@link INSIGHT_KINDS}: from the load's beginning to its end.
 */
import type { Insight, InsightInput } from './contract.ts';
import { findForcedLayouts } from './forced-layouts.ts';
import { findGarbageCollection } from './garbage.ts';
import { tellLongTasks } from './long-tasks.ts';
import { findLayoutShifts, findLcpParts, findRenderBlocking, findSlowInteractions } from './page-insights.ts';

const FINDERS = [
  findLcpParts,
  findRenderBlocking,
  tellLongTasks,
  findForcedLayouts,
  findLayoutShifts,
  findSlowInteractions,
  findGarbageCollection,
] as const;

export function collectInsights(input: InsightInput): Insight[] {
  return FINDERS.flatMap((find) => find(input) ?? []);
}
