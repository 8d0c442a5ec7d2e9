/** Strings of a JSON trace rewritten in place, in pieces of any size. */
import { describe, expect, test } from 'vitest';
import { type RewriteText, rewriteStrings, type TextKind } from '../../../src/profile/index.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function rewritten(json: string, rewrite: RewriteText, size = 1 << 20): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of rewriteStrings(cut(new TextEncoder().encode(json), size), rewrite))
    pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function seen(json: string): Promise<(readonly [string, TextKind])[]> {
  const texts: [string, TextKind][] = [];
  await rewritten(json, (text, kind) => {
    texts.push([text, kind]);
    return text;
  });
  return texts;
}

describe('kinds', () => {
  test('keys say what their texts are', async () => {
    const json = JSON.stringify([
      {
        name: 'ResourceReceiveResponse',
        args: {
          data: {
            headers: [{ name: 'set-cookie', value: 'a secret' }],
            title: 'My bank',
            sourceText: 'let a = 1',
            requestHeaders: { cookie: 'another' },
            sourcesContent: ['one', 'two'],
            detail: '{"user":"ann"}',
          },
          labels: 'A tab',
          snapshot: '/9j/4AAQ',
          url: 'https://a.example/?q',
        },
      },
    ]);
    expect(await seen(json)).toEqual([
      ['a secret', 'header'],
      ['My bank', 'title'],
      ['let a = 1', 'script'],
      ['another', 'header'],
      ['one', 'script'],
      ['two', 'script'],
      ['{"user":"ann"}', 'detail'],
      ['A tab', 'title'],
      ['/9j/4AAQ', 'screenshot'],
      ['https://a.example/?q', 'text'],
    ]);
  });

  test('what comes after a list of headers is no header', async () => {
    const json = '[{"headers":["a: b"],"url":"https://x/"},{"name":"value","value":"c:d"}]';
    expect(await seen(json)).toEqual([
      ['a: b', 'header'],
      ['https://x/', 'text'],
      ['c:d', 'text'],
    ]);
  });

  test('escapes hide nothing', async () => {
    expect(await seen(String.raw`["https\u003a\/\/a.example\/\u003fq"]`)).toEqual([
      ['https://a.example/?q', 'text'],
    ]);
    // No JSON, and still seen.
    expect(await seen('["\\x https://a.example/?q"]')).toEqual([['\\x https://a.example/?q', 'text']]);
  });
});

describe('bytes', () => {
  const json = String.raw`{ "a" : [1.50, 12345678901234567890, {"b":"x:\"}]\\"}, "y:é",""], "https://k/?q":"z:1" ,"n":null}`;

  test('all that is not rewritten stays byte for byte, wherever the pieces are cut', async () => {
    for (let size = 1; size < 12; size++) expect(await rewritten(json, (text) => text, size)).toBe(json);
  });

  test('what is rewritten is JSON, wherever the pieces are cut', async () => {
    const whole = await rewritten(json, (text) => `${text}"\n`);
    expect(whole).toContain('12345678901234567890');
    expect(JSON.parse(whole)).toEqual({
      a: [1.5, Number('12345678901234567890'), { b: 'x:"}]\\"\n' }, 'y:é"\n', ''],
      'https://k/?q"\n': 'z:1"\n',
      n: null,
    });
    for (let size = 1; size < 12; size++)
      expect(await rewritten(json, (text) => `${text}"\n`, size)).toBe(whole);
  });

  test('a string that never ends is left out', async () => {
    expect(await rewritten('["https://a/?q', (text) => text)).toBe('[');
  });
});
