/**
 * What the Pyroscope stand-in keeps per tenant, and the checks before it keeps anything (reference/protocols.md §1).
 * In: one series' labels and one raw profile. Out: rows, one per sample type and set of sample labels.
 * Refuses as Pyroscope v2.2.1 does, with its status, code and words.
 */
import { isUtf8 } from 'node:buffer';
import {
  type MergedStack,
  type PlainFrame,
  type PlainProfile,
  type PlainSample,
  ProfileError,
  readProfile,
} from './profile-data.ts';
import { type Labels, parseSelector, printLabels, SelectorError } from './selector.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const invalid = (message: string): Refusal => new Refusal(400, 'invalid_argument', message);

export interface Row {
  readonly labels: Labels;
  readonly type: string;
  readonly timeMillis: number;
  readonly samples: readonly { readonly stack: MergedStack; readonly labels: ReadonlyMap<string, string> }[];
}

const MIB = 1024 * 1024;
const LIMITS = {
  nameLength: 1024,
  valueLength: 2048,
  labelNames: 30,
  profileBytes: 4 * MIB,
  samples: 16_000,
  sampleLabels: 100,
  symbolLength: 65_535,
  depth: 1000,
  ratePerSecond: 4 * MIB,
  burst: 2 * MIB,
  olderMillis: 3_600_000,
  newerMillis: 600_000,
} as const;

/** Sample labels that stay with the sample; every other becomes a label of the series. */
const KEPT_ON_SAMPLES = new Set(['span_id', 'trace_id', 'profile_id']);

export class PyroscopeStore {
  readonly rows: Row[] = [];
  /** What lies in the ad-hoc store. */
  readonly uploads: { readonly id: string; readonly name: string; readonly uploadedAt: string }[] = [];
  readonly #now: () => number;
  #tokens: number = LIMITS.burst;
  #refilled: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#refilled = now();
  }

  push(pairs: readonly (readonly [string, string])[], raw: Uint8Array): void {
    checkName(pairs);
    this.pushProfile(pairs, this.#read(raw));
  }

  /** As it is when it has been read. */
  pushProfile(pairs: readonly (readonly [string, string])[], profile: PlainProfile): void {
    checkName(pairs);
    const size = profile.bytes + pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (profile.bytes > LIMITS.profileBytes)
      throw invalid('uncompressed profile payload size exceeds limit of 4.2 MB');
    this.#checkRate(size);
    const named = pairs.some(([name]) => name === 'service_name')
      ? pairs
      : [...pairs, ['service_name', 'unknown_service'] as const];
    for (const labels of seriesOf(named, profile)) checkLabels(labels);
    this.#checkTime(profile, printLabels(named));
    checkProfile(profile, printLabels(named));
    this.#keep(named, profile);
  }

  #read(raw: Uint8Array): PlainProfile {
    try {
      return readProfile(raw);
    } catch (error) {
      if (error instanceof ProfileError) throw new Refusal(500, 'unknown', error.message);
      throw error;
    }
  }

  #checkRate(size: number): void {
    const now = this.#now();
    this.#tokens = Math.min(
      LIMITS.burst,
      this.#tokens + ((now - this.#refilled) / 1000) * LIMITS.ratePerSecond,
    );
    this.#refilled = now;
    if (size > this.#tokens)
      throw new Refusal(
        429,
        'resource_exhausted',
        `push rate limit (4.0 MiB) exceeded while adding ${(size / MIB).toFixed(1)} MiB`,
      );
    this.#tokens -= size;
  }

  #checkTime(profile: PlainProfile, labels: string): void {
    if (profile.timeNanos === 0n) return;
    const now = this.#now();
    const time = Number(profile.timeNanos / 1_000_000n);
    const [start, end] = [now - LIMITS.olderMillis, now + LIMITS.newerMillis];
    if (time >= start && time <= end) return;
    throw invalid(
      `profile with labels '${labels}' is outside of ingestion window (profile timestamp: ${goTime(time)}, the ingestion window starts at ${goTime(start)} and ends at ${goTime(end)})`,
    );
  }

  #keep(pairs: readonly (readonly [string, string])[], profile: PlainProfile): void {
    const name = pairs.find(([label]) => label === '__name__')?.[1] ?? '';
    const own = pairs.filter(([label, value]) => value !== '' && label !== '__session_id__');
    const groups = new Map<string, { labels: Labels; samples: PlainSample[] }>();
    for (const sample of profile.samples) {
      if (sample.values.some((value) => value < 0) || sample.values.every((value) => value === 0)) continue;
      const extra = [...sample.labels].filter(([label]) => !KEPT_ON_SAMPLES.has(label));
      const labels = Object.fromEntries([...own, ...extra]);
      const key = JSON.stringify(Object.entries(labels).sort());
      const group = groups.get(key) ?? { labels, samples: [] };
      group.samples.push(sample);
      groups.set(key, group);
    }
    const period = profile.periodKind;
    profile.kinds.forEach((kind, column) => {
      const type = [name, kind.type, kind.unit, period?.type ?? '', period?.unit ?? ''].join(':');
      for (const { labels, samples } of groups.values())
        this.rows.push({
          labels: {
            ...labels,
            __profile_type__: type,
            __type__: kind.type,
            __unit__: kind.unit,
            __period_type__: period?.type ?? '',
            __period_unit__: period?.unit ?? '',
            __service_name__: labels.service_name,
          },
          type,
          timeMillis: profile.timeNanos === 0n ? this.#now() : Number(profile.timeNanos / 1_000_000n),
          samples: samples
            .filter((sample) => sample.values[column] !== 0)
            .map((sample) => ({
              labels: sample.labels,
              // The leaf's side is cut.
              stack: {
                frames: sample.frames.slice(-LIMITS.depth).map(cutNames),
                value: sample.values[column],
              },
            })),
        });
    });
  }

  select(selector: string, start: number, end: number, type: string | null): Row[] {
    let matches: (labels: Labels) => boolean;
    try {
      matches = parseSelector(selector);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw invalid(`parsing label selector ${JSON.stringify(selector)}: ${error.message}`);
    }
    return this.rows.filter(
      (row) =>
        (type === null || row.type === type) &&
        row.timeMillis >= start &&
        row.timeMillis <= end &&
        matches(row.labels),
    );
  }
}

/** The series' labels with those of its samples: sample labels make series, and count. */
function seriesOf(
  pairs: readonly (readonly [string, string])[],
  { samples }: PlainProfile,
): (readonly (readonly [string, string])[])[] {
  const sets = new Map([['', pairs]]);
  for (const { labels } of samples) {
    const extra = [...labels].filter(([label]) => !KEPT_ON_SAMPLES.has(label));
    if (extra.length > 0) sets.set(JSON.stringify(extra), [...pairs, ...extra]);
  }
  return [...sets.values()];
}

/** Of longer names the tail is kept, byte by byte. */
const cutText = (text: string): Buffer => Buffer.from(text).subarray(-LIMITS.symbolLength);

const cutNames = (frame: PlainFrame): PlainFrame => ({
  ...frame,
  name: cutText(frame.name).toString(),
  file: cutText(frame.file).toString(),
});

function checkName(pairs: readonly (readonly [string, string])[]): void {
  if (!pairs.some(([name, value]) => name === '__name__' && value !== ''))
    throw invalid(`invalid labels '${printLabels(pairs)}' with error: invalid metric name`);
}

function checkLabels(pairs: readonly (readonly [string, string])[]): void {
  const labels = printLabels(pairs);
  if (pairs.length > LIMITS.labelNames)
    throw invalid(`profile series '${labels}' has ${pairs.length} label names; limit ${LIMITS.labelNames}`);
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    const text = `profile with labels '${labels}' has`;
    if (Buffer.byteLength(name) > LIMITS.nameLength) throw invalid(`${text} label name too long: '${name}'`);
    if (Buffer.byteLength(value) > LIMITS.valueLength)
      throw invalid(`${text} label value too long: '${value}'`);
    if (seen.has(name)) throw invalid(`${text} duplicate label name: '${name}'`);
    seen.add(name);
  }
}

function checkProfile(profile: PlainProfile, labels: string): void {
  if (profile.kinds.some(({ type }) => type.includes('-'))) throw invalid('sample type contains -');
  if (profile.samples.length > LIMITS.samples)
    throw invalid(
      `the profile with labels '${labels}' exceeds the samples count limit (max_profile_stacktrace_samples, actual: ${profile.samples.length}, limit: ${LIMITS.samples})`,
    );
  const isSplit = ({ name, file }: PlainFrame): boolean => !isUtf8(cutText(name)) || !isUtf8(cutText(file));
  if (profile.samples.some(({ frames }) => frames.some(isSplit))) throw invalid('invalid utf8 string hex');
  if (profile.unsound !== null) throw invalid(`the profile is malformed: ${profile.unsound}`);
  if (profile.samples.some((sample) => sample.labels.size > LIMITS.sampleLabels))
    throw invalid(`the profile with labels '${labels}' has a sample with too many labels`);
  for (const sample of profile.samples)
    if (sample.values.length !== profile.kinds.length)
      throw invalid(
        `sample value length mismatch, expected ${profile.kinds.length}, got ${sample.values.length}`,
      );
}

/** `2026-11-21 08:19:42.951 +0000 UTC` */
const goTime = (millis: number): string =>
  `${new Date(millis).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC`;
