/**
 * Protobuf's numbers.
 * In: an address, and the end of the message. Out: the value, and where the next field begins (`after`); 0 there where
 * the number does not end before the message, or has more bytes than 64 bits need.
 */

/** One past the varint that was read last; 0 where it was broken. */
export let after: usize = 0;

export function isBroken(): bool {
  return after === 0;
}

/** What comes next has been passed over by other means. */
export function passTo(address: usize): void {
  after = address;
}

/** An unsigned varint. */
export function readVarint(at: usize, end: usize): u64 {
  if (at < end) {
    const first: u32 = load<u8>(at);
    if (first < 0x80) {
      after = at + 1;
      return first;
    }
  }
  return readLong(at, end);
}

function readLong(from: usize, end: usize): u64 {
  let value: u64 = 0;
  let shift: u64 = 0;
  for (let at = from; at < end && shift < 70; at++) {
    const byte: u64 = load<u8>(at);
    if (shift < 64) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      after = at + 1;
      return value;
    }
    shift += 7;
  }
  after = 0;
  return 0;
}
