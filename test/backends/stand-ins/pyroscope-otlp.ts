/**
 * `POST /v1development/profiles` of the Pyroscope stand-in: OpenTelemetry profiles as protobuf, made into its own as the real
 * one makes them (pkg/ingester/otlp of v2.2.1; reference/protocols.md §1c).
 * In: the call and the tenant's store. Out: 200 with an empty message. Refuses: other types of content (415), what is no
 * such message (400), and profiles that cannot be converted (500), in plain text.
 */
import type { Call, Reply } from './http.ts';
import type { PlainFrame, PlainSample, ValueKind } from './profile-data.ts';
import { type PyroscopeStore, Refusal } from './pyroscope-store.ts';
import { readFields, textOf, WireError, type WireField } from './wire.ts';

export const OTLP_PATH = '/v1development/profiles';
const TYPE = 'application/x-protobuf';

const plain = (status: number, body: string): Reply => ({ status, type: 'text/plain; charset=utf-8', body });

export function answerOtlp({ headers, body }: Call, store: PyroscopeStore): Reply {
  const type = headers['content-type'] ?? '';
  if (type !== TYPE && type !== 'application/protobuf')
    return plain(415, `Unsupported Content-Type: ${type}`);
  try {
    exportProfiles(body, store);
  } catch (error) {
    if (error instanceof WireError) return plain(400, 'Failed to parse protobuf request\n');
    if (error instanceof ConversionError)
      return plain(
        500,
        `rpc error: code = InvalidArgument desc = failed to convert otel profile: ${error.message}\n`,
      );
    if (error instanceof Refusal)
      return plain(
        error.status,
        `failed to make a GRPC request: push series with index 0 failed: ${error.message}\n`,
      );
    throw error;
  }
  return { status: 200, type: TYPE, body: '' };
}

class ConversionError extends Error {}

type Message = readonly WireField[];
const of = (message: Message, tag: number): WireField[] => message.filter(({ number }) => number === tag);
const child = (message: Message, tag: number): Message =>
  readFields(of(message, tag)[0]?.bytes ?? new Uint8Array());
const children = (message: Message, tag: number): Message[] =>
  of(message, tag).map(({ bytes }) => readFields(bytes));
const big = (message: Message, tag: number): bigint => of(message, tag)[0]?.value ?? 0n;
const int = (message: Message, tag: number): number => Number(big(message, tag));
const text = (message: Message, tag: number): string =>
  textOf(of(message, tag)[0]?.bytes ?? new Uint8Array());
const hex = (message: Message, tag: number): string =>
  Buffer.from(of(message, tag)[0]?.bytes ?? new Uint8Array()).toString('hex');

/** A repeated whole number, packed. */
function numbers(message: Message, tag: number): number[] {
  return of(message, tag).flatMap(({ bytes }) => {
    const found: number[] = [];
    let value = 0n;
    let shift = 0n;
    for (const byte of bytes) {
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte > 127) continue;
      found.push(Number(BigInt.asIntN(64, value)));
      [value, shift] = [0n, 0n];
    }
    return found;
  });
}

function at<T>(table: readonly T[], index: number): T {
  const found = table[index];
  if (found === undefined) throw new ConversionError(`index ${index} out of bounds`);
  return found;
}

interface Dictionary {
  readonly mappings: number;
  readonly strings: readonly string[];
  readonly attributes: readonly (readonly [key: string, value: string])[];
  /** Trace id, span id. */
  readonly links: readonly (readonly [string, string])[];
  /** Innermost first. */
  readonly stacks: readonly (readonly PlainFrame[])[];
}

function exportProfiles(body: Uint8Array, store: PyroscopeStore): void {
  const request = readFields(body);
  if (of(request, 2).length === 0) throw new ConversionError('missing profile metadata dictionary');
  const dictionary = readDictionary(child(request, 2));
  for (const resource of children(request, 1)) {
    const attributes = children(child(resource, 1), 1).map(
      (pair) => [text(pair, 1), text(child(pair, 2), 1)] as const,
    );
    for (const scope of children(resource, 2))
      for (const profile of children(scope, 2)) push(profile, { attributes, dictionary, body, store });
  }
}

function readDictionary(message: Message): Dictionary {
  const strings = of(message, 5).map(({ bytes }) => textOf(bytes));
  const functions = children(message, 3).map((row) => ({
    name: at(strings, int(row, 1)),
    file: at(strings, int(row, 3)),
    startLine: int(row, 4),
  }));
  const locations = children(message, 2).map((row) =>
    children(row, 3).map((line) => ({ ...at(functions, int(line, 1)), line: int(line, 2) })),
  );
  return {
    mappings: of(message, 1).length,
    strings,
    // Only texts become labels.
    attributes: children(message, 6).map((row) => [at(strings, int(row, 1)), text(child(row, 2), 1)]),
    links: children(message, 4).map((row) => [hex(row, 1), hex(row, 2)]),
    stacks: children(message, 7).map((row) => numbers(row, 1).flatMap((index) => at(locations, index))),
  };
}

interface Surroundings {
  /** Of the resource. */
  readonly attributes: readonly (readonly [string, string])[];
  readonly dictionary: Dictionary;
  readonly body: Uint8Array;
  readonly store: PyroscopeStore;
}

function push(profile: Message, { attributes, dictionary, body, store }: Surroundings): void {
  if (dictionary.mappings === 0) throw new ConversionError('could not access mapping at index 0');
  const period = int(profile, 6);
  const periodKind = of(profile, 5).length === 0 ? null : kindOf(child(profile, 5), dictionary);
  const sent = kindOf(child(profile, 1), dictionary);
  const isCpu =
    period !== 0 && `${sent.type}:${sent.unit}:${periodKind?.type}:${periodKind?.unit}` === CPU_SAMPLES;
  const kind = isCpu ? { type: 'cpu', unit: 'nanoseconds' } : sent;
  // Without a period there is no name: the profile is refused for it.
  const name = isCpu ? 'process_cpu' : period === 0 ? '' : (periodKind?.type ?? '');
  const samples = children(profile, 2).map((sample) => {
    const read = sampleOf(sample, dictionary);
    return isCpu ? { ...read, values: read.values.map((value) => value * period) } : read;
  });
  if (samples.length === 0) return;
  const service = attributes.find(([key]) => key === 'service.name')?.[1] ?? 'unknown_service';
  const labels = [
    ['__delta__', 'false'],
    ['__otel__', 'true'],
    ['__name__', name],
    ...attributes.filter(([, value]) => value !== ''),
    ['service_name', service],
  ] as const;
  store.pushProfile(labels, {
    bytes: body.length,
    kinds: [kind],
    periodKind,
    timeNanos: big(profile, 3),
    durationNanos: big(profile, 4),
    period,
    samples,
    unsound: null,
    unordered: null,
  });
}

const CPU_SAMPLES = 'samples:count:cpu:nanoseconds';

const kindOf = (message: Message, { strings }: Dictionary): ValueKind => ({
  type: at(strings, int(message, 1)),
  unit: at(strings, int(message, 2)),
});

function sampleOf(sample: Message, { attributes, links, stacks }: Dictionary): PlainSample {
  const values = numbers(sample, 4);
  const times = of(sample, 5).reduce((sum, { bytes }) => sum + bytes.length / 8, 0);
  if (values.length === 0 && times === 0) throw new ConversionError('sample value is required');
  if (values.length > 1) throw new ConversionError(`sample values length mismatch ${values.length} 1`);
  const labels = new Map<string, string>();
  for (const index of numbers(sample, 2)) {
    const [key, value] = at(attributes, index);
    if (key !== 'service.name' && value !== '') labels.set(key, value);
  }
  const link = int(sample, 3);
  if (link !== 0) {
    const [trace, span] = at(links, link);
    labels.set('span_id', span).set('trace_id', trace);
  }
  return {
    frames: at(stacks, int(sample, 1)),
    values: values.length === 0 ? [times] : values,
    labels,
  };
}
