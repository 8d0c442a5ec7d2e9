/** A text as lines, and the same text in another layout. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerText, type TextShelf } from '../../../src/engine/scripts/text-answers.ts';
import { LONGEST_SHOWN, PrettyText, TextLines } from '../../../src/engine/scripts/text-lines.ts';

describe('lines', () => {
  test.each([
    ['', ['']],
    ['a', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b', '']],
    ['\n\n', ['', '', '']],
  ])('of %j', (text, lines) => {
    const shown = new TextLines(text).show(1, 100);
    expect(shown.map((line) => line.text)).toEqual(lines);
  });

  test('a window, and nothing beyond the end', () => {
    const lines = new TextLines('1\n2\n3\n4');
    expect(lines.show(2, 2).map(({ text }) => text)).toEqual(['2', '3']);
    expect(lines.show(4, 9).map(({ text }) => text)).toEqual(['4']);
    expect(lines.show(5, 9)).toEqual([]);
  });

  test('what is longer than a screen holds is cut, and counted', () => {
    const [line] = new TextLines('x'.repeat(LONGEST_SHOWN + 7)).show(1, 1);
    expect([line.text.length, line.leftOut]).toEqual([LONGEST_SHOWN, 7]);
  });

  test('minified is what stands in long lines for the most part', () => {
    expect(new TextLines(`/* licence */\n${'f();'.repeat(500)}`).isMinified).toBe(true);
    expect(new TextLines(`${'f();\n'.repeat(500)}${'x'.repeat(600)}`).isMinified).toBe(false);
  });

  test('places and offsets go both ways', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' ') }), (text) => {
        const lines = new TextLines(text);
        for (let offset = 0; offset < text.length; offset++) {
          const line = lines.lineAt(offset);
          const start = lines.offsetOf(line, 1);
          if (text[offset] !== '\n') expect(lines.offsetOf(line, offset - start + 1)).toBe(offset);
        }
        expect(lines.offsetOf(lines.length + 1, 1)).toBe(-1);
      }),
    );
  });
});

describe('the same text in another layout', () => {
  const raw = 'function f(){a();b()}\nf()';
  const pretty = 'function f() {\n  a();\n\n  b()\n}\nf()';
  const aligned = (): PrettyText => {
    const text = PrettyText.align(new TextLines(raw), pretty);
    if (text === null) throw new Error('the texts are the same');
    return text;
  };

  test.each([
    ['function', 1, 1, 1],
    ['f', 1, 10, 1],
    ['a', 1, 14, 2],
    ['b', 1, 18, 4],
    ['the closing brace', 1, 21, 5],
    ['the second line', 2, 1, 6],
    ['a column beyond the line', 1, 99, 5],
    ['a line beyond the text', 9, 1, 0],
  ])('%s', (_what, line, column, expected) => {
    expect(aligned().lineOf(line, column)).toBe(expected);
  });

  test('a text that differs in more than white space is refused', () => {
    for (const other of ['function f(){a();b()}f', 'function f(){a();b();}f()', 'g', ''])
      expect(PrettyText.align(new TextLines(raw), other)).toBeNull();
  });

  test('every character stands on the line that holds it, however it is broken up', () => {
    const layout = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', '{', '}', ';'), fc.constantFrom('', ' ', '\n', '\n\n')),
    );
    fc.assert(
      fc.property(layout, layout, (one, other) => {
        const count = Math.min(one.length, other.length);
        const letters = one.slice(0, count).map(([letter]) => letter);
        const before = letters.map((letter, i) => letter + one[i][1]).join('');
        const after = letters.map((letter, i) => letter + other[i][1]).join('');
        const lines = new TextLines(before);
        const text = PrettyText.align(lines, after);
        expect(text).not.toBeNull();
        let [from, to] = [0, 0];
        for (let i = 0; i < count; i++) {
          const line = lines.lineAt(from);
          const column = from - lines.offsetOf(line, 1) + 1;
          expect(text?.lineOf(line, column)).toBe(after.slice(0, to).split('\n').length);
          from += 1 + one[i][1].length;
          to += 1 + other[i][1].length;
        }
      }),
    );
  });
});

describe('asked as a worker is', () => {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const shelf = (): TextShelf => ({ raw: null, pretty: null });
  const printer = async (text: string): Promise<string> => text.replaceAll(';', ';\n');

  test('facts, lines and places in both forms', async () => {
    const own = shelf();
    const code = `${'a();'.repeat(200)}\n//# sourceMappingURL=app.js.map\n`;
    expect(await answerText(own, { ask: 1, kind: 'open', question: bytes(code) }, printer)).toEqual({
      lines: 3,
      characters: code.length,
      isMinified: true,
      sourceMapUrl: 'app.js.map',
    });
    expect(await answerText(own, { ask: 2, kind: 'pretty', question: null }, printer)).toBe(203);
    const lines = { form: 'pretty', from: 2, count: 1 } as const;
    expect(await answerText(own, { ask: 3, kind: 'lines', question: lines }, printer)).toEqual([
      { text: 'a();', leftOut: 0 },
    ]);
    const places = { line: Int32Array.of(1, 1, 9), column: Int32Array.of(1, 5, 1) };
    const ask = (form: 'raw' | 'pretty') =>
      answerText(own, { ask: 4, kind: 'places', question: { form, ...places } }, printer);
    expect(await ask('pretty')).toEqual(Int32Array.of(1, 2, 0));
    expect(await ask('raw')).toEqual(Int32Array.of(1, 1, 0));
  });

  test('a printer that changes the text is not believed', async () => {
    const own = shelf();
    await answerText(own, { ask: 1, kind: 'open', question: bytes('a') }, printer);
    expect(await answerText(own, { ask: 2, kind: 'pretty', question: null }, async () => 'b')).toBeNull();
  });
});
