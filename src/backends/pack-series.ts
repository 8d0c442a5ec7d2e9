/**
 * Profiles → parcels for Pyroscope and Parca: one series per request, each a pprof.
 * In: a packing. Out: parcels. `cpu` and V8's samples of a thread travel in one pprof, `wall` in another; Parca gets one
 * series per category besides, because labels of samples are no labels there.
 */
import { CATEGORIES } from '../analysis/index.ts';
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { NO_CATEGORY, type StackProfile, samplingInterval, writePprof } from '../profile/index.ts';
import type { Labels, Parcel, ParcelContent, Proof } from './contract.ts';
import { nameFramesByFile } from './frame-names.ts';
import { fingerprint } from './ids.ts';
import type { Packing } from './packing.ts';
import { PARCA_MAX_BYTES } from './parca.ts';
import {
  adHocName,
  PYROSCOPE_MAX_BYTES,
  PYROSCOPE_MAX_SAMPLES,
  PYROSCOPE_WINDOW_MILLIS,
  selectorOf,
} from './pyroscope.ts';
import { type Encoding, PIECE_GAP_MILLIS, type Piece, splitToFit } from './split.ts';
import { gzip } from './wire/gzip.ts';
import { countSamples, message, numberField } from './wire/protobuf.ts';

/** `time_nanos` of a pprof. */
const TIME_NANOS = 9;

/** What travels in one series. */
interface Series {
  /** `process_cpu`, `wall`, … */
  readonly metric: string;
  readonly thread: string;
  /** null: on the samples. */
  readonly category: string | null;
  /** Nanoseconds that one of V8's samples of the thread stands for, 0 where it has none: Parca answers with samples times that. */
  readonly period: number;
  /** The last one is what is asked for. */
  readonly profiles: readonly StackProfile[];
}

/** Pyroscope's limits; and a size that is well under Parca's. */
function encodingOf({ category, period }: Series): Encoding {
  return category === null
    ? {
        encode: (profiles) => writePprof(profiles, { threadLabels: false, period }),
        fits: (bytes) => bytes.length <= PYROSCOPE_MAX_BYTES && countSamples(bytes) <= PYROSCOPE_MAX_SAMPLES,
      }
    : {
        encode: (profiles) => writePprof(profiles, { threadLabels: false, categoryLabels: false, period }),
        fits: (bytes) => bytes.length <= PARCA_MAX_BYTES,
      };
}

export async function packSeries(packing: Packing): Promise<Result<Parcel[]>> {
  const parcels: Parcel[] = [];
  for (const series of seriesOf(packing, packing.destination.kind === 'parca')) {
    const profiles = series.profiles.map((profile) => stamp(packing, profile));
    const split = splitToFit(profiles, encodingOf(series));
    if (!split.ok) return fail(makeFailure('backend-too-big', { subject: titleOf(series, 0, 1) }));
    const pieces = split.value.filter((piece) => piece.profiles.some(hasWeight));
    let time = Number.NEGATIVE_INFINITY;
    for (const [index, piece] of pieces.entries()) {
      time = Math.max(timeOf(piece), time + PIECE_GAP_MILLIS);
      parcels.push(
        await parcelOf({ packing, series, time, title: titleOf(series, index, pieces.length) }, piece),
      );
    }
  }
  return succeed(parcels);
}

function seriesOf({ cargo, destination }: Packing, byCategory: boolean): Series[] {
  const named =
    destination.frameNames === 'with-file' ? cargo.profiles.map(nameFramesByFile) : cargo.profiles;
  const threads = nameThreadLabels(named);
  return [...new Set(threads)]
    .flatMap((thread) => {
      const own = named.filter((_, i) => threads[i] === thread);
      const sampled = own.find(({ type }) => type === 'samples');
      const period = sampled === undefined ? 0 : samplingInterval(sampled);
      return groupByMetric(own).flatMap(({ metric, profiles }): Series[] =>
        byCategory
          ? splitByCategory(profiles).map(({ category, parts }) => ({
              metric,
              thread,
              category,
              period,
              profiles: parts,
            }))
          : [{ metric, thread, category: null, period, profiles: profiles.filter(hasWeight) }],
      );
    })
    .filter(({ profiles }) => profiles.length > 0);
}

/** `main`, `worker`, `worker-2`: few values, and never two threads of a recording under one. */
export function nameThreadLabels(profiles: readonly StackProfile[]): string[] {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return profiles.map(({ thread }) => {
    const key = `${thread.pid}:${thread.tid}:${thread.name}`;
    let name = names.get(key);
    if (name === undefined) {
      const count = (counts.get(thread.role) ?? 0) + 1;
      counts.set(thread.role, count);
      name = count === 1 ? thread.role : `${thread.role}-${count}`;
      names.set(key, name);
    }
    return name;
  });
}

/** Samples and cpu share a pprof, cpu last: tools show the last. */
function groupByMetric(profiles: readonly StackProfile[]): { metric: string; profiles: StackProfile[] }[] {
  const metrics = new Map<string, StackProfile[]>();
  const order = [...profiles].sort((a, b) => Number(b.type === 'samples') - Number(a.type === 'samples'));
  for (const profile of order) {
    const metric = metricOf(profile);
    metrics.set(metric, [...(metrics.get(metric) ?? []), profile]);
  }
  return [...metrics].map(([metric, grouped]) => ({ metric, profiles: grouped }));
}

function metricOf({ type, unit }: StackProfile): string {
  if (type === 'cpu' || type === 'samples') return 'process_cpu';
  if (type === 'wall') return 'wall';
  return unit === 'bytes'
    ? 'memory'
    : type.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/^(?=\d)/, '_') || 'profile';
}

const hasWeight = ({ samples }: StackProfile): boolean => samples.weight.some((weight) => weight > 0);

function splitByCategory(profiles: readonly StackProfile[]): { category: string; parts: StackProfile[] }[] {
  const numbers = new Set(profiles.flatMap(({ samples }) => [...new Set(samples.category)]));
  return [...numbers].map((number) => ({
    category: number === NO_CATEGORY ? 'none' : CATEGORIES[number],
    parts: profiles.map((profile) => onlyCategory(profile, number)).filter(hasWeight),
  }));
}

function onlyCategory(profile: StackProfile, category: number): StackProfile {
  const { samples } = profile;
  const rows = Array.from({ length: samples.length }, (_, row) => row).filter(
    (row) => samples.category[row] === category,
  );
  return {
    ...profile,
    samples: {
      length: rows.length,
      stack: Int32Array.from(rows, (row) => samples.stack[row]),
      weight: Float64Array.from(rows, (row) => samples.weight[row]),
      category: new Uint8Array(rows.length).fill(category),
      time: Float64Array.from(rows, (row) => samples.time[row]),
      line: Int32Array.from(rows, (row) => samples.line[row]),
    },
  };
}

/** When it was, as it is sent, and whose span it is. Sample types hold no dash at Pyroscope. */
function stamp({ cargo, ids, shift }: Packing, profile: StackProfile): StackProfile {
  return {
    ...profile,
    type: profile.type.replaceAll('-', '_'),
    startUnixMillis: cargo.unixMillisAtZero + profile.range.start / 1000 + shift,
    labels: { trace_id: ids.traceId, span_id: ids.rootSpanId },
  };
}

const timeOf = ({ profiles }: Piece): number => profiles.at(-1)?.startUnixMillis ?? 0;

function titleOf({ metric, thread, category }: Series, index: number, count: number): string {
  const what = metric === 'process_cpu' ? 'cpu' : metric;
  const part = count === 1 ? '' : `, part ${index + 1} of ${count}`;
  return `${what} of ${thread}${category === null ? '' : `, ${category}`}${part}`;
}

interface Place {
  readonly packing: Packing;
  readonly series: Series;
  /** Unix ms that its profiles carry. */
  readonly time: number;
  readonly title: string;
}

async function parcelOf(place: Place, piece: Piece): Promise<Parcel> {
  const { packing, time, title } = place;
  const { destination, adHoc } = packing;
  const pprof = stampPprof(piece, time);
  const labels = labelsOf(place);
  const kind = adHoc ? 'pyroscope-adhoc' : destination.kind === 'parca' ? 'parca' : 'pyroscope';
  const id = await fingerprint(destination.id, JSON.stringify(labels), kind, pprof);
  const name = adHocName(`${packing.redact(packing.cargo.name)} ${title}`, id);
  const zipped = await gzip(pprof);
  const content: ParcelContent =
    kind === 'pyroscope-adhoc' ? { kind, name, pprof: zipped } : { kind, labels, pprof: zipped };
  return {
    id,
    content,
    proof: kind === 'pyroscope-adhoc' ? { kind, name } : proofOf(place, labels, piece),
    title,
    plainBytes: pprof.length + JSON.stringify(labels).length,
    time,
    takenUntil: content.kind === 'pyroscope' ? time + PYROSCOPE_WINDOW_MILLIS : null,
  };
}

/** Pieces that lie too close get a time of their own: a later field of one number replaces the earlier. */
function stampPprof(piece: Piece, time: number): Uint8Array<ArrayBuffer> {
  if (timeOf(piece) === time) return piece.bytes;
  return message(piece.bytes, numberField(TIME_NANOS, BigInt(Math.round(time * 1000)) * 1000n));
}

function labelsOf({ packing, series }: Place): Labels {
  const { labels, ids, destination } = packing;
  const { metric, thread, category } = series;
  return destination.kind === 'parca'
    ? {
        __name__: metric,
        ...labels,
        thread,
        ...(category === null ? {} : { category }),
        trace_id: ids.traceId,
      }
    : { __name__: metric, ...labels, thread, pyroscope_spy: 'nodespy' };
}

const PROOF_MILLIS = 5;

function proofOf({ packing, time }: Place, labels: Labels, { profiles }: Piece): Proof {
  const { __name__: metric, ...selected } = labels;
  const asked = profiles.filter(hasWeight).at(-1);
  const main = profiles.at(-1);
  const [type, unit] = asked === undefined ? ['', ''] : typeAndUnit(asked);
  const [periodType, periodUnit] = main === undefined ? ['', ''] : typeAndUnit(main);
  const id = [metric, type, unit, periodType, periodUnit].join(':');
  const window = { start: time - PROOF_MILLIS, end: time + PROOF_MILLIS };
  if (packing.destination.kind === 'parca')
    return { kind: 'parca', query: `${id}:delta${selectorOf(selected)}`, ...window };
  return {
    kind: 'pyroscope',
    profileType: id,
    selector: selectorOf(selected),
    spanId: packing.ids.rootSpanId,
    ...window,
  };
}

function typeAndUnit({ type, unit }: StackProfile): [string, string] {
  if (unit === 'microseconds') return [type, 'nanoseconds'];
  return [type, unit === 'none' ? 'count' : unit];
}
