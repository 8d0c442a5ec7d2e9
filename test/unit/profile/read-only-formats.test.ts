/** Formats that are read only: perf script, V8's .heapprofile, Hermes, Firefox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { categoryNumber } from '../../../src/analysis/index.ts';
import {
  looksLikeProfile,
  type ReadProfiles,
  readFirefox,
  readPerfScript,
  readProfile,
  type StackProfile,
} from '../../../src/profile/index.ts';
import { tellProfile, totalOf } from '../../builders/profile-comparison.ts';
import { foldProfile } from '../../builders/profiles.ts';
import { SHARED } from '../../builders/shared-traces.ts';

const clean = { malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 };
const only = (found: ReadProfiles | null): StackProfile => {
  if (found === null) throw new Error('not read');
  expect(found.diagnostics).toEqual(clean);
  return found.profiles[0];
};

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
  // `-F comm,tid,cpu,time,ip,sym`: no event.
  expect(tell(['work 3/4 [001] 2.000000: ', '\t  11d7 inner', '\t  105e main', ''])).toEqual({
    'main||0|0|native;inner||0|0|native  0 ': 1,
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
