/**
 * Protobuf messages that hold others: enough for requests around a profile, and for what is answered to them.
 * In: fields, or a message. Out: the message's bytes, or its fields. Numbers are whole and not negative.
 */

export type Message = Uint8Array<ArrayBuffer>;

export function message(...fields: readonly Uint8Array[]): Message {
  const bytes = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

export const bytesField = (tag: number, value: Uint8Array): Message =>
  message(varint(tag * 8 + 2), varint(value.length), value);
export const textField = (tag: number, value: string): Message =>
  bytesField(tag, new TextEncoder().encode(value));
export const numberField = (tag: number, value: number | bigint): Message =>
  message(varint(tag * 8), varint(value));

/** How many samples (field 2 of a profile) a pprof file has, inflated. */
export function countSamples(pprof: Uint8Array): number {
  let count = 0;
  for (const { field, bytes } of readFields(pprof)) if (field === 2 && bytes !== null) count++;
  return count;
}

/** Every text of a pprof file (field 6 of a profile), inflated. */
export function textsOfPprof(pprof: Uint8Array): string[] {
  return [...readFields(pprof)].flatMap(({ field, bytes }) =>
    field === 6 && bytes !== null ? textOf(bytes) : [],
  );
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export interface Field {
  readonly field: number;
  /** Of a varint; 0 for all else. */
  readonly number: number;
  /** Of what has a length; null for all else. */
  readonly bytes: Uint8Array | null;
}

const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** The fields of a message; it ends where they are none. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = read();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) yield { field, number: read(), bytes: null };
    else if (type === 2) {
      const length = read();
      yield { field, number: 0, bytes: message.subarray(at, at + length) };
      at += length;
    } else if (type in FIXED_BYTES) at += FIXED_BYTES[type];
    else return;
  }
}

function varint(value: number | bigint): Message {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
