/** Files of unknown kind: recognised by what is in them, whatever they are called. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FailureCode } from '../../../src/base/index.ts';
import {
  looksLikeProfile,
  readProfile,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
} from '../../../src/profile/index.ts';
import { profileOf } from '../../builders/profiles.ts';

const profile = profileOf({ 'main;a@x.js:3;[Layout]': 5, 'main;b': 7 });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))));

const firefox = {
  meta: { preprocessedProfileVersion: 50, interval: 1 },
  threads: [{ name: 'x', stringArray: [], samples: { stack: [], time: [] } }],
};
const perf = 'node 8/9 4021.481: 1000 cycles:\n\t7f12ab34 main+0x80 (/bin/node)\n\n';

const FILES: [string, Uint8Array][] = [
  ['pprof', writePprof([profile])],
  ['otlp', writeOtlp([profile])],
  ['speedscope', bytesOf([...writeSpeedscope([profile])].join(''))],
  ['folded', bytesOf(writeFolded([profile]))],
  ['cpuprofile', bytesOf(writeCpuProfile(profile))],
  ['firefox', bytesOf(JSON.stringify(firefox))],
  ['perf-script', bytesOf(perf)],
];

describe('by content', () => {
  test.each(FILES)('%s, plain and gzip', async (format, bytes) => {
    expect(looksLikeProfile(bytes)).toBe(true);
    for (const each of [bytes, new Uint8Array(gzipSync(bytes))]) {
      const read = await readProfile(each, 'misleading.json');
      expect(read).toMatchObject({ ok: true, value: { kind: 'profiles', format } });
    }
  });

  const traces: [string, Uint8Array][] = [
    ['a trace', bytesOf('{"metadata":{},"traceEvents":[]}')],
    ['a bare list', bytesOf('\n [{"ph":"X"}]')],
    ['a trace that is cut off', bytesOf('{"traceEvents":[{"ph":"X","name":"a"},{"ph')],
    ['a Perfetto trace', Uint8Array.of(0x0a, 0x06, 0x40, 0x01, 0x50, 0x02, 0x58, 0x03)],
    [
      'a Perfetto trace with an empty packet',
      Uint8Array.of(0x0a, 0x00, 0x0a, 0x06, 0x40, 0x01, 0x50, 0x02, 0x58, 0x03),
    ],
    ['a recording', fixture('recordings/version-1.pageflame')],
    ['a real Perfetto trace', fixture('traces/single-page.pftrace.gz')],
  ];
  test.each(traces)('%s is one', async (_, bytes) => {
    expect(await readProfile(bytes, 'x.pb.gz')).toEqual({ ok: true, value: { kind: 'trace' } });
  });
});

test.each(['[tid=12 main];run;f 5\n', '{main};{closure};f 5\n', '[12];f 5\n'])(
  'folded stacks that begin with a bracket: %j',
  async (text) => {
    expect(looksLikeProfile(bytesOf(text))).toBe(true);
    expect(await readProfile(bytesOf(text), 'x')).toMatchObject({ ok: true, value: { format: 'folded' } });
  },
);

test('a head alone tells as much, wherever it ends', () => {
  for (const [format, bytes] of FILES.slice(0, 2))
    for (let length = 40; length < bytes.length; length += 7)
      expect(looksLikeProfile(bytes.subarray(0, length)), `${format} ${length}`).toBe(true);
});

describe('refused', () => {
  const files: [string, Uint8Array, FailureCode][] = [
    ['nothing', new Uint8Array(0), 'file-empty'],
    ['half a gigabyte', new Uint8Array(512_000_001), 'profile-too-big'],
    ['prose', bytesOf('Dear diary,\ntoday I counted three\n'), 'not-a-profile'],
    ['other JSON', bytesOf('{"a":1}'), 'not-a-profile'],
    ['broken JSON', bytesOf('{"nodes":[{"id":'), 'not-a-profile'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3), 'not-a-profile'],
    ['broken gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 9, 9, 9, 9, 9, 9, 9, 9), 'gzip-broken'],
    ['spans of OpenTelemetry', bytesOf('{"resourceSpans":[]}'), 'otlp-without-profiles'],
    ['a raw Gecko profile', bytesOf('{"meta":{"version":36},"threads":[]}'), 'profile-raw-gecko'],
    [
      'a newer Firefox',
      bytesOf('{"meta":{"preprocessedProfileVersion":71},"threads":[]}'),
      'profile-too-new',
    ],
    [
      'a speedscope file without profiles',
      bytesOf('{"$schema":"https://www.speedscope.app/file-format-schema.json"}'),
      'not-a-profile',
    ],
  ];
  test.each(files)('%s', async (_, bytes, code) => {
    expect(await readProfile(bytes, 'x')).toMatchObject({ ok: false, failure: { code } });
  });
});

test('any byte wrong, anywhere: an answer, never an exception', async () => {
  for (const [, bytes] of FILES) {
    for (let at = 0; at < Math.min(bytes.length, 400); at += 3) {
      const wrong = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 0x55 : byte));
      await readProfile(wrong, 'x');
      await readProfile(bytes.slice(0, at), 'x');
    }
  }
});
