/** Positions and numbers out of JSON bytes, whole and cut off anywhere. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StringTable } from '../../../src/base/index.ts';
import { ByteStrings } from '../../../src/trace/byte-strings.ts';
import { BAD, Cursor, OUT } from '../../../src/trace/json/cursor.ts';
import { utf8 } from '../../builders/trace.ts';

function cursorOn(text: string): Cursor {
  const cursor = new Cursor();
  cursor.bytes = utf8(text);
  cursor.end = cursor.bytes.length;
  return cursor;
}

function readNumber(text: string): number {
  const cursor = cursorOn(`${text},`);
  expect(cursor.readNumber(0)).toBe(utf8(text).length);
  return cursor.number;
}

describe('skipping', () => {
  test.each([
    ['"a"', 3],
    ['"a\\"b"', 6],
    ['"\\\\"', 4],
    ['"ä€😀"', 11],
    ['{}', 2],
    ['[1,[2,{"a":"]}"}]]', 18],
    ['true', 4],
    ['-1.5e-7', 7],
  ])('passes over %s', (text, length) => {
    expect(cursorOn(`${text},`).skipValue(0)).toBe(length);
  });

  test('any JSON value is passed over exactly, and any cut-off part of it is OUT', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const bytes = utf8(text);
        expect(cursorOn(`${text},`).skipValue(0)).toBe(bytes.length);
        const cut = new Cursor();
        cut.bytes = bytes;
        cut.end = at % bytes.length;
        expect(cut.skipValue(0)).toBe(cut.end === 0 ? cut.skipValue(0) : OUT);
      }),
    );
  });

  test('a plain value ends at white space, a comma or a bracket', () => {
    for (const end of [' ', '\n', ',', '}', ']']) expect(cursorOn(`true${end}`).skipValue(0)).toBe(4);
  });

  test('what begins no value is BAD', () => {
    for (const text of [',', '}', ']', 'tr"ue', '1[2]']) expect(cursorOn(text).skipValue(0)).toBe(BAD);
  });

  test('a hundred thousand open brackets are counted, not recursed into', () => {
    const deep = '['.repeat(100_000);
    expect(cursorOn(deep).skipValue(0)).toBe(OUT);
    expect(cursorOn(deep + ']'.repeat(100_000)).skipValue(0)).toBe(200_000);
  });

  test('white space ends at the first other byte, or OUT', () => {
    expect(cursorOn(' \t\r\n x').skipSpace(0)).toBe(5);
    expect(cursorOn('   ').skipSpace(0)).toBe(OUT);
  });
});

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['-5', -5],
    ['123456789012345', 123456789012345],
    ['9007199254740993', 9007199254740992],
    ['1.25', 1.25],
    ['-0.5e3', -500],
    ['"42"', 42],
    ['"1.5"', 1.5],
    ['1e999', Number.POSITIVE_INFINITY],
  ])('%s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  test.each(['null', 'true', '"x"', '""', '" "', '[1]', '{"a":1}', '-', '1-2', '""'])(
    '%s is none',
    (text) => {
      expect(readNumber(text)).toBeNaN();
    },
  );

  test('every finite number is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
        (value) => {
          const text = JSON.stringify(value);
          expect(readNumber(text)).toBe(JSON.parse(text));
        },
      ),
    );
  });

  test('a number that the buffer may cut is OUT', () => {
    for (const text of ['1', '12.', '-', '"1', '1e']) expect(cursorOn(text).readNumber(0)).toBe(OUT);
  });
});

describe('texts', () => {
  test.each(['plain', 'a"b\\c\n\u0001', 'ä€😀', '\ud800 alone', ''])('%j', (value) => {
    const strings = new StringTable();
    const texts = new ByteStrings(strings);
    const cursor = cursorOn(JSON.stringify(value));
    cursor.skipString(0);
    const row = cursor.internText(texts, (text) => strings.intern(text));
    expect(strings.get(row)).toBe(value);
  });

  test('one text, spelled with and without escapes, is one row', () => {
    const strings = new StringTable();
    const texts = new ByteStrings(strings);
    const rows = ['"Layout"', '"L\\u0061yout"'].map((spelling) => {
      const cursor = cursorOn(spelling);
      cursor.skipString(0);
      return cursor.internText(texts, (text) => strings.intern(text));
    });
    expect(rows[0]).toBe(rows[1]);
  });

  test('an escape that is none is kept as it was written', () => {
    const strings = new StringTable();
    const cursor = cursorOn('"a\\xb"');
    cursor.skipString(0);
    const row = cursor.internText(new ByteStrings(strings), (text) => strings.intern(text));
    expect(strings.get(row)).toBe('a\\xb');
  });

  test('bytes that are no UTF-8 become replacement characters', () => {
    const cursor = new Cursor();
    cursor.bytes = Uint8Array.of(0x22, 0x61, 0xff, 0x22);
    cursor.end = 4;
    cursor.skipString(0);
    const strings = new StringTable();
    const row = cursor.internText(new ByteStrings(strings), (text) => strings.intern(text));
    expect(strings.get(row)).toBe('a\ufffd');
  });
});

describe('sampleTraceId', () => {
  test.each([
    ['{"data":{"sampleTraceId":1234}}', 1234],
    ['{"sampleTraceId" : 7 }', 7],
    ['{"sampleTraceId":1,"again":{"sampleTraceId":2}}', 2],
    ['{"data":{"sampleTraceId":909},"name":"sampleTraceId"}', 909],
    ['["sampleTraceId",5]', 0],
    ['{"name":"sampleTraceId"}', 0],
    ['{"sampleTraceIx":5}', 0],
    ['{"sampleTraceId":"5"}', 0],
  ])('in %s is %d', (text, id) => {
    const cursor = cursorOn(text);
    cursor.skipValue(0);
    expect(cursor.sampleTraceId).toBe(id);
  });
});
