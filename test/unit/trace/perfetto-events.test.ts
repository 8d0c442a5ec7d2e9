/** TrackEvent packets → events: tracks, phases, names, categories, ids, sequence state. */
import { describe, expect, it } from 'vitest';
import { SLICE_INSTANT } from '../../../src/trace/index.ts';
import {
  annotation,
  asyncTrack,
  begin,
  counterTrack,
  double,
  end,
  event,
  type Field,
  instant,
  interned,
  legacy,
  opening,
  type PacketRecipe,
  packet,
  processTrack,
  readStream,
  type SeenEvent,
  START,
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

describe('slices and instants', () => {
  it('are B, E and I on the thread of the default track', async () => {
    const { events, builder } = await readStream([
      ...opening(),
      ...say(begin('RunTask', { categories: ['toplevel'] })),
      ...say(begin('Layout')),
      ...say(instant('Mark')),
      ...say(end()),
      ...say(end()),
    ]);
    expect(brief(events)).toEqual([
      'B RunTask 10/11',
      'B Layout 10/11',
      'I Mark 10/11',
      'E  10/11',
      'E  10/11',
    ]);
    const tables = builder.settle(FACTS);
    expect(tables.eventCount).toBe(5);
    expect(Array.from(tables.slices.duration.slice(0, 2))).toEqual([4, 2]);
    expect(tables.strings.get(tables.threads.name[0])).toBe('CrRendererMain');
    expect(tables.strings.get(tables.threads.processName[0])).toBe('Tab');
  });

  it('give the offset of their packet in the stream', async () => {
    const head = opening();
    const first = say(begin('a'));
    const { events } = await readStream([...head, ...first, ...say(end())], 7);
    expect(events.map(({ offset }) => offset)).toEqual([head.length, head.length + first.length]);
  });

  it('go to the thread whose track they name', async () => {
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(threadTrack({ uuid: 2n ** 63n + 5n }, { pid: 20, tid: 21, name: 'Compositor' })),
      ...say(begin('other', { track: 2n ** 63n + 5n })),
    ]);
    expect(brief(events)).toEqual(['B other 20/21']);
  });

  it('are told apart where two tracks share the low half of their uuid', async () => {
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(threadTrack({ uuid: 0x1_0000_0001n }, { pid: 20, tid: 21 })),
      ...describeTrack(threadTrack({ uuid: 0x2_0000_0001n }, { pid: 30, tid: 31 })),
      ...say(begin('a', { track: 0x1_0000_0001n })),
      ...say(begin('b', { track: 0x2_0000_0001n })),
      ...say(begin('c', { track: 1 })),
    ]);
    expect(brief(events)).toEqual(['B a 20/21', 'B b 30/31', 'B c 10/11']);
  });
});

describe('processes', () => {
  const named = async (...descriptors: readonly Field[]): Promise<string> => {
    const { builder } = await readStream([
      ...opening(1, { defaults: { track: 1, clock: 64 } }),
      ...descriptors.flatMap((descriptor) => describeTrack(descriptor)),
      ...say(begin('x', { track: 5 })),
    ]);
    const { strings, threads } = builder.settle(FACTS);
    return strings.get(threads.processName[threads.pid.indexOf(20)]);
  };
  const thread = threadTrack({ uuid: 5, parent: 6 }, { pid: 20, tid: 21 });
  const typed = processTrack({ uuid: 6 }, { pid: 20, name: 'Renderer', type: 2 });
  const untyped = processTrack({ uuid: 6 }, { pid: 20, name: '/usr/bin/chromium --type=renderer' });

  it('have the name that comes with their type, whatever comes before or after', async () => {
    expect(await named(thread, typed, untyped)).toBe('Renderer');
    expect(await named(thread, untyped, typed)).toBe('Renderer');
  });

  it('have the name that there is, or none', async () => {
    expect(await named(thread, untyped)).toBe('/usr/bin/chromium --type=renderer');
    expect(await named(thread, processTrack({ uuid: 6 }, { pid: 20 }))).toBe('');
  });
});

describe('async tracks', () => {
  it('are b, n and e, tied by the track, with pid and tid of the thread above them', async () => {
    const { events, builder } = await readStream([
      ...opening(),
      ...describeTrack(asyncTrack({ uuid: 77, parent: 1, name: 'Frames' })),
      ...say(begin('PipelineReporter', { track: 77, categories: ['cc'] })),
      ...say(instant('Step', { track: 77 })),
      ...say(end({ track: 77 }), { time: 9 }),
    ]);
    expect(brief(events)).toEqual(['b PipelineReporter 10/11', 'n Step 10/11', 'e  10/11']);
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set(['track:0x4d']));
    // Chrome writes an end without category: it gets that of its begin, by which the tables tie them.
    expect(events[2].category).toBe('cc');
    const tables = builder.settle(FACTS);
    expect(Array.from(tables.asyncSlices.duration)).toEqual([10, 0]);
    expect(Array.from(tables.asyncSlices.flags)).toEqual([0, SLICE_INSTANT]);
    expect(tables.diagnostics.unmatchedAsync).toBe(0);
  });

  it('nest, each end with the category of the begin that it ends', async () => {
    const on = { track: 77 };
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(asyncTrack({ uuid: 77, parent: 1 })),
      ...say(begin('outer', { ...on, categories: ['one'] })),
      ...say(begin('inner', { ...on, categories: ['two'] })),
      ...say(end(on)),
      ...say(end(on)),
    ]);
    expect(events.map(({ category }) => category)).toEqual(['one', 'two', 'two', 'one']);
  });

  it('come in order of time, whichever sequence stands first in the stream', async () => {
    const { events, builder } = await readStream([
      ...opening(2, { defaults: { track: 5, clock: 64 } }),
      ...packet({ sequence: 2, flags: 2, time: 0, descriptor: asyncTrack({ uuid: 77, parent: 1 }) }),
      ...packet({ sequence: 2, flags: 2, time: 50, event: end({ track: 77 }) }),
      ...opening(1),
      ...say(begin('EventTiming', { track: 77, args: annotation('data', text(6, 'kept')) }), { time: 20 }),
    ]);
    expect(events.map(({ phase, time }) => [phase, time - START])).toEqual([
      ['b', 20],
      ['e', 50],
    ]);
    // Its arguments were read while the packet was there.
    expect(events[0].args).toEqual({ data: 'kept' });
    const tables = builder.settle(FACTS);
    expect(Array.from(tables.asyncSlices.duration)).toEqual([30]);
    expect(tables.marks.map(({ args }) => args)).toEqual([{ data: 'kept' }]);
  });

  it('under a process have the tid of the thread that writes them', async () => {
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(asyncTrack({ uuid: 77, parent: 2 })),
      ...describeTrack(processTrack({ uuid: 3 }, { pid: 40 })),
      ...describeTrack(asyncTrack({ uuid: 78, parent: 3 })),
      ...describeTrack(asyncTrack({ uuid: 79, parent: 78 })),
      ...say(begin('own', { track: 77 })),
      ...say(begin('other', { track: 78 })),
      ...say(begin('deep', { track: 79 })),
    ]);
    expect(brief(events)).toEqual(['b own 10/11', 'b other 40/40', 'b deep 40/40']);
  });

  it('under themselves, or under nobody, end up with the writer', async () => {
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(asyncTrack({ uuid: 80, parent: 81 })),
      ...describeTrack(asyncTrack({ uuid: 81, parent: 80 })),
      ...describeTrack(asyncTrack({ uuid: 82, parent: 999 })),
      ...say(begin('circle', { track: 80 })),
      ...say(begin('orphan', { track: 82 })),
    ]);
    expect(brief(events)).toEqual(['b circle 10/11', 'b orphan 10/11']);
  });

  it('of a process itself: slices are async, instants are not', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(instant('now', { track: 2 })),
      ...say(begin('while', { track: 2 })),
      ...say(instant('nowhere', { track: 0 })),
    ]);
    expect(brief(events)).toEqual(['I now 10/11', 'I nowhere 10/11', 'b while 10/11']);
  });
});

describe('legacy events', () => {
  it('keep their phase, on the thread of their sequence', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(legacy('R', { name: 'navigationStart', categories: ['blink.user_timing'] })),
      ...say(legacy('X', { name: 'whole' }, varint(3, 250))),
      ...say(legacy('P', { name: 'ProfileChunk' }, varint(6, 0x1f))),
    ]);
    expect(brief(events)).toEqual(['R navigationStart 10/11', 'X whole 10/11', 'P ProfileChunk 10/11']);
    expect(events.map(({ duration }) => duration)).toEqual([Number.NaN, 250, Number.NaN]);
    expect(events.map(({ id }) => id)).toEqual(['', '', '0x1f']);
  });

  it('have unscoped, global and local ids, and scopes', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(legacy('b', { name: 'a' }, varint(6, 2n ** 64n - 1n))),
      ...say(legacy('b', { name: 'b' }, varint(11, 3), text(7, 'blink'))),
      ...say(legacy('b', { name: 'c' }, varint(10, 4))),
      ...say(legacy('b', { name: 'd' })),
    ]);
    expect(events.map(({ id, idIsLocal }) => [id, idIsLocal])).toEqual([
      ['0xffffffffffffffff', false],
      ['blink:0x3', false],
      ['0x4', true],
      ['', false],
    ]);
  });

  it('give their name by number where the event does not', async () => {
    const { events } = await readStream([
      ...opening(1, { interned: interned({ names: { 7: 'Old' } }) }),
      ...say(legacy('R', {}, varint(1, 7))),
    ]);
    expect(events[0].name).toBe('Old');
  });

  it('may override process and thread', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(legacy('B', { name: 'a', track: 0 }, varint(18, 50), varint(19, 51))),
      ...say(legacy('B', { name: 'b', track: 0 }, varint(19, 12))),
      ...say(legacy('I', { name: 'c', track: 0 })),
    ]);
    expect(brief(events)).toEqual(['B a 50/51', 'B b 10/12', 'I c 10/11']);
  });

  it('that begin and end on an async track become async', async () => {
    const { events } = await readStream([
      ...opening(),
      ...describeTrack(asyncTrack({ uuid: 77, parent: 1 })),
      ...say(legacy('B', { name: 'a', track: 77 })),
      ...say(legacy('I', { name: 'b', track: 77 })),
      ...say(legacy('E', { name: 'a', track: 77 })),
      ...say(legacy('i', { name: 'on a thread' })),
    ]);
    // Async events come last.
    expect(brief(events)).toEqual(['i on a thread 10/11', 'b a 10/11', 'n b 10/11', 'e a 10/11']);
  });

  it('are read whole: what one sets, the next one does not have', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(
        legacy('X', { name: 'a' }, varint(3, 5), varint(10, 9), text(7, 's'), varint(18, 5), varint(19, 6)),
      ),
      ...say(begin('b')),
      ...say(legacy('X', { name: 'c' })),
    ]);
    expect(brief(events)).toEqual(['X a 10/11', 'B b 10/11', 'X c 10/11']);
    expect(events.slice(1).map(({ duration, id, idIsLocal }) => [duration, id, idIsLocal])).toEqual([
      [Number.NaN, '', false],
      [Number.NaN, '', false],
    ]);
  });
});

describe('counters', () => {
  it('are C events that carry the value under the track’s name', async () => {
    const { events, builder } = await readStream([
      ...opening(),
      ...describeTrack(counterTrack({ uuid: 90, parent: 2, name: 'Memory' })),
      ...describeTrack(
        counterTrack({ uuid: 91, parent: 1, name: 'Time' }, { incremental: true, multiplier: 1000 }),
      ),
      ...say(event(4, { track: 90, more: varint(30, -5n) })),
      ...say(event(4, { track: 90, more: double(44, 0.5) })),
      ...say(event(4, { track: 91, more: varint(30, 2) })),
      ...say(event(4, { track: 91, more: varint(30, 3) })),
      ...say(event(4, { track: 90 })),
    ]);
    expect(events.map(({ phase, name, args }) => [phase, name, args])).toEqual([
      ['C', 'Memory', { Memory: -5 }],
      ['C', 'Memory', { Memory: 0.5 }],
      ['C', 'Time', { Time: 2000 }],
      ['C', 'Time', { Time: 5000 }],
      ['C', 'Memory', {}],
    ]);
    const tables = builder.settle(FACTS);
    expect(Array.from(tables.counters.value)).toEqual([-5, 0.5, 2000, 5000]);
  });
});

describe('names and categories', () => {
  it('come by number or as text, several categories joined by commas', async () => {
    const { events } = await readStream([
      ...opening(1, {
        interned: interned({ names: { 1: 'Layout', 70000: 'Far' }, categories: { 1: 'a', 2: 'b' } }),
      }),
      ...say(begin(1, { categories: [1] })),
      ...say(begin(70000, { categories: [1, 2] })),
      ...say(begin('Inline', { categories: ['x', 2, 'y'] })),
      ...say(begin(1, { categories: [1, 2] })),
      ...say(begin(5, { categories: [9] })),
    ]);
    expect(events.map(({ name, category }) => [name, category])).toEqual([
      ['Layout', 'a'],
      ['Far', 'a,b'],
      ['Inline', 'x,b,y'],
      ['Layout', 'a,b'],
      ['', ''],
    ]);
  });

  it('do not grow without end', async () => {
    const { events } = await readStream([
      ...opening(),
      ...say(begin('x', { categories: new Array(5000).fill('abc') })),
    ]);
    expect(events[0].category.split(',').length).toBe(16);
  });
});
