/** What a packet sequence says once: interned texts, lost and cleared state, statistics; unknown fields; trace ids. */
import { describe, expect, it } from 'vitest';
import {
  annotation,
  begin,
  double,
  entry,
  event,
  type Field,
  fixed64,
  interned,
  lengthDelimited,
  message,
  opening,
  type PacketRecipe,
  packet,
  readStream,
  type SeenEvent,
  text,
  threadTrack,
  varint,
} from '../../builders/perfetto.ts';

const FACTS = { format: 'perfetto', byteLength: 0, unixMillisAtZero: null, metadata: {} } as const;
const say = (fields: Field, more: PacketRecipe = {}): Field =>
  packet({ flags: 2, time: 1, event: fields, ...more });
const describeTrack = (descriptor: Field, more: PacketRecipe = {}): Field =>
  packet({ flags: 2, time: 0, descriptor, ...more });

/** Phase, name, pid and tid. */
const brief = (events: readonly SeenEvent[]): string[] =>
  events.map(({ phase, name, pid, tid }) => `${phase} ${name} ${pid}/${tid}`);

describe('sequence state', () => {
  it('is forgotten where the writer clears it', async () => {
    const { events } = await readStream([
      ...opening(1, { interned: interned({ names: { 1: 'Old', 2: 'Gone' } }) }),
      ...say(begin(1)),
      ...opening(1, { interned: interned({ names: { 1: 'New' } }) }),
      ...say(begin(1)),
      ...say(begin(2)),
    ]);
    expect(events.map(({ name }) => name)).toEqual(['Old', 'New', '']);
  });

  it('is unknown after lost packets until it is cleared; what needs it is skipped and counted', async () => {
    const { events, builder } = await readStream([
      ...opening(1, { dropped: true }),
      ...say(begin('before')),
      ...say(begin('lost'), { dropped: true }),
      ...say(begin('also lost'), { interned: interned({ names: { 1: 'never' } }) }),
      ...packet({ flags: 2, time: 1 }),
      ...opening(1, { dropped: true }),
      ...say(begin('after')),
      ...say(begin(1)),
    ]);
    expect(events.map(({ name }) => name)).toEqual(['before', 'after', '']);
    // The mark on a sequence's first packet means nothing.
    expect(builder.diagnostics).toMatchObject({
      droppedPackets: 2,
      packetsWithoutState: 3,
      malformedEvents: 0,
    });
    const tables = builder.settle(FACTS);
    expect(tables.eventCount).toBe(5);
  });

  it('of one sequence does not touch another', async () => {
    const { events } = await readStream([
      ...opening(1, { interned: interned({ names: { 1: 'one' } }) }),
      ...opening(2, { interned: interned({ names: { 1: 'two' } }) }),
      ...packet({ sequence: 2, flags: 2, time: 1, dropped: true, event: begin(1) }),
      ...say(begin(1)),
    ]);
    expect(events.map(({ name }) => name)).toEqual(['one']);
  });

  it('is cleared by the older field, too', async () => {
    const { events } = await readStream([
      ...opening(1, { flags: 0, more: varint(41, true) }),
      ...say(begin('x')),
    ]);
    expect(brief(events)).toEqual(['B x 10/11']);
  });

  it('skips events on tracks whose descriptor was lost, and counts them', async () => {
    const { events, builder } = await readStream([
      ...opening(),
      ...say(begin('x', { track: 4711 })),
      ...say(begin('y')),
    ]);
    expect(brief(events)).toEqual(['B y 10/11']);
    expect(builder.diagnostics.packetsWithoutState).toBe(1);
  });
});

describe('very many sequences', () => {
  it('are refused from some number on, counted as malformed', async () => {
    const stream: number[] = [];
    const most = 2 ** 16;
    for (let id = 1; id <= most + 5; id++) stream.push(...message(1, varint(10, id)));
    const { builder } = await readStream(stream);
    expect(builder.diagnostics.malformedEvents).toBe(5);
  });
});

describe('what the trace says of itself', () => {
  it('is kept; a value that is no JSON is counted', async () => {
    const said = (name: string, value: Field): Field => message(2, text(1, name), value);
    const { facts, builder } = await readStream([
      ...packet({
        sequence: 9,
        more: message(
          5,
          said('os-name', text(2, 'Linux')),
          said('broken', text(5, '{"half":')),
          said('cores', varint(4, 2)),
        ),
      }),
    ]);
    expect(facts.metadata).toEqual({ 'os-name': 'Linux', cores: 2 });
    expect(builder.diagnostics.malformedEvents).toBe(1);
  });
});

describe('the trace’s statistics', () => {
  const stats = (...buffers: readonly Field[]): Field =>
    packet({ sequence: 9, more: message(35, ...buffers.map((fields) => message(1, fields)), varint(2, 9)) });

  it('tell of chunks that found the buffer full; the last ones count', async () => {
    const { builder } = await readStream([
      ...opening(),
      ...stats([...varint(2, 50), ...varint(3, 100), ...varint(18, 100)]),
      ...stats([...varint(2, 50), ...varint(3, 2)], varint(18, 40)),
    ]);
    expect(builder.diagnostics.droppedPackets).toBe(42);
  });

  it('of a buffer that was never full count nothing', async () => {
    const { builder } = await readStream([...opening(), ...stats(varint(2, 50), varint(12, 1 << 30))]);
    expect(builder.diagnostics.droppedPackets).toBe(0);
  });
});

describe('unknown and typed fields', () => {
  it('are passed over in every message', async () => {
    const strange = [
      ...varint(1067, 3),
      ...message(1002, varint(1, 1)),
      ...fixed64(47, 9n),
      ...double(46, 1),
      ...lengthDelimited(900, new Array(200).fill(7)),
    ];
    const { events, builder } = await readStream([
      ...opening(1, {
        interned: [...interned({ names: { 1: 'Layout' } }), ...strange],
        more: strange,
      }),
      ...describeTrack([...threadTrack({ uuid: 5 }, { pid: 10, tid: 12, name: 'Worker' }), ...strange]),
      ...say(begin(1, { track: 5, more: strange }), { more: strange }),
    ]);
    expect(brief(events)).toEqual(['B Layout 10/12']);
    expect(builder.diagnostics.malformedEvents).toBe(0);
  });

  it('with no type and no phase are counted as of unknown phase', async () => {
    const { builder } = await readStream([
      ...opening(),
      ...say(event(undefined, { name: 'x' })),
      ...say(event(9)),
    ]);
    expect(builder.kernel.calls.unknownPhases.value).toBe(2);
  });
});

describe('sampleTraceId', () => {
  const names = interned({
    annotationNames: { 1: 'beginData', 2: 'data', 3: 'sampleTraceId', 4: 'frame', 5: 'data' },
  });
  const idOf = async (args: Field): Promise<number> => {
    const { events } = await readStream([
      ...opening(1, { interned: names }),
      ...say(begin('Layout', { args })),
    ]);
    return events[0].sampleTraceId;
  };

  it('is found in beginData, at the top and in data, in this order', async () => {
    const inBeginData = annotation(
      1,
      entry(4, text(6, 'F')),
      entry('sampleTraceId', varint(3, 8146661695352595n)),
    );
    const atTop = annotation(3, varint(3, 22));
    const inData = annotation(2, entry(3, varint(4, 33)));
    expect(await idOf(inBeginData)).toBe(8146661695352595);
    expect(await idOf([...inData, ...atTop, ...inBeginData])).toBe(8146661695352595);
    expect(await idOf([...inData, ...atTop])).toBe(22);
    expect(await idOf(inData)).toBe(33);
    expect(await idOf(annotation(5, entry('sampleTraceId', varint(3, 44))))).toBe(44);
  });

  it('is 0 where no such argument is', async () => {
    expect(await idOf(annotation(4, entry('sampleTraceId', varint(3, 1))))).toBe(0);
    expect(await idOf(annotation(2, entry('sampleTraceIdX', varint(3, 1))))).toBe(0);
    expect(await idOf(annotation(2, varint(3, 1)))).toBe(0);
  });
});

it('numbers are kept however far they are from each other, and in whatever order they come', async () => {
  const numbers = [70_000, 5000, 40, 200, 127, 1, 900, 4999, 65_535, 3000];
  const { events } = await readStream([
    ...opening(),
    ...numbers.flatMap((iid) =>
      packet({ flags: 2, time: 0, interned: interned({ names: { [iid]: `name ${iid}` } }) }),
    ),
    ...numbers.flatMap((iid) => say(begin(iid))),
  ]);
  expect(events.map(({ name }) => name)).toEqual(numbers.map((iid) => `name ${iid}`));
});
