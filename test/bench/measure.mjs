/**
 * One measurement in a process of its own: `node measure.mjs WHAT CORE FILE`.
 * In: what to run (`ours`, `json-parse`, `devtools`, `lighthouse`, `speedscope`, `empty`), our built core, a trace file
 * (plain JSON; ours takes every form).
 * Out: one line of JSON: milliseconds from opening the file to the last result (of the clock, and of the processor with
 * the loading of code), the process's peak memory in bytes, and what was found. All begin with the file on disk and end with everything in memory.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [what, core, file] = process.argv.slice(2);
const log = console.log;
// speedscope tells what it imports.
console.log = () => undefined;

/** @param {string} path */
function parse(path) {
  const trace = JSON.parse(readFileSync(path).toString());
  return Array.isArray(trace) ? { traceEvents: trace, metadata: {} } : trace;
}

/** @type {Record<string, () => Promise<object>>} */
const MEASURES = {
  // Our core loaded, nothing read: what memory is compared with.
  empty: async () => {
    await import(pathToFileURL(core).href);
    return { millis: 0 };
  },
  ours: async () => {
    const { openTrace, readFile } = await import(pathToFileURL(core).href);
    const begin = performance.now();
    const work = await openTrace(readFile(file));
    return { millis: performance.now() - begin, ...work };
  },
  'json-parse': async () => {
    const begin = performance.now();
    const { traceEvents } = parse(file);
    return { millis: performance.now() - begin, found: traceEvents.length };
  },
  devtools: async () => {
    const { runDevToolsEngine } = await import('./peers.mjs');
    const begin = performance.now();
    const trace = parse(file);
    const parsed = performance.now() - begin;
    const { millis, found } = await runDevToolsEngine(trace);
    return { millis: parsed + millis, found };
  },
  lighthouse: async () => {
    const { runLighthouse } = await import('./peers.mjs');
    const begin = performance.now();
    const trace = parse(file);
    const parsed = performance.now() - begin;
    const { millis, found } = await runLighthouse(trace);
    return { millis: parsed + millis, found };
  },
  speedscope: async () => {
    const { loadSpeedscope } = await import('../builders/speedscope-importer.mjs');
    const importer = loadSpeedscope();
    const begin = performance.now();
    const bytes = readFileSync(file);
    const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const group = await importer.importProfilesFromArrayBuffer('trace.json', whole);
    return { millis: performance.now() - begin, found: group.profiles.length };
  },
};

const before = process.cpuUsage();
const result = await MEASURES[what]();
const { user, system } = process.cpuUsage(before);
log(JSON.stringify({ ...result, cpuMillis: (user + system) / 1000, peakBytes: readPeak() }));

/** Linux keeps in `maxRSS` what the parent was before this program began; its own file tells the program's alone. */
function readPeak() {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}
