/** Links of arguments in any shape: what the kernel reads from their bytes is what JavaScript reads from the parsed object. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBuilder } from '../../../src/trace/builder.ts';
import { makeEventRecord, PHASE } from '../../../src/trace/event.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { tablesOf } from '../../builders/trace.ts';

const list = ({ links, strings }: TraceTables): string[] =>
  Array.from(links.time, (time, row) => {
    const [name, frame, id] = [links.name[row], links.frame[row], links.id[row]].map((text) =>
      strings.get(text),
    );
    return `${time} ${links.thread[row]} ${name} frame=${frame} id=${id} at ${links.detail[row]}`;
  });

async function inBytes(args: string): Promise<string[]> {
  return list(
    await tablesOf(`[{"args":${args},"ph":"X","name":"TimerInstall","pid":1,"tid":2,"ts":5,"dur":1}]`),
  );
}

async function asObject(args: Record<string, unknown>): Promise<string[]> {
  const builder = await openBuilder();
  const event = {
    ...makeEventRecord(),
    phase: PHASE.complete,
    time: 5,
    duration: 1,
    pid: 1,
    tid: 2,
    offset: 1,
  };
  event.name = builder.strings.intern('TimerInstall');
  builder.add(event, () => args);
  return list(builder.settle({ format: 'json', byteLength: 0, unixMillisAtZero: null, metadata: {} }));
}

test.each([
  '{"data":{"frame":"F","timerId":4}}',
  '{"data":{"timerId":0,"frame":"F","stackTrace":[{"url":"a"}]}}',
  '{"beginData":{"frame":"F"},"endData":{"id":1}}',
  '{"beginData":{"id":1},"data":{"traceId":"x"}}',
  '{"data":null,"beginData":{"id":1}}',
  '{"data":{"id":1,"identifier":2,"taskId":3,"traceId":4,"timerId":5}}',
  '{"data":{"timerId":-7}}',
  '{"data":{"timerId":-0}}',
  '{"data":{"timerId":1.50}}',
  '{"data":{"timerId":1e3}}',
  '{"data":{"timerId":12345678901234567890}}',
  '{"data":{"timerId":true,"id":3}}',
  '{"data":{"timerId":{"a":1},"frame":[1]}}',
  '{"data":{"frame":"\\u0041","timerId":"\\n"}}',
  '{"data":{"frame":"A","frame":"B","id":1,"id":2}}',
  '{"data":{},"data":{"id":2}}',
  '{ "data" : { "id" : 3 } }',
  '{"data":[1]}',
  '{"data":{"fram":1,"timerID":2,"beginDatA":3}}',
  '{"beginDatA":{"id":1}}',
  '{}',
])('%s', async (args) => {
  expect(await inBytes(args)).toEqual(await asObject(JSON.parse(args)));
});

test('any arguments', async () => {
  const key = fc.constantFrom('frame', 'timerId', 'traceId', 'taskId', 'identifier', 'id', 'other', 'url');
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.dictionary(key, fc.integer()),
  );
  const data = fc.oneof(fc.dictionary(key, value), value);
  const args = fc.dictionary(fc.constantFrom('data', 'beginData', 'endData'), data);
  await fc.assert(
    fc.asyncProperty(args, async (made) => {
      const text = JSON.stringify(made);
      expect(await inBytes(text)).toEqual(await asObject(JSON.parse(text)));
    }),
    { numRuns: 200 },
  );
});

test('ends, marks of other phases and broken arguments are none', async () => {
  const event = (ph: string, args: string): string =>
    `{"args":${args},"ph":"${ph}","name":"TimerFire","pid":1,"tid":1,"ts":1}`;
  const tables = await tablesOf(`[${event('E', '{"data":{"id":1}}')},${event('b', '{"data":{"id":1}}')},
    ${event('I', '{"data":{"id":nope}}')}]`);
  expect(tables.diagnostics.malformedEvents).toBe(1);
  expect(list(tables)).toEqual(['1 0 TimerFire frame= id= at 162']);
});
