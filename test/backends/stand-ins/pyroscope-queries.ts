/**
 * What the Pyroscope stand-in answers: QuerierService, the legacy render path and the ad-hoc store
 * (reference/protocols.md §2). In: the call and the tenant's store. Out: answers in Connect JSON, or pprof.
 * Refuses as Pyroscope does.
 */
import { drawDiff, drawSingle, type FlameGraph } from './flamebearer.ts';
import { type Call, json, type Reply } from './http.ts';
import { asObject, asStrings, type JsonObject, parseMessage } from './messages.ts';
import { type MergedStack, readProfile, writeProfile } from './profile-data.ts';
import { invalid, type PyroscopeStore, type Row } from './pyroscope-store.ts';
import { readFields, textOf } from './wire.ts';

const SERVICE = '/querier.v1.QuerierService/';
const METHODS = [
  'ProfileTypes',
  'LabelNames',
  'LabelValues',
  'Series',
  'SelectMergeStacktraces',
  'SelectMergeProfile',
  'SelectMergeSpanProfile',
  'SelectSeries',
  'Diff',
] as const;
type Method = (typeof METHODS)[number];
export const QUERIES: ReadonlySet<string> = new Set(METHODS.map((method) => SERVICE + method));

export function answerQuery(call: Call, store: PyroscopeStore, type: string): Reply {
  const method = METHODS.find((each) => SERVICE + each === call.path);
  if (method === undefined) return { status: 404 };
  if (type === 'application/proto') return answerProtoProfile(call, store, method);
  return json(200, ANSWERS[method](parseMessage(call.body, `querierv1.${method}Request`), store));
}

const ANSWERS: Readonly<Record<Method, (question: JsonObject, store: PyroscopeStore) => unknown>> = {
  ProfileTypes: (question, store) => {
    const ids = [...new Set(rowsOfRange(question, store).map(({ type }) => type))].sort();
    return { profileTypes: ids.map(describeType) };
  },
  LabelNames: (question, store) => {
    const names = new Set(matched(question, store).flatMap(({ labels }) => Object.keys(labels)));
    // Names that Prometheus of old would not take are kept, but not listed.
    return { names: [...names].filter((name) => /^[a-zA-Z_]\w*$/.test(name)).sort() };
  },
  LabelValues: (question, store) => {
    const values = matched(question, store).map(({ labels }) => labels[String(question.name)]);
    return { names: [...new Set(values.filter((value) => value !== undefined))].sort() };
  },
  Series: (question, store) => {
    const wanted = asStrings(question.labelNames);
    const sets = new Map<string, { labels: { name: string; value: string }[] }>();
    for (const { labels } of matched(question, store)) {
      const kept = Object.entries(labels)
        .filter(([name]) => wanted.length === 0 || wanted.includes(name))
        .sort()
        .map(([name, value]) => ({ name, value }));
      if (kept.length > 0) sets.set(JSON.stringify(kept), { labels: kept });
    }
    const inOrder = [...sets].sort(
      ([, a], [, b]) => a.labels.length - b.labels.length || compare(a.labels, b.labels),
    );
    return { labelsSet: inOrder.map(([, set]) => set) };
  },
  SelectMergeStacktraces: (question, store) => {
    const stacks = stacksOf(question, store);
    if (question.format === 'PROFILE_FORMAT_PPROF')
      return { pprof: { profile: asJsonProfile(stacks, question) } };
    return { flamegraph: encode(drawSingle(stacks, maxNodesOf(question))) };
  },
  SelectMergeSpanProfile: (question, store) => ({
    flamegraph: encode(drawSingle(stacksOf(question, store), maxNodesOf(question))),
  }),
  SelectMergeProfile: (question, store) => asJsonProfile(stacksOf(question, store), question),
  SelectSeries: answerSeries,
  Diff: (question, store) => {
    const sides = [asObject(question.left), asObject(question.right)].map((side) => stacksOf(side, store));
    const graph = drawDiff(sides[0], sides[1], maxNodesOf(question));
    const ticks = sides.map((stacks) => String(stacks.reduce((sum, { value }) => sum + value, 0)));
    return { flamegraph: { ...encode(graph), leftTicks: ticks[0], rightTicks: ticks[1] } };
  },
};

interface Pair {
  readonly name: string;
  readonly value: string;
}
const compare = (a: readonly Pair[], b: readonly Pair[]): number =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
const maxNodesOf = ({ maxNodes }: JsonObject): number => Number(maxNodes ?? 8192);

function describeType(id: string): unknown {
  const [name, sampleType, sampleUnit, periodType, periodUnit] = id.split(':');
  return { ID: id, name, sampleType, sampleUnit, periodType, periodUnit };
}

function rangeOf({ start, end }: JsonObject): [number, number] {
  const range: [number, number] = [Number(start ?? 0), Number(end ?? 0)];
  if (range[0] <= 0 || range[1] <= 0) throw invalid('missing time range in the query');
  const length = range[1] - range[0];
  if (length > 86_400_000)
    throw invalid(
      `the query time range exceeds the limit (max_query_length, actual: ${goDuration(length)}, limit: 1d)`,
    );
  return range;
}

const goDuration = (millis: number): string =>
  `${Math.floor(millis / 3_600_000)}h${Math.floor((millis / 60_000) % 60)}m${(millis / 1000) % 60}s`;

/** ProfileTypes asked without a range tells of the last hour. */
function rowsOfRange(question: JsonObject, store: PyroscopeStore): Row[] {
  if (question.start === undefined && question.end === undefined) return store.rows;
  return store.select('{}', ...rangeOf(question), null);
}

function matched(question: JsonObject, store: PyroscopeStore): Row[] {
  const range = rangeOf(question);
  const matchers = asStrings(question.matchers);
  const rows = new Set(
    (matchers.length === 0 ? ['{}'] : matchers).flatMap((each) => store.select(each, ...range, null)),
  );
  return [...rows];
}

function selectRows(question: JsonObject, store: PyroscopeStore): Row[] {
  const range = rangeOf(question);
  const type = String(question.profileTypeID ?? '');
  const parts = type.split(':').length;
  if (parts < 5 || parts > 6)
    throw invalid(
      `profile-type selection must be of the form <name>:<sample-type>:<sample-unit>:<period-type>:<period-unit>(:delta), got(${parts}): ${JSON.stringify(type)}`,
    );
  return store.select(String(question.labelSelector ?? '{}'), ...range, type);
}

function stacksOf(question: JsonObject, store: PyroscopeStore): MergedStack[] {
  const spans = asStrings(question.spanSelector);
  const traces = asStrings(question.traceIdSelector);
  if (spans.length > 0 && traces.length > 0)
    throw invalid('spanSelector and traceIdSelector are mutually exclusive');
  const merged = new Map<string, { frames: MergedStack['frames']; value: number }>();
  for (const { samples } of selectRows(question, store)) {
    for (const { stack, labels } of samples) {
      if (spans.length > 0 && !spans.includes(labels.get('span_id') ?? labels.get('profile_id') ?? ''))
        continue;
      if (traces.length > 0 && !traces.includes(labels.get('trace_id') ?? '')) continue;
      const key = JSON.stringify(stack.frames);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { ...stack });
      else known.value += stack.value;
    }
  }
  return [...merged.values()];
}

function encode({ names, levels, total, maxSelf }: FlameGraph): JsonObject {
  return {
    names,
    levels: levels.map((values) => ({ values: values.map(String) })),
    // Zero fields are left out.
    ...(total === 0 ? {} : { total: String(total), maxSelf: String(maxSelf) }),
  };
}

function kindsOf({ profileTypeID }: JsonObject): Parameters<typeof writeProfile>[1] {
  const [, type, unit, periodType, periodUnit] = String(profileTypeID).split(':');
  return { sample: { type, unit }, period: { type: periodType, unit: periodUnit } };
}

const nanosOf = ({ end }: JsonObject): bigint => BigInt(Number(end)) * 1_000_000n;

/** protojson of google.v1.Profile: 64-bit numbers as strings, zero fields left out. */
function asJsonProfile(stacks: readonly MergedStack[], question: JsonObject): JsonObject {
  const { profile } = writeProfile(stacks, kindsOf(question), nanosOf(question));
  const plain = (value: unknown): unknown => {
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).filter(
      ([, each]) =>
        each !== 0 && each !== 0n && each !== false && !(Array.isArray(each) && each.length === 0),
    );
    return Object.fromEntries(fields.map(([name, each]) => [name, plain(each)]));
  };
  const { stringTable, ...rest } = profile;
  const defaultSampleType = rest.sampleType[0]?.type;
  return {
    ...asObject(plain(rest)),
    stringTable: stringTable.strings,
    defaultSampleType: String(defaultSampleType),
  };
}

/** SelectMergeProfile as `application/proto`: the body of the answer is a pprof file. */
function answerProtoProfile({ body }: Call, store: PyroscopeStore, method: Method): Reply {
  if (method !== 'SelectMergeProfile') return { status: 501 };
  const fields = readFields(body);
  const text = (tag: number): string =>
    textOf(fields.find(({ number }) => number === tag)?.bytes ?? new Uint8Array());
  const number = (tag: number): string => String(fields.find((field) => field.number === tag)?.value ?? 0n);
  const question = { profileTypeID: text(1), labelSelector: text(2), start: number(3), end: number(4) };
  // Where no block has anything of it, the real one answers with an empty message.
  if (selectRows(question, store).length === 0) return { status: 200, type: 'application/proto', body: '' };
  const { bytes } = writeProfile(stacksOf(question, store), kindsOf(question), nanosOf(question));
  return { status: 200, type: 'application/proto', body: bytes };
}

function answerSeries(question: JsonObject, store: PyroscopeStore): unknown {
  const step = Number(question.step ?? 0) * 1000;
  if (!(step >= 1)) throw invalid('step must be at least 1ms');
  const [start] = rangeOf(question);
  const groupBy = asStrings(question.groupBy);
  const series = new Map<
    string,
    { labels: { name: string; value: string }[]; points: Map<number, number> }
  >();
  for (const row of selectRows(question, store)) {
    const labels = groupBy
      .filter((name) => row.labels[name] !== undefined)
      .map((name) => ({ name, value: row.labels[name] }));
    const key = JSON.stringify(labels);
    const entry = series.get(key) ?? { labels, points: new Map<number, number>() };
    const time = start + Math.ceil((row.timeMillis - start) / step) * step;
    const value = row.samples.reduce((sum, { stack }) => sum + stack.value, 0);
    entry.points.set(time, (entry.points.get(time) ?? 0) + value);
    series.set(key, entry);
  }
  return {
    // The largest first.
    series: [...series.values()]
      .sort((a, b) => sumOf(b.points) - sumOf(a.points))
      .map(({ labels, points }) => ({
        ...(labels.length === 0 ? {} : { labels }),
        points: [...points]
          .sort(([a], [b]) => a - b)
          .map(([time, value]) => ({ value, timestamp: String(time) })),
      })),
  };
}

const sumOf = (points: ReadonlyMap<number, number>): number =>
  [...points.values()].reduce((sum, value) => sum + value, 0);

/** `now`, `now-1h`, and digits by their number: 13 are ms, fewer are seconds. */
function readTime(text: string, now: number): number {
  const ago = /^now(?:-(\d+)([smhd]))?$/.exec(text);
  if (ago !== null) {
    const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[ago[2] ?? 's'] ?? 0;
    return now - Number(ago[1] ?? 0) * unit;
  }
  return text.length >= 13 ? Number(text) : Number(text) * 1000;
}

export function answerRender({ query }: Call, store: PyroscopeStore, now: () => number): Reply {
  const asked = query.get('query') ?? '';
  const cut = asked.indexOf('{');
  const profileTypeID = cut < 0 ? asked : asked.slice(0, cut);
  const [start, end] = [query.get('from') ?? 'now-1h', query.get('until') ?? 'now'].map((each) =>
    readTime(each, now()),
  );
  const question = { profileTypeID, labelSelector: cut < 0 ? '{}' : asked.slice(cut), start, end };
  const stacks = stacksOf(question, store);
  const graph = drawSingle(stacks, Number(query.get('maxNodes') ?? query.get('max-nodes') ?? 8192));
  const { names, levels, total, maxSelf } = graph;
  return json(200, {
    version: 1,
    flamebearer: { names, levels, numTicks: total, maxSelf },
    metadata: {
      format: 'single',
      spyName: '',
      sampleRate: 1_000_000_000,
      units: 'samples',
      name: profileTypeID.split(':')[1],
    },
    timeline: { startTime: Math.floor(start / 1000), samples: [total], durationDelta: 15, watermarks: null },
    groups: null,
    heatmap: null,
  });
}

/** The ad-hoc store takes a profile of any age, and draws its first sample type. Its list is as its proto has it. */
export function answerAdHoc({ path, body }: Call, store: PyroscopeStore, now: () => number): Reply {
  if (path.endsWith('/List')) return json(200, store.uploads.length === 0 ? {} : { profiles: store.uploads });
  if (!path.endsWith('/Upload')) return { status: 404 };
  const message = parseMessage(body, 'adhocprofilesv1.AdHocProfilesUploadRequest');
  const name = String(message.name ?? '');
  const profile = readProfile(new Uint8Array(Buffer.from(String(message.profile ?? ''), 'base64')));
  const stacks = profile.samples.map(({ frames, values }) => ({ frames, value: values[0] }));
  const { names, levels, total, maxSelf } = drawSingle(stacks, Number(message.maxNodes ?? 8192));
  const kinds = profile.kinds.map(({ type }) => type);
  const upload = { id: `01M7YPHE3815V4EFEY02FFGBRR-${name}`, name, uploadedAt: String(now()) };
  store.uploads.push(upload);
  return json(200, {
    ...upload,
    profileType: kinds[0],
    profileTypes: kinds,
    flamebearerProfile: JSON.stringify({
      version: 1,
      flamebearer: { names, levels, numTicks: total, maxSelf },
      metadata: { format: 'single', spyName: '', sampleRate: 100, units: 'objects', name: kinds[0] },
      timeline: null,
      groups: null,
      heatmap: null,
    }),
  });
}
