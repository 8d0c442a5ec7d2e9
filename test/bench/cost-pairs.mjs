/**
 * Whether our recording costs a page more than DevTools' set of categories: loads by pairs, one of each, without V8's
 * samples in either. Both take the same samples, and what those cost differs by 5 ms from load to load; without them the
 * same thing differs by 1 ms, so that what else we do to a page can be seen.
 * In: the number of pairs. Out: a table of the mean difference for each page, and its error.
 */
import { devtools, inFreshTab, openCostBench } from './cost-bench.mjs';
import { millis, printTable } from './figures.mjs';

const PAGES = [
  '/vitals.html',
  '/varied.html',
  '/worker.html',
  '/busy.html',
  '/layout.html',
  '/scripts?kb=1500',
  '/work?turns=1500',
];
const SAMPLES = ['disabled-by-default-v8.cpu_profiler', 'disabled-by-default-v8.cpu_profiler.hires'];

/** @type {import('./cost-bench.mjs').Edit} */
const withoutSamples = (method, params) => {
  if (method !== 'Tracing.start') return params;
  const includedCategories = params.traceConfig.includedCategories.filter(
    (/** @type {string} */ name) => !SAMPLES.includes(name),
  );
  return { ...params, traceConfig: { ...params.traceConfig, includedCategories } };
};

/** @param {{ runs: number, pages?: readonly string[] }} options */
export async function runCostPairs({ runs, pages = PAGES }) {
  const bench = await openCostBench();
  const ours = bench.ours('standard', withoutSamples);
  const theirs = devtools(withoutSamples);
  console.log(`\n## Recording beside DevTools' categories, without V8's samples (${runs} pairs)\n`);
  const rows = [];
  try {
    for (const page of pages) {
      const pairs = [];
      // The first warms the browser up.
      for (let run = 0; run <= runs; run++)
        pairs.push({
          ours: await inFreshTab(bench, page, ours),
          theirs: await inFreshTab(bench, page, theirs),
        });
      rows.push([page, ...figuresOf(pairs.slice(1))]);
    }
  } finally {
    await bench.close();
  }
  printTable(
    [
      'page',
      'main thread: ours',
      "DevTools' set",
      'difference',
      'all threads of the renderers',
      'other processes',
    ],
    rows,
  );
}

/** @typedef {import('./cost-bench.mjs').Cost} Cost */

/** @param {readonly { ours: Cost, theirs: Cost }[]} pairs */
function figuresOf(pairs) {
  const difference = (/** @type {'main' | 'renderers' | 'browser'} */ part) =>
    meanOf(pairs.map(({ ours, theirs }) => ours[part] - theirs[part]));
  return [
    millis(meanOf(pairs.map(({ ours }) => ours.main)).mean),
    millis(meanOf(pairs.map(({ theirs }) => theirs.main)).mean),
    ...[difference('main'), difference('renderers'), difference('browser')].map(
      ({ mean, error }) => `${mean.toFixed(1)} ± ${error.toFixed(1)} ms`,
    ),
  ];
}

/** @param {readonly number[]} values */
function meanOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
