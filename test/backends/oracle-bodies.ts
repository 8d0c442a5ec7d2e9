/**
 * Bodies that the recorded cases were too long to keep, made anew as their `why` says.
 * In: a case's name. Out: its request's body, or null where the case keeps its own.
 */
import { gzipSync } from 'node:zlib';
import { type MergedStack, type PlainFrame, writeProfile } from './stand-ins/profile-data.ts';

/** When the cases were recorded, as their profiles say. */
export const RECORDED_AT = 1_795_252_842_951;

const CPU = { type: 'cpu', unit: 'nanoseconds' };
const frame = (name: string): PlainFrame => ({
  name,
  file: 'https://shop.example/app.js',
  line: 11,
  startLine: 10,
});
/** Root first in, leaf first out. */
const stack = (path: string, value: number): MergedStack => ({
  frames: path.split(';').reverse().map(frame),
  value,
});

export const STANDARD_STACKS = [
  stack('(root);f1', 10e6),
  stack('(root);f1;f2', 20e6),
  stack('(root);f1;f2;f3', 30e6),
];

export function zipProfile(stacks: readonly MergedStack[], atMillis = RECORDED_AT): Uint8Array<ArrayBuffer> {
  const { bytes } = writeProfile(stacks, { sample: CPU, period: CPU }, BigInt(atMillis) * 1_000_000n);
  return new Uint8Array(gzipSync(bytes));
}

export function pushJson(service: string, profile: Uint8Array): string {
  const labels = { __name__: 'process_cpu', service_name: service, pyroscope_spy: 'nodespy', page: '/cart' };
  const pairs = Object.entries(labels).map(([name, value]) => ({ name, value }));
  const rawProfile = Buffer.from(profile).toString('base64');
  return JSON.stringify({ series: [{ labels: pairs, samples: [{ rawProfile }] }] });
}

const many = (count: number, nameLength = 3): MergedStack[] =>
  Array.from({ length: count }, (_, row) => stack(`(root);f${String(row).padStart(nameLength, 'x')}`, 1000));

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const BODIES: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  'push-gzip-envelope': () => new Uint8Array(gzipSync(pushJson('gz', zipProfile(STANDARD_STACKS)))),
  'push-protobuf': () => protoPush('proto', zipProfile(STANDARD_STACKS)),
  'ingest-pprof': () => zipProfile(STANDARD_STACKS),
  'ingest-folded': () => utf8('(root);f1 10000000\n(root);f1;f2 20000000\n(root);f1;f2;f3 30000000\n'),
  'accept-16000-samples': () => utf8(pushJson('s16000', zipProfile(many(16_000)))),
  'refuse-16001-samples': () => utf8(pushJson('s16001', zipProfile(many(16_001)))),
  // Over the burst limit of 2 MiB, and over the size limit of 4 MiB.
  'refuse-2MiB': () => utf8(pushJson('big', zipProfile(many(2_000, 1_100)))),
  'refuse-5MiB': () => utf8(pushJson('big', zipProfile(many(5_000, 1_100)))),
  'depth-1200': () =>
    utf8(
      pushJson(
        'deep',
        zipProfile([stack(Array.from({ length: 1200 }, (_, row) => `d${row}`).join(';'), 5e6)]),
      ),
    ),
  'refuse-content-type': () => utf8('{}'),
  'refuse-bad-json': () => utf8('{"series":['),
  'refuse-ingest-no-name': () => zipProfile(STANDARD_STACKS),
  'refuse-ingest-old': () => zipProfile(STANDARD_STACKS, RECORDED_AT - 61 * 60_000),
  'query-merge-profile-proto': () =>
    message(
      text(1, 'process_cpu:cpu:nanoseconds:cpu:nanoseconds'),
      text(2, '{service_name="shop"}'),
      number(3, RECORDED_AT - 3_600_000),
      number(4, RECORDED_AT + 600_000),
    ),
};

export function bodyOf(name: string): Uint8Array<ArrayBuffer> | null {
  return Object.hasOwn(BODIES, name) ? BODIES[name]() : null;
}

function protoPush(service: string, profile: Uint8Array): Uint8Array<ArrayBuffer> {
  const labels = { __name__: 'process_cpu', service_name: service, pyroscope_spy: 'nodespy', page: '/cart' };
  const pairs = Object.entries(labels).map(([name, value]) =>
    bytes(1, message(text(1, name), text(2, value))),
  );
  return message(bytes(1, message(...pairs, bytes(2, message(bytes(1, profile))))));
}

/** Protobuf by hand, so that no writer of ours judges itself. */
const message = (...fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(fields));
const bytes = (tag: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([varint(tag * 8 + 2), varint(value.length), value]);
const text = (tag: number, value: string): Uint8Array => bytes(tag, Buffer.from(value));
const number = (tag: number, value: number): Uint8Array => Buffer.concat([varint(tag * 8), varint(value)]);

function varint(value: number): Uint8Array {
  const parts: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...parts, rest]);
    parts.push((rest % 128) + 128);
  }
}
