/** OTLP profiles: round trips, the rules of the dictionary, links, and broken bytes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { WireReader } from '../../../src/profile/formats/wire.ts';
import { readOtlp, type StackProfile, writeOtlp, writePprof } from '../../../src/profile/index.ts';
import { tellProfile } from '../../builders/profile-comparison.ts';
import { profileOf } from '../../builders/profiles.ts';
import { type RealProfiles, readRealProfiles } from '../../builders/real-profiles.ts';

let real: RealProfiles;
beforeAll(async () => {
  real = await readRealProfiles();
});

const read = (bytes: Uint8Array): readonly StackProfile[] => {
  const found = readOtlp(bytes);
  if (found === null) throw new Error('no OTLP');
  expect(found.diagnostics).toEqual({ malformed: 0, unresolved: 0, badWeights: 0, leftOut: 0 });
  return found.profiles;
};

/** A line that ran and is the function's own is not told apart from none. */
function withoutOwnLines(profile: StackProfile): StackProfile {
  const { samples, stacks, frames } = profile;
  const isOwn = (line: number, i: number): boolean =>
    samples.stack[i] >= 0 && line === frames.line[stacks.frame[samples.stack[i]]];
  return {
    ...profile,
    samples: { ...samples, line: samples.line.map((line, i) => (isOwn(line, i) ? 0 : line)) },
  };
}

describe('round trip', () => {
  test.each([false, true])('a real page load, timestamps: %s', (timestamps) => {
    const written = [...real.of('samples'), ...real.of('cpu')].filter(({ samples }) => samples.length > 0);
    const back = read(writeOtlp(written, { timestamps }));
    expect(back.length).toBe(written.length);
    const told = { category: true, line: true, column: false, time: timestamps };
    for (const [i, profile] of written.entries()) {
      expect(tellProfile(back[i], told)).toEqual(tellProfile(withoutOwnLines(profile), told));
      expect(back[i].startUnixMillis).toBe(profile.startUnixMillis);
      expect(back[i].thread).toMatchObject({ pid: profile.thread.pid, tid: profile.thread.tid });
    }
  });

  test('labels are resource attributes; trace and span are a link', () => {
    const labels = {
      service_name: 'shop',
      page: '/cart',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
    };
    const bytes = writeOtlp([profileOf({ 'f@a.js:3;[Layout]': 2, '(program)': 1 }, { labels })]);
    const [back] = read(bytes);
    expect(back.labels).toEqual(labels);
    expect(new TextDecoder().decode(bytes)).toContain('service.name');
  });

  test('profiles of different labels are of different resources', () => {
    const back = read(
      writeOtlp([
        profileOf({ a: 1 }, { labels: { version: '1' } }),
        profileOf({ b: 2 }, { labels: { version: '2' } }),
      ]),
    );
    expect(back.map(({ labels }) => labels)).toEqual([{ version: '1' }, { version: '2' }]);
  });
});

describe('as the protocol wants it', () => {
  /** Entries of each table of the dictionary, by field. */
  function tables(bytes: Uint8Array): Map<number, Uint8Array[]> {
    const found = new Map<number, Uint8Array[]>();
    for (const request = new WireReader(bytes); request.next(); ) {
      if (request.field !== 2) continue;
      for (const dictionary = request.message(); dictionary.next(); )
        found.set(dictionary.field, [...(found.get(dictionary.field) ?? []), dictionary.bytes()]);
    }
    return found;
  }

  test('the first row of every table is the zero value', () => {
    const found = tables(writeOtlp(real.of('cpu')));
    for (const field of [1, 2, 3, 5, 6, 7]) expect(found.get(field)?.[0]).toEqual(new Uint8Array(0));
    expect(found.get(4)?.[0]).toHaveLength(2 + 16 + 2 + 8);
  });

  test("Pyroscope's names: samples/count of period 1 cpu/nanoseconds", () => {
    const [back] = read(writeOtlp([profileOf({ a: 1.5 })], { pyroscopeTypes: true }));
    expect([back.type, back.unit, back.samples.weight[0]]).toEqual(['samples', 'count', 1500]);
  });

  test('profile ids are written as given', () => {
    const id = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const bytes = writeOtlp([profileOf({ a: 1 })], { profileIds: [id] });
    expect(Buffer.from(bytes).includes(Buffer.from(id))).toBe(true);
  });
});

describe('what is no OTLP, or a broken one', () => {
  test('pprof is not taken for it', () => {
    expect(readOtlp(writePprof([profileOf({ a: 1 })]))).toBeNull();
    expect(readOtlp(new Uint8Array(0))).toBeNull();
  });

  test('cut off anywhere, or with any byte wrong: no throw, no endless loop', () => {
    const whole = writeOtlp([profileOf({ 'main;a@x.js:3': 5, 'main;b': 7 }, { startUnixMillis: 1e12 })], {
      timestamps: true,
    });
    for (let at = 0; at < whole.length; at++) {
      readOtlp(whole.slice(0, at));
      for (const wrong of [0, 0x7f, 0x80, 0xff])
        readOtlp(Uint8Array.from(whole, (byte, i) => (i === at ? wrong : byte)));
    }
  });
});
