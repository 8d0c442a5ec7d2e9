/**
 * Reads protobuf messages field by field, for the stand-ins: as strict as the servers' own decoders.
 * In: bytes. Out: fields in order. Refuses: cut messages and wire types that do not exist, with an error.
 */

export interface WireField {
  readonly number: number;
  readonly type: number;
  /** Varints and fixed numbers; 0n for bytes. */
  readonly value: bigint;
  /** Length-delimited content; empty for numbers. */
  readonly bytes: Uint8Array;
}

export class WireError extends Error {}

const EMPTY = new Uint8Array(0);

export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= message.length) throw new WireError('unexpected EOF');
      const byte = message[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      if (shift > 63n) throw new WireError('integer overflow');
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new WireError('unexpected EOF');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (type === 0) fields.push({ number, type, value: varint(), bytes: EMPTY });
    else if (type === 2) fields.push({ number, type, value: 0n, bytes: take(Number(varint())) });
    else if (type === 1 || type === 5)
      fields.push({ number, type, value: fixed(take(type === 1 ? 8 : 4)), bytes: EMPTY });
    else {
      // Groups and types that there are not: whoever asked for the field says what is wrong with it.
      fields.push({ number, type, value: 0n, bytes: EMPTY });
      return fields;
    }
  }
  return fields;
}

function fixed(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
