/**
 * Every format both ways, on profiles that no page would make: empty ones, one sample, hostile names, places from 0 to 2^31,
 * weights to 2^53, samples without a stack. What docs/profiles.md says is kept, is kept.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../../src/analysis/index.ts';
import {
  FRAME_KINDS,
  type FrameFacts,
  NO_CATEGORY,
  ProfileBuilder,
  type ReadProfiles,
  readCpuProfile,
  readFolded,
  readOtlp,
  readPprof,
  readSpeedscope,
  type StackProfile,
  type WeightUnit,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
  writeSvg,
} from '../../../src/profile/index.ts';
import { type Told, tellProfile, totalOf } from '../../builders/profile-comparison.ts';

const HOSTILE = [
  '__proto__',
  'constructor',
  '\ufeffbom',
  'a;b',
  'a b 12',
  'line\nfeed\r\ttab',
  'nul\0',
  '\u202eevil',
  '<script>alert(1)</script>',
  ']]>&"\'',
  '🔥',
  '日本語',
  '_[j]',
  '(idle)',
  '(anonymous)',
  ' f\v',
  'x'.repeat(70_000),
];
// Formats of UTF-8 know no halves of characters; the others are tried with them below.
const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
const place = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }), fc.constant(2 ** 31 - 1));
const frame: fc.Arbitrary<FrameFacts> = fc.record({
  name: text.map((name) => name || 'f'),
  url: fc.oneof(fc.constant(''), text),
  line: place,
  column: place,
  kind: fc.constantFrom(...FRAME_KINDS),
});
const microseconds = fc.oneof(
  fc.integer({ min: 1, max: 10_000_000 }).map((nanos) => nanos / 1000),
  fc.constant(2 ** 40),
);
const counts = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(Number.MAX_SAFE_INTEGER));

interface Raw {
  readonly frames: readonly FrameFacts[];
  readonly samples: readonly {
    readonly path: readonly number[];
    readonly weight: number;
    readonly category: number;
    readonly line: number;
  }[];
}

const profiles = (weight: fc.Arbitrary<number>, unit: WeightUnit): fc.Arbitrary<StackProfile> =>
  fc
    .record<Raw>({
      frames: fc.array(frame, { minLength: 1, maxLength: 6 }),
      samples: fc.array(
        fc.record({
          path: fc.array(fc.nat(5), { maxLength: 6 }),
          weight,
          category: fc.constantFrom(...CATEGORIES.keys(), NO_CATEGORY),
          line: place,
        }),
        { maxLength: 12 },
      ),
    })
    .map((raw) => build(raw, unit));

function build({ frames, samples }: Raw, unit: WeightUnit): StackProfile {
  const builder = new ProfileBuilder();
  let time = 1000;
  for (const { path, ...sample } of samples) {
    let stack = -1;
    for (const at of path) stack = builder.stack(stack, builder.frame(frames[at % frames.length]));
    builder.samples.add({ ...sample, stack, time });
    time += unit === 'microseconds' ? sample.weight : 10;
  }
  return builder.settle({
    thread: { name: 'CrRendererMain', pid: 1, tid: 2, role: 'main' },
    type: unit === 'microseconds' ? 'cpu' : unit === 'bytes' ? 'space' : 'samples',
    unit,
    range: { start: 1000, end: time },
    startUnixMillis: 1_790_000_000_000,
    labels: { page: '/cart', odd: '"\n\\🔥' },
  });
}

function only(found: ReadProfiles | null): StackProfile {
  if (found === null) throw new Error('not read');
  expect(found.diagnostics).toEqual({ malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 });
  expect(found.profiles).toHaveLength(1);
  return found.profiles[0];
}

/** Sums are compared to a part in 2^50: adding in another order rounds otherwise. */
function expectSame(back: StackProfile, written: StackProfile, told: Told): void {
  const [found, wanted] = [tellProfile(back, told), tellProfile(written, told)];
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [key, weight] of Object.entries(wanted))
    expect(Math.abs(found[key] - weight), key).toBeLessThanOrEqual(0.001 + weight * 1e-12);
}

/** A line that ran and is the function's own, or of no stack, is not told apart from none. */
function withoutOwnLines(profile: StackProfile): StackProfile {
  const { samples, stacks, frames } = profile;
  const line = samples.line.map((own, i) =>
    samples.stack[i] < 0 || own === frames.line[stacks.frame[samples.stack[i]]] ? 0 : own,
  );
  return { ...profile, samples: { ...samples, line } };
}

const UNITS = [
  ['microseconds', microseconds],
  ['count', counts],
  ['bytes', counts],
] as const;

describe.each(UNITS)('weights in %s', (unit, weight) => {
  const any = profiles(weight, unit);

  test('pprof', () => {
    fc.assert(
      fc.property(any, (profile) => {
        const back = only(readPprof(writePprof([profile])));
        expectSame(back, withoutOwnLines(profile), { category: true, line: true, column: false });
        if (profile.samples.length > 0) expect(back.labels).toEqual(profile.labels);
        expect(back.unit).toBe(unit);
        expect(back.startUnixMillis).toBe(profile.startUnixMillis);
      }),
    );
  });

  test.each([false, true])('OTLP, timestamps: %s', (timestamps) => {
    fc.assert(
      fc.property(any, (profile) => {
        const back = only(readOtlp(writeOtlp([profile], { timestamps })));
        expectSame(back, withoutOwnLines(profile), { category: true, line: true, column: false });
        expect(back.labels).toEqual(profile.labels);
        if (timestamps && profile.samples.length > 0)
          expect(Array.from(back.samples.time, Math.round)).toEqual(
            Array.from(profile.samples.time, (time) => Math.round(time - profile.range.start)),
          );
      }),
    );
  });

  test('speedscope', () => {
    fc.assert(
      fc.property(any, (profile) => {
        const back = only(readSpeedscope(JSON.parse([...writeSpeedscope([profile])].join(''))));
        expect(back.samples.length).toBe(profile.samples.length);
        const kindless = (each: StackProfile): StackProfile => ({
          ...each,
          frames: { ...each.frames, kind: new Uint8Array(each.frames.length) },
        });
        expectSame(kindless(back), kindless(profile), {});
      }),
    );
  });

  test('folded: names alone, and the sum to one', () => {
    fc.assert(
      fc.property(any, (profile) => {
        const written = writeFolded([profile]);
        const lines = written.split('\n').slice(0, -1);
        for (const line of lines) expect(line).toMatch(/^.+ \d+$/u);
        const whole = lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
        expect(Math.abs(whole - totalOf(profile))).toBeLessThanOrEqual(CATEGORIES.length + whole * 1e-12);
        if (lines.length > 0) expect(totalOf(only(readFolded(written)))).toBeCloseTo(whole, -1);
      }),
    );
  });

  test('SVG is XML, whatever the names', () => {
    fc.assert(
      fc.property(any, (profile) => {
        const svg = writeSvg([profile], { title: '<!--]]>' });
        const letters = svg.replace(/<\/?[a-z][^<>]*>|<\?xml[^<>]*\?>/g, '');
        expect(letters).not.toMatch(/[<>]/);
        expect(svg).not.toMatch(/&(?!#\d+;)/);
      }),
      { numRuns: 30 },
    );
  });
});

test('.cpuprofile: the time of every JavaScript stack, each moment to a microsecond', () => {
  const js = profiles(fc.integer({ min: 1, max: 100_000 }), 'microseconds').map((profile) => ({
    ...profile,
    frames: { ...profile.frames, kind: new Uint8Array(profile.frames.length) },
  }));
  fc.assert(
    fc.property(js, (profile) => {
      const back = only(readCpuProfile(JSON.parse(writeCpuProfile(profile))));
      const stackless = (told: Record<string, number>): Record<string, number> =>
        Object.fromEntries(Object.entries(told).map(([key, weight]) => [key.trim() || '(program)', weight]));
      const found = stackless(tellProfile(back, { bare: true }));
      const wanted = stackless(tellProfile(profile, { bare: true }));
      delete found['(root)'];
      expect(totalOf(back)).toBe(totalOf(profile));
      for (const [path, weight] of Object.entries(found)) expect(weight, path).toBe(wanted[path]);
    }),
  );
});

test('a stack of 20 000 frames', () => {
  const builder = new ProfileBuilder();
  let stack = -1;
  for (let i = 0; i < 20_000; i++) stack = builder.stack(stack, builder.frame({ name: `f${i}` }));
  builder.samples.add({ stack, weight: 7, time: 0 });
  const head = { type: 'cpu', unit: 'microseconds', startUnixMillis: 0, labels: {} } as const;
  const thread = { name: 'deep', pid: 1, tid: 2, role: 'main' };
  const profile = builder.settle({ ...head, thread, range: { start: 0, end: 7 } });
  const found = [
    readPprof(writePprof([profile])),
    readOtlp(writeOtlp([profile], { timestamps: true })),
    readSpeedscope(JSON.parse([...writeSpeedscope([profile])].join(''))),
    readFolded(writeFolded([profile])),
    readCpuProfile(JSON.parse(writeCpuProfile(profile))),
  ];
  for (const each of found) {
    const back = only(each);
    // A .cpuprofile ends idle.
    expect([20_000, 20_001]).toContain(back.stacks.length);
    expect(totalOf(back)).toBe(7);
  }
  expect(writeSvg([profile])).toContain('20000 boxes');
});
