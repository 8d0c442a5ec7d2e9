/** Texts of Perfetto packets rewritten in place: by what they are, wherever they stand, and nothing else. */
import { describe, expect, test } from 'vitest';
import { WireWriter } from '../../../src/base/index.ts';
import { type RewriteText, rewritePacketStrings, type TextKind } from '../../../src/profile/index.ts';

type Put = (out: WireWriter) => void;
const message = (...puts: Put[]): Uint8Array => {
  const out = new WireWriter();
  for (const put of puts) put(out);
  return out.take();
};
const inside =
  (field: number, ...puts: Put[]): Put =>
  (out) =>
    out.bytes(field, message(...puts));
const text =
  (field: number, value: string): Put =>
  (out) =>
    out.text(field, value);
const number =
  (field: number, value: number): Put =>
  (out) =>
    out.number(field, value);

const packet = (...puts: Put[]): Put => inside(1, ...puts);
const event = (...puts: Put[]): Put => packet(number(10, 7), inside(11, ...puts));
const interned = (field: number, iid: number, value: string): Put =>
  inside(12, inside(field, number(1, iid), text(2, value)));

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function rewritten(trace: Uint8Array, rewrite: RewriteText, size = 1 << 20): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of rewritePacketStrings(cut(trace, size), rewrite)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function seen(trace: Uint8Array): Promise<(readonly [string, TextKind])[]> {
  const texts: [string, TextKind][] = [];
  await rewritten(trace, (value, kind) => {
    texts.push([value, kind]);
    return value;
  });
  return texts;
}

const noHeaders: RewriteText = (value, kind) => (kind === 'header' ? '' : value);
const holds = (bytes: Uint8Array, value: string): boolean => Buffer.from(bytes).includes(value);

describe('kinds', () => {
  test('an annotation is what its name says, by number or written out, in dictionaries, lists, JSON and the old form', async () => {
    const trace = message(
      packet(number(10, 7), interned(3, 5, 'title'), inside(11, inside(4, number(1, 5), text(6, 'My bank')))),
      event(
        inside(
          4,
          text(10, 'data'),
          inside(11, text(10, 'url'), text(6, 'https://a.example/?q')),
          inside(
            11,
            text(10, 'headers'),
            inside(
              12,
              inside(11, text(10, 'name'), text(6, 'cookie')),
              inside(11, text(10, 'value'), text(6, 'a secret')),
            ),
          ),
          inside(11, text(10, 'sourceText'), text(6, 'let a = 1')),
        ),
        inside(4, text(10, 'data'), text(9, '{"title":"Another"}')),
        inside(4, text(10, 'old'), inside(8, number(1, 1), text(2, 'title'), inside(3, text(8, 'A third')))),
      ),
      packet(inside(60, inside(3, number(1, 9), text(8, 'A tab')))),
    );
    expect(await seen(trace)).toEqual([
      ['My bank', 'title'],
      ['https://a.example/?q', 'text'],
      ['a secret', 'header'],
      ['let a = 1', 'script'],
      ['Another', 'title'],
      ['A third', 'title'],
      ['A tab', 'title'],
    ]);
  });

  test('names are of their sequence, until its state is cleared', async () => {
    const title = (sequence: number, flags: number): Put =>
      packet(number(10, sequence), number(13, flags), inside(11, inside(4, number(1, 5), text(6, 'a:b'))));
    const trace = message(
      packet(number(10, 7), interned(3, 5, 'title')),
      title(7, 2),
      title(8, 2),
      title(7, 1),
      title(7, 2),
    );
    expect((await seen(trace)).map(([, kind]) => kind)).toEqual(['title', 'text', 'text', 'text']);
  });
});

describe('interned texts', () => {
  const value = (name: string, iid: number): Put => inside(4, text(10, name), number(17, iid));
  const headers = (iid: number): Put => inside(4, text(10, 'headers'), inside(12, number(17, iid)));

  test('one that is written for a header is blanked there, and written out where it is anything else', async () => {
    const trace = message(
      packet(number(10, 7), interned(29, 3, 'text/html'), inside(11, headers(3))),
      event(value('mimeType', 3)),
    );
    const after = await rewritten(trace, noHeaders);
    expect(after).toEqual(
      message(
        packet(number(10, 7), interned(29, 3, ''), inside(11, headers(3))),
        event(inside(4, text(10, 'mimeType'), text(6, 'text/html'))),
      ),
    );
  });

  test('one that is written for anything else is left out where it is a header', async () => {
    const trace = message(
      packet(number(10, 7), interned(29, 3, 'abc'), inside(11, value('id', 3))),
      event(headers(3)),
    );
    const after = await rewritten(trace, noHeaders);
    expect(holds(after.subarray(0, 40), 'abc')).toBe(true);
    expect(Buffer.from(after).toString('latin1').split('abc').length).toBe(2);
  });

  test('nothing changes where nothing is rewritten', async () => {
    const trace = message(
      packet(number(10, 7), interned(29, 3, 'text/html'), inside(11, headers(3), value('mimeType', 3))),
      event(value('mimeType', 99)),
    );
    expect(await rewritten(trace, (one) => one)).toEqual(trace);
  });
});

describe('what is not known', () => {
  const hide: RewriteText = (one) => one.replaceAll('secret', '');

  test('texts and messages that hold addresses are rewritten wherever they stand; all else stays byte by byte', async () => {
    const trace = message(
      packet(
        number(10, 7),
        inside(1056, text(2, 'http://secret/')),
        text(99, 'https://secret/'),
        number(98, 5),
      ),
      packet(inside(77, inside(3, text(4, 'no address, secret')))),
    );
    expect(await rewritten(trace, hide)).toEqual(
      message(
        packet(number(10, 7), inside(1056, text(2, 'http:///')), text(99, 'https:///'), number(98, 5)),
        packet(inside(77, inside(3, text(4, 'no address, secret')))),
      ),
    );
  });

  test('bytes that are neither text nor message but hold an address do not leave', async () => {
    const trace = message(packet((out) => out.bytes(50, new Uint8Array([0xff, 0x3a, 0x2f, 0x2f, 0xfe]))));
    expect(await rewritten(trace, hide)).toEqual(message(packet((out) => out.bytes(50, new Uint8Array(0)))));
  });

  test('a packet that never ends is left out, and what is no packet ends the trace', async () => {
    const whole = message(event(text(23, 'a')));
    const cutOff = new Uint8Array([...whole, 0x0a, 0x20, 0x5a]);
    expect(await rewritten(cutOff, hide)).toEqual(whole);
    expect(await rewritten(new Uint8Array([...whole, 0xff, 0xff]), hide)).toEqual(whole);
  });

  test('pieces of any size make the same', async () => {
    const trace = message(event(inside(4, text(10, 'url'), text(6, 'http://secret/'))), event(text(23, 'b')));
    const whole = await rewritten(trace, hide);
    for (const size of [1, 2, 3, 7, 20]) expect(await rewritten(trace, hide, size)).toEqual(whole);
  });
});
