/** The cursor over protobuf's wire format, number by number. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf, Wire } from '../../../src/trace/perfetto/wire.ts';
import {
  double,
  fixed32,
  fixed64,
  lengthDelimited,
  text,
  varint,
  varintBytes,
} from '../../builders/perfetto.ts';

function wireOf(bytes: readonly number[]): Wire {
  const wire = new Wire();
  wire.bytes = Uint8Array.from(bytes);
  return wire;
}

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('varints', () => {
  it('reads any unsigned number as its two halves, and as a double', () => {
    fc.assert(
      fc.property(fc.oneof(uint64, fc.nat().map(BigInt)), (value) => {
        const wire = wireOf(varintBytes(value));
        wire.varint64();
        expect((BigInt(wire.high) << 32n) | BigInt(wire.low)).toBe(value);
        expect(wire.at).toBe(wire.bytes.length);
        wire.at = 0;
        expect(wire.varint()).toBe(Number(value));
        expect(wire.at).toBe(wire.bytes.length);
      }),
    );
  });

  it.each([
    0,
    127,
    128,
    2 ** 14,
    2 ** 21 - 1,
    2 ** 28 - 1,
    2 ** 28,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
  ])('reads %d exactly', (value) => {
    expect(wireOf(varintBytes(value)).varint()).toBe(value);
  });

  it('reads negative numbers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(wireOf(varintBytes(value)).signedVarint()).toBe(value);
      }),
    );
  });

  it.each([
    ['that the bytes cut short', [0x80]],
    ['that the bytes cut short after four bytes', [0xff, 0xff, 0xff, 0xff]],
    ['that never ends', new Array(20).fill(0xff)],
  ])('goes past the end for one %s', (_, bytes) => {
    for (const read of ['varint', 'varint64', 'signedVarint'] as const) {
      const wire = wireOf(bytes);
      wire[read]();
      expect(wire.at).toBeGreaterThan(10);
    }
  });
});

describe('fixed numbers and text', () => {
  it('reads fixed64 as halves', () => {
    const wire = wireOf(fixed64(1, 0xfedcba9876543210n));
    expect(wire.varint()).toBe(9);
    wire.fixed64();
    expect(hexOf(wire.high, wire.low)).toBe('0xfedcba9876543210');
  });

  it('reads doubles, also where the bytes do not begin their memory', () => {
    const bytes = Uint8Array.from([9, 9, 9, ...double(1, -0.125).slice(1)]).subarray(3);
    const wire = new Wire();
    wire.bytes = bytes;
    expect(wire.double()).toBe(-0.125);
    expect(wire.double()).toBeNaN();
  });

  it('reads text of any length and alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (value) => {
        const wire = wireOf(text(1, value));
        wire.at = 1;
        const end = wire.fieldEnd(wire.bytes.length);
        expect(wire.textTo(end)).toBe(value);
        expect(wire.at).toBe(end);
      }),
    );
  });

  it('writes hex as Chrome does', () => {
    expect(hexOf(0, 0)).toBe('0x0');
    expect(hexOf(0, 0xffffffff)).toBe('0xffffffff');
    expect(hexOf(1, 2)).toBe('0x100000002');
  });
});

describe('skipping', () => {
  it.each([
    ['a varint', varint(7, 2n ** 60n)],
    ['a fixed64', fixed64(7, 1n)],
    ['a fixed32', fixed32(7, 1)],
    ['a message', lengthDelimited(7, [1, 2, 3])],
    ['a field with a number above 1000', lengthDelimited(1067, new Array(300).fill(1))],
  ])('passes over %s', (_, field) => {
    const wire = wireOf([...field, 0x2a]);
    wire.skip(wire.varint(), wire.bytes.length);
    expect(wire.bytes[wire.at]).toBe(0x2a);
  });

  it.each([
    ['a group', [0x3b, 0x3c]],
    ['an unknown wire type', [0x3e, 0]],
    ['a length over the end', [0x3a, 5, 1]],
  ])('goes past the end for %s', (_, bytes) => {
    const wire = wireOf(bytes);
    wire.skip(wire.varint(), bytes.length);
    expect(wire.at).toBeGreaterThan(bytes.length);
  });

  it('marks the outer message as malformed where an inner one is', () => {
    const wire = wireOf([1, 2, 3]);
    wire.at = 2;
    wire.close(2);
    expect(wire.at).toBe(2);
    wire.close(1);
    expect(wire.at).toBeGreaterThan(3);
  });
});
