/** What the kernel takes for JSON: what JSON.parse does, to the letter. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Scanning } from '../../builders/scanning.ts';

let scanning: Scanning;

beforeAll(async () => {
  scanning = await Scanning.open();
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // That is the answer.
    return false;
  }
}

test.each([
  '{}',
  ' [ ] ',
  '[1,-0,0.5,1e5,1E-5,-1.25e+7]',
  '{"a":{"b":[true,false,null]},"c":"\\u00Ff\\n\\""}',
  '"\ud800"',
  '[01]',
  '[1.]',
  '[.5]',
  '[+1]',
  '[-]',
  '[1e]',
  '[1,]',
  '[,1]',
  '{"a":1,}',
  '{"a"}',
  '{a:1}',
  '{"a":1 "b":2}',
  '{"a":tru}',
  '[nulll]',
  '["\\x"]',
  '["\\u12g4"]',
  '["\\u-123"]',
  '["\t"]',
  '[1]]',
  '[[1]',
  '{"a":[}]',
  '',
  ' ',
  '"a',
  '\u00a0[]',
])('%j is JSON if JSON.parse says so', (text) => {
  expect(scanning.isJson(text)).toBe(parses(text));
});

test('any JSON is, and what it becomes when one character is another is if JSON.parse says so', () => {
  const letters = fc.constantFrom(...'{}[]",:\\0123456789.-+eEtfnu /a\n\u0001');
  const json = fc.oneof(fc.json(), fc.json({ stringUnit: 'binary', maxDepth: 5 }));
  fc.assert(
    fc.property(json, fc.nat(), letters, fc.boolean(), (text, at, letter, isInserted) => {
      expect(scanning.isJson(text)).toBe(true);
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + letter + text.slice(place + (isInserted ? 0 : 1));
      expect(scanning.isJson(changed)).toBe(parses(changed));
    }),
    { numRuns: 3000 },
  );
});

test('a hundred thousand open brackets are no reason to recurse', () => {
  const deep = '['.repeat(100_000);
  expect(scanning.isJson(deep)).toBe(false);
  expect(scanning.isJson(deep + ']'.repeat(100_000))).toBe(true);
});
