/**
 * Protobuf messages that hold others: enough for requests around a profile.
 * In: fields. Out: the message's bytes. Numbers are whole and not negative.
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
  for (const { field } of topFields(pprof)) if (field === 2) count++;
  return count;
}

/** Every text of a pprof file (field 6 of a profile), inflated. */
export function textsOfPprof(pprof: Uint8Array): string[] {
  const decoder = new TextDecoder();
  return [...topFields(pprof)].flatMap(({ field, bytes }) => (field === 6 ? decoder.decode(bytes) : []));
}

/** The length-delimited fields of a message of ours. */
function* topFields(message: Uint8Array): Generator<{ field: number; bytes: Uint8Array }> {
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
    const length = read();
    if (tag % 8 !== 2) continue;
    yield { field: Math.floor(tag / 8), bytes: message.subarray(at, at + length) };
    at += length;
  }
}

function varint(value: number | bigint): Message {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
