/**
 * What the stand-ins keep of a pprof file, and how they write one.
 * In: pprof bytes, gzip or plain. Out: plain samples with their stacks, leaf first. Read with pprof-format, so that no
 * reader or writer of ours judges itself.
 * Refuses what the Go servers refuse: wrong wire types (in their words), as a {@link ProfileError}.
 */
import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { emptyTableToken, Profile, StringTable } from 'pprof-format';
import { readFields, WireError } from './wire.ts';

export interface PlainFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly startLine: number;
}

export interface PlainSample {
  /** Leaf first. */
  readonly frames: readonly PlainFrame[];
  readonly values: readonly number[];
  /** String labels. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface ValueKind {
  readonly type: string;
  readonly unit: string;
}

export interface PlainProfile {
  readonly bytes: number;
  readonly kinds: readonly ValueKind[];
  readonly periodKind: ValueKind | null;
  readonly timeNanos: bigint;
  readonly durationNanos: bigint;
  readonly period: number;
  readonly samples: readonly PlainSample[];
  /** What Pyroscope refuses of it besides its limits (reference/protocols.md §1e); null where nothing is. */
  readonly unsound: string | null;
  /** The first table whose ids are not 1, 2, 3 …; null where all are. */
  readonly unordered: 'mapping' | 'location' | 'function' | null;
}

export class ProfileError extends Error {}

/** Names and wire types of Profile's fields, as Go's generated decoder checks them. */
const FIELDS: Readonly<Record<number, readonly [name: string, types: readonly number[]]>> = {
  1: ['SampleType', [2]],
  2: ['Sample', [2]],
  3: ['Mapping', [2]],
  4: ['Location', [2]],
  5: ['Function', [2]],
  6: ['StringTable', [2]],
  7: ['DropFrames', [0]],
  8: ['KeepFrames', [0]],
  9: ['TimeNanos', [0]],
  10: ['DurationNanos', [0]],
  11: ['PeriodType', [2]],
  12: ['Period', [0]],
  13: ['Comment', [0, 2]],
  14: ['DefaultSampleType', [0]],
};

export function readProfile(raw: Uint8Array): PlainProfile {
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? new Uint8Array(gunzipSync(raw)) : raw;
  checkFields(bytes);
  const profile = Profile.decode(bytes);
  const text = (index: number | bigint): string => {
    const value = profile.stringTable.strings[Number(index)];
    if (value === undefined) throw new ProfileError(`string index ${index} is out of range`);
    return value;
  };
  const functions = new Map(profile.function.map((each) => [Number(each.id), each]));
  const locations = new Map(profile.location.map((each) => [Number(each.id), each]));
  const framesOf = (id: number | bigint): PlainFrame[] =>
    (locations.get(Number(id))?.line ?? []).map((line) => {
      const called = functions.get(Number(line.functionId));
      if (called === undefined) throw new ProfileError(`function ${line.functionId} is missing`);
      return {
        name: text(called.name),
        file: text(called.filename),
        line: Number(line.line),
        startLine: Number(called.startLine),
      };
    });
  return {
    bytes: bytes.length,
    kinds: profile.sampleType.map(({ type, unit }) => ({ type: text(type), unit: text(unit) })),
    periodKind:
      profile.periodType === undefined
        ? null
        : { type: text(profile.periodType.type), unit: text(profile.periodType.unit) },
    timeNanos: BigInt(profile.timeNanos),
    durationNanos: BigInt(profile.durationNanos),
    period: Number(profile.period),
    samples: profile.sample.map((sample) => ({
      frames: sample.locationId.flatMap(framesOf),
      values: sample.value.map((value) => Number(BigInt.asIntN(64, BigInt(value)))),
      labels: new Map(
        sample.label
          .filter((label) => Number(label.str) !== 0)
          .map((label) => [text(label.key), text(label.str)]),
      ),
    })),
    unsound: findUnsound(bytes, profile),
    unordered:
      (['mapping', 'function', 'location'] as const).find((table) =>
        profile[table].some(({ id }, row) => Number(id) !== row + 1),
      ) ?? null,
  };
}

function findUnsound(bytes: Uint8Array, profile: Profile): string | null {
  const texts = readFields(bytes).filter(({ number }) => number === 6);
  if (texts.length > 0 && texts[0].bytes.length > 0) return 'string_table[0] is not empty';
  if (texts.some((text) => !isUtf8(text.bytes))) return 'a string is not valid UTF-8';
  if ([...profile.function, ...profile.location].some(({ id }) => Number(id) === 0)) return 'an id is 0';
  const known = new Set(profile.location.map(({ id }) => Number(id)));
  if (profile.sample.some(({ locationId }) => locationId.some((id) => !known.has(Number(id)))))
    return 'a sample names a location that there is not';
  return null;
}

function checkFields(bytes: Uint8Array): void {
  try {
    for (const { number, type } of readFields(bytes)) {
      const known = FIELDS[number];
      if (known !== undefined && !known[1].includes(type))
        throw new ProfileError(`proto: wrong wireType = ${type} for field ${known[0]}`);
    }
  } catch (error) {
    throw error instanceof WireError ? new ProfileError(error.message) : error;
  }
}

export interface MergedStack {
  readonly frames: readonly PlainFrame[];
  readonly value: number;
}

/** One pprof of merged stacks, uncompressed. */
export function writeProfile(
  stacks: readonly MergedStack[],
  kind: { readonly sample: ValueKind; readonly period: ValueKind },
  timeNanos: bigint,
): { readonly bytes: Uint8Array; readonly profile: Profile } {
  const stringTable = new StringTable(emptyTableToken);
  stringTable.dedup('');
  const rows = new Map<string, number>();
  const tables: { functions: object[]; locations: object[] } = { functions: [], locations: [] };
  const locationOf = ({ name, file, line, startLine }: PlainFrame): number => {
    const key = JSON.stringify([name, file, line, startLine]);
    const known = rows.get(key);
    if (known !== undefined) return known;
    const id = tables.functions.length + 1;
    const nameRow = stringTable.dedup(name);
    tables.functions.push({
      id,
      name: nameRow,
      systemName: nameRow,
      filename: stringTable.dedup(file),
      startLine,
    });
    tables.locations.push({ id, mappingId: 1, line: [{ functionId: id, line }] });
    rows.set(key, id);
    return id;
  };
  const sample = stacks.map(({ frames, value }) => ({ locationId: frames.map(locationOf), value: [value] }));
  const valueType = ({ type, unit }: ValueKind): { type: number; unit: number } => ({
    type: stringTable.dedup(type),
    unit: stringTable.dedup(unit),
  });
  const profile = new Profile({
    sampleType: [valueType(kind.sample)],
    sample,
    mapping: [
      {
        id: 1,
        filename: stringTable.dedup('pageflame'),
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: true,
      },
    ],
    location: tables.locations,
    function: tables.functions,
    periodType: valueType(kind.period),
    period: 1_000_000_000,
    timeNanos,
    stringTable,
  });
  return { bytes: profile.encode(), profile };
}
