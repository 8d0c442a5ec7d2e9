/**
 * OpenTelemetry profiles, v1development, read from protobuf. otlp.ts says what is kept.
 * In: a request's bytes, inflated. Out: a profile per Profile and thread; null where the bytes are no such request.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from '../stack-profile.ts';
import { FRAME_TYPES, SPAN_ID, TRACE_ID } from './otlp.ts';
import {
  categoryNamed,
  namedThread,
  noDiagnostics,
  type ProfileDiagnostics,
  type ReadProfiles,
} from './read-profiles.ts';
import { sortByTime } from './sample-rows.ts';
import { nameOfAddress, weightUnitOf } from './units.ts';
import { WireReader } from './wire.ts';
import { TextTable } from './wire-tables.ts';

/** null where the bytes are no such request. */
export function readOtlp(bytes: Uint8Array): ReadProfiles | null {
  const reader = new OtlpReader(bytes);
  return reader.isOtlp ? reader.read() : null;
}

interface LocationFacts {
  readonly address: bigint;
  /** File name of its mapping. */
  readonly module: string;
  /** Innermost first. */
  readonly lines: readonly { readonly functionRow: number; readonly line: number; readonly column: number }[];
  readonly kind: FrameKind;
}

class OtlpReader {
  readonly isOtlp: boolean;
  readonly #diagnostics: ProfileDiagnostics = noDiagnostics();
  readonly #texts = new TextTable(this.#diagnostics);
  readonly #mappings: string[] = [];
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
    this.isOtlp = isKnown && dictionary !== null && this.#texts.isTable && this.#stacks.length > 0;
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
      if (dictionary.field === 5) this.#texts.add(dictionary);
      else tables[dictionary.field]?.push(dictionary.message());
    }
    if (dictionary.isBroken) this.#diagnostics.malformed++;
    for (const message of tables[6]) this.#attributes.push(this.#readAttribute(message));
    for (const message of tables[1])
      this.#mappings.push(this.#texts.at(this.#texts.numbers(message, [4])[0]));
    for (const message of tables[3]) this.#functions.push(this.#texts.numbers(message, [1, 3, 4]));
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
      if (message.field === 1) key = this.#texts.at(message.index());
      else if (message.field === 2) value = readAnyValue(message.message(), this.#texts);
    }
    return [key, value];
  }

  #readLocation(message: WireReader): LocationFacts {
    const lines: LocationFacts['lines'][number][] = [];
    const attributes: number[] = [];
    let [mapping, address] = [0, 0n];
    while (message.next()) {
      if (message.field === 1) mapping = message.index();
      else if (message.field === 2) address = BigInt.asUintN(64, message.bigint());
      else if (message.field === 4) message.numbers(attributes);
      if (message.field !== 3) continue;
      const [functionRow, line, column] = this.#texts.numbers(message.message(), [1, 2, 3]);
      lines.push({ functionRow, line, column });
    }
    const type = attributes
      .map((row) => this.#attributes[row])
      .find((pair) => pair?.[0] === 'profile.frame.type')?.[1];
    const kind = type === undefined ? 'other' : kindOfType(type);
    return { lines, kind, address, module: this.#mappings[mapping] ?? '' };
  }

  #readResource(message: WireReader): Record<string, string> {
    const labels: [string, string][] = [];
    while (message.next()) {
      if (message.field !== 1) continue;
      let key = '';
      let value = '';
      for (const pair = message.message(); pair.next(); ) {
        if (pair.field === 1) key = this.#texts.text(pair);
        else if (pair.field === 2) value = readAnyValue(pair.message(), this.#texts);
      }
      labels.push([key === 'service.name' ? 'service_name' : key, value]);
    }
    return Object.fromEntries(labels);
  }

  #readProfile(message: WireReader, labels: Readonly<Record<string, string>>): StackProfile[] {
    const facts = { type: [0, 0], period: [0, 0], start: 0n, length: 0 };
    const samples: WireReader[] = [];
    while (message.next()) {
      if (message.field === 1) facts.type = this.#texts.numbers(message.message(), [1, 2]);
      else if (message.field === 2) samples.push(message.message());
      else if (message.field === 3) facts.start = message.bigint();
      else if (message.field === 4) facts.length = message.number();
      else if (message.field === 5) facts.period = this.#texts.numbers(message.message(), [1, 2]);
    }
    if (message.isBroken) this.#diagnostics.malformed++;
    const { factor, unit } = weightUnitOf(this.#texts.at(facts.type[1]));
    const startUnixMillis = facts.start > 0n ? Number(facts.start / 1000n) / 1000 : null;
    const threads = new Map<string, OtlpThread>();
    for (const sample of samples) this.#readSample(sample, { factor, start: facts.start, threads });
    const type = this.#texts.at(facts.type[0]) || 'samples';
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
      if (location?.lines.length === 0) {
        const { address, module: url, kind } = location;
        stack = builder.stack(stack, builder.frame({ name: nameOfAddress(address), url, kind }));
        ranLine = 0;
      }
      for (const { functionRow, line, column } of (location?.lines ?? []).toReversed()) {
        const [name, url, first] = this.#functions[functionRow] ?? [0, 0, 0];
        const own = { line: first, column: line === first ? column : 0 };
        const frame = {
          name: this.#texts.at(name),
          url: this.#texts.at(url),
          ...own,
          kind: location?.kind ?? 'other',
        };
        stack = builder.stack(stack, builder.frame(frame));
        ranLine = line === first ? 0 : line;
      }
    }
    return { stack, line: ranLine };
  }
}

interface OtlpThread {
  readonly builder: ProfileBuilder;
  readonly thread: StackProfile['thread'];
  readonly link: Readonly<Record<string, string>>;
}

function readAnyValue(message: WireReader, texts: TextTable): string {
  let text = '';
  while (message.next()) {
    if (message.field === 1) text = texts.text(message);
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
