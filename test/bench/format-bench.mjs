/**
 * The protobuf form of a load against its JSON form: the same page recorded twice in one browser, once in each, and both
 * opened by ours in Node from the inflated file.
 * In: our built core, the number of runs. Out: a table of medians.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright';
import { endTracing, startTracing } from './devtools-way.mjs';
import { median, megabytes, printTable, ratio, seconds } from './figures.mjs';
import { measure } from './node-bench.mjs';
import { CACHE, provideChromium } from './places.mjs';
import { openWorkSite } from './work-site.mjs';

const TURNS = 14_000;

/** @param {{ core: string, runs: number }} options */
export async function runFormatBench({ core, runs }) {
  const files = await recordBoth();
  console.log(`\n## The same load as protobuf and as JSON, opened in Node (medians of ${runs})\n`);
  /** @type {Record<string, import('./node-bench.mjs').Run[]>} */
  const results = { json: [], proto: [] };
  for (let run = 0; run < runs; run++)
    for (const format of /** @type {const} */ (['json', 'proto']))
      results[format].push(measure('ours', core, files[format]));
  const base = results.json.map(({ cpuMillis }) => cpuMillis);
  const clock = results.json.map(({ millis }) => millis);
  printTable(
    ['form', 'inflated', 'events', 'time', 'to JSON', 'processor', 'to JSON'],
    /** @type {const} */ (['json', 'proto']).map((format) => {
      const all = results[format];
      const time = median(all.map(({ millis }) => millis));
      const processor = median(all.map(({ cpuMillis }) => cpuMillis));
      return [
        format,
        megabytes(statSync(files[format]).size),
        String(all[0].events ?? all[0].error),
        seconds(time),
        ratio(time / median(clock)),
        seconds(processor),
        ratio(processor / median(base)),
      ];
    }),
  );
}

/** @returns {Promise<{ json: string, proto: string }>} The inflated files. */
async function recordBoth() {
  const site = await openWorkSite();
  const browser = await chromium.launch({ executablePath: provideChromium() });
  try {
    const files = { json: join(CACHE, 'work.json'), proto: join(CACHE, 'work.pftrace') };
    for (const format of /** @type {const} */ (['json', 'proto'])) {
      const page = await browser.newPage();
      const session = await page.context().newCDPSession(page);
      await startTracing(session, format);
      await page.goto(`${site.origin}/work?turns=${TURNS}`);
      await page.waitForFunction(() => document.title === 'Done', undefined, { timeout: 120_000 });
      await wait(1000);
      writeFileSync(files[format], await endTracing(session));
      await page.close();
    }
    return files;
  } finally {
    await browser.close();
    await site.close();
  }
}
