/**
 * OpenTelemetry profiles, v1development, as protobuf (ExportProfilesServiceRequest), written and read. Plain bytes both ways.
 * In: profiles, or a request's bytes. Out: one request with a Profile per kind of weight and thread, or the profiles.
 *
 * Kept: stacks, bare names, file, first line and column, the line that ran, kind of frame, category and thread, labels
 * (as resource attributes; `trace_id` and `span_id` as links), start and length, and with `timestamps` the time of each
 * sample. Lost: nothing of ours but thread roles.
 */
import { CATEGORIES } from '../../analysis/index.ts';
import { ProfileBuilder, StackInterner } from '../profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from '../stack-profile.ts';
import {
  categoryNamed,
  namedThread,
  noDiagnostics,
  type ProfileDiagnostics,
  type ReadProfiles,
} from './read-profiles.ts';
import { roundWeights, type SampleRows, sortByTime, sumSamples } from './sample-rows.ts';
import { nameThreads } from './thread-names.ts';
import { unixNanos, valueTypeOf, weightUnitOf } from './units.ts';
import { WireReader, WireWriter } from './wire.ts';

export interface OtlpOptions {
  /**
   * One value and one timestamp per stretch of time, where the profile knows when it was. Without: one value per stack
   * and category, which is all that Pyroscope takes.
   */
  readonly timestamps?: boolean;
  /** Names each profile's weight as Pyroscope wants it: `samples/count` of period 1 `cpu/nanoseconds`. */
  readonly pyroscopeTypes?: boolean;
  /** 16 bytes per profile. The same content must have the same id on every try. */
  readonly profileIds?: readonly Uint8Array[];
}

export function writeOtlp(
  profiles: readonly StackProfile[],
  options: OtlpOptions = {},
): Uint8Array<ArrayBuffer> {
  return new OtlpWriter(profiles, options).write();
}

/** semconv: profile.frame.type */
const FRAME_TYPES: Readonly<Record<FrameKind, string>> = {
  js: 'v8js',
  browser: 'browser',
  native: 'native',
  other: '',
};
const TRACE_ID = 'trace_id';
const SPAN_ID = 'span_id';

class OtlpWriter {
  readonly #profiles: readonly StackProfile[];
  readonly #options: OtlpOptions;
  readonly #out = new WireWriter(1 << 20);
  readonly #strings = new Rows();
  readonly #functions = new Rows();
  readonly #locations = new Rows();
  readonly #links = new Rows();
  readonly #attributes = new Rows();
  /** Stacks of the dictionary, as lists of locations; row 0 is the empty one. */
  readonly #stacks: (readonly number[])[] = [[]];

  constructor(profiles: readonly StackProfile[], options: OtlpOptions) {
    this.#profiles = profiles;
    this.#options = options;
    this.#strings.add('', () => undefined);
    for (const table of [this.#functions, this.#locations, this.#links, this.#attributes])
      table.add('zero', () => new Uint8Array(0));
    // The zero link has ids of their right length.
    this.#links.bytes[0] = messageOf((out) => {
      out.bytes(1, new Uint8Array(16));
      out.bytes(2, new Uint8Array(8));
    });
  }

  write(): Uint8Array<ArrayBuffer> {
    const out = this.#out;
    const names = nameThreads(this.#profiles);
    const resources = new Map<string, number[]>();
    for (const [i, { labels }] of this.#profiles.entries()) {
      const key = JSON.stringify(resourceLabels(labels));
      resources.set(key, [...(resources.get(key) ?? []), i]);
    }
    for (const members of resources.values()) {
      const resource = out.open(1);
      this.#writeResource(resourceLabels(this.#profiles[members[0]].labels));
      const scope = out.open(2);
      out.bytes(
        1,
        messageOf((instrumentation) => instrumentation.text(1, 'pageflame')),
      );
      for (const i of members) this.#writeProfile(this.#profiles[i], names[i], this.#options.profileIds?.[i]);
      out.close(scope);
      out.close(resource);
    }
    this.#writeDictionary();
    return out.take();
  }

  #writeResource(labels: readonly (readonly [string, string])[]): void {
    const out = this.#out;
    const resource = out.open(1);
    for (const [key, value] of labels) {
      const attribute = out.open(1);
      out.text(1, key);
      const any = out.open(2);
      out.text(1, value);
      out.close(any);
      out.close(attribute);
    }
    out.close(resource);
  }

  #writeProfile(profile: StackProfile, threadName: string, id: Uint8Array | undefined): void {
    const out = this.#out;
    const own = valueTypeOf(profile);
    const knowsTime = profile.startUnixMillis !== null && !Number.isNaN(profile.samples.time[0]);
    const isTimed = this.#options.timestamps === true && knowsTime;
    const message = out.open(2);
    const asSamples = this.#options.pyroscopeTypes === true && profile.type !== 'samples';
    this.#writeType(1, asSamples ? 'samples' : own.type, asSamples ? 'count' : own.unit);
    if (isTimed) this.#writeTimed(profile, threadName, own.scale);
    else this.#writeSums(profile, threadName, own.scale);
    if (profile.startUnixMillis !== null) out.fixed64(3, unixNanos(profile.startUnixMillis));
    out.number(4, Math.round((profile.range.end - profile.range.start) * 1000));
    if (own.unit === 'nanoseconds') {
      this.#writeType(5, own.type, own.unit);
      out.number(6, 1);
    }
    if (id !== undefined) out.bytes(7, id);
    out.close(message);
  }

  #writeType(field: number, type: string, unit: string): void {
    const out = this.#out;
    const at = out.open(field);
    out.number(1, this.#string(type));
    out.number(2, this.#string(unit));
    out.close(at);
  }

  #writeSums(profile: StackProfile, threadName: string, scale: number): void {
    const rows = sumSamples(profile, { byLine: true });
    const values = roundWeights(rows, scale);
    const sample = this.#sampleWriter(profile, threadName);
    for (let row = 0; row < rows.length; row++) {
      if (values[row] === 0) continue;
      sample(rows, row, () => this.#out.packed(4, [values[row]]));
    }
  }

  /** Samples of one stack, line and category are one, with a value and a time for each. */
  #writeTimed(profile: StackProfile, threadName: string, scale: number): void {
    const { samples, range, startUnixMillis } = profile;
    const values = roundWeights(samples, scale);
    const origin = unixNanos(startUnixMillis ?? 0);
    const places = new StackInterner();
    const groups = new StackInterner();
    const members: number[][] = [];
    for (let i = 0; i < samples.length; i++) {
      if (values[i] === 0) continue;
      const group = groups.intern(places.intern(samples.stack[i], samples.line[i]), samples.category[i]);
      if (group === members.length) members.push([]);
      members[group].push(i);
    }
    const sample = this.#sampleWriter(profile, threadName);
    for (const own of members) {
      sample(samples, own[0], () => {
        this.#out.packed(
          4,
          own.map((i) => values[i]),
        );
        const times = own.map(
          (i) => origin + BigInt(Math.round((samples.time[i] - range.start) * 1000) || 0),
        );
        this.#out.packedFixed64(5, times);
      });
    }
  }

  #sampleWriter(
    profile: StackProfile,
    threadName: string,
  ): (rows: Pick<SampleRows, 'stack' | 'line' | 'category'>, row: number, values: () => void) => void {
    const out = this.#out;
    const { labels, thread } = profile;
    const { [TRACE_ID]: traceId, [SPAN_ID]: spanId } = labels;
    const link = traceId === undefined ? 0 : this.#link(traceId, spanId ?? '');
    const ofThread = [this.#attribute('thread.name', threadName)];
    if (thread.pid !== 0) ofThread.push(this.#attribute('process.pid', thread.pid));
    if (thread.tid !== 0) ofThread.push(this.#attribute('thread.id', thread.tid));
    const ofCategory = CATEGORIES.map((category) => [this.#attribute('category', category), ...ofThread]);
    const stackRows = this.#stackRows(profile);
    return (rows, row, values) => {
      const message = out.open(2);
      if (rows.stack[row] >= 0) out.number(1, stackRows(rows.stack[row], rows.line[row]));
      out.packed(2, ofCategory[rows.category[row]] ?? ofThread);
      out.number(3, link);
      values();
      out.close(message);
    };
  }

  /** The dictionary's row of a stack whose innermost frame ran `line`. */
  #stackRows(profile: StackProfile): (stack: number, line: number) => number {
    const { stacks, frames } = profile;
    const known = new StackInterner();
    const rows: number[] = [];
    const callers: number[] = [];
    return (stack, line) => {
      const at = known.intern(stack, line);
      if (at < rows.length) return rows[at];
      const leaf = stacks.frame[stack];
      const path = [this.#location(profile, leaf, line || frames.line[leaf])];
      for (let above = stacks.prefix[stack]; above >= 0; above = stacks.prefix[above]) {
        callers[above] ??= this.#location(profile, stacks.frame[above], frames.line[stacks.frame[above]]);
        path.push(callers[above]);
      }
      rows[at] = this.#stacks.push(path) - 1;
      return rows[at];
    };
  }

  #location({ frames, strings }: StackProfile, frame: number, line: number): number {
    const name = this.#string(strings[frames.name[frame]]);
    const file = this.#string(strings[frames.url[frame]]);
    const first = frames.line[frame];
    const column = frames.column[frame];
    const functionRow = this.#functions.add(`${name} ${file} ${first} ${column}`, () =>
      messageOf((out) => {
        out.number(1, name);
        out.number(3, file);
        out.number(4, first);
      }),
    );
    const type = FRAME_TYPES[FRAME_KINDS[frames.kind[frame]]];
    return this.#locations.add(`${functionRow} ${line} ${type}`, () =>
      messageOf((out) => {
        const at = out.open(3);
        out.number(1, functionRow);
        out.number(2, line);
        if (line === first) out.number(3, column);
        out.close(at);
        if (type !== '') out.packed(4, [this.#attribute('profile.frame.type', type)]);
      }),
    );
  }

  #attribute(key: string, value: string | number): number {
    const keyRow = this.#string(key);
    return this.#attributes.add(`${keyRow} ${typeof value} ${value}`, () =>
      messageOf((out) => {
        out.number(1, keyRow);
        const any = out.open(2);
        if (typeof value === 'string') out.text(1, value);
        else out.number(3, value);
        out.close(any);
      }),
    );
  }

  #link(traceId: string, spanId: string): number {
    return this.#links.add(`${traceId} ${spanId}`, () =>
      messageOf((out) => {
        out.bytes(1, bytesOfHex(traceId, 16));
        out.bytes(2, bytesOfHex(spanId, 8));
      }),
    );
  }

  #string(text: string): number {
    return this.#strings.add(text, () => undefined);
  }

  #writeDictionary(): void {
    const out = this.#out;
    const dictionary = out.open(2);
    out.bytes(1, new Uint8Array(0));
    for (const location of this.#locations.bytes) out.bytes(2, location);
    for (const each of this.#functions.bytes) out.bytes(3, each);
    for (const link of this.#links.bytes) out.bytes(4, link);
    for (const text of this.#strings.keys()) out.text(5, text);
    for (const attribute of this.#attributes.bytes) out.bytes(6, attribute);
    for (const path of this.#stacks) {
      const stack = out.open(7);
      if (path.length > 0) out.packed(1, path);
      out.close(stack);
    }
    out.close(dictionary);
  }
}

/** A table of the dictionary: equal entries are one. */
class Rows {
  readonly bytes: Uint8Array[] = [];
  readonly #rows = new Map<string, number>();

  add(key: string, encode: () => Uint8Array | undefined): number {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#rows.size;
      this.#rows.set(key, row);
      const encoded = encode();
      if (encoded !== undefined) this.bytes[row] = encoded;
    }
    return row;
  }

  keys(): Iterable<string> {
    return this.#rows.keys();
  }
}

function messageOf(write: (out: WireWriter) => void): Uint8Array {
  const out = new WireWriter(64);
  write(out);
  return out.take();
}

/** OpenTelemetry's name for the service is its own; all others are as they are. */
function resourceLabels(labels: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(labels)
    .filter(([key]) => key !== TRACE_ID && key !== SPAN_ID)
    .map(([key, value]) => [key === 'service_name' ? 'service.name' : key, value]);
}

function bytesOfHex(hex: string, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16) || 0);
}

/** null where the bytes are no such request. */
export function readOtlp(bytes: Uint8Array): ReadProfiles | null {
  const reader = new OtlpReader(bytes);
  return reader.isOtlp ? reader.read() : null;
}

interface LocationFacts {
  /** Innermost first. */
  readonly lines: readonly { readonly functionRow: number; readonly line: number; readonly column: number }[];
  readonly kind: FrameKind;
}

class OtlpReader {
  readonly isOtlp: boolean;
  readonly #diagnostics: ProfileDiagnostics = noDiagnostics();
  readonly #decoder = new TextDecoder();
  readonly #strings: string[] = [];
  readonly #functions: number[][] = [];
  readonly #locations: LocationFacts[] = [];
  readonly #links: (readonly [traceId: string, spanId: string])[] = [];
  readonly #attributes: (readonly [key: string, value: string])[] = [];
  readonly #stacks: number[][] = [];
  readonly #resources: WireReader[] = [];

  constructor(bytes: Uint8Array) {
    let dictionary: Uint8Array | null = null;
    const request = new WireReader(bytes);
    let isKnown = true;
    while (request.next()) {
      if (request.field === 1) this.#resources.push(request.message());
      else if (request.field === 2) dictionary = request.bytes();
      else isKnown = false;
    }
    if (request.isBroken) this.#diagnostics.malformed++;
    if (dictionary !== null) this.#readDictionary(dictionary);
    this.isOtlp = isKnown && dictionary !== null && this.#strings[0] === '' && this.#stacks.length > 0;
  }

  read(): ReadProfiles {
    const profiles: StackProfile[] = [];
    for (const resource of this.#resources) {
      let labels: Record<string, string> = {};
      const scopes: WireReader[] = [];
      while (resource.next()) {
        if (resource.field === 1) labels = this.#readResource(resource.message());
        else if (resource.field === 2) scopes.push(resource.message());
      }
      for (const scope of scopes)
        while (scope.next())
          if (scope.field === 2) profiles.push(...this.#readProfile(scope.message(), labels));
    }
    return { format: 'otlp', profiles, diagnostics: this.#diagnostics };
  }

  #readDictionary(bytes: Uint8Array): void {
    // Attributes name strings, locations name attributes: tables first that others point into.
    const tables: WireReader[][] = [[], [], [], [], [], [], [], []];
    const dictionary = new WireReader(bytes);
    while (dictionary.next()) {
      if (dictionary.field === 5) this.#strings.push(dictionary.text(this.#decoder));
      else tables[dictionary.field]?.push(dictionary.message());
    }
    if (dictionary.isBroken) this.#diagnostics.malformed++;
    for (const message of tables[6]) this.#attributes.push(this.#readAttribute(message));
    for (const message of tables[3]) this.#functions.push(numbersOf(message, [1, 3, 4]));
    for (const message of tables[2]) this.#locations.push(this.#readLocation(message));
    for (const message of tables[4]) this.#links.push(readLink(message));
    for (const message of tables[7]) {
      const path: number[] = [];
      while (message.next()) if (message.field === 1) message.numbers(path);
      this.#stacks.push(path);
    }
  }

  #readAttribute(message: WireReader): readonly [string, string] {
    let key = '';
    let value = '';
    while (message.next()) {
      if (message.field === 1) key = this.#text(message.index());
      else if (message.field === 2) value = readAnyValue(message.message(), this.#decoder);
    }
    return [key, value];
  }

  #readLocation(message: WireReader): LocationFacts {
    const lines: LocationFacts['lines'][number][] = [];
    const attributes: number[] = [];
    while (message.next()) {
      if (message.field === 4) message.numbers(attributes);
      if (message.field !== 3) continue;
      const [functionRow, line, column] = numbersOf(message.message(), [1, 2, 3]);
      lines.push({ functionRow, line, column });
    }
    const type = attributes
      .map((row) => this.#attributes[row])
      .find((pair) => pair?.[0] === 'profile.frame.type')?.[1];
    return { lines, kind: type === undefined ? 'other' : kindOfType(type) };
  }

  #readResource(message: WireReader): Record<string, string> {
    const labels: [string, string][] = [];
    while (message.next()) {
      if (message.field !== 1) continue;
      let key = '';
      let value = '';
      for (const pair = message.message(); pair.next(); ) {
        if (pair.field === 1) key = pair.text(this.#decoder);
        else if (pair.field === 2) value = readAnyValue(pair.message(), this.#decoder);
      }
      labels.push([key === 'service.name' ? 'service_name' : key, value]);
    }
    return Object.fromEntries(labels);
  }

  #readProfile(message: WireReader, labels: Readonly<Record<string, string>>): StackProfile[] {
    const facts = { type: [0, 0], period: [0, 0], start: 0n, length: 0 };
    const samples: WireReader[] = [];
    while (message.next()) {
      if (message.field === 1) facts.type = numbersOf(message.message(), [1, 2]);
      else if (message.field === 2) samples.push(message.message());
      else if (message.field === 3) facts.start = message.bigint();
      else if (message.field === 4) facts.length = message.number();
      else if (message.field === 5) facts.period = numbersOf(message.message(), [1, 2]);
    }
    if (message.isBroken) this.#diagnostics.malformed++;
    const { factor, unit } = weightUnitOf(this.#text(facts.type[1]));
    const startUnixMillis = facts.start > 0n ? Number(facts.start / 1000n) / 1000 : null;
    const threads = new Map<string, OtlpThread>();
    for (const sample of samples) this.#readSample(sample, { factor, start: facts.start, threads });
    const type = this.#text(facts.type[0]) || 'samples';
    const head = { type, unit, range: { start: 0, end: facts.length / 1000 }, startUnixMillis };
    if (threads.size === 0) {
      return [new ProfileBuilder().settle({ ...head, thread: namedThread(''), labels })];
    }
    return [...threads.values()].map(({ builder, thread, link }) =>
      sortByTime(builder.settle({ ...head, thread, labels: { ...labels, ...link } })),
    );
  }

  #readSample(
    message: WireReader,
    into: { readonly factor: number; readonly start: bigint; readonly threads: Map<string, OtlpThread> },
  ): void {
    let stackRow = 0;
    let linkRow = 0;
    const attributeRows: number[] = [];
    const values: number[] = [];
    const times: bigint[] = [];
    while (message.next()) {
      if (message.field === 1) stackRow = message.index();
      else if (message.field === 2) message.numbers(attributeRows);
      else if (message.field === 3) linkRow = message.index();
      else if (message.field === 4) message.numbers(values);
      else if (message.field === 5) message.fixed64s(times);
    }
    if (message.isBroken || (values.length !== times.length && values.length > 0 && times.length > 0)) {
      this.#diagnostics.malformed++;
      return;
    }
    const attributes = new Map(attributeRows.map((row) => this.#attributes[row] ?? ['', '']));
    const own = this.#threadOf(attributes, this.#links[linkRow], into.threads);
    const category = categoryNamed(attributes.get('category') ?? '');
    const { stack, line } = this.#layStack(own.builder, stackRow);
    for (let i = 0; i < Math.max(values.length, times.length); i++) {
      const weight = (values[i] ?? 1) * into.factor;
      if (weight < 0) this.#diagnostics.badWeights++;
      const time = i < times.length ? Number(times[i] - into.start) / 1000 : Number.NaN;
      own.builder.samples.add({ stack, weight: Math.max(0, weight), category, line, time });
    }
  }

  #threadOf(
    attributes: ReadonlyMap<string, string>,
    link: readonly [string, string] | undefined,
    threads: Map<string, OtlpThread>,
  ): OtlpThread {
    const name = attributes.get('thread.name') ?? '';
    const pid = Number(attributes.get('process.pid') ?? 0);
    const tid = Number(attributes.get('thread.id') ?? 0);
    const key = `${name} ${pid} ${tid} ${link?.join(' ') ?? ''}`;
    let own = threads.get(key);
    if (own === undefined) {
      const hasLink = link !== undefined && /[^0]/.test(link[0]);
      own = {
        builder: new ProfileBuilder(),
        thread: { name, pid, tid, role: 'other' },
        link: hasLink ? { [TRACE_ID]: link[0], [SPAN_ID]: link[1] } : {},
      };
      threads.set(key, own);
    }
    return own;
  }

  #layStack(builder: ProfileBuilder, row: number): { stack: number; line: number } {
    const path = this.#stacks[row];
    if (path === undefined) this.#diagnostics.unresolved++;
    let stack = -1;
    let ranLine = 0;
    for (const at of (path ?? []).toReversed()) {
      const location = this.#locations[at];
      if (location === undefined) this.#diagnostics.unresolved++;
      for (const { functionRow, line, column } of (location?.lines ?? []).toReversed()) {
        const [name, url, first] = this.#functions[functionRow] ?? [0, 0, 0];
        const own = { line: first, column: line === first ? column : 0 };
        const frame = {
          name: this.#text(name),
          url: this.#text(url),
          ...own,
          kind: location?.kind ?? 'other',
        };
        stack = builder.stack(stack, builder.frame(frame));
        ranLine = line === first ? 0 : line;
      }
    }
    return { stack, line: ranLine };
  }

  #text(row: number): string {
    const text = this.#strings[row];
    if (text === undefined) this.#diagnostics.unresolved++;
    return text ?? '';
  }
}

interface OtlpThread {
  readonly builder: ProfileBuilder;
  readonly thread: StackProfile['thread'];
  readonly link: Readonly<Record<string, string>>;
}

function numbersOf(message: WireReader, fields: readonly number[]): number[] {
  const found = fields.map(() => 0);
  while (message.next()) {
    const at = fields.indexOf(message.field);
    if (at >= 0) found[at] = message.number();
  }
  return found;
}

function readAnyValue(message: WireReader, decoder: { decode(bytes: Uint8Array): string }): string {
  let text = '';
  while (message.next()) {
    if (message.field === 1) text = message.text(decoder);
    else if (message.field === 2) text = message.index() === 0 ? 'false' : 'true';
    else if (message.field === 3) text = String(message.number());
  }
  return text;
}

function readLink(message: WireReader): readonly [string, string] {
  let ids: readonly [string, string] = ['', ''];
  while (message.next()) {
    const hex = Array.from(message.bytes(), (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (message.field === 1) ids = [hex, ids[1]];
    else if (message.field === 2) ids = [ids[0], hex];
  }
  return ids;
}

function kindOfType(type: string): FrameKind {
  return FRAME_KINDS.find((kind) => FRAME_TYPES[kind] === type) ?? 'native';
}
