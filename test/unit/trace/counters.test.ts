/** Values over time, out of counter events and Chrome's own `UpdateCounters`. */
import { expect, test } from 'vitest';
import type { TraceTables } from '../../../src/trace/index.ts';
import { micros, millis, tablesOf, trace } from '../../builders/trace.ts';

const list = ({ counters, strings }: TraceTables): string[] =>
  Array.from(
    counters.time,
    (time, row) =>
      `${millis(time)} ${counters.pid[row]} ${strings.get(counters.name[row])} ${counters.value[row]}`,
  );

test('one row per number', async () => {
  const tables = await trace()
    .thread('CrRendererMain', { pid: 3 })
    .instant('UpdateCounters', 1, { args: { data: { jsHeapSizeUsed: 5.5, nodes: 0 } } })
    .counter('Memory', 2, { used: -1, free: 2 })
    .read();
  expect(list(tables)).toEqual(['1 3 jsHeapSizeUsed 5.5', '1 3 nodes 0', '2 3 used -1', '2 3 free 2']);
});

test("UpdateCounters counts what is its thread's, all else its process", async () => {
  const { counters, threads } = await trace()
    .thread('CrRendererMain', { pid: 3, tid: 4 })
    .instant('UpdateCounters', 1, { args: { data: { jsHeapSizeUsed: 5 } } })
    .instant('UpdateCounters', 1, { tid: 5, args: { data: { jsHeapSizeUsed: 6 } } })
    .counter('Memory', 2, { used: 7 })
    .read();
  const owners = Array.from(counters.thread, (row) => (row < 0 ? null : threads.tid[row]));
  expect(owners).toEqual([4, 5, null]);
});

test('what is no number is left out', async () => {
  const tables = await trace()
    .counter('Memory', 1, { text: '5', none: null, list: [1], huge: 7 })
    .read();
  expect(list(tables)).toEqual(['1 1 huge 7']);
});

test('UpdateCounters as a counter event counts once', async () => {
  const tables = await trace()
    .event({ ph: 'C', name: 'UpdateCounters', ts: micros(1), args: { nodes: 4 } })
    .read();
  expect(list(tables)).toEqual(['1 1 nodes 4']);
});

test('without arguments it says nothing', async () => {
  const tables = await trace()
    .event({ ph: 'C', name: 'x', ts: micros(1) })
    .event({ ph: 'C', name: 'x', ts: micros(1), args: 5 })
    .read();
  expect(list(tables)).toEqual([]);
});

test.each([
  ['{"data":{"a":1,"b":-2.5}}', ['a 1', 'b -2.5']],
  ['{"a":1,"b":1e3}', ['a 1', 'b 1000']],
  ['{ "data" : { "a" : 1 } }', ['a 1']],
  ['{"data":{"a":1},"b":2}', ['a 1']],
  ['{"b":2,"data":{"a":1}}', ['a 1']],
  ['{"data":7,"a":1}', ['data 7', 'a 1']],
  ['{"data":[4,5]}', ['0 4', '1 5']],
  ['{"a":1,"b":2,"a":3}', ['a 3', 'b 2']],
  ['{"b":1,"7":2}', ['7 2', 'b 1']],
  ['{"\\u0061":1}', ['a 1']],
  ['{"a":"1","b":2,"c":null,"d":1e999}', ['b 2']],
  ['{"a":01}', []],
  ['{"a":1,}', []],
  ['{}', []],
  ['{"data":{}}', []],
])('%s', async (args, expected) => {
  const text = `[{"ph":"C","name":"c","pid":1,"tid":1,"ts":5,"args":${args}}]`;
  const { counters, strings } = await tablesOf(text);
  expect(Array.from(counters.value, (value, i) => `${strings.get(counters.name[i])} ${value}`)).toEqual(
    expected,
  );
});

test('a memory dump says what its process held, in bytes', async () => {
  const size = (value: unknown): object => ({ attrs: { size: { type: 'scalar', units: 'bytes', value } } });
  const dumps = {
    process_totals: { resident_set_bytes: '1f400', is_peak_rss_resettable: true },
    allocators: { malloc: size('10'), 'malloc/allocated_objects': size('8'), v8: size('none'), odd: null },
  };
  const tables = await trace()
    .event({ ph: 'v', name: 'periodic_interval', id: '1', ts: micros(1), args: { dumps } })
    .read();
  expect(list(tables)).toEqual(['1 1 resident_set_bytes 128000', '1 1 malloc 16']);
});
