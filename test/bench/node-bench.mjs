/**
 * Opening a trace in Node: ours beside bare JSON.parse and the peers, each run in a fresh process, in turns.
 * In: sizes and the number of runs. Out: tables of medians on the console.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { median, megabytes, printTable, ratio, seconds } from './figures.mjs';
import { generate, plainBusyPage } from './generate.mjs';
import { HERE } from './places.mjs';

/**
 * @typedef {{ millis: number, cpuMillis: number, peakBytes: number, events?: number, boxes?: number, error?: string,
 *   steps?: { read: number, analyse: number, layOut: number } }} Run
 */

/** Which peers are run at which size: those that need minutes or cannot are left out, and said to be. */
const PEERS = {
  44: ['devtools', 'lighthouse', 'speedscope'],
  100: ['devtools', 'lighthouse', 'speedscope'],
  300: ['devtools', 'lighthouse'],
  1100: [],
};
const NAMES = /** @type {Record<string, string>} */ ({
  ours: 'Pageflame: to boxes',
  'json-parse': 'read + decode + JSON.parse',
  devtools: "JSON.parse + DevTools' engine",
  lighthouse: 'JSON.parse + Lighthouse MainThreadTasks',
  speedscope: "speedscope's importer",
});

/**
 * One run in a process of its own.
 * @param {string} what
 * @param {string} core
 * @param {string} file
 * @returns {Run}
 */
export function measure(what, core, file) {
  const heap = ['ours', 'empty'].includes(what) ? [] : ['--max-old-space-size=12000'];
  try {
    const text = execFileSync(process.execPath, [...heap, join(HERE, 'measure.mjs'), what, core, file], {
      encoding: 'utf8',
      timeout: 180_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(text);
  } catch (error) {
    const words = String(Object(error).stderr || error);
    const reason = /(\w*Error: .*|heap out of memory|ETIMEDOUT)/.exec(words)?.[1] ?? words.trim().slice(-120);
    return { millis: Number.NaN, cpuMillis: Number.NaN, peakBytes: Number.NaN, error: reason };
  }
}

/**
 * @param {{ core: string, runs: number, sizes: readonly number[], peers: boolean }} options
 */
export async function runNodeBench({ core, runs, sizes, peers }) {
  const empty = median(times(3, () => measure('empty', core, '').peakBytes));
  console.log(`\n## Opening in Node (medians of ${runs}; peers once above 50 MB)`);
  console.log(
    'Time is of the clock, processor is the time of all threads of the process: on a busy machine it tells more.',
  );
  console.log(`Peak memory is over that of an empty process with our core loaded (${megabytes(empty)}).\n`);
  /** @type {string[][]} */
  const linear = [];
  for (const size of sizes) {
    const file = size === 44 ? await plainBusyPage() : await generate(`${size}mb.json`, size * 1e6);
    linear.push(runSize({ core, runs, size, file, empty, peers }));
  }
  console.log('\n## Ours, per event\n');
  printTable(
    ['file', 'events', 'boxes', 'µs per event', 'processor µs', 'reading', 'analysis', 'boxes laid out'],
    linear,
  );
}

/**
 * @param {{ core: string, runs: number, size: number, file: string, empty: number, peers: boolean }} options
 * @returns {string[]} The size's row of the table of linearity.
 */
function runSize({ core, runs, size, file, empty, peers }) {
  /** @type {Record<string, Run[]>} */
  const results = { ours: [], 'json-parse': [] };
  const others = peers ? (PEERS[/** @type {keyof typeof PEERS} */ (size)] ?? []) : [];
  for (let run = 0; run < runs; run++)
    for (const what of ['ours', 'json-parse']) results[what].push(measure(what, core, file));
  for (const what of others) results[what] = times(size < 50 ? runs : 1, () => measure(what, core, file));
  const bytes = statSync(file).size;
  const base = medians(results['json-parse']);
  console.log(`\n${megabytes(bytes)}:\n`);
  printTable(
    ['', 'time', 'to JSON.parse', 'processor', 'to JSON.parse', 'peak memory', 'to file size'],
    Object.entries(results).map(([what, all]) => rowOf({ what, all, base, bytes, empty })),
  );
  const ours = results.ours[0];
  const step = (/** @type {'read' | 'analyse' | 'layOut'} */ name) =>
    seconds(median(results.ours.map(({ steps }) => steps?.[name] ?? Number.NaN)));
  const events = ours.events ?? 0;
  const { millis, cpuMillis } = medians(results.ours);
  return [
    megabytes(bytes),
    String(events),
    String(ours.boxes),
    ((millis * 1000) / events).toFixed(2),
    ((cpuMillis * 1000) / events).toFixed(2),
    step('read'),
    step('analyse'),
    step('layOut'),
  ];
}

/**
 * @param {{ what: string, all: readonly Run[], base: { millis: number, cpuMillis: number }, bytes: number, empty: number }} facts
 */
function rowOf({ what, all, base, bytes, empty }) {
  const failed = all.find(({ error }) => error !== undefined);
  if (failed !== undefined) return [NAMES[what], `cannot: ${failed.error}`, '', '', '', '', ''];
  const time = medians(all);
  const peak = median(all.map((run) => run.peakBytes)) - empty;
  return [
    NAMES[what],
    seconds(time.millis),
    share(time.millis, base.millis),
    seconds(time.cpuMillis),
    share(time.cpuMillis, base.cpuMillis),
    megabytes(peak),
    ratio(peak / bytes),
  ];
}

/** @param {readonly Run[]} runs */
const medians = (runs) => ({
  millis: median(runs.map(({ millis }) => millis)),
  cpuMillis: median(runs.map(({ cpuMillis }) => cpuMillis)),
});

/** JSON.parse cannot take a file above V8's longest string. */
const share = (/** @type {number} */ time, /** @type {number} */ base) =>
  Number.isNaN(base) ? '–' : ratio(time / base);

/**
 * @template T
 * @param {number} count
 * @param {() => T} make
 */
const times = (count, make) => Array.from({ length: count }, make);
