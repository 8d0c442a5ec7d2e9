/**
 * pprof, read: ours and other tools'. pprof.ts says what is kept.
 * In: a file's bytes, inflated. Out: a profile per value type and thread; null where the bytes are no pprof. Labels that
 * differ from sample to sample are left out, and counted. A location without a function is called by its address, in its
 * mapping's file.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from '../stack-profile.ts';
import { PRODUCER } from './pprof.ts';
import {
  categoryNamed,
  namedThread,
  noDiagnostics,
  type ProfileDiagnostics,
  type ReadProfiles,
} from './read-profiles.ts';
import { nameOfAddress, weightUnitOf } from './units.ts';
import { WireReader } from './wire.ts';
import { TextTable } from './wire-tables.ts';

/** null where the bytes are no pprof. */
export function readPprof(bytes: Uint8Array): ReadProfiles | null {
  const reader = new PprofReader(bytes);
  return reader.isPprof ? reader.read() : null;
}

interface FunctionFacts {
  readonly name: string;
  readonly systemName: string;
  readonly file: string;
  readonly line: number;
  column: number;
}

/** A location holds inlined calls. */
interface LocationFacts {
  /** Innermost first. */
  readonly lines: readonly { readonly facts: FunctionFacts; readonly line: number }[];
  readonly address: bigint;
  readonly mapping: number;
}

interface LabelFacts {
  readonly key: string;
  readonly text: string;
  readonly number: number;
}

class PprofReader {
  readonly isPprof: boolean;
  readonly #diagnostics: ProfileDiagnostics = noDiagnostics();
  readonly #texts = new TextTable(this.#diagnostics);
  readonly #types: WireReader[] = [];
  readonly #samples: WireReader[] = [];
  readonly #mappingMessages: WireReader[] = [];
  readonly #locationMessages: WireReader[] = [];
  readonly #functionMessages: WireReader[] = [];
  readonly #functions = new Map<number, FunctionFacts>();
  readonly #locations = new Map<number, LocationFacts>();
  /** File names by id. */
  readonly #mappings = new Map<number, string>();
  #timeNanos = 0n;
  #durationNanos = 0;
  #isOurs = false;

  constructor(bytes: Uint8Array) {
    const comments: number[] = [];
    const file = new WireReader(bytes);
    while (file.next()) {
      if (file.field === 1) this.#types.push(file.message());
      else if (file.field === 2) this.#samples.push(file.message());
      else if (file.field === 3) this.#mappingMessages.push(file.message());
      else if (file.field === 4) this.#locationMessages.push(file.message());
      else if (file.field === 5) this.#functionMessages.push(file.message());
      else if (file.field === 6) this.#texts.add(file);
      else if (file.field === 9) this.#timeNanos = file.bigint();
      else if (file.field === 10) this.#durationNanos = file.number();
      else if (file.field === 13) file.numbers(comments);
      else if (file.field > 15) break;
    }
    if (file.isBroken) this.#diagnostics.malformed++;
    this.isPprof = file.field <= 15 && this.#types.length > 0 && this.#texts.isTable;
    this.#isOurs = comments.some((row) => this.#texts.at(row) === PRODUCER);
  }

  read(): ReadProfiles {
    this.#readMappings();
    this.#readFunctions();
    this.#readLocations();
    const types = this.#types.map((message) => {
      const [type, unit] = this.#texts.numbers(message, [1, 2]);
      return { type: this.#texts.at(type), ...weightUnitOf(this.#texts.at(unit)) };
    });
    const gathered = new Map<string, Gathered>();
    for (const message of this.#samples) this.#readSample(message, types, gathered);
    const found = types.flatMap((type, at) =>
      [...gathered.values()].flatMap((each) => this.#settle(each, at, type) ?? []),
    );
    const nothing = (): StackProfile => this.#settleEmpty(types.at(-1) ?? { type: 'samples', unit: 'count' });
    return {
      format: 'pprof',
      profiles: found.length > 0 ? found : [nothing()],
      diagnostics: this.#diagnostics,
    };
  }

  #readMappings(): void {
    for (const message of this.#mappingMessages) {
      const [id, file] = this.#texts.numbers(message, [1, 5]);
      this.#mappings.set(id, this.#texts.at(file));
    }
  }

  #readFunctions(): void {
    for (const message of this.#functionMessages) {
      const [id, name, systemName, file, line] = this.#texts.numbers(message, [1, 2, 3, 4, 5]);
      const facts = {
        name: this.#texts.at(name),
        systemName: this.#texts.at(systemName),
        file: this.#texts.at(file),
        line,
        column: 0,
      };
      this.#functions.set(id, facts);
    }
  }

  #readLocations(): void {
    for (const message of this.#locationMessages) {
      let [id, mapping, address] = [0, 0, 0n];
      const lines: { facts: FunctionFacts; line: number }[] = [];
      while (message.next()) {
        if (message.field === 1) id = message.number();
        else if (message.field === 2) mapping = message.number();
        else if (message.field === 3) address = BigInt.asUintN(64, message.bigint());
        if (message.field !== 4) continue;
        const [functionId, line, column] = this.#texts.numbers(message.message(), [1, 2, 3]);
        const facts = this.#functions.get(functionId);
        if (facts === undefined) this.#diagnostics.unresolved++;
        else {
          if (line === facts.line) facts.column = column;
          lines.push({ facts, line });
        }
      }
      this.#locations.set(id, { lines, address, mapping });
    }
  }

  #readSample(
    message: WireReader,
    types: readonly { factor: number }[],
    gathered: Map<string, Gathered>,
  ): void {
    const ids: number[] = [];
    const values: number[] = [];
    const labels: LabelFacts[] = [];
    while (message.next()) {
      if (message.field === 1) message.numbers(ids);
      else if (message.field === 2) message.numbers(values);
      else if (message.field === 3) labels.push(this.#readLabel(message.message()));
    }
    if (message.isBroken || values.length !== types.length) {
      this.#diagnostics.malformed++;
      return;
    }
    const textOf = (key: string): string => labels.find((label) => label.key === key)?.text ?? '';
    const thread = textOf('thread');
    const category = categoryNamed(textOf('category'));
    for (const [at, value] of values.entries()) {
      if (value === 0) continue;
      if (value < 0) {
        this.#diagnostics.badWeights++;
        continue;
      }
      const key = `${at} ${thread}`;
      let own = gathered.get(key);
      if (own === undefined) {
        own = new Gathered(at, thread, labels);
        gathered.set(key, own);
      }
      own.keepCommon(labels);
      const { stack, line } = this.#layStack(own.builder, ids);
      const weight = value * types[at].factor;
      own.builder.samples.add({ stack, weight, line, category });
    }
  }

  #readLabel(message: WireReader): LabelFacts {
    const [key, text, number] = this.#texts.numbers(message, [1, 2, 3]);
    return { key: this.#texts.at(key), text: this.#texts.at(text), number };
  }

  /** The stack, outermost first, and the line that ran in its innermost frame where it is not the function's own. */
  #layStack(builder: ProfileBuilder, ids: readonly number[]): { stack: number; line: number } {
    let stack = -1;
    let ranLine = 0;
    for (let i = ids.length - 1; i >= 0; i--) {
      const location = this.#locations.get(ids[i]);
      if (location === undefined) {
        this.#diagnostics.unresolved++;
        continue;
      }
      const { lines, address, mapping } = location;
      if (lines.length === 0) {
        const url = this.#mappings.get(mapping) ?? '';
        stack = builder.stack(stack, builder.frame({ name: nameOfAddress(address), url, kind: 'native' }));
        ranLine = 0;
      }
      for (let at = lines.length - 1; at >= 0; at--) {
        const { facts, line } = lines[at];
        stack = builder.stack(stack, builder.frame(this.#frameOf(facts)));
        ranLine = line === facts.line ? 0 : line;
      }
    }
    return { stack, line: ranLine };
  }

  #frameOf({ name, systemName, file, line, column }: FunctionFacts): {
    name: string;
    url: string;
    line: number;
    column: number;
    kind: FrameKind;
  } {
    const own = FRAME_KINDS.find((kind) => systemName === `${kind}:${name}`);
    const isJs = this.#isOurs || /^https?:|\.[cm]?[jt]sx?$/.test(file);
    return { name: name || systemName, url: file, line, column, kind: own ?? (isJs ? 'js' : 'native') };
  }

  #settle(
    gathered: Gathered,
    at: number,
    { type, unit }: Pick<StackProfile, 'type' | 'unit'>,
  ): StackProfile | null {
    if (gathered.type !== at) return null;
    this.#diagnostics.leftOut += gathered.leftOut;
    const { pid, tid, ...labels } = gathered.common();
    const thread = { name: gathered.thread, pid: Number(pid ?? 0), tid: Number(tid ?? 0), role: 'other' };
    return gathered.builder.settle({ ...this.#head(), thread, type, unit, labels });
  }

  #settleEmpty({ type, unit }: Pick<StackProfile, 'type' | 'unit'>): StackProfile {
    return new ProfileBuilder().settle({ ...this.#head(), thread: namedThread(''), type, unit, labels: {} });
  }

  #head(): Pick<StackProfile, 'range' | 'startUnixMillis'> {
    return {
      range: { start: 0, end: Math.max(0, this.#durationNanos / 1000) },
      startUnixMillis: this.#timeNanos > 0n ? Number(this.#timeNanos / 1000n) / 1000 : null,
    };
  }
}

/** The samples of one value type and thread. */
class Gathered {
  readonly type: number;
  readonly thread: string;
  readonly builder = new ProfileBuilder();
  /** Labels that every sample had so far; numbers as text. */
  readonly #common: Map<string, string>;
  readonly #lost = new Set<string>();

  constructor(type: number, thread: string, labels: readonly LabelFacts[]) {
    this.type = type;
    this.thread = thread;
    this.#common = new Map(labelTexts(labels));
  }

  get leftOut(): number {
    return this.#lost.size;
  }

  keepCommon(labels: readonly LabelFacts[]): void {
    const own = new Map(labelTexts(labels));
    for (const [key, value] of this.#common) {
      if (own.get(key) === value) continue;
      this.#common.delete(key);
      this.#lost.add(key);
    }
    for (const key of own.keys()) if (!this.#common.has(key)) this.#lost.add(key);
  }

  common(): Record<string, string> {
    return Object.fromEntries(this.#common);
  }
}

const labelTexts = (labels: readonly LabelFacts[]): [string, string][] =>
  labels
    .filter(({ key }) => key !== 'thread' && key !== 'category')
    .map(({ key, text, number }) => [key, text || String(number)]);
