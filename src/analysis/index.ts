export { type BreakdownQuery, computeBreakdown } from './breakdown.ts';
export { CATEGORIES, type Category, categoryNumber, classOfName, type EventClass } from './categories.ts';
export { classifyInSteps, classifySlices, isGenericTrace } from './classes.ts';
export type {
  Breakdown,
  Milestone,
  NetworkRequest,
  PageLoad,
  RequestInitiator,
  SliceClasses,
  TimeRange,
} from './contract.ts';
export type { CustomEntry, CustomMoment } from './custom-tracks.ts';
export { findFlows } from './flows.ts';
export { type FrameTimes, findFrameTimes } from './frame-times.ts';
export {
  causesOf,
  effectsOf,
  findInitiators,
  type Initiators,
  LINK_KINDS,
  type Link,
  type LinkKind,
} from './initiators.ts';
export { collectInsights } from './insights/collect.ts';
export {
  type CalledFunction,
  type Evidence,
  INSIGHT_KINDS,
  type Insight,
  type InsightInput,
  type InsightKind,
} from './insights/contract.ts';
export { forcedCallers, forcedWithoutCall } from './insights/forced-layouts.ts';
export { scriptsWithoutSamples } from './insights/third-parties.ts';
export {
  collectLoadFacts,
  describeRequestsInSteps,
  type LoadFacts,
  type LoadRequest,
  type RequestPhase,
} from './load-facts.ts';
export { LONG_TASK, TASK_NAMES } from './long-tasks.ts';
export { isElsewhere, NO_OTHER_PAGES, type OtherPages } from './other-pages.ts';
export {
  type InteractionParts,
  PAGE_TRACKS,
  type PageItem,
  type PageItemSource,
  type PageTrack,
  type ServerSpanFacts,
} from './page-item.ts';
export { collectPageItems, collectPageItemsInSteps } from './page-items.ts';
export { findPageInSteps, findPageLoad } from './page-load.ts';
export { collectRequests, collectRequestsInSteps } from './requests.ts';
export { withStandingPage } from './standing-page.ts';
export {
  type CategoryMillis,
  type Summary,
  type SummaryInput,
  summarize,
  type ThreadFigures,
} from './summary.ts';
export { ANONYMOUS, titleOfEvent } from './titles.ts';
export { computeTraceVitals, type TraceVitals } from './vitals.ts';
export { urlsOfWorkers } from './workers.ts';
