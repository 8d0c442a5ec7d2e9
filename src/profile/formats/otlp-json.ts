/**
 * OpenTelemetry profiles as JSON (what a Collector writes with `encoding: json`), read only: put into the protobuf form, which
 * otlp-reader.ts reads.
 * In: a parsed file. Out: profiles; null where it is no such request. Ids are hex; 64-bit numbers may be texts, as
 * protobuf's JSON has them. Fields that nobody here reads are left out.
 */
import { WireWriter } from '../../base/index.ts';
import { asList, asNumber, asObject, asText, isObject } from './json-values.ts';
import { readOtlp } from './otlp-reader.ts';
import type { ReadProfiles } from './read-profiles.ts';

type Shape = 'text' | 'number' | 'numbers' | 'fixed' | 'fixeds' | 'flag' | 'hex' | 'texts';
type Field = readonly [number: number, shape: Shape | Message];
/** Fields by their JSON names. */
interface Message {
  readonly [name: string]: Field;
}

const VALUE_TYPE: Message = { typeStrindex: [1, 'number'], unitStrindex: [2, 'number'] };
const ANY_VALUE: Message = { stringValue: [1, 'text'], boolValue: [2, 'flag'], intValue: [3, 'number'] };
const SAMPLE: Message = {
  stackIndex: [1, 'number'],
  attributeIndices: [2, 'numbers'],
  linkIndex: [3, 'number'],
  values: [4, 'numbers'],
  timestampsUnixNano: [5, 'fixeds'],
};
const PROFILE: Message = {
  sampleType: [1, VALUE_TYPE],
  samples: [2, SAMPLE],
  timeUnixNano: [3, 'fixed'],
  durationNano: [4, 'number'],
  periodType: [5, VALUE_TYPE],
  period: [6, 'number'],
};
const LINE: Message = { functionIndex: [1, 'number'], line: [2, 'number'], column: [3, 'number'] };
const DICTIONARY: Message = {
  mappingTable: [1, { filenameStrindex: [4, 'number'] }],
  locationTable: [
    2,
    {
      mappingIndex: [1, 'number'],
      address: [2, 'number'],
      lines: [3, LINE],
      attributeIndices: [4, 'numbers'],
    },
  ],
  functionTable: [
    3,
    { nameStrindex: [1, 'number'], filenameStrindex: [3, 'number'], startLine: [4, 'number'] },
  ],
  linkTable: [4, { traceId: [1, 'hex'], spanId: [2, 'hex'] }],
  stringTable: [5, 'texts'],
  attributeTable: [6, { keyStrindex: [1, 'number'], value: [2, ANY_VALUE] }],
  stackTable: [7, { locationIndices: [1, 'numbers'] }],
};
const REQUEST: Message = {
  resourceProfiles: [
    1,
    {
      resource: [1, { attributes: [1, { key: [1, 'text'], value: [2, ANY_VALUE] }] }],
      scopeProfiles: [2, { profiles: [2, PROFILE] }],
    },
  ],
  dictionary: [2, DICTIONARY],
};

/** null where the value is no such request. */
export function readOtlpJson(value: unknown): ReadProfiles | null {
  if (!isObject(value) || !Array.isArray(value.resourceProfiles)) return null;
  const out = new WireWriter(1 << 20);
  writeMessage(out, value, REQUEST);
  return readOtlp(out.take());
}

function writeMessage(out: WireWriter, value: unknown, message: Message): void {
  const fields = asObject(value);
  for (const [name, [field, shape]] of Object.entries(message)) {
    const own = fields[name];
    if (own === undefined || own === null) continue;
    if (typeof shape === 'string') writeValue(out, { field, shape, value: own });
    // Repeated messages, an empty one is a row, too.
    else for (const each of Array.isArray(own) ? own : [own]) writeInner(out, each, [field, shape]);
  }
}

function writeInner(out: WireWriter, value: unknown, [field, message]: readonly [number, Message]): void {
  const at = out.open(field);
  writeMessage(out, value, message);
  out.close(at);
}

interface Value {
  readonly field: number;
  readonly shape: Shape;
  readonly value: unknown;
}

function writeValue(out: WireWriter, { field, shape, value }: Value): void {
  switch (shape) {
    case 'text':
      out.text(field, asText(value));
      break;
    case 'texts':
      for (const text of asList(value)) out.text(field, asText(text));
      break;
    case 'number':
      out.bigint(field, asBigInt(value));
      break;
    case 'numbers':
      out.packed(
        field,
        asList(value).map((each) => Math.round(asNumber(each)) || 0),
      );
      break;
    case 'fixed':
      out.fixed64(field, asBigInt(value));
      break;
    case 'fixeds':
      out.packedFixed64(field, asList(value).map(asBigInt));
      break;
    case 'flag':
      out.number(field, value === true ? 1 : 0);
      break;
    case 'hex':
      out.bytes(field, bytesOfHex(asText(value)));
  }
}

/** 0n for what is no whole number; moments in nanoseconds are more than a number holds. */
function asBigInt(value: unknown): bigint {
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : 0n;
}

function bytesOfHex(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) return new Uint8Array(0);
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16),
  );
}
