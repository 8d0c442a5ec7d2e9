/** speedscope, folded, .cpuprofile, perf script, Firefox, SVG: round trips and what stands in the files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { categoryNumber } from '../../../src/analysis/index.ts';
import {
  looksLikeProfile,
  type ReadProfiles,
  readCpuProfile,
  readFirefox,
  readFolded,
  readPerfScript,
  readProfile,
  readSpeedscope,
  type StackProfile,
  writeCpuProfile,
  writeFolded,
  writeSpeedscope,
  writeSvg,
} from '../../../src/profile/index.ts';
import { tellProfile, totalOf } from '../../builders/profile-comparison.ts';
import { foldProfile, profileOf } from '../../builders/profiles.ts';
import { type RealProfiles, readRealProfiles } from '../../builders/real-profiles.ts';
import { SHARED } from '../../builders/shared-traces.ts';

let real: RealProfiles;
beforeAll(async () => {
  real = await readRealProfiles();
});

const clean = { malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 };
const only = (found: ReadProfiles | null): StackProfile => {
  if (found === null) throw new Error('not read');
  expect(found.diagnostics).toEqual(clean);
  return found.profiles[0];
};

describe('folded', () => {
  test('root first, whole microseconds, whose sum is right to one', () => {
    const [cpu] = real.of('cpu');
    const lines = writeFolded([cpu]).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^[^;\s][^\n]* \d+$/);
    const total = lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    expect(Math.abs(total - totalOf(cpu))).toBeLessThan(10);
  });

  test('fractions are not lost by rounding each', () => {
    const folded = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`main;f${i}`, 0.3]));
    const text = writeFolded([profileOf(folded)]);
    const total = text
      .trimEnd()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(total).toBe(300);
  });

  test('names that would break a line, and threads as first frames', () => {
    const worker = { name: 'Worker; one', pid: 1, tid: 3, role: 'worker' };
    const text = writeFolded([profileOf({ 'a b;c': 2 }), profileOf({ 'x\ny': 1 }, { thread: worker })], {
      threads: true,
    });
    expect(text).toBe('CrRendererMain;a b;c 2\nWorker: one;x y 1\n');
    const raw = profileOf({ a: 1 });
    expect(writeFolded([{ ...raw, strings: raw.strings.map((name) => (name === 'a' ? 'a;b' : name)) }])).toBe(
      'a:b 1\n',
    );
  });

  test('read back', () => {
    const folded = { 'main;a b': 3, main: 1 };
    expect(foldProfile(only(readFolded(writeFolded([profileOf(folded)]))))).toEqual(folded);
  });

  test('marks of kinds, comments, empty lines and fractions are read', () => {
    const found = only(readFolded('# made by x\n\nmain_[j];read_[k] 2.5\r\nmain_[j] 1 \n'));
    expect(tellProfile(found)).toEqual({ 'main||0|0|js   ': 1, 'main||0|0|js;read||0|0|native   ': 2.5 });
  });

  test('private methods are no comments', () => {
    const folded = { '#render': 3, '#render;#paint': 1 };
    expect(foldProfile(only(readFolded(writeFolded([profileOf(folded)]))))).toEqual(folded);
  });

  test('prose is none', () => {
    expect(readFolded('Dear diary,\ntoday I counted 3\nand that is all.\n')).toBeNull();
    expect(readFolded('')).toBeNull();
  });
});

describe('speedscope', () => {
  const write = (profiles: readonly StackProfile[]): string =>
    [...writeSpeedscope(profiles, 'a "title"')].join('');

  test('a real page load, thread by thread, stretch by stretch', () => {
    const written = real.of('wall');
    const file: unknown = JSON.parse(write(written));
    const found = readSpeedscope(file);
    expect(found?.diagnostics).toEqual(clean);
    expect(found?.profiles.length).toBe(written.length);
    for (const [i, profile] of written.entries()) {
      const back = found?.profiles[i] ?? profile;
      expect(back.samples.length).toBe(profile.samples.length);
      expect(kindless(back)).toEqual(kindless(profile));
      expect(totalOf(back)).toBeCloseTo(totalOf(profile), 0);
      expect(back.thread.name).toContain(profile.thread.name);
    }
  });

  /** speedscope knows no kinds of frames. */
  const kindless = (profile: StackProfile): Record<string, number> =>
    tellProfile({ ...profile, frames: { ...profile.frames, kind: new Uint8Array(profile.frames.length) } });

  test('as its schema wants it', () => {
    const file = JSON.parse(write([profileOf({ 'f@a.js:3;g': 2.5, f: 1 })]));
    expect(file).toMatchObject({
      $schema: 'https://www.speedscope.app/file-format-schema.json',
      shared: { frames: [{ name: 'f', file: 'a.js', line: 3 }, { name: 'g' }, { name: 'f' }] },
      profiles: [
        {
          type: 'sampled',
          unit: 'microseconds',
          startValue: 0,
          endValue: 3.5,
          samples: [[0, 1], [2]],
          weights: [2.5, 1],
        },
      ],
    });
  });

  test('evented profiles; a close that skips what is inside', () => {
    const frames = [{ name: 'a' }, { name: 'b' }];
    const events = [
      { type: 'O', frame: 0, at: 1 },
      { type: 'O', frame: 1, at: 2 },
      { type: 'C', frame: 1, at: 5 },
      { type: 'C', frame: 0, at: 6 },
    ];
    const file = (own: unknown): unknown => ({
      $schema: 'https://www.speedscope.app/file-format-schema.json',
      shared: { frames },
      profiles: [
        { type: 'evented', name: 'x', unit: 'milliseconds', startValue: 0, endValue: 6, events: own },
      ],
    });
    expect(foldProfile(only(readSpeedscope(file(events))))).toEqual({ a: 2000, 'a;b': 3000 });
    const odd = readSpeedscope(file([events[0], events[1], events[3], events[2]]));
    expect(odd?.diagnostics.malformed).toBe(1);
    expect(
      readSpeedscope(file([...events.slice(0, 1), { type: 'O', frame: 77, at: 3 }]))?.diagnostics.unresolved,
    ).toBe(1);
  });
});

describe('.cpuprofile', () => {
  test('JavaScript alone, when it ran, and the total of the range', () => {
    const [wall] = real.of('wall');
    const back = only(readCpuProfile(JSON.parse(writeCpuProfile(wall))));
    expect(Math.abs(totalOf(back) - (wall.range.end - wall.range.start))).toBeLessThan(2);
    const expected = jsTotals(wall);
    for (const [path, weight] of Object.entries(jsTotals(back)))
      expect(Math.abs(weight - (expected[path] ?? 0))).toBeLessThan(2 + weight * 0.02);
  });

  /** Without the browser's frames. */
  function jsTotals(profile: StackProfile): Record<string, number> {
    const { frames, stacks, strings, samples } = profile;
    const sums: Record<string, number> = {};
    for (let i = 0; i < samples.length; i++) {
      const path: string[] = [];
      for (let at = samples.stack[i]; at >= 0; at = stacks.prefix[at])
        if (frames.kind[stacks.frame[at]] !== 1) path.unshift(strings[frames.name[stacks.frame[at]]]);
      const key = path.join(';') || '(program)';
      sums[key] = (sums[key] ?? 0) + samples.weight[i];
    }
    return sums;
  }

  test('cpu has the gaps as (idle)', () => {
    const profile = profileOf({ f: 10, g: 5 });
    const gap = {
      ...profile,
      range: { start: 0, end: 40 },
      samples: { ...profile.samples, time: Float64Array.of(0, 30) },
    };
    expect(foldProfile(only(readCpuProfile(JSON.parse(writeCpuProfile(gap)))))).toEqual({
      f: 10,
      g: 5,
      '(idle)': 25,
    });
  });

  test('as V8 writes it', () => {
    const profile = profileOf({ 'f@a.js:3;[Layout]': 10, 'f@a.js:3;(anonymous)@a.js:9': 5, '[Task]': 1 });
    const file = JSON.parse(
      writeCpuProfile({ ...profile, samples: { ...profile.samples, line: Int32Array.of(0, 12, 0) } }),
    );
    expect(file).toEqual({
      nodes: [
        expect.objectContaining({
          id: 1,
          callFrame: expect.objectContaining({ functionName: '(root)' }),
          children: [2, 4, 5],
        }),
        expect.objectContaining({
          id: 2,
          children: [3],
          hitCount: 1,
          callFrame: { functionName: 'f', scriptId: '0', url: 'a.js', lineNumber: 2, columnNumber: -1 },
        }),
        expect.objectContaining({
          id: 3,
          callFrame: expect.objectContaining({ functionName: '' }),
          positionTicks: [{ line: 12, ticks: 1 }],
        }),
        expect.objectContaining({ id: 4, callFrame: expect.objectContaining({ functionName: '(program)' }) }),
        expect.objectContaining({ id: 5, callFrame: expect.objectContaining({ functionName: '(idle)' }) }),
      ],
      startTime: 0,
      endTime: 16,
      samples: [2, 3, 4, 5],
      timeDeltas: [0, 10, 5, 1],
    });
  });

  test('samples out of order, lines by ticks, a node that is its own ancestor, nodes that are not there', () => {
    const frame = (functionName: string): object => ({
      functionName,
      url: 'a.js',
      lineNumber: 0,
      columnNumber: 0,
    });
    const file = {
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' }, children: [2] },
        {
          id: 2,
          callFrame: frame('f'),
          children: [3],
          positionTicks: [
            { line: 7, ticks: 1 },
            { line: 8, ticks: 1 },
          ],
        },
        { id: 3, callFrame: frame('g'), children: [2] },
        'nonsense',
      ],
      startTime: 100,
      endTime: 140,
      samples: [2, 3, 2, 99],
      timeDeltas: [0, 20, -10, 25],
    };
    const found = readCpuProfile(file);
    expect(found?.diagnostics).toEqual({ ...clean, malformed: 1, unresolved: 1 });
    const profile = found?.profiles[0] ?? profileOf({});
    expect(Array.from(profile.samples.time)).toEqual([100, 110, 120, 135]);
    expect(Array.from(profile.samples.weight)).toEqual([10, 10, 15, 5]);
    expect(Array.from(profile.samples.line).slice(0, 2)).toEqual([7, 8]);
  });

  test('the form before Chrome 58', () => {
    const head = {
      id: 1,
      functionName: '(root)',
      children: [{ id: 2, functionName: 'f', url: 'a.js', lineNumber: 4, children: [] }],
    };
    const back = only(
      readCpuProfile({ head, samples: [2, 1], timestamps: [1000, 1500], startTime: 0.001, endTime: 0.002 }),
    );
    expect(foldProfile(back)).toEqual({ f: 500 });
  });

  test('what is none', () => {
    for (const value of [null, [], {}, { nodes: [] }, { head: 3, samples: [] }, 'x'])
      expect(readCpuProfile(value)).toBeNull();
  });
});

test('perf script: threads, V8 names, periods', () => {
  const text = [
    '# ========',
    'node  812/815  [001] 4021.481000:   10101010 cpu-clock:u: ',
    '\t    55d0a1b2 LazyCompile:*render http://a.test/app.js:12:4+0x4f (/tmp/perf-812.map)',
    '\t    7f12ab34 __libc_start_main+0x80 (/usr/lib/libc.so.6)',
    '',
    'node  812/815  [001] 4021.491000:   10101010 cpu-clock:u: ',
    '\t    7f12ab99 [unknown] ([unknown])',
    '',
  ].join('\n');
  const profile = only(readPerfScript(text));
  expect(profile.thread).toMatchObject({ name: 'node', pid: 812, tid: 815 });
  expect(tellProfile(profile, { time: true })).toEqual({
    '__libc_start_main|/usr/lib/libc.so.6|0|0|native;render|http://a.test/app.js|12|4|js   0.0': 10101.01,
    '0x7f12ab99||0|0|native   10000.0': 10101.01,
  });
  expect(readPerfScript('main;a 3\n')).toBeNull();
});

test('perf script as others write it: source lines, inlined calls, names and modules with spaces, no time', () => {
  const tell = (lines: readonly string[]): Record<string, number> =>
    tellProfile(only(readPerfScript(lines.join('\n'))), { line: true });
  expect(
    tell([
      'Web Content 7 [003] 10.5: cycles:ppp: ',
      '\t  40113a operator new(unsigned long)+0x14 (/usr/lib/libstdc++.so (deleted))',
      '  new_op.cc:50',
      '\t  401160 std::vector<int, std::allocator<int> >::push_back (inlined)',
      '\tffffffff81000000 [unknown] ([kernel.kallsyms])',
      '',
    ]),
  ).toEqual({
    '0xffffffff81000000|[kernel.kallsyms]|0|0|native;std::vector<int, std::allocator<int> >::push_back||0|0|native;operator new(unsigned long)|new_op.cc|0|0|native  50 ': 1,
  });
  expect(
    tell(['java 12/14 cycles:', '\t7f01 Lorg/foo/Bar;::call(int, long) (/tmp/perf-12.map)', '']),
  ).toEqual({
    'Lorg/foo/Bar;::call(int, long)|/tmp/perf-12.map|0|0|native  0 ': 1,
  });
  expect(
    tell(['work  8423 ', '\t  11d7 inner', '\t  105e main', '', 'work  8423 ', '\t  105e main', '']),
  ).toEqual({
    'main||0|0|native;inner||0|0|native  0 ': 1,
    'main||0|0|native  0 ': 1,
  });
  // A folded stack that looks like a head.
  expect(readPerfScript('a 1 b::c;d 5\n')).toBeNull();
});

test('.heapprofile: the bytes of each stack', async () => {
  const call = (functionName: string, lineNumber: number): object => ({
    functionName,
    url: 'a.js',
    lineNumber,
    columnNumber: 4,
  });
  const file = {
    head: {
      id: 1,
      callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 },
      selfSize: 10,
      children: [
        {
          id: 2,
          callFrame: call('f', 0),
          selfSize: 100,
          children: [{ id: 3, callFrame: call('', 8), selfSize: 7, children: [] }],
        },
        { id: 4, callFrame: call('g', 3), selfSize: -1, children: [] },
      ],
    },
    samples: [{ size: 100, nodeId: 2, ordinal: 1 }],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  expect(looksLikeProfile(bytes)).toBe(true);
  const read = await readProfile(bytes, 'x');
  if (!read.ok || read.value.kind !== 'profiles') throw new Error('not read');
  expect(read.value).toMatchObject({ format: 'heapprofile', diagnostics: { ...clean, badWeights: 1 } });
  const [profile] = read.value.profiles;
  expect(profile).toMatchObject({ type: 'inuse_space', unit: 'bytes', range: { start: 0, end: 117 } });
  expect(tellProfile(profile)).toEqual({
    '   ': 10,
    'f|a.js|1|5|js   ': 100,
    'f|a.js|1|5|js;(anonymous)|a.js|9|5|js   ': 7,
  });
});

describe('Hermes', () => {
  const thread = { pid: 6052, tid: '6105' };
  const file = {
    traceEvents: [{ name: 'thread_name', ph: 'M', ...thread, args: { name: 'mqt_js' } }],
    samples: [
      { cpu: '-1', name: '', ts: '1000', ...thread, weight: '1', sf: 3 },
      { cpu: '-1', name: '', ts: '1400', ...thread, weight: '1', sf: 2 },
      { cpu: '-1', name: '', ts: '1500', ...thread, weight: '1', sf: 3 },
      { cpu: '-1', name: '', ts: 'soon', ...thread, weight: '1', sf: 3 },
      { cpu: '-1', name: '', ts: '1600', ...thread, weight: '1', sf: 99 },
    ],
    stackFrames: {
      1: { name: '[root]', category: 'root' },
      2: {
        name: 'render(http://a.test/index.bundle?dev=true:12:3)',
        category: 'JavaScript',
        funcLine: '10',
        parent: 1,
      },
      3: { name: '[Native] print', category: 'Native', parent: 2 },
    },
  };

  test('stacks, places, threads and times', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(file));
    expect(looksLikeProfile(bytes)).toBe(true);
    const read = await readProfile(bytes, 'x.json');
    if (!read.ok || read.value.kind !== 'profiles') throw new Error('not read');
    const { profiles, diagnostics, format } = read.value;
    expect(format).toBe('hermes');
    expect(diagnostics).toEqual({ ...clean, malformed: 1, unresolved: 1 });
    expect(profiles[0].thread).toMatchObject({ name: 'mqt_js', pid: 6052, tid: 6105 });
    const render = 'render|http://a.test/index.bundle?dev=true|10|0|js';
    expect(tellProfile(profiles[0], { time: true })).toEqual({
      [`${render};[Native] print|||0|0|native   0.0`.replace('|||', '||')]: 400,
      [`${render}   400.0`]: 100,
      [`${render};[Native] print||0|0|native   500.0`]: 100,
      '   600.0': 100,
    });
  });

  test.each([
    ['simple-with-samples.json', ['function1', 'function3', '[GC Young Gen]'], 1],
    ['multi-thread-with-samples.json', ['function1', 'function3', 'function4'], 2],
  ])('%s, as it was recorded', async (name, functions, threads) => {
    const bytes = new Uint8Array(readFileSync(join(SHARED, 'traces/odd/trace-event', name)));
    expect(looksLikeProfile(bytes)).toBe(true);
    const read = await readProfile(bytes, name);
    if (!read.ok || read.value.kind !== 'profiles') throw new Error('not read');
    expect(read.value).toMatchObject({ format: 'hermes', diagnostics: clean });
    expect(read.value.profiles).toHaveLength(threads);
    const [{ strings, samples, range }] = read.value.profiles;
    expect(read.value.profiles.flatMap((profile) => profile.strings)).toEqual(
      expect.arrayContaining(functions),
    );
    expect(strings.some((text) => text.endsWith(':1:1'))).toBe(false);
    expect(totalOf(read.value.profiles[0])).toBe(range.end - range.start);
    expect(samples.time[0]).toBe(11_552_125_241);
  });

  test('a trace of Chrome with frames beside its events is a trace', async () => {
    const trace = {
      ...file,
      traceEvents: [...file.traceEvents, { name: 'x', ph: 'X', ts: 1, dur: 2, pid: 1, tid: 1 }],
    };
    const read = await readProfile(new TextEncoder().encode(JSON.stringify(trace)), 'x.json');
    expect(read).toEqual({ ok: true, value: { kind: 'trace' } });
  });
});

describe('Firefox', () => {
  const strings = ['f', 'a.js', 'Layout', 'root'];
  const tables = {
    frameTable: { length: 3, func: [0, 1, 2], category: [1, 2, 0] },
    funcTable: {
      length: 3,
      name: [0, 2, 3],
      isJS: [true, false, false],
      fileName: [1, null, null],
      lineNumber: [3, null, null],
      columnNumber: [5, null, null],
    },
  };
  const meta = {
    interval: 1,
    startTime: 1000,
    categories: [{ name: 'Other' }, { name: 'JavaScript' }, { name: 'Layout' }],
  };
  const samples = { stack: [1, 2, null], time: [10, 11, 12] };
  const expected = {
    'root||0|0|native;f|a.js|3|5|js scripting  0.0': 1000,
    'root||0|0|native;f|a.js|3|5|js;Layout||0|0|native rendering  1000.0': 1000,
    ' none  2000.0': 1000,
  };

  test('tables of each thread, prefixes by row (version 50)', () => {
    const thread = {
      name: 'GeckoMain',
      processName: 'Web',
      pid: 4,
      tid: 5,
      stringArray: strings,
      ...tables,
      stackTable: { frame: [2, 0, 1], prefix: [null, 0, 1] },
      samples,
    };
    const profile = only(
      readFirefox({ meta: { ...meta, preprocessedProfileVersion: 50 }, threads: [thread] }),
    );
    expect(tellProfile(profile, { category: true, time: true })).toEqual(expected);
    expect(profile.thread).toMatchObject({ name: 'Web GeckoMain', pid: 4, tid: 5 });
  });

  test('shared tables, prefixes by distance, sources (version 70)', () => {
    const { fileName: _, ...funcTable } = tables.funcTable;
    const shared = {
      stringArray: strings,
      ...tables,
      funcTable: { ...funcTable, source: [0, null, null] },
      sources: { filename: [1] },
      stackTable: { frame: [2, 0, 1], prefixOffset: [0, 1, 1] },
    };
    const thread = {
      name: 'x',
      samples: { stack: samples.stack, timeDeltas: [10, 1, 1], weight: [1, 2, 3], weightType: 'tracing-ms' },
    };
    const profile = only(
      readFirefox({ meta: { ...meta, preprocessedProfileVersion: 70 }, shared, threads: [thread] }),
    );
    expect(Array.from(profile.samples.weight)).toEqual([1000, 2000, 3000]);
    expect(profile.samples.category[0]).toBe(categoryNumber('scripting'));
    expect(Object.keys(tellProfile(profile))).toEqual(Object.keys(tellProfile(profile)));
    expect(foldProfile(profile)).toEqual({ 'root;f': 1000, 'root;f;Layout': 2000, '': 3000 });
  });

  test('rows that are not there', () => {
    const thread = {
      stringArray: [],
      stackTable: { frame: [99], prefix: [0] },
      samples: { stack: [0, 44], time: [0, 1] },
    };
    const found = readFirefox({
      meta: { ...meta, preprocessedProfileVersion: 50 },
      threads: [thread, null, 3],
    });
    expect(found.profiles.length).toBe(3);
    expect(found.diagnostics.unresolved).toBe(2);
  });
});

describe('flame graph as SVG', () => {
  test('names of the page are escaped, and impossible characters replaced', () => {
    const svg = writeSvg([profileOf({ '<script>alert(1)</script>;\u0000"&\ud800': 5 })], {
      title: '</title><script>',
    });
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/[\p{Surrogate}]|[^\P{Cc}\n]/u);
    expect(svg).toContain('&#60;script&#62;');
  });

  test('boxes are as wide as their time, the root at the bottom; each says what it is', () => {
    const svg = writeSvg([profileOf({ 'main;a': 3, 'main;b': 1 })]);
    const boxes = [...svg.matchAll(/<title>([^<]*)<\/title><rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)];
    expect(boxes.map(([, words]) => words.split(':')[0])).toEqual(['main', 'a', 'b']);
    const [main, a, b] = boxes.map(([, , x, y, width]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
    }));
    expect(a.width / b.width).toBeCloseTo(3, 2);
    expect(main.width).toBeCloseTo(a.width + b.width, 1);
    expect(main.y).toBeGreaterThan(a.y);
    expect(svg).toContain('role="img"');
  });

  test('what is too narrow is left out and counted; several threads', () => {
    const svg = writeSvg(
      [
        profileOf({ a: 1e9, b: 1 }),
        profileOf({ c: 1e9 }, { thread: { name: 'W', pid: 1, tid: 9, role: 'worker' } }),
      ],
      { threads: true },
    );
    expect(svg).toContain('1 boxes are too narrow');
    expect(svg).toContain('>W</text>');
    expect(writeSvg([profileOf({})])).toContain('0 boxes');
  });
});
