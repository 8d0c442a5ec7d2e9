/**
 * What each ingredient of a recording costs the page: our whole recorder, and our recorder without one thing, in turns.
 * In: the number of runs. Out: a table of medians for each page; the cost of an ingredient is what is saved without it.
 */
import { devtools, measurePage, openCostBench, reload } from './cost-bench.mjs';

/** @typedef {import('./cost-bench.mjs').Edit} Edit */

/** @type {(...methods: string[]) => Edit} */
const drop =
  (...methods) =>
  (method, params) =>
    methods.includes(method) ? null : params;

/** @type {(...categories: string[]) => Edit} */
const without =
  (...categories) =>
  (method, params) => {
    if (method !== 'Tracing.start') return params;
    const { traceConfig } = params;
    const isKept = (/** @type {string} */ name) => !categories.includes(name);
    return {
      ...params,
      traceConfig: { ...traceConfig, includedCategories: traceConfig.includedCategories.filter(isKept) },
    };
  };

/** Our recorder must have something to measure by, so a page that is never quiet is what "no meter" leaves. */
const INGREDIENTS = {
  filmstrip: drop('Page.startScreencast', 'Page.stopScreencast'),
  'requests (Network)': drop('Network.enable'),
  'thread meter': drop('Performance.enable', 'Performance.getMetrics'),
  'frames of other sites (auto-attach)': drop('Target.setAutoAttach'),
  "the page's pinned size": drop('Emulation.setDeviceMetricsOverride'),
  'JS samples': without('disabled-by-default-v8.cpu_profiler', 'disabled-by-default-v8.cpu_profiler.hires'),
  'stacks of layouts and timers': without('disabled-by-default-devtools.timeline.stack'),
  'script addresses': without('disabled-by-default-devtools.v8-source-rundown'),
  'LCP candidates, shifted elements': without(
    'disabled-by-default-lighthouse',
    'disabled-by-default-layout_shift.debug',
  ),
  'frames drawn': without('disabled-by-default-devtools.timeline.frame'),
};

/** @param {{ runs: number, pages?: readonly string[], only?: readonly string[] }} options */
export async function runIngredientsBench({ runs, pages = ['/layout.html', '/work?turns=1500'], only }) {
  const bench = await openCostBench();
  /** @type {Record<string, import('./cost-bench.mjs').Way>} */
  const ways = { Pageflame: bench.ours('standard'), untraced: reload, "DevTools' categories": devtools() };
  for (const [name, edit] of Object.entries(INGREDIENTS))
    if (only === undefined || only.includes(name)) ways[`without ${name}`] = bench.ours('standard', edit);
  console.log(`\n## What each ingredient costs (medians of ${runs})\n`);
  try {
    for (const page of pages) await measurePage(bench, page, { runs, ways });
  } finally {
    await bench.close();
  }
}
