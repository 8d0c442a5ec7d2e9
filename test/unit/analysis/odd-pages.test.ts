/**
 * Odd pages in Chrome's own JSON, as Chromium 156 recorded them for DevTools, beside DevTools' own engine: bounds, page,
 * every thread's time by category in two windows, with samples and without, milestones and vitals.
 * In: test/fixtures/traces/odd-pages: iframes that navigate (one to another site), workers of three kinds, redirects with
 * a refresh behind them, single-page navigations with clicks, a popup, a service worker that the page reloads into.
 * Pictures and script texts were cut out. docs/page-load.md tells what differs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  CATEGORIES,
  classifySlices,
  collectRequests,
  computeBreakdown,
  computeTraceVitals,
  findPageLoad,
} from '../../../src/analysis/index.ts';
import { askDevTools, sumCategories } from '../../builders/devtools-engine.ts';
import { tablesOf } from '../../builders/trace.ts';

const FOLDER = new URL('../../fixtures/traces/odd-pages/', import.meta.url);
const files = readdirSync(FOLDER);

/** Requests that one of both does not list, and why. */
const ONLY_OURS: Readonly<Record<string, (url: string) => boolean>> = {
  // The document of a frame by its markup is no request to DevTools; of another site's the browser told the begin alone.
  'iframes.json.gz': (url) => url === 'about:srcdoc' || url === '',
  // Of a worker's own script Chrome tells the response alone.
  'workers.json.gz': (url) => /\/(w\.js|m\.mjs|shared\.js)$|^blob:|^data:/.test(url),
  'sw.json.gz': (url) => url.endsWith('/sw.js'),
};
/** Another page's: it opened in the page's process. */
const ONLY_THEIRS: Readonly<Record<string, (url: string) => boolean>> = {
  'popup.json.gz': (url) => url.endsWith('/landed'),
};
const nobody = (): boolean => false;

describe.each(files)('%s', (file) => {
  test("is DevTools'", { timeout: 60_000 }, async () => {
    const json = gunzipSync(readFileSync(new URL(file, FOLDER))).toString();
    const tables = await tablesOf(json);
    const theirs = await askDevTools(json);
    const { threads, bounds } = tables;
    expect([bounds.start, bounds.end]).toEqual([theirs.bounds.min, theirs.bounds.max]);

    const classes = classifySlices(tables);
    const quarter = (bounds.end - bounds.start) / 4;
    const middle = { start: bounds.start + quarter, end: bounds.end - quarter };
    for (const { pid, tid } of theirs.threads) {
      const thread = threads.pid.findIndex((own, row) => own === pid && threads.tid[row] === tid);
      for (const range of [bounds, middle]) {
        for (const calls of [false, true]) {
          const ours = computeBreakdown(tables, classes, { thread, range, jsCalls: calls });
          const sums = await sumCategories(theirs.entriesOf(pid, tid), { range, calls });
          for (const category of CATEGORIES.filter((name) => name !== 'idle'))
            expect(ours[category], `${category} of ${pid}:${tid}`).toBeCloseTo(
              sums[category === 'system' ? 'other' : category] ?? 0,
              3,
            );
        }
      }
    }

    const page = findPageLoad(tables);
    expect(page.window?.start).toBe(theirs.navigatedAt);
    expect([...page.onMainFrame].map((row) => threads.pid[row])).toEqual(
      expect.arrayContaining([...theirs.onMainFrame]),
    );
    const zero = page.milestones.find(({ name }) => name === 'navigationStart')?.time ?? Number.NaN;
    const since = (name: string): number | undefined => {
      const time = page.milestones.find((milestone) => milestone.name === name)?.time;
      return time === undefined ? undefined : (time - zero) / 1000;
    };
    const { FP, FCP, LCP, DCL, L } = theirs.metrics;
    expect([since('firstPaint'), since('domContentLoaded'), since('load')]).toEqual([FP, DCL, L]);
    const vitals = computeTraceVitals(tables, page);
    expect([vitals.fcp ?? undefined, vitals.lcp ?? undefined]).toEqual([FCP, LCP]);
    expect(vitals.cls ?? 0).toBeCloseTo(theirs.cls, 9);
    expect(vitals.inp).toBe(theirs.inp);

    const [isOnlyOurs, isOnlyTheirs] = [ONLY_OURS[file] ?? nobody, ONLY_THEIRS[file] ?? nobody];
    const ours = collectRequests(tables, page).map(({ url }) => url);
    expect(ours.filter((url) => !isOnlyOurs(url)).sort()).toEqual(
      theirs.requests.filter((url) => !isOnlyTheirs(url)).sort(),
    );
    expect(ours.some(isOnlyOurs)).toBe(file in ONLY_OURS);
    expect(theirs.requests.some(isOnlyTheirs)).toBe(file in ONLY_THEIRS);
  });
});
