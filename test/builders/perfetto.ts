/**
 * Perfetto streams by hand, for tests, at two levels.
 * Wire: `message(varint(9, 1), text(23, 'Layout'))`: any protobuf message, field by field, right or wrong.
 * Packets: `packet({ sequence: 1, time: 5, event: begin('Layout') })`: what Chromium writes, in its own terms.
 * Out: bytes; `readStream` reads them with the real reader and keeps every event that it hands over.
 */

import { TraceBuilder } from '../../src/trace/builder.ts';
import type { EventRecord, ReadArgs } from '../../src/trace/event.ts';
import { openKernel } from '../../src/trace/kernel.ts';
import { type PerfettoFacts, readPerfetto } from '../../src/trace/perfetto/reader.ts';

// --- Wire -----------------------------------------------------------------------------------------------------------

/** One encoded field, or several. */
export type Field = readonly number[];

export function varintBytes(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

const tag = (number: number, wireType: number): number[] => varintBytes(number * 8 + wireType);

export const varint = (number: number, value: number | bigint | boolean): Field => [
  ...tag(number, 0),
  ...varintBytes(typeof value === 'boolean' ? Number(value) : value),
];

export function double(number: number, value: number): Field {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [...tag(number, 1), ...bytes];
}

export const fixed64 = (number: number, value: bigint): Field => [
  ...tag(number, 1),
  ...Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn)),
];

export const fixed32 = (number: number, value: number): Field => [
  ...tag(number, 5),
  ...Array.from({ length: 4 }, (_, i) => (value >>> (8 * i)) & 0xff),
];

export const lengthDelimited = (number: number, bytes: Iterable<number>): Field => {
  const body = [...bytes];
  return [...tag(number, 2), ...varintBytes(body.length), ...body];
};

export const text = (number: number, value: string): Field =>
  lengthDelimited(number, new TextEncoder().encode(value));

export const message = (number: number, ...fields: readonly Field[]): Field =>
  lengthDelimited(number, fields.flat());

/** Some fields, or none. */
const maybe = <T>(value: T | undefined, write: (value: T) => Field): Field =>
  value === undefined ? [] : write(value);

// --- Packets --------------------------------------------------------------------------------------------------------

export interface PacketRecipe {
  readonly sequence?: number | undefined;
  /** In the sequence's clock, or in `clock`. */
  readonly time?: number | bigint | undefined;
  readonly clock?: number | undefined;
  /** 1 state cleared, 2 needs state. */
  readonly flags?: number | undefined;
  readonly dropped?: boolean | undefined;
  readonly event?: Field | undefined;
  readonly interned?: Field | undefined;
  readonly defaults?: { readonly track?: number | bigint; readonly clock?: number } | undefined;
  readonly descriptor?: Field | undefined;
  readonly snapshot?: Field | undefined;
  /** Further fields, as they are. */
  readonly more?: Field | undefined;
}

/** One packet as it stands in the stream, its own tag and length before it. */
export function packet(recipe: PacketRecipe): Field {
  const { defaults } = recipe;
  return message(
    1,
    maybe(recipe.time, (time) => varint(8, time)),
    maybe(recipe.clock, (clock) => varint(58, clock)),
    maybe(recipe.flags, (flags) => varint(13, flags)),
    maybe(recipe.dropped, (dropped) => varint(42, dropped)),
    maybe(defaults, ({ track, clock }) =>
      message(
        59,
        message(
          11,
          maybe(track, (uuid) => varint(11, uuid)),
        ),
        maybe(clock, (id) => varint(58, id)),
      ),
    ),
    maybe(recipe.interned, (fields) => message(12, fields)),
    maybe(recipe.snapshot, (fields) => message(6, fields)),
    maybe(recipe.descriptor, (fields) => message(60, fields)),
    maybe(recipe.event, (fields) => message(11, fields)),
    recipe.more ?? [],
    varint(3, 0),
    varint(10, recipe.sequence ?? 1),
  );
}

export interface ClockReading {
  readonly id: number;
  readonly time: number | bigint;
  readonly incremental?: boolean;
  readonly unit?: number;
}

export const snapshot = (clocks: readonly ClockReading[], primary?: number): Field => [
  ...clocks.flatMap(({ id, time, incremental, unit }) =>
    message(
      1,
      varint(1, id),
      varint(2, time),
      maybe(incremental, (value) => varint(3, value)),
      maybe(unit, (value) => varint(4, value)),
    ),
  ),
  ...maybe(primary, (id) => varint(2, id)),
];

/** Interned texts by kind, numbered as given. */
export interface InternedRecipe {
  readonly categories?: Readonly<Record<number, string>>;
  readonly names?: Readonly<Record<number, string>>;
  readonly annotationNames?: Readonly<Record<number, string>>;
  readonly texts?: Readonly<Record<number, string>>;
  readonly locations?: Readonly<Record<number, { file: string; function: string; line: number }>>;
}

export function interned(recipe: InternedRecipe): Field {
  const table = (number: number, texts: Readonly<Record<number, string>> = {}): Field =>
    Object.entries(texts).flatMap(([iid, value]) => message(number, varint(1, Number(iid)), text(2, value)));
  const locations = Object.entries(recipe.locations ?? {}).flatMap(([iid, location]) =>
    message(
      4,
      varint(1, Number(iid)),
      text(2, location.file),
      text(3, location.function),
      varint(4, location.line),
    ),
  );
  return [
    ...table(1, recipe.categories),
    ...table(2, recipe.names),
    ...table(3, recipe.annotationNames),
    ...table(29, recipe.texts),
    ...locations,
  ];
}

export interface TrackRecipe {
  readonly uuid: number | bigint;
  readonly parent?: number | bigint;
  readonly name?: string;
}

const trackFields = ({ uuid, parent, name }: TrackRecipe): Field => [
  ...varint(1, uuid),
  ...maybe(parent, (value) => varint(5, value)),
  ...maybe(name, (value) => text(2, value)),
];

export const threadTrack = (
  track: TrackRecipe,
  thread: { readonly pid: number; readonly tid: number; readonly name?: string },
): Field => [
  ...trackFields(track),
  ...message(
    4,
    varint(1, thread.pid),
    varint(2, thread.tid),
    maybe(thread.name, (name) => text(5, name)),
  ),
];

export const processTrack = (
  track: TrackRecipe,
  process: { readonly pid: number; readonly name?: string; readonly type?: number },
): Field => [
  ...trackFields(track),
  ...message(
    3,
    varint(1, process.pid),
    maybe(process.name, (name) => text(6, name)),
  ),
  ...maybe(process.type, (type) => message(6, varint(1, type))),
];

export const asyncTrack = (track: TrackRecipe): Field => trackFields(track);

export const counterTrack = (
  track: TrackRecipe,
  counter: { readonly multiplier?: number; readonly incremental?: boolean } = {},
): Field => [
  ...trackFields(track),
  ...message(
    8,
    maybe(counter.multiplier, (value) => varint(4, value)),
    maybe(counter.incremental, (value) => varint(5, value)),
  ),
];

export interface EventRecipe {
  readonly name?: string | number;
  readonly categories?: readonly (string | number)[];
  readonly track?: number | bigint | undefined;
  readonly args?: Field;
  readonly legacy?: Field;
  readonly more?: Field;
}

/** `type`: 1 slice begin, 2 slice end, 3 instant, 4 counter; undefined for legacy events. Numbers are iids. */
export function event(type: number | undefined, recipe: EventRecipe = {}): Field {
  return [
    ...maybe(type, (value) => varint(9, value)),
    ...(recipe.categories ?? []).flatMap((category) =>
      typeof category === 'number' ? varint(3, category) : text(22, category),
    ),
    ...maybe(recipe.name, (name) => (typeof name === 'number' ? varint(10, name) : text(23, name))),
    ...maybe(recipe.track, (uuid) => varint(11, uuid)),
    ...(recipe.args ?? []),
    ...maybe(recipe.legacy, (fields) => message(6, fields)),
    ...(recipe.more ?? []),
  ];
}

export const begin = (name: string | number, recipe: EventRecipe = {}): Field =>
  event(1, { ...recipe, name });
export const end = (recipe: EventRecipe = {}): Field => event(2, recipe);
export const instant = (name: string | number, recipe: EventRecipe = {}): Field =>
  event(3, { ...recipe, name });
export const legacy = (phase: string, recipe: EventRecipe, ...fields: readonly Field[]): Field =>
  event(undefined, { ...recipe, legacy: [...varint(2, phase.charCodeAt(0)), ...fields.flat()] });

/** A debug annotation of an event (field 4); `name` is an iid or text. */
export const annotation = (name: string | number, ...value: readonly Field[]): Field =>
  message(4, annotationName(name), ...value);

/** An entry of a dictionary annotation. */
export const entry = (name: string | number, ...value: readonly Field[]): Field =>
  message(11, annotationName(name), ...value);

const annotationName = (name: string | number): Field =>
  typeof name === 'number' ? varint(1, name) : text(10, name);

// --- Streams --------------------------------------------------------------------------------------------------------

/** The sequence every test can begin with: thread 11 of process 10 on track 1, times in microseconds from 1000 s on. */
export const START = 1_000_000_000;
export function opening(sequence = 1, more: PacketRecipe = {}): Field {
  return [
    ...packet({
      sequence,
      flags: 1,
      time: 0,
      snapshot: snapshot([
        { id: 3, time: BigInt(START) * 1000n },
        { id: 64, time: START, incremental: true, unit: 1000 },
      ]),
      defaults: { track: 1, clock: 64 },
      ...more,
    }),
    ...packet({
      sequence,
      flags: 2,
      time: 0,
      descriptor: threadTrack({ uuid: 1, parent: 2 }, { pid: 10, tid: 11, name: 'CrRendererMain' }),
    }),
    ...packet({
      sequence,
      flags: 2,
      time: 0,
      descriptor: processTrack({ uuid: 2 }, { pid: 10, name: 'Tab', type: 2 }),
    }),
  ];
}

export interface SeenEvent {
  readonly phase: string;
  readonly name: string;
  readonly category: string;
  readonly time: number;
  readonly duration: number;
  readonly pid: number;
  readonly tid: number;
  readonly id: string;
  readonly idIsLocal: boolean;
  readonly sampleTraceId: number;
  readonly offset: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The real builder, which also keeps what it was given, every event's arguments decoded. */
export class KeepingBuilder extends TraceBuilder {
  readonly events: SeenEvent[] = [];

  override add(record: EventRecord, readArgs: ReadArgs): void {
    const { strings } = this;
    this.events.push({
      ...record,
      phase: String.fromCharCode(record.phase),
      name: strings.get(record.name),
      category: strings.get(record.category),
      id: strings.get(record.id),
      args: readArgs(),
    });
    super.add(record, readArgs);
  }
}

export async function openKeepingBuilder(): Promise<KeepingBuilder> {
  return new KeepingBuilder(await openKernel());
}

/** Reads by the real reader, every event through the sink's `add`: no kernel takes any by itself. */
export function readEach(blocks: AsyncIterable<Uint8Array>, builder: TraceBuilder): Promise<PerfettoFacts> {
  const { strings, threads, diagnostics } = builder;
  return readPerfetto(blocks, {
    strings,
    threads,
    diagnostics,
    add: (event, readArgs) => builder.add(event, readArgs),
    addMalformed: () => builder.addMalformed(),
    addSkipped: () => builder.addSkipped(),
  });
}

export interface StreamRead {
  readonly events: readonly SeenEvent[];
  readonly builder: KeepingBuilder;
  readonly facts: PerfettoFacts;
}

/** Reads the stream in blocks of `blockBytes`. */
export async function readStream(
  bytes: Iterable<number>,
  blockBytes = Number.POSITIVE_INFINITY,
): Promise<StreamRead> {
  const all = Uint8Array.from(bytes);
  const builder = await openKeepingBuilder();
  const facts = await readEach(
    blocksOf(all, () => blockBytes),
    builder,
  );
  return { events: builder.events, builder, facts };
}

/** `bytes` in blocks whose sizes `next` gives; each block is memory of its own, as a stream's are. */
export async function* blocksOf(bytes: Uint8Array, next: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, Math.min(next(), bytes.length - at));
    yield bytes.slice(at, at + size);
    at += size;
  }
}
