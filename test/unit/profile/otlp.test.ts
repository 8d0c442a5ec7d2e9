/** OTLP profiles: round trips, the rules of the dictionary, links, and broken bytes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { WireWriter } from '../../../src/base/index.ts';
import { WireReader } from '../../../src/profile/formats/wire.ts';
import {
  readOtlp,
  readOtlpJson,
  readProfile,
  type StackProfile,
  writeOtlp,
  writePprof,
} from '../../../src/profile/index.ts';
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

  /** Fields of each Profile, and of its samples. */
  function profilesIn(bytes: Uint8Array): { period: number; values: number[][]; times: bigint[][] }[] {
    const found: { period: number; values: number[][]; times: bigint[][] }[] = [];
    for (const request = new WireReader(bytes); request.next(); )
      if (request.field === 1)
        for (const resource = request.message(); resource.next(); )
          if (resource.field === 2)
            for (const scope = resource.message(); scope.next(); )
              if (scope.field === 2) found.push(profileIn(scope.message()));
    return found;
  }

  function profileIn(message: WireReader): { period: number; values: number[][]; times: bigint[][] } {
    const found = { period: 0, values: [] as number[][], times: [] as bigint[][] };
    while (message.next()) {
      if (message.field === 6) found.period = message.number();
      if (message.field !== 2) continue;
      const [values, times]: [number[], bigint[]] = [[], []];
      for (const sample = message.message(); sample.next(); ) {
        if (sample.field === 4) sample.numbers(values);
        if (sample.field === 5) sample.fixed64s(times);
      }
      found.values.push(values);
      found.times.push(times);
    }
    return found;
  }

  test.each([false, true])(
    'a sample has one value, each profile a period: Pyroscope takes no other (timestamps: %s)',
    (timestamps) => {
      const written = [
        ...real.of('samples').slice(0, 1),
        ...real.of('cpu').slice(0, 1),
        ...real.of('wall').slice(0, 1),
      ];
      const found = profilesIn(writeOtlp(written, { timestamps }));
      expect(found).toHaveLength(3);
      for (const { values, times, period } of found) {
        expect(period).toBeGreaterThan(0);
        expect(new Set(values.map((each) => each.length))).toEqual(new Set([1]));
        expect(new Set(times.map((each) => each.length))).toEqual(new Set([timestamps ? 1 : 0]));
      }
    },
  );

  test('code that nobody named is called by its address, in its module', () => {
    const encoder = new TextEncoder();
    const message = (write: (out: WireWriter) => void): Uint8Array => {
      const out = new WireWriter();
      write(out);
      return out.take();
    };
    const bytes = message((out) => {
      const profile = message((own) => {
        own.bytes(
          1,
          message((type) => {
            type.number(1, 1);
            type.number(2, 2);
          }),
        );
        own.bytes(
          2,
          message((sample) => {
            sample.number(1, 1);
            sample.packed(4, [7]);
          }),
        );
      });
      out.bytes(
        1,
        message((resource) =>
          resource.bytes(
            2,
            message((scope) => scope.bytes(2, profile)),
          ),
        ),
      );
      out.bytes(
        2,
        message((dictionary) => {
          dictionary.bytes(1, new Uint8Array(0));
          dictionary.bytes(
            1,
            message((mapping) => mapping.number(4, 3)),
          );
          dictionary.bytes(2, new Uint8Array(0));
          dictionary.bytes(
            2,
            message((location) => {
              location.number(1, 1);
              location.bigint(2, 0xffff_ffff_8100_0000n);
            }),
          );
          for (const text of ['', 'samples', 'count', 'libc.so.6']) dictionary.bytes(5, encoder.encode(text));
          dictionary.bytes(7, new Uint8Array(0));
          dictionary.bytes(
            7,
            message((stack) => stack.packed(1, [1])),
          );
        }),
      );
    });
    expect(tellProfile(read(bytes)[0])).toEqual({ '0xffffffff81000000|libc.so.6|0|0|other   ': 7 });
  });

  test('profile ids are written as given', () => {
    const id = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const bytes = writeOtlp([profileOf({ a: 1 })], { profileIds: [id] });
    expect(Buffer.from(bytes).includes(Buffer.from(id))).toBe(true);
  });
});

describe('as JSON', () => {
  /** As the protocol's own example has it (reference/protocols.md §5). */
  const file = {
    resourceProfiles: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeProfiles: [
          {
            scope: { name: 'ext' },
            profiles: [
              {
                sampleType: { typeStrindex: 3, unitStrindex: 4 },
                periodType: { typeStrindex: 3, unitStrindex: 4 },
                period: '1',
                timeUnixNano: '1790000000000000000',
                durationNano: '5000000000',
                samples: [
                  {
                    stackIndex: 1,
                    linkIndex: 1,
                    values: ['3000'],
                    timestampsUnixNano: ['1790000000000002000'],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    dictionary: {
      mappingTable: [{}],
      locationTable: [{}, { lines: [{ functionIndex: 1, line: '12' }], attributeIndices: [1] }],
      functionTable: [{}, { nameStrindex: 5, filenameStrindex: 6, startLine: '10' }],
      linkTable: [{}, { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' }],
      stringTable: [
        '',
        'samples',
        'count',
        'cpu',
        'nanoseconds',
        'render',
        'https://x/a.js',
        'profile.frame.type',
      ],
      attributeTable: [{}, { keyStrindex: 7, value: { stringValue: 'v8js' } }],
      stackTable: [{}, { locationIndices: [1] }],
    },
  };

  test('the same as from protobuf', async () => {
    const found = await readProfile(new TextEncoder().encode(JSON.stringify(file)), 'x');
    if (!found.ok || found.value.kind !== 'profiles') throw new Error('not read');
    const [profile] = found.value.profiles;
    expect(tellProfile(profile, { time: true, line: true })).toEqual({
      'render|https://x/a.js|10|0|js  12 2.0': 3,
    });
    expect(profile).toMatchObject({
      type: 'cpu',
      unit: 'microseconds',
      startUnixMillis: 1_790_000_000_000,
      range: { start: 0, end: 5_000_000 },
      labels: {
        service_name: 'shop',
        trace_id: '5b8efff798038103d269b633813fc60c',
        span_id: 'eee19b7ec3c1b174',
      },
    });
  });

  test('anything in any place: an answer, never an exception', () => {
    const odd = [null, 3, -1, 'x', [], {}, [null], true, '99999999999999999999'];
    const walk = (value: unknown, put: (odd: unknown) => unknown): void => {
      for (const each of odd) readOtlpJson(put(each));
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value))
        walk(inner, (each) =>
          put(Array.isArray(value) ? value.with(Number(key), each) : { ...value, [key]: each }),
        );
    };
    walk(file, (each) => each);
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
