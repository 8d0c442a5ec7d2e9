/**
 * One page load in both of Chrome's forms, the very same events (test/fixtures/record-twins.mjs): what the protobuf form
 * says is what the JSON form says, event by event and slice by slice, both ways.
 * Each session took its own time stamp of an event, a few microseconds after the other; JSON's are whole microseconds. V8
 * gave each session sample ids of its own. JSON began later, and ended sooner.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findInitiators, LINK_KINDS } from '../../../src/analysis/index.ts';
import { readTrace, SLICE_INSTANT, SLICE_JS_CALL, type TraceTables } from '../../../src/trace/index.ts';
import { findPerfettoEvent } from '../../../src/trace/perfetto/event-finder.ts';
import { blocksOf, openKeepingBuilder, readEach } from '../../builders/perfetto.ts';
import { streamOf } from '../../builders/trace.ts';

type Form = 'json' | 'pftrace';

const read = (form: Form): Uint8Array =>
  new Uint8Array(
    gunzipSync(readFileSync(new URL(`../../fixtures/traces/twins.${form}.gz`, import.meta.url))),
  );
const bytes = { json: read('json'), pftrace: read('pftrace') };

async function tablesOf(form: Form): Promise<TraceTables> {
  const result = await readTrace(streamOf(bytes[form]));
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

interface Said {
  readonly thread: number;
  readonly phase: string;
  readonly name: string;
  readonly category: string;
  readonly time: number;
  duration: number;
  args: Readonly<Record<string, unknown>>;
  /** JSON's alone: processor time. */
  readonly threadTime?: number;
  /** Protobuf's alone: where it stands in the stream. */
  readonly offset?: number;
}

/** What both forms count otherwise: which session asked for a sample, and when it began. */
const OWN = new Set(['sampleTraceId', 'startTime']);

/** Arguments as text, keys in order. */
const textOf = (args: unknown): string =>
  JSON.stringify(args, (key, value: unknown) => {
    if (OWN.has(key)) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** Begins of the event list with the durations and arguments of their ends, as complete events. */
function joinEnds(events: readonly Said[]): Said[] {
  const open = new Map<number, Said[]>();
  const whole: Said[] = [];
  for (const event of events) {
    const stack = open.get(event.thread) ?? [];
    open.set(event.thread, stack);
    if (event.phase === 'B') {
      const begun = { ...event, phase: 'X' };
      stack.push(begun);
      whole.push(begun);
    } else if (event.phase === 'E') {
      const begun = stack.pop();
      if (begun === undefined) continue;
      begun.duration = event.time - begun.time;
      begun.args = { ...begun.args, ...event.args };
    } else whole.push({ ...event });
  }
  return whole;
}

function jsonEvents(): Said[] {
  const { traceEvents } = JSON.parse(new TextDecoder().decode(bytes.json));
  return joinEnds(
    traceEvents.map(
      (event: {
        tid: number;
        ph: string;
        name: string;
        cat: string;
        ts: number;
        dur?: number;
        tdur?: number;
        args: object;
      }) => ({
        thread: event.tid,
        phase: event.ph,
        name: event.name,
        category: event.cat,
        time: event.ts,
        duration: event.dur ?? Number.NaN,
        args: event.args,
        threadTime: event.tdur,
      }),
    ),
  );
}

async function protobufEvents(): Promise<Said[]> {
  const builder = await openKeepingBuilder();
  await readEach(
    blocksOf(bytes.pftrace, () => 65_536),
    builder,
  );
  const events: Said[] = [];
  for (const event of builder.events) {
    // The tables need no arguments of most async events: they are read when somebody asks.
    const isAsync = event.phase === 'b' || event.phase === 'n';
    const args = isAsync ? await argsAt(event.offset, event.name) : event.args;
    events.push({ ...event, thread: event.tid, args });
  }
  return joinEnds(events);
}

async function argsAt(offset: number, name: string): Promise<Said['args']> {
  const blocks = blocksOf(bytes.pftrace, () => 65_536);
  return (await findPerfettoEvent(blocks, { offset, name, hasEnd: false }))?.args ?? {};
}

const json = jsonEvents();
const protobuf = await protobufEvents();
const [jsonTables, protobufTables] = [await tablesOf('json'), await tablesOf('pftrace')];

/** Where both sessions were at work for certain: on the main thread first, and on the others soon after. */
const mainThread = json.find(({ name }) => name === 'measured')?.thread;
const ofMain = json.filter(({ thread, time }) => thread === mainThread && time > 0).map(({ time }) => time);
const START = Math.min(...ofMain) + 20_000;
const END = Math.max(...ofMain) - 20_000;
const isWithin = ({ time }: { readonly time: number }): boolean => time > START && time < END;

/** Two time stamps of one event are seldom so far apart, even where the thread lost its turn in between. */
const APART = 10_000;

/**
 * Pairs of events of one thread, phase and name: the nearest in time, of those that say the same if there are any. And
 * those that have no other.
 */
function pair(ones: readonly Said[], others: readonly Said[]): { pairs: [Said, Said][]; alone: Said[] } {
  const keyOf = ({ thread, phase, name }: Said): string => `${thread} ${phase} ${name}`;
  const same = pairBy((event) => `${keyOf(event)} ${textOf(event.args)}`, ones, others);
  const different = pairBy(keyOf, same.alone, same.left);
  return { pairs: [...same.pairs, ...different.pairs], alone: different.alone.filter(isWithin) };
}

function pairBy(keyOf: (event: Said) => string, ones: readonly Said[], others: readonly Said[]) {
  const byKey = new Map<string, Said[]>();
  for (const other of others) {
    const alike = byKey.get(keyOf(other));
    if (alike === undefined) byKey.set(keyOf(other), [other]);
    else alike.push(other);
  }
  const pairs: [Said, Said][] = [];
  const alone: Said[] = [];
  for (const one of ones) {
    const alike = byKey.get(keyOf(one)) ?? [];
    const distances = alike.map((other) => Math.abs(other.time - one.time));
    const nearest = distances.indexOf(Math.min(...distances));
    const [other] = distances[nearest] < APART ? alike.splice(nearest, 1) : [];
    if (other === undefined) alone.push(one);
    else pairs.push([one, other]);
  }
  return { pairs, alone, left: [...byKey.values()].flat() };
}

/**
 * Async ends have no name in protobuf, which ties them by their track; flows are parts of other events there. An instant
 * for the whole browser is of no process in JSON.
 */
const isOfBoth = ({ phase, name }: Said): boolean =>
  !['e', 's', 't', 'f', 'M'].includes(phase) && name !== 'GlobalFirstContentfulPaint';
const describeEvent = ({ phase, name, time, args }: Said): string =>
  `${phase} ${name} @${time} ${textOf(args)}`;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

describe('events', () => {
  const { pairs, alone } = pair(json.filter(isOfBoth), protobuf.filter(isOfBoth));

  test('of JSON are in protobuf, and the other way round', () => {
    expect(alone.map(describeEvent)).toEqual([]);
    expect(pair(protobuf.filter(isOfBoth), json.filter(isOfBoth)).alone.map(describeEvent)).toEqual([]);
    expect(pairs.length).toBeGreaterThan(1000);
  });

  test('have the same arguments and categories', () => {
    // Chunks of samples are compared below, as samples: each session got its own.
    const compared = pairs.filter(([one]) => one.phase !== 'P' && isWithin(one));
    const others = compared.filter(
      ([one, other]) => textOf(one.args) !== textOf(other.args) || one.category !== other.category,
    );

    expect(others.map(([one, other]) => `${describeEvent(one)} | ${textOf(other.args)}`)).toEqual([]);
  });

  test('begin at the same time, and last as long', () => {
    const timed = pairs.filter(([one]) => one.phase === 'X' && isWithin(one));
    expect(median(timed.map(([one, other]) => Math.abs(one.time - other.time)))).toBeLessThan(10);
    expect(median(timed.map(([one, other]) => Math.abs(one.duration - other.duration)))).toBeLessThan(5);
  });

  test('take as much of the processor', async () => {
    const timed = pairs.filter(([one]) => one.phase === 'X' && isWithin(one) && one.duration > 20);
    const apart: number[] = [];
    for (const [{ threadTime }, { name, offset }] of timed.filter((_, i) => i % 8 === 0)) {
      const blocks = blocksOf(bytes.pftrace, () => 65_536);
      const found = await findPerfettoEvent(blocks, { offset: offset ?? 0, name, hasEnd: true });
      apart.push(Math.abs(Number(found?.fields.tdur) - Number(threadTime)));
    }
    // One or the other stands across a packet that lets the counter begin anew.
    const known = apart.filter((difference) => !Number.isNaN(difference));
    expect(known.length).toBeGreaterThan(0.9 * apart.length);
    expect(Math.max(...known)).toBeLessThan(1000);
    expect(median(known)).toBeLessThan(10);
  });

  test('async ones end as often', () => {
    const count = (events: readonly Said[]): number =>
      events.filter((event) => event.phase === 'e' && isWithin(event)).length;
    expect(count(protobuf)).toBe(count(json));
  });
});

describe('tables', () => {
  const namesOf = ({ threads, strings }: TraceTables): string[] =>
    Array.from(
      threads.tid,
      (tid, row) => `${tid} ${strings.get(threads.processName[row])} ${strings.get(threads.name[row])}`,
    ).filter((name) => !name.endsWith(' '));

  test('have the same threads', () => {
    expect(namesOf(protobufTables)).toEqual(expect.arrayContaining(namesOf(jsonTables)));
  });

  test('have the same tree of slices under the same tasks', () => {
    const treesOf = ({ threads, slices, strings }: TraceTables): string[] => {
      const trees: string[] = [];
      for (let row = 0; row < slices.length; row = slices.subtreeEnd[row]) {
        if (!isWithin({ time: slices.start[row] }) || slices.start[row] + slices.duration[row] > END)
          continue;
        const tree = Array.from({ length: slices.subtreeEnd[row] - row }, (_, i) => row + i)
          // Neither JavaScript calls nor instants, which may lie a fraction of a microsecond beside their task.
          .filter((at) => (slices.flags[at] & (SLICE_JS_CALL | SLICE_INSTANT)) === 0)
          .map((at) => `${strings.get(slices.name[at])} ${strings.get(slices.traceCategory[at])}`);
        trees.push([threads.tid[slices.thread[row]], ...tree].join('\n'));
      }
      return trees.sort();
    };
    const trees = treesOf(jsonTables);
    expect(trees.length).toBeGreaterThan(100);
    expect(treesOf(protobufTables)).toEqual(trees);
  });

  test('have the same functions, stacks and samples', () => {
    const stacksOf = ({ stacks, frames, samples, strings }: TraceTables): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const stack of samples.stack) {
        const names: string[] = [];
        for (let at = stack; at >= 0; at = stacks.prefix[at]) {
          const frame = stacks.frame[at];
          names.push(`${strings.get(frames.functionName[frame])} ${strings.get(frames.url[frame])}`);
        }
        counts.set(names.join('\n'), (counts.get(names.join('\n')) ?? 0) + 1);
      }
      return counts;
    };
    const [ours, theirs] = [stacksOf(protobufTables), stacksOf(jsonTables)];
    for (const [stack, count] of theirs) if (count > 20) expect(ours.get(stack)).toBeGreaterThan(0.9 * count);
    expect(protobufTables.samples.length).toBeGreaterThanOrEqual(jsonTables.samples.length);
  });
});

describe('who initiated what', () => {
  /** How many of each kind, between events of which names, where both sessions were at work. */
  const countLinks = (tables: TraceTables): Map<string, number> => {
    const { slices, strings } = tables;
    const initiators = findInitiators(tables, []);
    const counts = new Map<string, number>();
    for (let i = 0; i < initiators.length; i++) {
      const rows = [initiators.cause[i], initiators.effect[i]];
      if (!rows.every((row) => isWithin({ time: slices.start[row] }))) continue;
      const names = rows.map((row) => strings.get(slices.name[row])).join(' → ');
      const key = `${LINK_KINDS[initiators.kind[i]]}: ${names}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };

  test('is told alike: by ids, by frames, and by flows', () => {
    const counts = countLinks(jsonTables);
    expect([...counts].sort()).toEqual([...countLinks(protobufTables)].sort());
    expect(counts.get('message: SchedulePostMessage → HandlePostMessage')).toBe(1);
    expect(counts.get('flow: v8::Debugger::AsyncTaskScheduled → v8::Debugger::AsyncTaskRun')).toBeGreaterThan(
      1,
    );
  });
});
