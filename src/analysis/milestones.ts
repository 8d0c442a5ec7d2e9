/**
 * The named moments of one page load.
 * In: trace tables and the page's navigation. Out: milestones by time, the navigation's start first.
 * A milestone belongs to the load when it carries its navigation id, or, where events carry none, its frame and a time
 * after its document was put in place (before, the frame still shows the empty or the previous one). `largestContentfulPaint` is the last candidate that was
 * not taken back. What a prerendered page reached before it was shown, it reached when it was shown, as web-vitals count it.
 */
import { type Mark, namesOf, type TraceTables } from '../trace/index.ts';
import { dataOf, text } from './arguments.ts';
import type { Milestone } from './contract.ts';
import type { Navigation } from './navigations.ts';

const CONTENT_LOADED = namesOf('DOM content loaded');
const LOADED = namesOf('load');
const LARGEST = new Set(namesOf('largest paint'));
const NO_LARGEST = new Set(namesOf('largest paint taken back'));

/** Chrome's event → our name. Later entries of one name do not replace earlier ones: the first moment counts. */
const MOMENTS: Readonly<Record<string, string>> = {
  firstPaint: 'firstPaint',
  firstContentfulPaint: 'firstContentfulPaint',
  [CONTENT_LOADED[0]]: 'domContentLoaded',
  [LOADED[0]]: 'load',
  domInteractive: 'domInteractive',
  domComplete: 'domComplete',
};
/** Traces without the devtools.timeline category know these moments by their user-timing marks alone. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  [CONTENT_LOADED[1]]: 'domContentLoaded',
  [LOADED[1]]: 'load',
};

export function collectMilestones(tables: TraceTables, navigation: Navigation): Milestone[] {
  const times = new Map<string, number>([['navigationStart', navigation.start]]);
  const substitutes = new Map<string, number>();
  let largest: number | null = null;
  for (const mark of tables.marks) {
    // The name first: arguments are parsed when they are asked for, and most marks are of shifts and requests.
    if (!isMoment(mark.name) || !isOfLoad(mark, navigation)) continue;
    if (LARGEST.has(mark.name)) largest = mark.time;
    else if (NO_LARGEST.has(mark.name)) largest = null;
    note(times, MOMENTS, mark);
    note(substitutes, SUBSTITUTES, mark);
  }
  for (const [name, time] of substitutes) if (!times.has(name)) times.set(name, time);
  if (largest !== null) times.set('largestContentfulPaint', largest);
  const milestones = [...times].map(([name, time]) => ({ name, time: Math.max(time, navigation.start) }));
  if (navigation.prerendered !== null) {
    milestones.push({ name: 'prerenderStart', time: navigation.prerendered });
  }
  return milestones.sort((a, b) => a.time - b.time);
}

function isMoment(name: string): boolean {
  return (
    LARGEST.has(name) ||
    NO_LARGEST.has(name) ||
    Object.hasOwn(MOMENTS, name) ||
    Object.hasOwn(SUBSTITUTES, name)
  );
}

function note(times: Map<string, number>, names: Readonly<Record<string, string>>, mark: Mark): void {
  if (!Object.hasOwn(names, mark.name)) return;
  const name = names[mark.name];
  const known = times.get(name);
  if (known === undefined || mark.time < known) times.set(name, mark.time);
}

/** Whether `mark` speaks of the document that `navigation` loaded. */
export function isOfLoad(mark: Mark, navigation: Navigation): boolean {
  if (mark.time < (navigation.prerendered ?? navigation.start)) return false;
  const data = dataOf(mark);
  const navigationId = text(data, 'navigationId');
  if (navigationId !== undefined && navigation.navigationId !== '') {
    return navigationId === navigation.navigationId;
  }
  const frame = text(mark.args, 'frame') ?? text(data, 'frame');
  return frame === navigation.frame && mark.pid === navigation.pid && mark.time >= navigation.committed;
}
