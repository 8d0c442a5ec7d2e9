/** Debug annotations → plain arguments, as Chrome's JSON shows them. */
import { describe, expect, it } from 'vitest';
import {
  annotation,
  begin,
  double,
  entry,
  type Field,
  interned,
  lengthDelimited,
  message,
  opening,
  packet,
  readStream,
  text,
  varint,
} from '../../builders/perfetto.ts';

const state = interned({
  annotationNames: { 1: 'data', 2: 'frame' },
  texts: { 1: 'https://example.org/' },
  locations: { 3: { file: 'a.cc', function: 'Run', line: 12 } },
});

async function argsOf(...fields: readonly Field[]): Promise<Readonly<Record<string, unknown>>> {
  const { events } = await readStream([
    ...opening(1, { interned: state }),
    ...packet({ flags: 2, time: 1, event: begin('x', { args: fields.flat() }) }),
  ]);
  return events[0].args;
}

const item = (...value: readonly Field[]): Field => message(12, ...value);

describe('single values', () => {
  it.each<[string, Field, unknown]>([
    ['true', varint(2, true), true],
    ['false', varint(2, false), false],
    ['an unsigned number', varint(3, 5), 5],
    ['the largest unsigned number', varint(3, 2n ** 64n - 1n), 2 ** 64],
    ['a negative number', varint(4, -7n), -7],
    ['the smallest safe number', varint(4, -(2n ** 53n) + 1n), Number.MIN_SAFE_INTEGER],
    ['a double', double(5, 0.1), 0.1],
    ['no number', double(5, Number.NaN), 'NaN'],
    ['infinity', double(5, Number.POSITIVE_INFINITY), 'Infinity'],
    ['minus infinity', double(5, Number.NEGATIVE_INFINITY), '-Infinity'],
    ['text', text(6, 'Grüße, 世界 🎉'), 'Grüße, 世界 🎉'],
    ['empty text', text(6, ''), ''],
    ['an interned text', varint(17, 1), 'https://example.org/'],
    ['an interned text that was lost', varint(17, 99), ''],
    ['a pointer', varint(7, 0xdeadbeefcafen), '0xdeadbeefcafe'],
    [
      'JSON text',
      text(9, '{"a":[1,"x",null],"__proto__":{"b":1}}'),
      JSON.parse('{"a":[1,"x",null],"__proto__":{"b":1}}'),
    ],
    ['broken JSON text', text(9, '{"a":'), null],
    ['JSON text that nests without end', text(9, `${'['.repeat(9000)}${']'.repeat(9000)}`), null],
    ['JSON text with brackets in a text', text(9, `["${'['.repeat(9000)}\\""]`), [`${'['.repeat(9000)}"`]],
  ])('reads %s', async (_, field, value) => {
    expect(await argsOf(annotation('v', field))).toStrictEqual({ v: value });
  });

  it('leaves out annotations without a value', async () => {
    expect(await argsOf(annotation('nothing'), annotation(1, varint(2, true)))).toStrictEqual({ data: true });
  });

  it('names by number or as text, wherever the name stands', async () => {
    expect(
      await argsOf(annotation(2, text(6, 'F')), message(4, varint(3, 1), text(10, 'late'))),
    ).toStrictEqual({
      frame: 'F',
      late: 1,
    });
  });
});

describe('dictionaries and lists', () => {
  it('nest', async () => {
    const args = await argsOf(
      annotation(
        1,
        entry('url', varint(17, 1)),
        entry('rect', item(varint(4, 1)), item(varint(4, -2n))),
        entry('deep', entry('a', entry('b', item(entry('c', varint(2, true)))))),
      ),
    );
    expect(args).toStrictEqual({
      data: { url: 'https://example.org/', rect: [1, -2], deep: { a: { b: [{ c: true }] } } },
    });
  });

  it('never change an object’s prototype', async () => {
    const args = await argsOf(
      annotation('__proto__', entry('__proto__', varint(2, true)), entry('x', varint(3, 1))),
    );
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype);
    expect(Object.keys(args)).toEqual(['__proto__']);
  });

  it('are cut off where they nest too deep', async () => {
    let value: Field = varint(3, 1);
    for (let i = 0; i < 300; i++) value = entry('d', value);
    let at: unknown = await argsOf(annotation('d', value));
    let depth = 0;
    for (; typeof at === 'object' && at !== null && 'd' in at; depth++) at = at.d;
    expect(depth).toBeGreaterThan(50);
    expect(depth).toBeLessThan(100);
  });
});

describe('the older nested form', () => {
  const nested = (...fields: readonly Field[]): Field => message(8, ...fields);
  it('reads single values', async () => {
    expect(
      await argsOf(
        annotation('i', nested(varint(5, -3n))),
        annotation('d', nested(double(6, 2.5))),
        annotation('b', nested(varint(7, true))),
        annotation('s', nested(text(8, 'x'))),
        annotation('n', nested(double(6, Number.NaN))),
      ),
    ).toStrictEqual({ i: -3, d: 2.5, b: true, s: 'x', n: 'NaN' });
  });

  it('reads dictionaries and lists, with keys apart from values', async () => {
    const list = message(3, varint(1, 2), message(4, varint(5, 1)), message(4, text(8, 'two')));
    const dict = nested(
      varint(1, 1),
      text(2, 'list'),
      text(2, 'flag'),
      text(2, '__proto__'),
      list,
      message(3, varint(7, false)),
      message(3, varint(5, 9)),
    );
    const args = await argsOf(annotation('data', dict));
    expect(JSON.stringify(args)).toBe('{"data":{"list":[1,"two"],"flag":false,"__proto__":9}}');
  });

  it('is cut off where it nests too deep', async () => {
    let value: Field = varint(5, 1);
    for (let i = 0; i < 300; i++) value = [...varint(1, 1), ...text(2, 'd'), ...message(3, value)];
    expect(JSON.stringify(await argsOf(annotation('d', message(8, value)))).length).toBeLessThan(1000);
  });
});

describe('where the task came from', () => {
  it('has the names that Chrome’s JSON gives it', async () => {
    expect(await argsOf(message(5, varint(1, 3)))).toStrictEqual({
      src_func: 'Run',
      src_file: 'a.cc',
      src_line: 12,
    });
    expect(await argsOf(varint(34, 3))).toStrictEqual({
      function_name: 'Run',
      file_name: 'a.cc',
      line_number: 12,
    });
    expect(await argsOf(message(5, varint(1, 9)), varint(34, 9))).toStrictEqual({});
  });
});

describe('broken annotations', () => {
  it('end where their bytes end', async () => {
    const broken: Field[] = [
      message(4, [0x52, 40, 0x61]),
      message(4, text(10, 'a'), [0x32, 99, 0x62]),
      message(4, text(10, 'b'), [0x5a, 99]),
      message(4, text(10, 'c'), [0x29, 1, 2]),
      message(4, text(10, 'd'), lengthDelimited(8, [0x1a, 99])),
      message(4, [0x3f]),
    ];
    for (const field of broken) expect(typeof (await argsOf(field))).toBe('object');
  });
});
