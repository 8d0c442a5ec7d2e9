/** Texts interned from bytes: the same text, the same row, however many there are and however alike. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StringTable } from '../../../src/base/index.ts';
import { ByteStrings } from '../../../src/trace/byte-strings.ts';
import { utf8 } from '../../builders/trace.ts';

test('any texts, in any order, give the rows that a table of strings gives', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 30 }), (texts) => {
      const strings = new StringTable();
      const bytes = new ByteStrings(strings);
      for (const text of texts) {
        const encoded = utf8(`<${text}>`);
        const row = bytes.intern(encoded, 1, encoded.length - 1);
        // Encoding makes lone surrogates replacement characters.
        expect(strings.get(row)).toBe(new TextDecoder().decode(utf8(text)));
      }
    }),
  );
});

test('thirty thousand texts that differ in one byte only are told apart, in linear time', () => {
  const strings = new StringTable();
  const bytes = new ByteStrings(strings);
  const texts = Array.from({ length: 30_000 }, (_, i) => `${String(i).padStart(40, 'a')}${'b'.repeat(40)}`);
  const rows = texts.map((text) => bytes.intern(utf8(text), 0, text.length));
  expect(new Set(rows).size).toBe(texts.length);
  expect(texts.map((text) => bytes.intern(utf8(text), 0, text.length))).toEqual(rows);
  expect(strings.get(rows[29_999])).toBe(texts[29_999]);
});

test('a text longer than the pool is kept', () => {
  const strings = new StringTable();
  const bytes = new ByteStrings(strings);
  const long = utf8('x'.repeat(1 << 20));
  const row = bytes.intern(long, 0, long.length);
  expect(strings.get(row).length).toBe(1 << 20);
  expect(bytes.intern(long, 0, long.length)).toBe(row);
});
