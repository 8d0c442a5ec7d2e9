/**
 * From a recording to the parcels that leave for a destination: redacted, labelled, split, encoded.
 * In: cargo, a destination, the time. Out: a {@link ShipmentPlan}: what would be sent, and what is to be said about it.
 * The same cargo gives the same parcels with the same ids.
 * Refuses, before anything is sent: labels that the backend would refuse, and cargo with nothing in it.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import type { Cargo, Destination, Labels, Parcel } from './contract.ts';
import { deriveTraceIds, type TraceIds } from './ids.ts';
import { checkLabels, type LabelProblem } from './labels.ts';
import { packOtlpProfiles, packTrace } from './pack-otlp.ts';
import { packSeries } from './pack-series.ts';
import type { Packing } from './packing.ts';
import { PYROSCOPE_WINDOW_MILLIS } from './pyroscope.ts';
import { makeRedactor, redactLabels, redactProfile } from './redaction.ts';

/** What becomes of a profile that Pyroscope calls too old: uploaded ad hoc, or sent with the time of sending. */
export type AgeChoice = 'ad-hoc' | 'restamp';

export interface PlanOptions {
  /** Unix ms. */
  readonly now: number;
  readonly age: AgeChoice;
}

export interface ShipmentPlan {
  readonly parcels: readonly Parcel[];
  /** On every series. */
  readonly labels: Labels;
  readonly ids: TraceIds;
  /** Warnings, and labels that are left out. */
  readonly problems: readonly LabelProblem[];
  /** What the user should know: ages, cuts that the backend makes. */
  readonly notes: readonly string[];
  /** Unix ms that what is sent carries. */
  readonly time: number;
  /** The backend takes it only by one of the age choices. */
  readonly tooOld: boolean;
}

export async function planShipment(
  cargo: Cargo,
  destination: Destination,
  { now, age }: PlanOptions,
): Promise<Result<ShipmentPlan>> {
  const redact = makeRedactor(destination.redaction);
  const start = startOf(cargo);
  const tooOld = destination.kind === 'pyroscope' && now - start > PYROSCOPE_WINDOW_MILLIS;
  const restamped = tooOld && age === 'restamp';
  const tags = redactLabels({ service_name: 'page', ...cargo.tags, ...destination.labels }, redact);
  // What was sent with a new time before, and comes back from there, knows its true one better.
  const own = restamped ? { ...tags, recorded_at: tags.recorded_at || new Date(start).toISOString() } : tags;
  const problems = checkLabels(destination.kind, own);
  const refused = problems.find(({ weight }) => weight === 'refused');
  if (refused !== undefined) {
    const detail = `${refused.problem} ${refused.reason}`;
    return fail(makeFailure('label-refused', { subject: refused.label || 'set', detail }));
  }
  const labels = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  const long = new Set<string>();
  const isCut = destination.kind === 'pyroscope';
  const byText = isCut ? (text: string): string => cutLong(redact(text), long) : redact;
  const packing: Packing = {
    cargo: { ...cargo, profiles: cargo.profiles.map((profile) => redactProfile(profile, byText)) },
    destination,
    labels,
    ids: await deriveTraceIds(cargo.seed, cargo.load?.document?.serverTrace ?? cargo.serverTrace),
    redact,
    shift: restamped ? now - start : 0,
    adHoc: tooOld && !restamped,
  };
  const packed = await pack(packing);
  if (!packed.ok) return packed;
  if (packed.value.length === 0) {
    const code = destination.kind === 'otlp-traces' ? 'no-page-load' : 'nothing-to-send';
    return fail(makeFailure(code, { subject: cargo.name }));
  }
  return succeed({
    parcels: packed.value,
    labels,
    ids: packing.ids,
    problems,
    notes: [...notesOnAge(packing, start), ...notesOnDepth(packing), ...notesOnLength(long.size)],
    time: start + packing.shift,
    tooOld,
  });
}

function pack(packing: Packing): Promise<Result<Parcel[]>> {
  switch (packing.destination.kind) {
    case 'pyroscope':
    case 'parca':
      return packSeries(packing);
    case 'otlp':
      return packOtlpProfiles(packing);
    case 'otlp-traces':
      return packTrace(packing);
  }
}

function startOf({ profiles, load, unixMillisAtZero }: Cargo): number {
  const starts = [...profiles.map(({ range }) => range.start), ...(load === null ? [] : [load.window.start])];
  return unixMillisAtZero + (starts.length === 0 ? 0 : Math.min(...starts)) / 1000;
}

function notesOnAge({ adHoc, shift }: Packing, start: number): string[] {
  const recorded = new Date(start).toISOString();
  if (adHoc)
    return [
      `Recorded at ${recorded}: Pyroscope takes profiles of the last hour only, so it is uploaded to its ad hoc store. It is found there by name, not by labels.`,
    ];
  if (shift === 0) return [];
  return [
    `Sent with the time of sending; the true one, ${recorded}, is in the label recorded_at. Links from traces will not find it.`,
  ];
}

/** Of one name or address, in UTF-8. Of a longer one Pyroscope keeps the end, and refuses it where that begins within a character. */
const TEXT_MAX_BYTES = 65_535;

function cutLong(text: string, long: Set<string>): string {
  // A code unit is three bytes at most: few texts have to be measured.
  if (text.length * 3 <= TEXT_MAX_BYTES) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= TEXT_MAX_BYTES) return text;
  long.add(text);
  let from = bytes.length - TEXT_MAX_BYTES;
  while ((bytes[from] & 0xc0) === 0x80) from++;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from));
}

const notesOnLength = (count: number): string[] =>
  count === 0
    ? []
    : [
        `${count === 1 ? 'A name is' : `${count} names are`} longer than ${TEXT_MAX_BYTES} bytes: Pyroscope takes the end alone.`,
      ];

const DEPTH_MAX = 1000;

function notesOnDepth({ cargo, destination }: Packing): string[] {
  if (destination.kind !== 'pyroscope') return [];
  let deep = 0;
  for (const { stacks } of cargo.profiles) {
    const depth = new Int32Array(stacks.length);
    for (let row = 0; row < stacks.length; row++) {
      depth[row] = stacks.prefix[row] < 0 ? 1 : depth[stacks.prefix[row]] + 1;
      if (depth[row] > DEPTH_MAX) deep++;
    }
  }
  return deep === 0
    ? []
    : [
        `${deep} stacks are deeper than ${DEPTH_MAX} frames: Pyroscope counts what lies deeper for the ${DEPTH_MAX}th.`,
      ];
}
