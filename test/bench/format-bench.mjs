/**
 * The protobuf form of a load against its JSON form: the same page recorded in each, opened by ours in Node in a fresh
 * process, from the plain file and from gzip (as our recorder keeps a trace); and bare JSON.parse of the JSON.
 * In: our built core, the number of runs. Out: a table of medians.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { endTracing, startTracing } from './devtools-way.mjs';
import { median, megabytes, printTable, ratio, seconds } from './figures.mjs';
import { measure } from './node-bench.mjs';
import { CACHE, provideChromium } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

/** Tasks of the page, for about 5, 30 and 60 MB of JSON. */
const TURNS = [900, 6500, 13_500];
const FORMS = /** @type {const} */ (['json', 'json.gz', 'pftrace', 'pftrace.gz']);
const NAMES = {
  json: 'JSON',
  'json.gz': 'JSON, gzip',
  pftrace: 'protobuf',
  'pftrace.gz': 'protobuf, gzip (as kept)',
};

/** @param {{ core: string, runs: number }} options */
export async function runFormatBench({ core, runs }) {
  const empty = measure('empty', core, '').peakBytes;
  console.log(`\n## The same load as protobuf and as JSON, opened in Node (medians of ${runs})\n`);
  /** @type {string[][]} */
  const rows = [];
  for (const turns of TURNS) rows.push(...(await runSize({ core, runs, turns, empty })));
  console.log('To JSON: packed against packed, plain against plain.\n');
  printTable(
    ['form', 'file', 'events', 'time', 'to JSON', 'processor', 'to JSON', 'peak memory', 'to JSON.parse'],
    rows,
  );
}

/**
 * @param {{ core: string, runs: number, turns: number, empty: number }} options
 * @returns {Promise<string[][]>}
 */
async function runSize({ core, runs, turns, empty }) {
  const file = await recordForms(turns);
  /** @type {Record<string, import('./node-bench.mjs').Run[]>} */
  const results = { parse: [], json: [], 'json.gz': [], pftrace: [], 'pftrace.gz': [] };
  for (let run = 0; run < runs; run++) {
    for (const form of FORMS) results[form].push(measure('ours', core, file(form)));
    results.parse.push(measure('json-parse', core, file('json')));
  }
  /** @param {string} form @param {'millis' | 'cpuMillis' | 'peakBytes'} what */
  const middle = (form, what) => median(results[form].map((run) => run[what]));
  const sameOf = (/** @type {string} */ form) => (form.endsWith('.gz') ? 'json.gz' : 'json');
  const row = (/** @type {typeof FORMS[number]} */ form) => [
    NAMES[form],
    `${(statSync(file(form)).size / 1e6).toFixed(1)} MB`,
    String(results[form][0].events ?? results[form][0].error),
    seconds(middle(form, 'millis')),
    ratio(middle(form, 'millis') / middle(sameOf(form), 'millis')),
    seconds(middle(form, 'cpuMillis')),
    ratio(middle(form, 'cpuMillis') / middle(sameOf(form), 'cpuMillis')),
    megabytes(middle(form, 'peakBytes') - empty),
    ratio(middle(form, 'millis') / middle('parse', 'millis')),
  ];
  return FORMS.map(row);
}

/**
 * Records the page in both forms, one after the other in one browser, over a page's session as our recorder does.
 * @param {number} turns
 * @returns {Promise<(form: string) => string>} The files by form.
 */
async function recordForms(turns) {
  const file = (/** @type {string} */ form) => join(CACHE, `work-${turns}.${form}`);
  const site = await openWorkSite();
  const browser = await chromium.launch({ executablePath: provideChromium() });
  try {
    for (const [form, asked] of /** @type {const} */ ([
      ['json', 'json'],
      ['pftrace', 'proto'],
    ])) {
      const page = await browser.newPage();
      const session = await page.context().newCDPSession(page);
      await startTracing(session, asked);
      await page.goto(`${site.origin}/work?turns=${turns}`);
      await page.waitForFunction(() => document.title === 'Done', undefined, { timeout: 120_000 });
      await wait(1000);
      const bytes = await endTracing(session);
      writeFileSync(file(form), bytes);
      writeFileSync(file(`${form}.gz`), gzipSync(bytes));
      await page.close();
    }
    return file;
  } finally {
    await browser.close();
    await site.close();
  }
}
