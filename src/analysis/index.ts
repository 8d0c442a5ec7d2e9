export { type BreakdownQuery, computeBreakdown } from './breakdown.ts';
export { CATEGORIES, type Category, categoryNumber, classOfName, type EventClass } from './categories.ts';
export { classifySlices, isGenericTrace } from './classes.ts';
export type {
  Breakdown,
  Milestone,
  NetworkRequest,
  PageLoad,
  SliceClasses,
  TimeRange,
} from './contract.ts';
