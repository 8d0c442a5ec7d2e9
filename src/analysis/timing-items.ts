/**
 * What the page timed itself: `performance.measure` and `mark`, `console.time`, `console.timeStamp`.
 * In: trace tables, the page, what it says of tracks of its own (custom-tracks.ts). Out: an item each, but for those
 * that stand on such a track, and for Chrome's own milestones, which are written the same way.
 */
import { SLICE_END_INFERRED, SLICE_INSTANT, type TraceTables } from '../trace/index.ts';
import { ANIMATION } from './animations.ts';
import type { PageLoad } from './contract.ts';
import { type CustomMoment, type CustomTracks, isUserTiming, timingKey } from './custom-tracks.ts';
import { isElsewhere } from './other-pages.ts';
import type { NewItem } from './page-item.ts';

/** What Chrome itself writes as user timings: names of the Navigation and Resource Timing APIs, and of paints. */
const CHROME_TIMINGS = [
  ...['redirectStart', 'redirectEnd', 'fetchStart', 'workerStart', 'domainLookupStart', 'domainLookupEnd'],
  ...['connectStart', 'secureConnectionStart', 'connectEnd', 'requestStart', 'responseStart', 'responseEnd'],
  ...['unloadEventStart', 'unloadEventEnd', 'commitNavigationEnd', 'domLoading', 'domInteractive'],
  ...[
    'domContentLoadedEventStart',
    'domContentLoadedEventEnd',
    'domComplete',
    'loadEventStart',
    'loadEventEnd',
  ],
  ...[
    'firstLayout',
    'firstPaint',
    'firstTextPaint',
    'firstImagePaint',
    'firstContentfulPaint',
    'firstMeaningfulPaint',
  ],
  ...['clearMarks', 'clearMeasures'],
];

type TimingRows = Pick<TraceTables['asyncSlices'], 'name' | 'traceCategory' | 'start' | 'duration' | 'flags'>;

/** Of `blink.user_timing` and `blink.console`, without Chrome's own milestones (whose trace category has more words). */
export function collectTimings(tables: TraceTables, { others }: PageLoad, custom: CustomTracks): NewItem[] {
  const { asyncSlices, slices, strings, threads, marks } = tables;
  const isTiming = new Uint8Array(strings.length);
  for (const category of ['blink.user_timing', 'blink.console']) {
    const row = strings.find(category);
    if (row >= 0) isTiming[row] = 1;
  }
  const milestones = new Set(CHROME_TIMINGS);
  for (const mark of marks) if (!isUserTiming(mark) && mark.name !== ANIMATION) milestones.add(mark.name);
  const items: NewItem[] = custom.moments.map(itemOfMoment);
  const add = (table: TimingRows, row: number, pid: number): void => {
    if (isElsewhere(others, pid)) return;
    const title = strings.get(table.name[row]);
    const start = table.start[row];
    if (milestones.has(title) || title.startsWith('ConsoleMessage')) return;
    if (custom.told.has(timingKey(title, start))) return;
    items.push({
      track: 'timings',
      start,
      settled: start,
      end: start + table.duration[row],
      title,
      category: 'scripting',
      endInferred: (table.flags[row] & SLICE_END_INFERRED) !== 0,
      source: { kind: 'timing', traceCategory: strings.get(table.traceCategory[row]), custom: null },
    });
  };
  for (let row = 0; row < asyncSlices.length; row++) {
    if (isTiming[asyncSlices.traceCategory[row]] === 1) add(asyncSlices, row, asyncSlices.pid[row]);
  }
  for (let row = 0; row < slices.length; row++) {
    if (isTiming[slices.traceCategory[row]] === 1 && (slices.flags[row] & SLICE_INSTANT) !== 0)
      add(slices, row, threads.pid[slices.thread[row]]);
  }
  return items;
}

const itemOfMoment = (moment: CustomMoment): NewItem => ({
  track: 'timings',
  start: moment.start,
  settled: moment.start,
  end: moment.end,
  title: moment.name,
  category: 'scripting',
  endInferred: false,
  source: {
    kind: 'timing',
    traceCategory: moment.writtenBy === 'mark' ? 'blink.user_timing' : 'blink.console',
    custom: moment,
  },
});
