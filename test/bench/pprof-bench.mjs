/**
 * Profiles: how fast a range becomes tables and a pprof file, beside DataDog's pprof-format; and what speedscope's
 * importer makes of our files.
 * In: our built code, the number of runs. Out: tables of medians.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  Line,
  Location,
  Function as PprofFunction,
  Profile,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import { loadSpeedscope } from '../builders/speedscope-importer.mjs';
import { median, millis, printTable, ratio } from './figures.mjs';
import { generate, plainBusyPage } from './generate.mjs';

const SAMPLES = 16_000;
const DEPTH = 30;

/** @param {{ profiles: string, runs: number, peers: boolean }} options */
export async function runPprofBench({ profiles, runs, peers }) {
  const ours = await import(pathToFileURL(profiles).href);
  await compareWriters(ours, runs);
  await measureRanges(ours, runs);
  if (peers) await askSpeedscope(ours);
}

/** @param {any} ours @param {number} runs */
async function compareWriters(ours, runs) {
  const profile = ours.makeProfile(SAMPLES, DEPTH);
  const plain = ours.plainStacks(profile);
  /** @type {Uint8Array} */
  let bytes = new Uint8Array(0);
  const write = () => {
    bytes = ours.writePprof([profile]);
  };
  // Code that runs once is not what a push of many profiles meets.
  times(10, write);
  times(3, () => writeWithPeer(plain));
  const own = times(runs * 6, write);
  const peer = times(runs * 2, () => writeWithPeer(plain));
  const packing = [];
  let packed = bytes;
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    packed = await ours.gzip(bytes);
    packing.push(performance.now() - begin);
  }
  console.log(`\n## pprof of ${SAMPLES} samples, ${DEPTH} frames deep (medians)\n`);
  printTable(
    ['', 'encode, median', 'best', 'to pprof-format', 'bytes'],
    [
      [
        'Pageflame',
        millis(median(own)),
        millis(Math.min(...own)),
        ratio(median(own) / median(peer)),
        `${bytes.length}`,
      ],
      [
        'pprof-format 2.3',
        millis(median(peer)),
        millis(Math.min(...peer)),
        '1.00x',
        `${writeWithPeer(plain).length}`,
      ],
      [
        'gzip (apart from encoding)',
        millis(median(packing)),
        millis(Math.min(...packing)),
        '',
        `${packed.length}`,
      ],
    ],
  );
}

/**
 * The same samples by pprof-format: its objects built and encoded.
 * @param {any} plain
 */
function writeWithPeer(plain) {
  const table = new StringTable();
  const text = (/** @type {string} */ value) => table.dedup(value);
  const functions = plain.functions.map(
    (/** @type {any} */ { name, file, line }, /** @type {number} */ row) =>
      new PprofFunction({ id: row + 1, name: text(name), filename: text(file), startLine: line }),
  );
  /** @type {Map<string, Location>} */
  const locations = new Map();
  const locate = (/** @type {number} */ row, /** @type {number} */ line) => {
    const key = `${row} ${line}`;
    let location = locations.get(key);
    if (location === undefined) {
      location = new Location({ id: locations.size + 1, line: [new Line({ functionId: row + 1, line })] });
      locations.set(key, location);
    }
    return Number(location.id);
  };
  const sample = plain.samples.map(
    (/** @type {any} */ { path, line, nanos }) =>
      new Sample({
        locationId: path.map((/** @type {number} */ row, /** @type {number} */ at) =>
          locate(row, at === 0 ? line : plain.functions[row].line),
        ),
        value: [nanos],
      }),
  );
  const type = new ValueType({ type: text('cpu'), unit: text('nanoseconds') });
  const whole = new Profile({
    sampleType: [type],
    sample,
    location: [...locations.values()],
    function: functions,
    stringTable: table,
    periodType: type,
    period: 1,
  });
  return whole.encode();
}

/** @param {any} ours @param {number} runs */
async function measureRanges(ours, runs) {
  const rows = [];
  for (const file of [await plainBusyPage(), await generate('1100mb.json', 1_100_000_000)]) {
    const tables = await ours.openTables(Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 18 })));
    const { slices, cpu, wall, tables: tabulate } = ours.prepareRanges(tables);
    const profile = cpu();
    const [ofCpu, ofWall] = [time(runs * 3, cpu), time(runs * 3, wall)];
    const ofTables = time(runs * 3, () => tabulate(profile));
    rows.push([
      `${slices}`,
      `${profile.samples.length}`,
      `${profile.stacks.length}`,
      millis(ofCpu),
      millis(ofWall),
      millis(ofTables),
      millis(ofCpu + ofTables),
    ]);
  }
  console.log('\n## The main thread’s whole range as a profile, and as tables (medians)\n');
  printTable(
    ['slices', 'stretches', 'stacks', 'cpu', 'wall', 'both trees and functions', 'cpu and tables'],
    rows,
  );
}

/** @param {any} ours */
async function askSpeedscope(ours) {
  const tables = await ours.openTables(Readable.toWeb(createReadStream(await plainBusyPage())));
  const { cpu, wall } = ours.prepareRanges(tables);
  const files = [
    ['speedscope (cpu)', 'x.speedscope.json', ours.speedscopeOf([cpu()]), total(cpu())],
    ['.cpuprofile', 'x.cpuprofile', ours.writeCpuProfile(wall()), total(wall())],
    ['pprof (cpu)', 'x.pb', ours.writePprof([cpu()]), total(cpu())],
  ];
  const log = console.log;
  const rows = [];
  for (const [format, name, content, expected] of files) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    // It tells what it imports.
    console.log = () => undefined;
    const group = await loadSpeedscope().importProfilesFromArrayBuffer(name, new Uint8Array(bytes).buffer);
    console.log = log;
    const found = group.profiles[0];
    const unit = found.getWeightUnit();
    const micros =
      found.getTotalWeight() * (unit === 'nanoseconds' ? 0.001 : unit === 'milliseconds' ? 1000 : 1);
    rows.push([
      format,
      millis(expected / 1000),
      millis(micros / 1000),
      ((micros - expected) / 1000).toFixed(3),
    ]);
  }
  console.log("\n## speedscope's importer on our files\n");
  printTable(['file', 'ours', 'speedscope', 'difference, ms'], rows);
}

const total = (/** @type {any} */ { samples }) =>
  samples.weight.reduce((/** @type {number} */ sum, /** @type {number} */ weight) => sum + weight, 0);

/**
 * @param {number} runs
 * @param {() => unknown} work
 */
const time = (runs, work) => median(times(runs, work));

/**
 * Milliseconds of each run.
 * @param {number} runs
 * @param {() => unknown} work
 */
function times(runs, work) {
  const all = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    work();
    all.push(performance.now() - begin);
  }
  return all;
}
