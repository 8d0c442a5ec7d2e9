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

/** Whether a pprof file, inflated, has any sample (field 2 of its profile). */
export function hasSamples(pprof: Uint8Array): boolean {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; at < pprof.length; scale *= 128) {
      const byte = pprof[at++];
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < pprof.length) {
    const tag = read();
    if (tag === 2 * 8 + 2) return true;
    if (tag % 8 === 2) at += read();
    else read();
  }
  return false;
}

function varint(value: number | bigint): Message {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
