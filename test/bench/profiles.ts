/**
 * What the bench measures of profiles: writing them, and a range of a trace as tables.
 * In: sizes, a trace's bytes. Out: our functions on the same data that the peers get.
 */
import { classifySlices, findPageLoad } from '../../src/analysis/index.ts';
import {
  buildCallTree,
  gzip,
  ProfileBuilder,
  profileOfRange,
  type StackProfile,
  tabulateFunctions,
  writeCpuProfile,
  writePprof,
  writeSpeedscope,
} from '../../src/profile/index.ts';
import { readTrace, type TraceTables } from '../../src/trace/index.ts';

export { gzip, writeCpuProfile, writePprof };

export const speedscopeOf = (profiles: readonly StackProfile[]): string =>
  [...writeSpeedscope(profiles)].join('');

/** As many samples with stacks of `depth` over functions and lines drawn at random, always the same. */
export function makeProfile(samples: number, depth: number): StackProfile {
  const builder = new ProfileBuilder();
  let seed = 42;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % below;
  };
  const frames = Array.from({ length: 5000 }, (_, i) =>
    builder.frame({
      name: `function${i}`,
      url: `https://shop.example/js/${i % 40}.js`,
      line: 1 + (i % 900),
      column: 1 + (i % 80),
    }),
  );
  for (let i = 0; i < samples; i++) {
    let stack = -1;
    for (let level = 0; level < depth; level++)
      stack = builder.stack(stack, frames[random(level < 8 ? 20 : frames.length)]);
    builder.samples.add({
      stack,
      weight: 625,
      category: random(5),
      time: i * 625,
      line: 1 + random(2) * 1000,
    });
  }
  return builder.settle({
    thread: { name: 'CrRendererMain', pid: 1, tid: 1, role: 'main' },
    type: 'cpu',
    unit: 'microseconds',
    range: { start: 0, end: samples * 625 },
    startUnixMillis: 1.79e12,
    labels: {},
  });
}

/** The stacks of a profile as plain objects, for the peer's writer. Innermost first. */
export function plainStacks({ frames, stacks, samples, strings }: StackProfile): object {
  return {
    functions: Array.from({ length: frames.length }, (_, row) => ({
      name: strings[frames.name[row]],
      file: strings[frames.url[row]],
      line: frames.line[row],
    })),
    samples: Array.from({ length: samples.length }, (_, row) => {
      const path: number[] = [];
      for (let at = samples.stack[row]; at >= 0; at = stacks.prefix[at]) path.push(stacks.frame[at]);
      return {
        path,
        line: samples.line[row],
        nanos: samples.weight[row] * 1000,
        category: samples.category[row],
      };
    }),
  };
}

export async function openTables(bytes: ReadableStream<Uint8Array>): Promise<TraceTables> {
  const read = await readTrace(bytes, { subject: 'bench' });
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

/** cpu and wall of the page's main thread over all of its slices, and the slices in it. */
export function prepareRanges(tables: TraceTables): {
  readonly slices: number;
  readonly cpu: () => StackProfile;
  readonly wall: () => StackProfile;
  readonly tables: (profile: StackProfile) => number;
} {
  const classes = classifySlices(tables);
  const { mainThread } = findPageLoad(tables);
  const first = tables.threads.firstSlice[mainThread];
  const end = tables.threads.endSlice[mainThread];
  const range = { start: tables.slices.start[first], end: tables.bounds.end };
  return {
    slices: end - first,
    cpu: () => profileOfRange(tables, classes, { thread: mainThread, range, type: 'cpu' }),
    wall: () => profileOfRange(tables, classes, { thread: mainThread, range, type: 'wall' }),
    tables: (profile) =>
      buildCallTree(profile).length +
      buildCallTree(profile, { inverted: true }).length +
      tabulateFunctions(profile).length,
  };
}
