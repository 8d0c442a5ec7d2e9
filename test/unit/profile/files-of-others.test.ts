/**
 * Files that other tools wrote (test/fixtures/profiles), with what those tools say of them: Go's runtime/pprof (CPU, heap),
 * Node (`--cpu-prof`, `--heap-prof`), Linux perf (`perf script`, with source lines, and without times).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import {
  looksLikeProfile,
  type ProfileFormat,
  type ReadProfiles,
  readProfile,
  type StackProfile,
  tabulateFunctions,
  writePprof,
} from '../../../src/profile/index.ts';
import { totalOf } from '../../builders/profile-comparison.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../fixtures/profiles/${name}`, import.meta.url))));

async function open(name: string, format: ProfileFormat): Promise<ReadProfiles> {
  const bytes = bytesOf(name);
  const plain = name.endsWith('.gz') ? new Uint8Array(gunzipSync(bytes)) : bytes;
  expect(looksLikeProfile(plain.subarray(0, 65_536))).toBe(true);
  const read = await readProfile(bytes, name);
  if (!read.ok || read.value.kind !== 'profiles') throw new Error(`${name} is not read`);
  expect(read.value).toMatchObject({
    format,
    diagnostics: { malformed: 0, unresolved: 0, badWeights: 0 },
  });
  return read.value;
}

function selfOf(profile: StackProfile, name: string): number {
  const table = tabulateFunctions(profile);
  let sum = 0;
  for (let row = 0; row < table.length; row++)
    if (profile.strings[profile.frames.name[table.frame[row]]] === name) sum += table.self[row];
  return sum;
}

describe('Go', () => {
  /** Sums of each value type, as DataDog's reader has them. */
  function sums(name: string): Map<string, number> {
    const profile = Profile.decode(gunzipSync(bytesOf(name)));
    const text = (row: number | bigint): string => profile.stringTable.strings[Number(row)];
    return new Map(
      profile.sampleType.map(({ type, unit }, at) => [
        `${text(type)}/${text(unit)}`,
        profile.sample.reduce((sum, { value }) => sum + Number(value[at]), 0),
      ]),
    );
  }

  test('a CPU profile, which begins with its time', async () => {
    const { profiles } = await open('go-cpu.pb.gz', 'pprof');
    const theirs = sums('go-cpu.pb.gz');
    const [counts, time] = profiles;
    expect(time).toMatchObject({ type: 'cpu', unit: 'microseconds' });
    expect(totalOf(counts)).toBe(theirs.get('samples/count'));
    expect(totalOf(time) * 1000).toBe(theirs.get('cpu/nanoseconds'));
    // As `go tool pprof -top` says.
    expect(totalOf(time)).toBe(400_000);
    expect(selfOf(time, 'cmpbody')).toBe(120_000);
    expect(time.startUnixMillis).toBeGreaterThan(1.79e12);
    const again = await readProfile(writePprof(profiles), 'again');
    if (!again.ok || again.value.kind !== 'profiles') throw new Error('not read again');
    expect(again.value.profiles.map(totalOf)).toEqual(profiles.map(totalOf));
  });

  test('a heap profile: objects and bytes, allocated and in use', async () => {
    const { profiles } = await open('go-heap.pb.gz', 'pprof');
    const theirs = sums('go-heap.pb.gz');
    expect([...theirs.keys()]).toHaveLength(4);
    expect(theirs.get('alloc_space/bytes')).toBeGreaterThan(1_000_000);
    // Nothing was in use when it was taken: what weighs nothing is no profile.
    const heavy = [...theirs].filter(([, sum]) => sum > 0);
    expect(profiles.map((profile) => [`${profile.type}/${profile.unit}`, totalOf(profile)])).toEqual(heavy);
  });
});

describe('Node', () => {
  test('--cpu-prof', async () => {
    const { profiles } = await open('node.cpuprofile', 'cpuprofile');
    const { endTime, startTime } = JSON.parse(new TextDecoder().decode(bytesOf('node.cpuprofile')));
    expect(totalOf(profiles[0])).toBeLessThanOrEqual(endTime - startTime);
    expect(totalOf(profiles[0])).toBeGreaterThan((endTime - startTime) * 0.9);
    expect(profiles[0].strings).toContain('file:///srv/app/work.js');
    expect(selfOf(profiles[0], 'sortAll')).toBeGreaterThan(20_000);
  });

  test('--heap-prof', async () => {
    const { profiles } = await open('node.heapprofile', 'heapprofile');
    const { head } = JSON.parse(new TextDecoder().decode(bytesOf('node.heapprofile')));
    interface Node {
      readonly selfSize: number;
      readonly children: readonly Node[];
    }
    const sizeOf = ({ selfSize, children }: Node): number =>
      children.reduce((sum, child) => sum + sizeOf(child), selfSize);
    const theirs = sizeOf(head);
    expect(theirs).toBeGreaterThan(0);
    expect(totalOf(profiles[0])).toBe(theirs);
  });
});

describe('Linux perf', () => {
  test('with source lines', async () => {
    const { profiles } = await open('perf-srcline.txt', 'perf-script');
    const [{ samples, strings, unit, thread }] = profiles;
    expect(thread.name).toBe('work');
    expect(unit).toBe('microseconds');
    expect(samples.length).toBe(20);
    expect(selfOf(profiles[0], 'inner')).toBeGreaterThan(150_000);
    expect(strings).toContain('work.c');
    expect(new Set(samples.line)).toContain(3);
  });

  test('without times and events', async () => {
    const { profiles } = await open('perf-notime.txt', 'perf-script');
    expect(profiles[0]).toMatchObject({ unit: 'count', type: 'samples' });
    expect(totalOf(profiles[0])).toBe(20);
    expect(profiles[0].samples.time[0]).toBeNaN();
  });
});
