/** pprof: round trips, what DataDog's reader and Go's pprof make of it, and files that are none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Line, Profile } from 'pprof-format';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  gunzip,
  gzip,
  readPprof,
  type StackProfile,
  tabulateFunctions,
  writePprof,
} from '../../../src/profile/index.ts';
import { tellProfile, totalOf } from '../../builders/profile-comparison.ts';
import { profileOf } from '../../builders/profiles.ts';
import { type RealProfiles, readRealProfiles } from '../../builders/real-profiles.ts';

let real: RealProfiles;
beforeAll(async () => {
  real = await readRealProfiles();
});

const read = (bytes: Uint8Array): readonly StackProfile[] => {
  const found = readPprof(bytes);
  if (found === null) throw new Error('no pprof');
  expect(found.diagnostics).toEqual({ malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 });
  return found.profiles;
};
/** A column is kept where the line that ran is the function's first. */
const WHOLE = { category: true, line: true, column: false };

describe('round trip', () => {
  test('a real page load, all threads, two kinds of weight', () => {
    const written = [...real.of('samples'), ...real.of('cpu')].filter(({ samples }) => samples.length > 0);
    const back = read(writePprof(written));
    expect(back.map(({ type, unit }) => `${type} ${unit}`)).toEqual(
      written.map(({ type, unit }) => `${type} ${unit}`),
    );
    for (const [i, profile] of written.entries()) {
      expect(tellProfile(back[i], WHOLE)).toEqual(lineless(profile));
      expect(back[i].startUnixMillis).toBe(profile.startUnixMillis);
      expect(back[i].thread).toMatchObject({ pid: profile.thread.pid, tid: profile.thread.tid });
      expect(back[i].range.end).toBeCloseTo(profile.range.end - profile.range.start, 3);
    }
  });

  /** A line that ran and is the function's own is not told apart from none. */
  function lineless(profile: StackProfile): Record<string, number> {
    const { samples, stacks, frames } = profile;
    const line = samples.line.map((each, i) =>
      samples.stack[i] >= 0 && each === frames.line[stacks.frame[samples.stack[i]]] ? 0 : each,
    );
    return tellProfile({ ...profile, samples: { ...samples, line } }, WHOLE);
  }

  test('every kind of frame, two functions of one name, labels, weight without a stack', () => {
    const profile = profileOf(
      { 'f@a.js:3;f@a.js:9': 2, 'f@b.js:3;[Layout]': 3.5, '(program)': 1 },
      { labels: { trace_id: 'a'.repeat(32), page: '/cart/:id' } },
    );
    const stackless = { ...profile, samples: { ...profile.samples, stack: Int32Array.of(1, 2, -1) } };
    const [back] = read(writePprof([stackless]));
    expect(tellProfile(back, { category: true })).toEqual(tellProfile(stackless, { category: true }));
    expect(back.labels).toEqual(profile.labels);
  });

  test('nothing at all', () => {
    expect(read(writePprof([profileOf({})]))[0].samples.length).toBe(0);
  });
});

describe("DataDog's pprof-format reads the same", () => {
  test('types, sums, labels, and ids that count from 1 in order of the tables', () => {
    const written = [...real.of('samples'), ...real.of('cpu')];
    const profile = Profile.decode(writePprof(written));
    const text = (row: number | bigint): string => profile.stringTable.strings[Number(row)];
    expect(profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`)).toEqual([
      'samples/count',
      'cpu/nanoseconds',
    ]);
    const sum = (at: number): number => profile.sample.reduce((all, { value }) => all + Number(value[at]), 0);
    const cpu = real.of('cpu').reduce((all, each) => all + totalOf(each), 0);
    expect(Math.abs(sum(1) / 1000 - cpu)).toBeLessThan(1);
    expect(sum(0)).toBe(real.of('samples').reduce((all, each) => all + each.samples.length, 0));
    for (const table of [profile.location, profile.function, profile.mapping])
      expect(table.map(({ id }) => Number(id))).toEqual(table.map((_, row) => row + 1));
    const keys = new Set(profile.sample.flatMap(({ label }) => label.map(({ key }) => text(key))));
    expect([...keys].sort()).toEqual(['category', 'pid', 'thread', 'tid']);
    expect(Number(profile.timeNanos)).toBe(1_790_000_000_000_250_000);
    expect(text(profile.defaultSampleType)).toBe('cpu');
  });

  test('function names are bare, the file is in its own field', () => {
    const { function: functions, stringTable } = Profile.decode(
      writePprof([profileOf({ 'f1@https://a.test/x.js:7': 1 })]),
    );
    const text = (row: number | bigint): string => stringTable.strings[Number(row)];
    expect(
      functions.map(({ name, filename, startLine }) => [text(name), text(filename), Number(startLine)]),
    ).toEqual([['f1', 'https://a.test/x.js', 7]]);
  });

  test('names of any script, halves of characters, and line feeds', () => {
    const names = ['Ж', '日本語', '😀', '\ud800', 'a\nb', `x${'é'.repeat(300)}`];
    const decoded = Profile.decode(
      writePprof([profileOf(Object.fromEntries(names.map((name, i) => [name, i + 1])))]),
    );
    const { strings } = decoded.stringTable;
    expect(decoded.function.map(({ name }) => strings[Number(name)])).toEqual(
      names.map((name) => name.replace('\ud800', '�')),
    );
  });
});

// In CI it must be there.
const hasGo = process.env.CI === 'true' || spawnSync('go', ['version']).status === 0;

// Go builds the tool the first time.
describe.runIf(hasGo)('go tool pprof', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pageflame-pprof-'));
    const written = [...real.of('samples').slice(0, 1), ...real.of('cpu').slice(0, 1)];
    writeFileSync(join(folder, 'main.pb.gz'), await gzip(writePprof(written)));
    return () => rmSync(folder, { recursive: true, force: true });
  });
  const pprof = (...args: string[]): string =>
    execFileSync('go', ['tool', 'pprof', ...args, join(folder, 'main.pb.gz')], {
      encoding: 'utf8',
      env: { ...process.env, PPROF_TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 110_000,
    });

  test('-top: the same totals', () => {
    const [cpu] = real.of('cpu');
    const rows = pprof('-top', '-unit=ns', '-nodecount=100000', '-nodefraction=0').split('\n');
    const head = rows.find((row) => row.startsWith('Showing')) ?? '';
    const ns = Number(/of (\d+)ns total/.exec(head)?.[1]);
    expect(Math.abs(ns / 1000 - totalOf(cpu))).toBeLessThan(1);
    const flat = new Map(
      rows.flatMap((row) => {
        const parts = /^\s*(\d+)(?:ns)?\s+[\d.]+%\s+[\d.]+%\s+(\d+)(?:ns)?\s+[\d.]+%\s+(.*)$/.exec(row);
        return parts === null ? [] : [[parts[3], [Number(parts[1]), Number(parts[2])]] as const];
      }),
    );
    const table = tabulateFunctions(cpu);
    const named = new Map<string, number>();
    for (let row = 0; row < table.length; row++) {
      const name = cpu.strings[cpu.frames.name[table.frame[row]]];
      named.set(name, (named.get(name) ?? 0) + table.self[row]);
    }
    for (const name of ['Task', 'Layout', 'Recalculate style', 'Parse HTML', 'Function call'])
      expect(Math.abs((flat.get(name)?.[0] ?? -1) / 1000 - (named.get(name) ?? 0))).toBeLessThan(50);
  });

  test('-peek and -list know a function and its routine', () => {
    const [cpu] = real.of('cpu');
    const { frames, strings } = cpu;
    const table = tabulateFunctions(cpu);
    const [listed] = Array.from(table.frame).filter(
      (frame) => frames.url[frame] > 0 && frames.line[frame] > 0 && /^\w+$/.test(strings[frames.name[frame]]),
    );
    const name = strings[frames.name[listed]];
    expect(pprof(`-peek=^${name}$`, '-unit=ns')).toContain(`| ${name}`);
    const list = pprof(`-list=^${name}$`, '-unit=ns');
    // Go takes addresses for paths and cleans them.
    const path = strings[frames.url[listed]].replace('//', '/');
    expect(list).toContain(`ROUTINE ======================== ${name} in ${path}`);
  });
});

describe('what is no pprof, or a broken one', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('main;render 12\n')],
    ['a Perfetto trace', Uint8Array.of(0x0a, 0x04, 0x58, 0x01, 0x50, 0x02, 0x0a, 0x02, 0x58, 0x01)],
    ['zeros', new Uint8Array(1000)],
  ])('%s', (_, bytes) => {
    expect(readPprof(bytes)).toBeNull();
  });

  test('cut off anywhere, or with any byte wrong: no throw, no endless loop', () => {
    const whole = writePprof([profileOf({ 'main;a@x.js:3': 5, 'main;b': 7 })]);
    for (let at = 0; at < whole.length; at++) {
      readPprof(whole.slice(0, at));
      for (const wrong of [0, 0x7f, 0x80, 0xff])
        readPprof(Uint8Array.from(whole, (byte, i) => (i === at ? wrong : byte)));
    }
  });

  test('code that nobody named is called by its address, in its module; inlined calls are calls', () => {
    const whole = Profile.decode(writePprof([profileOf({ 'main;a': 5 })]));
    const [main, leaf] = whole.location;
    main.line = [];
    main.address = 0xffff_ffff_8100_1234n;
    const called = whole.function.map(({ id }) => new Line({ functionId: id, line: 3 }));
    // The innermost of what is inlined comes first.
    leaf.line = called;
    const [profile] = read(whole.encode());
    const paths = Object.keys(tellProfile(profile, { bare: true }));
    expect(paths).toHaveLength(1);
    const names = paths[0].trim().split(';');
    expect(names).toContain('0xffffffff81001234');
    expect(names).toHaveLength(3);
    expect(profile.strings).toContain('page');
  });

  test('rows that are not there are counted', () => {
    const whole = Profile.decode(writePprof([profileOf({ 'main;a': 5 })]));
    whole.sample[0].locationId = [whole.sample[0].locationId[0], 999];
    const found = readPprof(whole.encode());
    expect(found?.diagnostics.unresolved).toBe(1);
    expect(tellProfile(found?.profiles[0] ?? profileOf({}), { bare: true })).toEqual({ 'a   ': 5 });
  });
});

test('gzip both ways; a bomb stops at the limit; a cut one gives what it has', async () => {
  const plain = new Uint8Array(1_000_000).fill(65);
  const packed = await gzip(plain);
  expect(await gunzip(packed)).toEqual({ bytes: plain, state: 'whole' });
  expect((await gunzip(packed, 1000)).state).toBe('too-big');
  expect((await gunzip(packed.slice(0, -9))).state).toBe('damaged');
});
