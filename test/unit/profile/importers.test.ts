/**
 * What other tools' own readers make of our files: speedscope's importer of every format that it knows, DevTools' engine
 * of a .cpuprofile. (DevTools on the JSON export: chrome-trace.test.ts; Go's pprof and pprof-format: pprof.test.ts.)
 */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  gzip,
  readCpuProfile,
  type StackProfile,
  tabulateFunctions,
  writeCpuProfile,
  writeFolded,
  writePprof,
  writeSpeedscope,
} from '../../../src/profile/index.ts';
import { totalOf } from '../../builders/profile-comparison.ts';
import { type RealProfiles, readRealProfiles } from '../../builders/real-profiles.ts';
import { type ImportedProfile, loadSpeedscope } from '../../builders/speedscope-importer.mjs';

let real: RealProfiles;
beforeAll(async () => {
  real = await readRealProfiles();
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Microseconds by name; `(idle)` and `(program)` are speedscope's own matter. */
function selfByName(profile: StackProfile): Map<string, number> {
  const table = tabulateFunctions(profile);
  const sums = new Map<string, number>();
  for (let row = 0; row < table.length; row++) {
    const name = profile.strings[profile.frames.name[table.frame[row]]];
    sums.set(name, (sums.get(name) ?? 0) + table.self[row]);
  }
  return sums;
}

describe('speedscope', () => {
  const importer = loadSpeedscope();
  const IN_MICROS: Readonly<Record<string, number>> = {
    nanoseconds: 0.001,
    microseconds: 1,
    milliseconds: 1000,
    none: 1,
  };

  async function imported(name: string, content: string | Uint8Array): Promise<ImportedProfile[]> {
    const bytes = typeof content === 'string' ? bytesOf(content) : content;
    // It tells what it imports.
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const group = await importer.importProfilesFromArrayBuffer(name, new Uint8Array(bytes).buffer);
    log.mockRestore();
    return group.profiles;
  }

  function expectSame(found: ImportedProfile, profile: StackProfile, slack: number): void {
    const scale = IN_MICROS[found.getWeightUnit()];
    expect(Math.abs(found.getTotalWeight() * scale - totalOf(profile))).toBeLessThan(slack);
    const sums = new Map<string, number>();
    found.forEachFrame((frame) => {
      sums.set(frame.name, (sums.get(frame.name) ?? 0) + frame.getSelfWeight() * scale);
    });
    const ours = selfByName(profile);
    expect(sums.size).toBeGreaterThan(20);
    for (const [name, self] of ours)
      expect(Math.abs((sums.get(name) ?? 0) - self), name).toBeLessThan(Math.max(slack, self * 0.001));
  }

  test('speedscope files: every thread, its total and its functions', async () => {
    const written = real.of('cpu');
    const found = await imported('x.speedscope.json', [...writeSpeedscope(written)].join(''));
    expect(found).toHaveLength(written.length);
    for (const [i, profile] of written.entries())
      expect(Math.abs(found[i].getTotalWeight() - totalOf(profile))).toBeLessThan(1);
    expectSame(found[0], written[0], 1);
  });

  test('pprof', async () => {
    const [cpu] = real.of('cpu');
    const [found] = await imported('x.pb.gz', await gzip(writePprof([cpu])));
    expectSame(found, cpu, 1);
  });

  test('folded', async () => {
    const [cpu] = real.of('cpu');
    // It takes whole microseconds for samples; what was rounded was handed on, name by name.
    const [found] = await imported('x.folded', writeFolded([cpu]));
    expect(Math.abs(found.getTotalWeight() - totalOf(cpu))).toBeLessThan(10);
  });

  test('.cpuprofile: the window', async () => {
    const [wall] = real.of('wall');
    const [found] = await imported('x.cpuprofile', writeCpuProfile(wall));
    const micros = found.getTotalWeight() * IN_MICROS[found.getWeightUnit()];
    // It leaves out what was idle at either end.
    expect(micros).toBeLessThanOrEqual(wall.range.end - wall.range.start + 1);
    expect(micros).toBeGreaterThan((wall.range.end - wall.range.start) * 0.98);
  });
});

test('DevTools’ engine reads a .cpuprofile: the window, and what each function took', async () => {
  const { CPUProfileDataModel } = await import(
    '@paulirish/trace_engine/models/cpu_profile/CPUProfileDataModel.js'
  );
  const [wall] = real.of('wall');
  const text = writeCpuProfile(wall);
  const model = new CPUProfileDataModel(JSON.parse(text));
  const sums = new Map<string, number>();
  let total = 0;
  model.forEachFrame(
    () => undefined,
    (_depth, { functionName }, _sample, _time, _duration, self) => {
      sums.set(functionName, (sums.get(functionName) ?? 0) + self);
      total += self;
    },
  );
  // In milliseconds; behind the last sample it sets one interval more.
  const window = (wall.range.end - wall.range.start) / 1000;
  const interval = window / (model.samples?.length ?? 1);
  expect(Math.abs(model.profileEndTime - model.profileStartTime - window)).toBeLessThan(interval + 0.001);
  expect(Math.abs(total - window)).toBeLessThan(interval + 0.001);
  const read = readCpuProfile(JSON.parse(text));
  if (read === null) throw new Error('not read');
  const ours = selfByName(read.profiles[0]);
  // A short `(program)` within one function it takes for that function's; nothing else moves.
  const program = (ours.get('(program)') ?? 0) / 1000 - (sums.get('(program)') ?? 0);
  let more = 0;
  for (const [name, self] of ours) {
    if (name === '(program)' || name === '(idle)') continue;
    const theirs = sums.get(name === '(anonymous)' ? '' : name) ?? 0;
    expect(theirs, name).toBeGreaterThan(self / 1000 - 0.001);
    more += theirs - self / 1000;
  }
  expect(ours.size).toBeGreaterThan(100);
  expect(more).toBeCloseTo(program, 2);
});
