/** One event out of its bytes: which key says what, in any order, however it is spelled. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EventRecord, makeEventRecord } from '../../../src/trace/event.ts';
import { BAD, OUT, Scanning } from '../../builders/scanning.ts';
import { utf8 } from '../../builders/trace.ts';

interface Scanned {
  readonly after: number;
  readonly event: EventRecord;
  readonly text: (row: number) => string;
  readonly args: unknown;
}

let scanning: Scanning;

beforeAll(async () => {
  scanning = await Scanning.open();
});

function scan(text: string, cutAt?: number): Scanned {
  return { ...scanning.scan(text, cutAt), text: (row) => scanning.strings.get(row) };
}

/** What an event says, texts as texts. */
function factsOf({ event, text, args }: Scanned): object {
  const { name, category, id, ...rest } = event;
  return { ...rest, name: text(name), category: text(category), id: text(id), args };
}

const WHOLE = {
  args: { data: { sampleTraceId: 77, frame: 'F' } },
  cat: 'devtools.timeline',
  dur: 12.5,
  id2: { local: '0x9' },
  name: 'Läyout "1"',
  ph: 'X',
  pid: 10,
  scope: 'blink',
  tid: 11,
  ts: 123.25,
  tts: 5,
  unknown: [{ ts: 1 }],
};

describe('an event', () => {
  test('gives all it says', () => {
    expect(factsOf(scan(JSON.stringify(WHOLE)))).toEqual({
      args: WHOLE.args,
      category: 'devtools.timeline',
      duration: 12.5,
      id: 'blink:0x9',
      idIsLocal: true,
      endsAround: false,
      flows: [],
      name: 'Läyout "1"',
      offset: 0,
      phase: 'X'.charCodeAt(0),
      pid: 10,
      sampleTraceId: 77,
      tid: 11,
      time: 123.25,
    });
  });

  test('says the same with its keys in any order and any white space', () => {
    const expected = factsOf(scan(JSON.stringify(WHOLE)));
    const keys = Object.keys(WHOLE) as (keyof typeof WHOLE)[];
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), fc.nat(4), (order, indent) => {
        const shuffled = Object.fromEntries(order.map((key) => [key, WHOLE[key]]));
        expect(factsOf(scan(JSON.stringify(shuffled, null, indent)))).toEqual(expected);
      }),
    );
  });

  test('cut off at any byte is OUT', () => {
    const text = JSON.stringify(WHOLE);
    const { length } = utf8(text);
    for (let at = 1; at < length; at++) expect(scan(text, at).after).toBe(OUT);
    expect(scan(text).after).toBe(length);
  });

  test('says nothing where it is empty, and nothing of the event before', () => {
    const { event } = scan('{}');
    expect(event).toEqual(makeEventRecord());
  });

  test.each(['{"a"}', '{"a":1 "b":2}', '{1:2}', '{"a":}', '{,}', '{"a":1,}', '{"ts":,"ph":"X"}'])(
    '%s is BAD',
    (text) => {
      expect(scan(`${text} `).after).toBe(BAD);
    },
  );

  test('the last of two equal keys counts, as in JSON.parse', () => {
    const { event, text } = scan('{"ts":1,"name":"a","ts":2,"name":"b"}');
    expect([event.time, text(event.name)]).toEqual([2, 'b']);
  });

  test('keys that look alike are others', () => {
    const text = '{"nane":"x","scone":"x","tsx":1,"dus":1,"arg":{"a":1},"id3":"x","pie":4,"t":1,"cal":"c"}';
    expect(scan(text).event).toEqual(makeEventRecord());
  });
});

describe('fields of the wrong type', () => {
  test.each(['null', 'true', '"soon"', '{}', '[5]', '""'])('a time of %s is no time', (value) => {
    const { event } = scan(`{"ts":${value},"dur":${value}}`);
    expect([event.time, event.duration]).toEqual([Number.NaN, Number.NaN]);
  });

  test.each(['5', 'null', '{}', '["X"]'])('a name of %s is no name', (value) => {
    const { event } = scan(`{"name":${value},"cat":${value},"ph":${value}}`);
    expect([event.name, event.category, event.phase]).toEqual([0, 0, 0]);
  });

  test('arguments that are no JSON inside are told by undefined', () => {
    expect(scan('{"args":{"a":nope}}').args).toBeUndefined();
  });

  test('numbers in quotes are numbers', () => {
    const { event } = scan('{"ts":"12.5","dur":"3","pid":"7","tid":"-1"}');
    expect([event.time, event.duration, event.pid, event.tid]).toEqual([12.5, 3, 7, -1]);
  });

  test('processes and threads with names for ids keep apart, and from all numbered ones', () => {
    const { event, text } = scan('{"pid":"Main","tid":"GPU"}');
    const rows = [event.pid, event.tid].map((id) => -1_000_000_000 - id);
    expect(rows.map(text)).toEqual(['Main', 'GPU']);
  });
});

describe('ids', () => {
  test.each([
    ['{"id":"0x1"}', '0x1', false],
    ['{"id":17}', '17', false],
    ['{"id":"a\\u0062"}', 'ab', false],
    ['{"id":"0x1","scope":"s"}', 's:0x1', false],
    ['{"scope":"s","id":17}', 's:17', false],
    ['{"id2":{"local":"0x1"}}', '0x1', true],
    ['{"id2":{"global":"0x1"}}', '0x1', false],
    ['{"id2":{"global":"0x1"},"scope":"s"}', 's:0x1', false],
    ['{"id2":{}}', '', false],
    ['{"id2":{"local":{"toString":0,"valueOf":0}}}', '', true],
    ['{"id":null}', '', false],
    ['{"id":{"a":1}}', '', false],
  ])('%s', (json, id, isLocal) => {
    const { event, text } = scan(json);
    expect([text(event.id), event.idIsLocal]).toEqual([id, isLocal]);
  });
});
