import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ReadProfiles,
  readCpuProfile,
  readFolded,
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
  test('weights that are no times lie at no times, and are no chart', () => {
    const shared = { frames: [{ name: 'a' }, { name: 'b' }] };
    const told = { name: 'x', unit: 'bytes', startValue: 0, endValue: 400 };
    const events = [
      { type: 'O', frame: 0, at: 0 },
      { type: 'C', frame: 0, at: 400 },
    ];
    const profiles = [
      { ...told, type: 'sampled', samples: [[0], [0, 1]], weights: [100, 300] },
      { ...told, type: 'evented', events },
    ];
    const $schema = 'https://www.speedscope.app/file-format-schema.json';
    const read = readSpeedscope({ $schema, shared, profiles });
    expect(read?.profiles.map(foldProfile)).toEqual([{ a: 100, 'a;b': 300 }, { a: 400 }]);
    expect(read?.profiles.map(({ range, samples }) => [range.end, [...samples.time]])).toEqual([
      [0, [Number.NaN, Number.NaN]],
      [0, [Number.NaN]],
    ]);
  });

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
