/**
 * A stand-in for Parca v0.28.0: what it takes, refuses and answers is what the real one answered
 * (`../shared/oracles/parca`); the suite replays every recorded pair against it first.
 * In: HTTP on loopback, the JSON gateway under `/api`, and WriteRaw by gRPC-Web. Out: Parca's answers. Refuses as Parca does.
 */
import { gzipSync } from 'node:zlib';
import { type Call, json, type Reply, type RunningServer, serve } from './http.ts';
import { asArray, asObject, type JsonObject } from './messages.ts';
import { type MergedStack, ProfileError, readProfile, writeProfile } from './profile-data.ts';
import { type Labels, parseSelector, SelectorError } from './selector.ts';
import { readFields, textOf } from './wire.ts';

class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const invalid = (message: string): Refusal => new Refusal(400, 3, message);

interface Row {
  readonly labels: Labels;
  readonly type: string;
  readonly timeMillis: number;
  readonly durationNanos: bigint;
  readonly stacks: readonly MergedStack[];
}

export async function startParcaStandIn(): Promise<RunningServer> {
  const rows: Row[] = [];
  return serve((call) => {
    try {
      return answer(call, rows);
    } catch (error) {
      if (error instanceof Refusal)
        return json(error.status, { code: error.code, message: error.message, details: [] });
      throw error;
    }
  });
}

function answer(call: Call, rows: Row[]): Reply {
  const { method, path } = call;
  const values = /^\/api\/profiles\/labels\/([^/]+)\/values$/.exec(path);
  if (method === 'POST' && path === '/api/profiles/writeraw') return write(call, rows);
  // It goes by the last two parts of a path.
  if (path.endsWith(WRITE_RAW) && call.headers['content-type'] === GRPC_WEB) return writeByGrpc(call, rows);
  if (method !== 'GET') return notFound();
  if (path === '/api/profiles/types') return json(200, { types: listTypes(rows) });
  if (path === '/api/profiles/labels')
    return json(200, {
      labelNames: [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].sort(),
      warnings: [],
    });
  if (values !== null) {
    const name = decodeURIComponent(values[1]);
    const found = rows.flatMap(({ labels }) => (Object.hasOwn(labels, name) ? [labels[name]] : []));
    return json(200, { labelValues: [...new Set(found)].sort(), warnings: [] });
  }
  if (path === '/api/profiles/query_range') return answerRange(call, rows);
  if (path === '/api/profiles/query') return answerQuery(call, rows);
  return notFound();
}

const notFound = (): Reply => ({
  status: 404,
  type: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
});

function write({ body }: Call, rows: Row[]): Reply {
  let message: JsonObject;
  try {
    message = JSON.parse(textOf(body));
  } catch {
    throw invalid('unexpected EOF');
  }
  for (const series of asArray(message.series)) {
    const pairs = asArray(asObject(series.labels).labels).map(
      ({ name, value }) => [String(name ?? ''), String(value ?? '')] as const,
    );
    for (const sample of asArray(series.samples))
      rows.push(...readRows(pairs, new Uint8Array(Buffer.from(String(sample.rawProfile ?? ''), 'base64'))));
  }
  return json(200, {});
}

const WRITE_RAW = '/parca.profilestore.v1alpha1.ProfileStoreService/WriteRaw';
const GRPC_WEB = 'application/grpc-web+proto';

/** One message framed: a flag and its length before it; the status stands in a last frame, as headers would. */
function writeByGrpc({ body }: Call, rows: Row[]): Reply {
  const field = (bytes: Uint8Array, number: number): Uint8Array[] =>
    readFields(bytes)
      .filter((each) => each.number === number)
      .map((each) => each.bytes);
  let status = 'grpc-status:0\r\n';
  try {
    for (const series of field(body.subarray(5), 2)) {
      const pairs = field(series, 1)
        .flatMap((set) => field(set, 1))
        .map((pair) => [textOf(field(pair, 1)[0]), textOf(field(pair, 2)[0])] as const);
      for (const sample of field(series, 2)) rows.push(...readRows(pairs, field(sample, 1)[0]));
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    status = `grpc-status:${error.code}\r\ngrpc-message:${error.message}\r\n`;
  }
  const frame = (flag: number, content: Uint8Array): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt8(flag);
    head.writeUInt32BE(content.length, 1);
    return Buffer.concat([head, content]);
  };
  const message = status.startsWith('grpc-status:0') ? [frame(0, new Uint8Array(0))] : [];
  return { status: 200, type: GRPC_WEB, body: Buffer.concat([...message, frame(128, Buffer.from(status))]) };
}

function readRows(pairs: readonly (readonly [string, string])[], raw: Uint8Array): Row[] {
  const name = pairs.find(([label]) => label === '__name__')?.[1] ?? '';
  if (name === '') throw invalid('missing __name__ label');
  let profile: ReturnType<typeof readProfile>;
  try {
    profile = readProfile(raw);
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    throw invalid(`failed to parse profile: ${error.message}`);
  }
  if (profile.unordered !== null) throw invalid(`invalid profile: ${profile.unordered} id is not sequential`);
  const period = profile.periodKind ?? { type: '', unit: '' };
  const labels = Object.fromEntries(pairs.filter(([label]) => label !== '__name__'));
  const read = profile.kinds.map((kind, column): Row => {
    const delta = profile.durationNanos === 0n ? '' : ':delta';
    return {
      labels,
      type: `${name}:${kind.type}:${kind.unit}:${period.type}:${period.unit}${delta}`,
      timeMillis: Number(profile.timeNanos / 1_000_000n),
      durationNanos: profile.durationNanos,
      // A sample counts for the time from one to the next, and is answered as time.
      stacks: profile.samples
        .filter(({ values }) => values[column] !== 0)
        .map(({ frames, values }) => ({
          frames,
          value: isSamplesCount(kind) ? values[column] * profile.period : values[column],
        })),
    };
  });
  for (const { type } of [...read].sort((a, b) => (a.type < b.type ? -1 : 1))) {
    const odd = /[^a-zA-Z0-9_:]/.exec(type);
    if (odd !== null)
      throw new Refusal(
        500,
        2,
        `invalid profile type at row 0 (${type}): 1:${odd.index + 1}: parse error: unexpected <op:${odd[0]}>`,
      );
  }
  return read;
}

const isSamplesCount = ({ type, unit }: { type: string; unit: string }): boolean =>
  type === 'samples' && unit === 'count';

function listTypes(rows: readonly Row[]): JsonObject[] {
  const deltaFirst = (type: string): string => `${type.endsWith(':delta') ? 0 : 1} ${type}`;
  const types = [...new Set(rows.map(({ type }) => type))];
  return types
    .sort((a, b) => (deltaFirst(a) < deltaFirst(b) ? -1 : 1))
    .map((type) => {
      const [name, sampleType, sampleUnit, periodType, periodUnit, delta] = type.split(':');
      return { name, sampleType, sampleUnit, periodType, periodUnit, delta: delta !== undefined };
    });
}

function select(rows: readonly Row[], query: string, start: string | null, end: string | null): Row[] {
  const cut = query.indexOf('{');
  const type = cut < 0 ? query : query.slice(0, cut);
  const parts = type.split(':').length;
  if (parts < 5 || parts > 6)
    throw invalid(
      `profile-type selection must be of the form <name>:<sample-type>:<sample-unit>:<period-type>:<period-unit>(:delta), got(${parts}): ${JSON.stringify(type)}`,
    );
  const [from, to] = [start, end].map((time) => (time === null ? Number.NaN : Date.parse(time)));
  try {
    const matches = parseSelector(cut < 0 ? '{}' : query.slice(cut));
    return rows.filter(
      (row) => row.type === type && row.timeMillis >= from && row.timeMillis <= to && matches(row.labels),
    );
  } catch (error) {
    throw error instanceof SelectorError ? invalid(error.message) : error;
  }
}

function merge(rows: readonly Row[]): MergedStack[] {
  const merged = new Map<string, { frames: MergedStack['frames']; value: number }>();
  for (const stack of rows.flatMap(({ stacks }) => stacks)) {
    const key = JSON.stringify(stack.frames);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...stack });
    else known.value += stack.value;
  }
  return [...merged.values()];
}

const totalOf = (stacks: readonly MergedStack[]): number => stacks.reduce((sum, { value }) => sum + value, 0);

function answerRange({ query }: Call, rows: readonly Row[]): Reply {
  const asked = query.get('query') ?? '';
  const found = select(rows, asked, query.get('start'), query.get('end'));
  if (found.length === 0)
    throw new Refusal(
      404,
      5,
      'No data found for the query, try a different query or time range or no data has been written to be queried yet.',
    );
  const [, type, unit, periodType, periodUnit] = found[0].type.split(':');
  const total = totalOf(merge(found));
  const nanos = Math.max(...found.map(({ durationNanos }) => Number(durationNanos)));
  const sample = {
    timestamp: '1970-01-01T00:00:00Z',
    value: String(total),
    valuePerSecond: nanos === 0 ? 0 : total / nanos,
    duration: String(nanos),
    count: found.reduce((sum, { stacks }) => sum + stacks.length, 0),
  };
  const series = {
    labelset: { labels: [] },
    samples: [sample],
    periodType: { type: periodType, unit: periodUnit },
    sampleType: { type, unit },
  };
  return json(200, { series: [series] });
}

function answerQuery({ query }: Call, rows: readonly Row[]): Reply {
  if (query.get('reportType') !== 'REPORT_TYPE_PPROF') throw invalid('requested report type does not exist');
  const side = (prefix: string): { stacks: MergedStack[]; type: string } => {
    const asked = query.get(`${prefix}merge.query`) ?? '';
    const found = select(rows, asked, query.get(`${prefix}merge.start`), query.get(`${prefix}merge.end`));
    return { stacks: merge(found), type: found[0]?.type ?? asked.split('{')[0] };
  };
  const mode = query.get('mode');
  if (mode === 'MODE_MERGE') {
    const { stacks, type } = side('');
    return asPprof(stacks, type);
  }
  if (mode !== 'MODE_DIFF') throw invalid('unknown query mode');
  const [before, after] = [side('diff.a.'), side('diff.b.')];
  // The base is scaled to the total of the other, and subtracted.
  const scale = totalOf(before.stacks) === 0 ? 0 : totalOf(after.stacks) / totalOf(before.stacks);
  const subtracted = before.stacks.map(({ frames, value }) => ({
    frames,
    value: -Math.round(value * scale),
  }));
  return asPprof([...after.stacks, ...subtracted], after.type);
}

function asPprof(stacks: readonly MergedStack[], typeId: string): Reply {
  const [, type, unit, periodType, periodUnit] = typeId.split(':');
  const period = { type: periodType, unit: periodUnit };
  const kinds = { sample: isSamplesCount({ type, unit }) ? period : { type, unit }, period };
  const { bytes } = writeProfile(stacks, kinds, 0n);
  return json(200, { pprof: gzipSync(bytes).toString('base64'), total: '0', filtered: '0' });
}
