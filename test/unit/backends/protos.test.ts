/**
 * What is sent as protobuf, read by the field numbers that the products publish: `@parca/client` 0.17.24 (npm),
 * `github.com/grafana/pyroscope/api` v1.6.0 and `go.opentelemetry.io/proto/slim/otlp` v1.11.0 (Go modules). A field that a message
 * has not, or of another wire type, is an error here; at a backend it would be dropped without a word.
 */
import { expect, test } from 'vitest';
import { connect, NO_CREDENTIALS, openClient, pyroscope } from '../../../src/backends/index.ts';
import { gunzip } from '../../../src/backends/wire/gzip.ts';
import { buildCargo, buildDestination, planned, threeTypes } from '../../builders/cargo.ts';

type Kind = 'text' | 'bytes' | 'varint' | 'fixed64' | 'varints' | 'fixed64s' | Shape;
/** By field number: name and kind. */
interface Shape {
  readonly [number: number]: readonly [name: string, kind: Kind | (() => Shape)];
}
interface Decoded {
  readonly [name: string]: readonly (string | bigint | Uint8Array | Decoded)[];
}

const VARINTS: readonly Kind[] = ['varint', 'varints'];

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('cut off');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  fixed64(): bigint {
    const eight = this.take(8);
    return new DataView(eight.buffer, eight.byteOffset, 8).getBigUint64(0, true);
  }
}

function decode(shape: Shape, bytes: Uint8Array): Decoded {
  const found: Record<string, (string | bigint | Uint8Array | Decoded)[]> = {};
  const reader = new Reader(bytes);
  while (!reader.isDone) {
    const tag = Number(reader.varint());
    const [name, given] = shape[tag >> 3] ?? [];
    if (name === undefined || given === undefined) throw new Error(`there is no field ${tag >> 3}`);
    const kind = typeof given === 'function' ? given() : given;
    found[name] = [...(found[name] ?? []), ...read(reader, tag & 7, kind, name)];
  }
  return found;
}

function read(reader: Reader, type: number, kind: Kind, name: string) {
  if (type === 0 && VARINTS.includes(kind)) return [reader.varint()];
  if (type === 1 && kind === 'fixed64') return [reader.fixed64()];
  if (type !== 2 || kind === 'varint' || kind === 'fixed64') throw new Error(`${name} is of another type`);
  const bytes = reader.take(Number(reader.varint()));
  if (kind === 'text') return [new TextDecoder('utf-8', { fatal: true }).decode(bytes)];
  if (kind === 'bytes') return [bytes];
  if (kind !== 'varints' && kind !== 'fixed64s') return [decode(kind, bytes)];
  const packed = new Reader(bytes);
  const values: bigint[] = [];
  while (!packed.isDone) values.push(kind === 'varints' ? packed.varint() : packed.fixed64());
  return values;
}

const LABEL: Shape = { 1: ['name', 'text'], 2: ['value', 'text'] };
const PARCA_WRITE: Shape = {
  1: ['tenant', 'text'],
  2: [
    'series',
    {
      1: ['labels', { 1: ['labels', LABEL] }],
      2: ['samples', { 1: ['raw_profile', 'bytes'] }],
    },
  ],
  3: ['normalized', 'varint'],
};
const PYROSCOPE_PUSH: Shape = {
  1: ['series', { 1: ['labels', LABEL], 2: ['samples', { 1: ['raw_profile', 'bytes'], 2: ['ID', 'text'] }] }],
};
const PYROSCOPE_MERGE: Shape = {
  1: ['profile_typeID', 'text'],
  2: ['label_selector', 'text'],
  3: ['start', 'varint'],
  4: ['end', 'varint'],
  5: ['max_nodes', 'varint'],
};
/** Pyroscope's own copy: neither a column of a line nor a doc_url. */
const PPROF_TYPE: Shape = { 1: ['type', 'varint'], 2: ['unit', 'varint'] };
const PPROF: Shape = {
  1: ['sample_type', PPROF_TYPE],
  2: [
    'sample',
    {
      1: ['location_id', 'varints'],
      2: ['value', 'varints'],
      3: [
        'label',
        { 1: ['key', 'varint'], 2: ['str', 'varint'], 3: ['num', 'varint'], 4: ['num_unit', 'varint'] },
      ],
    },
  ],
  3: [
    'mapping',
    {
      1: ['id', 'varint'],
      2: ['memory_start', 'varint'],
      3: ['memory_limit', 'varint'],
      4: ['file_offset', 'varint'],
      5: ['filename', 'varint'],
      6: ['build_id', 'varint'],
      7: ['has_functions', 'varint'],
      8: ['has_filenames', 'varint'],
      9: ['has_line_numbers', 'varint'],
      10: ['has_inline_frames', 'varint'],
    },
  ],
  4: [
    'location',
    {
      1: ['id', 'varint'],
      2: ['mapping_id', 'varint'],
      3: ['address', 'varint'],
      4: ['line', { 1: ['function_id', 'varint'], 2: ['line', 'varint'], 3: ['column', 'varint'] }],
      5: ['is_folded', 'varint'],
    },
  ],
  5: [
    'function',
    {
      1: ['id', 'varint'],
      2: ['name', 'varint'],
      3: ['system_name', 'varint'],
      4: ['filename', 'varint'],
      5: ['start_line', 'varint'],
    },
  ],
  6: ['string_table', 'text'],
  9: ['time_nanos', 'varint'],
  10: ['duration_nanos', 'varint'],
  11: ['period_type', PPROF_TYPE],
  12: ['period', 'varint'],
  13: ['comment', 'varints'],
  14: ['default_sample_type', 'varint'],
};

const ANY_VALUE: Shape = {
  1: ['string_value', 'text'],
  2: ['bool_value', 'varint'],
  3: ['int_value', 'varint'],
  5: ['array_value', () => ({ 1: ['values', ANY_VALUE] })],
};
const KEY_VALUE: Shape = { 1: ['key', 'text'], 2: ['value', ANY_VALUE] };
const VALUE_TYPE: Shape = { 1: ['type_strindex', 'varint'], 2: ['unit_strindex', 'varint'] };
const OTLP: Shape = {
  1: [
    'resource_profiles',
    {
      1: ['resource', { 1: ['attributes', KEY_VALUE] }],
      2: [
        'scope_profiles',
        {
          1: ['scope', { 1: ['name', 'text'], 2: ['version', 'text'] }],
          2: [
            'profiles',
            {
              1: ['sample_type', VALUE_TYPE],
              2: [
                'samples',
                {
                  1: ['stack_index', 'varint'],
                  2: ['attribute_indices', 'varints'],
                  3: ['link_index', 'varint'],
                  4: ['values', 'varints'],
                  5: ['timestamps_unix_nano', 'fixed64s'],
                },
              ],
              3: ['time_unix_nano', 'fixed64'],
              4: ['duration_nano', 'varint'],
              5: ['period_type', VALUE_TYPE],
              6: ['period', 'varint'],
              7: ['profile_id', 'bytes'],
              8: ['dropped_attributes_count', 'varint'],
              11: ['attribute_indices', 'varints'],
            },
          ],
          3: ['schema_url', 'text'],
        },
      ],
      3: ['schema_url', 'text'],
    },
  ],
  2: [
    'dictionary',
    {
      1: ['mapping_table', { 4: ['filename_strindex', 'varint'], 5: ['attribute_indices', 'varints'] }],
      2: [
        'location_table',
        {
          1: ['mapping_index', 'varint'],
          2: ['address', 'varint'],
          3: ['lines', { 1: ['function_index', 'varint'], 2: ['line', 'varint'], 3: ['column', 'varint'] }],
          4: ['attribute_indices', 'varints'],
        },
      ],
      3: [
        'function_table',
        {
          1: ['name_strindex', 'varint'],
          2: ['system_name_strindex', 'varint'],
          3: ['filename_strindex', 'varint'],
          4: ['start_line', 'varint'],
        },
      ],
      4: ['link_table', { 1: ['trace_id', 'bytes'], 2: ['span_id', 'bytes'] }],
      5: ['string_table', 'text'],
      6: [
        'attribute_table',
        { 1: ['key_strindex', 'varint'], 2: ['value', ANY_VALUE], 3: ['unit_strindex', 'varint'] },
      ],
      7: ['stack_table', { 1: ['location_indices', 'varints'] }],
    },
  ],
};

/** What goes over the wire for a destination, its JSON gateway not being there. */
async function bodiesOf(kind: 'pyroscope' | 'parca' | 'otlp'): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  const fake: typeof fetch = async (_, init) => {
    const isJson = new Headers(init?.headers).get('content-type') === 'application/json';
    if (init?.body instanceof Uint8Array && !isJson) bodies.push(init.body);
    return new Response('{}', {
      status: isJson ? 404 : 200,
      headers: { 'content-type': 'application/json' },
    });
  };
  const destination = buildDestination(kind, 'http://backend.example');
  const { parcels } = await planned(buildCargo({ profiles: threeTypes() }), destination);
  const client = openClient(connect(destination, NO_CREDENTIALS, { fetch: fake, timeoutMillis: 1_000 }));
  for (const parcel of parcels) await client.send(parcel);
  return bodies;
}

const inner = (decoded: Decoded | undefined, ...path: readonly string[]): readonly unknown[] =>
  path.reduce<readonly unknown[]>(
    (found, name) => found.flatMap((one) => [...((one as Decoded)[name] ?? [])]),
    decoded === undefined ? [] : [decoded],
  );

test('Pyroscope: series with their labels, each a pprof', async () => {
  const bodies = await bodiesOf('pyroscope');
  expect(bodies).toHaveLength(2);
  const names: unknown[] = [];
  for (const body of bodies) {
    const pushed = decode(PYROSCOPE_PUSH, body);
    const labels = inner(pushed, 'series', 'labels') as readonly Decoded[];
    names.push(...labels.flatMap(({ name, value }) => (name[0] === '__name__' ? value : [])));
    const [pprof] = inner(pushed, 'series', 'samples', 'raw_profile');
    const profile = decode(PPROF, gunzip(pprof as Uint8Array));
    expect(profile.string_table).toEqual(
      expect.arrayContaining(['', 'f1', 'f2', 'f3', 'trace_id', 'category']),
    );
    expect(inner(profile, 'time_nanos')).toHaveLength(1);
  }
  expect(names.sort()).toEqual(['process_cpu', 'wall']);
});

test('Parca: the same over gRPC-Web, framed', async () => {
  const bodies = await bodiesOf('parca');
  expect(bodies.length).toBeGreaterThan(2);
  for (const body of bodies) {
    expect(new DataView(body.buffer, body.byteOffset).getUint32(1)).toBe(body.length - 5);
    const written = decode(PARCA_WRITE, body.subarray(5));
    expect(inner(written, 'series', 'labels', 'labels', 'name')).toContain('__name__');
    const [pprof] = inner(written, 'series', 'samples', 'raw_profile');
    const profile = decode(PPROF, gunzip(pprof as Uint8Array));
    // Parca refuses ids that are not 1, 2, 3, …
    for (const table of ['location', 'function', 'mapping'])
      expect(inner(profile, table, 'id')).toEqual(profile[table].map((_, row) => BigInt(row + 1)));
  }
});

test('OpenTelemetry: one profile per thread and kind, with the tables that it needs', async () => {
  const bodies = await bodiesOf('otlp');
  expect(bodies).toHaveLength(3);
  for (const body of bodies) {
    const sent = decode(OTLP, gunzip(body));
    expect(inner(sent, 'dictionary', 'string_table')).toEqual(expect.arrayContaining(['f1', 'f2', 'f3']));
    const tables = (sent.dictionary as readonly Decoded[])[0];
    for (const table of ['mapping', 'location', 'function', 'link', 'attribute', 'stack'])
      expect(tables[`${table}_table`].length, table).toBeGreaterThan(0);
    const [id] = inner(sent, 'resource_profiles', 'scope_profiles', 'profiles', 'profile_id');
    expect(id).toHaveLength(16);
    expect(inner(sent, 'resource_profiles', 'resource', 'attributes', 'key')).toContain('service.name');
  }
});

test('Pyroscope is asked for a merged profile, and for no more than a day at once', async () => {
  const bodies: Uint8Array[] = [];
  const fake: typeof fetch = async (_, init) => {
    if (init?.body instanceof Uint8Array) bodies.push(init.body);
    return new Response();
  };
  const to = connect(buildDestination('pyroscope', 'http://p.example'), NO_CREDENTIALS, {
    fetch: fake,
    timeoutMillis: 1_000,
  });
  const ask = async (start: number, end: number): Promise<Decoded[]> => {
    bodies.length = 0;
    await pyroscope.fetchPprofs(to, { profileType: 'a:b', selector: '{c="d"}', start, end });
    return bodies.map((body) => decode(PYROSCOPE_MERGE, body));
  };
  expect(await ask(1.5, 2.5)).toEqual([
    { profile_typeID: ['a:b'], label_selector: ['{c="d"}'], start: [1n], end: [4n] },
  ]);
  // The longest that a server takes by default; both ends are in it.
  const day = 86_400_000;
  const ranges = async (start: number, end: number): Promise<unknown[]> =>
    (await ask(start, end)).map((each) => [each.start, each.end].flat().map(Number));
  expect(await ranges(5.5, day + 5.5)).toEqual([[7, day + 7]]);
  expect(await ranges(1_000, 2 * day)).toEqual([
    [day + 2, 2 * day + 1],
    [1_000, day + 1],
  ]);
  expect(await ranges(5, 7 * day + 5)).toHaveLength(7);
});
