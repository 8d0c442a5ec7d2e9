/** Values, numbers and texts out of JSON bytes, whole and cut off anywhere, as the kernel scans them. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BAD, OUT, Scanning } from '../../builders/scanning.ts';
import { utf8 } from '../../builders/trace.ts';

let scanning: Scanning;

beforeAll(async () => {
  scanning = await Scanning.open();
});

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
    expect(scanning.skipValue(`${text},`)).toBe(length);
  });

  test('any JSON value is passed over exactly, and any cut-off part of it is OUT', () => {
    const json = fc.oneof(fc.json(), fc.json({ maxDepth: 6, stringUnit: 'binary' }));
    fc.assert(
      fc.property(json, fc.nat(), (text, at) => {
        const { length } = utf8(text);
        expect(scanning.skipValue(`${text},`)).toBe(length);
        if (at % length > 0) expect(scanning.skipValue(text, at % length)).toBe(OUT);
      }),
      { numRuns: 1000 },
    );
  });

  test('strings full of brackets, quotes and backslashes are passed over at any place of a block', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', 'a') }));
    fc.assert(
      fc.property(texts, fc.nat(40), (list, indent) => {
        const text = JSON.stringify({ [' '.repeat(indent)]: list });
        expect(scanning.skipValue(`${text}}]"`)).toBe(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('a plain value ends at white space, a comma or a bracket', () => {
    for (const end of [' ', '\n', ',', '}', ']']) expect(scanning.skipValue(`true${end}`)).toBe(4);
  });

  test('what begins no value is BAD', () => {
    for (const text of [',', '}', ']', 'tr"ue', '1[2]']) expect(scanning.skipValue(text)).toBe(BAD);
  });

  test('a hundred thousand open brackets are counted, not recursed into', () => {
    const deep = '['.repeat(100_000);
    expect(scanning.skipValue(deep)).toBe(OUT);
    expect(scanning.skipValue(deep + ']'.repeat(100_000))).toBe(200_000);
  });

  test('white space ends at the first other byte, or OUT', () => {
    expect(scanning.skipSpace(' \t\r\n x')).toBe(5);
    expect(scanning.skipSpace('   ')).toBe(OUT);
  });
});

describe('numbers', () => {
  const readNumber = (text: string): number => scanning.scan(`{"ts":${text},"a":0}`).event.time;

  test.each([
    ['0', 0],
    ['-5', -5],
    ['123456789012345', 123456789012345],
    ['9007199254740993', 9007199254740992],
    ['1.25', 1.25],
    ['-0.5e3', -500],
    ['2632792230.123', 2632792230.123],
    ['"42"', 42],
    ['"1.5"', 1.5],
    ['1e999', Number.POSITIVE_INFINITY],
  ])('%s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  test.each(['null', 'true', '"x"', '""', '" "', '[1]', '{"a":1}', '-', '1-2', '1.2.3'])(
    '%s is none',
    (text) => {
      expect(readNumber(text)).toBeNaN();
    },
  );

  test('every finite number is read as JSON.parse reads it', () => {
    const decimals = fc
      .tuple(fc.maxSafeNat(), fc.nat(12))
      .map(([value, digits]) => Number(`${value}e-${digits}`));
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      decimals,
    );
    fc.assert(
      fc.property(numbers, (value) => {
        const text = JSON.stringify(value);
        expect(readNumber(text)).toBe(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('a number that the buffer may cut is OUT', () => {
    for (const text of ['1', '12.', '-', '"1', '1e']) expect(scanning.scan(`{"ts":${text}`).after).toBe(OUT);
  });
});

describe('texts', () => {
  const nameOf = (json: string): string => {
    const { event } = scanning.scan(`{"name":${json}}`);
    return scanning.strings.get(event.name);
  };

  test.each(['plain', 'a"b\\c\n\u0001', 'ä€😀', '\ud800 alone', '', '\ufeffmark', 'a\ufeffmark'])(
    '%j',
    (value) => {
      expect(nameOf(JSON.stringify(value))).toBe(value);
    },
  );

  test('one text, spelled with and without escapes, is one row', () => {
    const rows = ['Layout', 'L\\u0061yout', 'Layout'].map((spelling) => scanning.nameRow(spelling));
    expect(new Set(rows).size).toBe(1);
  });

  test('an escape that is none is kept as it was written', () => {
    expect(nameOf('"a\\xb"')).toBe('a\\xb');
  });

  test('bytes that are no UTF-8 become replacement characters', () => {
    expect(scanning.strings.get(scanning.nameRow(Uint8Array.of(0x61, 0xff)))).toBe('a\ufffd');
  });

  test('any texts, in any order, give the rows that a table of strings gives', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 30 }), (texts) => {
        for (const text of texts) {
          const plain = new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8(text));
          const row = scanning.scan(`{"name":${JSON.stringify(plain)}}`).event.name;
          expect(scanning.strings.get(row)).toBe(plain);
        }
      }),
    );
  });

  test('thirty thousand texts that differ in one byte only are told apart, in linear time', async () => {
    const fresh = await Scanning.open();
    const texts = Array.from({ length: 30_000 }, (_, i) => `${String(i).padStart(40, 'a')}${'b'.repeat(40)}`);
    const rows = texts.map((text) => fresh.nameRow(text));
    expect(new Set(rows).size).toBe(texts.length);
    expect(texts.map((text) => fresh.nameRow(text))).toEqual(rows);
    expect(fresh.strings.get(rows[29_999])).toBe(texts[29_999]);
  });

  test('a text longer than the pool is kept', () => {
    const long = 'x'.repeat(1 << 20);
    const row = scanning.nameRow(long);
    expect(scanning.strings.get(row).length).toBe(1 << 20);
    expect(scanning.nameRow(long)).toBe(row);
  });
});

describe('sampleTraceId', () => {
  test.each([
    ['{"data":{"sampleTraceId":1234}}', 1234],
    ['{"sampleTraceId" : 7 }', 7],
    ['{"sampleTraceId":1,"again":{"sampleTraceId":2}}', 2],
    ['{"data":{"sampleTraceId":909},"name":"sampleTraceId"}', 909],
    ['{"text":"\\\\","sampleTraceId":31}', 31],
    ['{"data":{"sampleTraceId":7798734525854990}}', 7798734525854990],
    ['["sampleTraceId",5]', 0],
    ['{"name":"sampleTraceId"}', 0],
    ['{"name":"\\"sampleTraceId\\":5"}', 0],
    ['{"sampleTraceIx":5}', 0],
    ['{"sampleTraceId":"5"}', 0],
  ])('in %s is %d', (text, id) => {
    for (let indent = 0; indent < 16; indent++) {
      const { event } = scanning.scan(`{"args":${' '.repeat(indent)}${text},"ph":"X"}`);
      expect(event.sampleTraceId).toBe(id);
    }
  });

  test('behind the event counts for the next one', () => {
    expect(scanning.scan('{"args":{}},{"args":{"sampleTraceId":5}}').event.sampleTraceId).toBe(0);
  });
});
