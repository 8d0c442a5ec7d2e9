/**
 * pprof (perftools.profiles.Profile), written and read. Plain bytes both ways: files are gzip around them.
 * In: profiles, or a file's bytes. Out: one pprof with a value type per kind of profile (`samples/count`,
 * `cpu/nanoseconds`), or a profile per value type and thread.
 *
 * Kept: stacks, function names bare, file, first line and column, the line that ran (as the line of the innermost
 * location), kind of frame (system_name), category and thread and the profile's labels as string labels, start and
 * length. Lost: the order and time of samples (a pprof is one point in time); the column of a function whose first line
 * never ran by itself.
 */
import { CATEGORIES } from '../../analysis/index.ts';
import { NO_CATEGORY, ProfileBuilder, StackInterner } from '../profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from '../stack-profile.ts';
import {
  categoryNamed,
  namedThread,
  noDiagnostics,
  type ProfileDiagnostics,
  type ReadProfiles,
} from './read-profiles.ts';
import { roundWeights, sumSamples } from './sample-rows.ts';
import { nameThreads } from './thread-names.ts';
import { unixNanos, type ValueType, valueTypeOf, weightUnitOf } from './units.ts';
import { WireReader, WireWriter } from './wire.ts';

export interface PprofOptions {
  /** Labels `thread`, `pid` and `tid` on every sample; true unless told. */
  readonly threadLabels?: boolean;
  /** Label `category` on every sample that has one; true unless told. */
  readonly categoryLabels?: boolean;
}

/** Tells our files: what has no system_name there is JavaScript. */
const PRODUCER = 'pageflame';
const JS_KIND = FRAME_KINDS.indexOf('js');

/** The last kind of weight is what tools show first. */
export function writePprof(
  profiles: readonly StackProfile[],
  options: PprofOptions = {},
): Uint8Array<ArrayBuffer> {
  return new PprofWriter(profiles, options).write();
}

class PprofWriter {
  readonly #profiles: readonly StackProfile[];
  readonly #options: PprofOptions;
  readonly #out = new WireWriter(1 << 20);
  readonly #strings = new Map<string, number>([['', 0]]);
  readonly #types: ValueType[] = [];
  /** Functions by name and file, then kind, then line, then column: the last one's rows are theirs. */
  readonly #texts = new StackInterner();
  readonly #kinds = new StackInterner();
  readonly #lines = new StackInterner();
  readonly #functions = new StackInterner();
  readonly #functionFacts: {
    name: number;
    systemName: number;
    file: number;
    line: number;
    column: number;
  }[] = [];
  /** Locations: prefix is the function's row, frame the line. */
  readonly #locations = new StackInterner();

  constructor(profiles: readonly StackProfile[], options: PprofOptions) {
    this.#profiles = profiles;
    this.#options = options;
  }

  write(): Uint8Array<ArrayBuffer> {
    const out = this.#out;
    for (const profile of this.#profiles) this.#typeOf(profile);
    for (const { type, unit } of this.#types) this.#writeType(1, type, unit);
    const names = nameThreads(this.#profiles);
    for (const [i, profile] of this.#profiles.entries()) this.#writeSamples(profile, names[i]);
    this.#writeTables();
    const starts = this.#profiles.flatMap(({ startUnixMillis }) => startUnixMillis ?? []);
    const lengths = this.#profiles.map(({ range }) => range.end - range.start);
    const main = this.#types.at(-1) ?? { type: 'samples', unit: 'count' };
    const period = this.#types.length === 0 ? 0 : this.#periodOf();
    const producer = this.#string(PRODUCER);
    const mainType = this.#string(main.type);
    const unit = this.#string(main.unit);
    for (const text of this.#strings.keys()) out.text(6, text);
    if (starts.length > 0) out.bigint(9, unixNanos(Math.min(...starts)));
    if (lengths.length > 0) out.number(10, Math.round(Math.max(...lengths) * 1000));
    const periodType = out.open(11);
    out.number(1, mainType);
    out.number(2, unit);
    out.close(periodType);
    out.number(12, period);
    out.packed(13, [producer]);
    out.number(14, mainType);
    return out.take();
  }

  #typeOf(profile: StackProfile): number {
    const own = valueTypeOf(profile);
    const at = this.#types.findIndex(({ type, unit }) => type === own.type && unit === own.unit);
    return at >= 0 ? at : this.#types.push(own) - 1;
  }

  #writeType(field: number, type: string, unit: string): void {
    const out = this.#out;
    const at = out.open(field);
    out.number(1, this.#string(type));
    out.number(2, this.#string(unit));
    out.close(at);
  }

  /** Nanoseconds between V8's samples, on the whole; 1 (the precision of the values) where none are told. */
  #periodOf(): number {
    const sampled = this.#profiles.find(({ type, samples }) => type === 'samples' && samples.length > 1);
    if (sampled === undefined) return 1;
    const { time, length } = sampled.samples;
    const span = time[length - 1] - time[0];
    return span > 0 ? Math.max(1, Math.round((span * 1000) / (length - 1))) : 1;
  }

  #writeSamples(profile: StackProfile, threadName: string): void {
    const out = this.#out;
    const { stacks } = profile;
    const rows = sumSamples(profile, { byLine: true });
    const column = this.#typeOf(profile);
    const values = roundWeights(rows, this.#types[column].scale);
    const functionOf = this.#functionRows(profile);
    /** By frame: its location where nothing says which line ran, + 1; 0 not yet. */
    const callers = new Int32Array(profile.frames.length);
    let path = new Int32Array(256);
    const labels = this.#labelsOf(profile, threadName);
    for (let row = 0; row < rows.length; row++) {
      if (values[row] === 0) continue;
      const sample = out.open(2);
      const stack = rows.stack[row];
      if (stack >= 0) {
        path[0] = this.#location(functionOf[stacks.frame[stack]], rows.line[row]) + 1;
        let length = 1;
        for (let above = stacks.prefix[stack]; above >= 0; above = stacks.prefix[above]) {
          const frame = stacks.frame[above];
          if (callers[frame] === 0) callers[frame] = this.#location(functionOf[frame], 0) + 1;
          if (length === path.length) path = doubled(path);
          path[length++] = callers[frame];
        }
        out.packedIds(1, path, length);
      }
      const at = out.open(2);
      for (let type = 0; type < this.#types.length; type++) out.signedItem(type === column ? values[row] : 0);
      out.close(at);
      out.raw(labels[rows.category[row]] ?? labels[NO_CATEGORY]);
      out.close(sample);
    }
  }

  /** By category: the fields of all labels of such a sample, as they stand in the file. */
  #labelsOf(profile: StackProfile, threadName: string): Uint8Array[] {
    const { threadLabels = true, categoryLabels = true } = this.#options;
    const { thread, labels } = profile;
    const fixed = new WireWriter(256);
    const text = (out: WireWriter, key: string, value: string): void =>
      writeLabel(out, this.#string(key), { text: this.#string(value) });
    for (const [key, value] of Object.entries(labels)) text(fixed, key, value);
    if (threadLabels) {
      text(fixed, 'thread', threadName);
      if (thread.pid !== 0) writeLabel(fixed, this.#string('pid'), { number: thread.pid });
      if (thread.tid !== 0) writeLabel(fixed, this.#string('tid'), { number: thread.tid });
    }
    const found: Uint8Array[] = [];
    found[NO_CATEGORY] = fixed.take();
    for (const [row, category] of CATEGORIES.entries()) {
      const out = new WireWriter(256);
      out.raw(found[NO_CATEGORY]);
      if (categoryLabels) text(out, 'category', category);
      found[row] = out.take();
    }
    return found;
  }

  /** The function of each frame; equal ones are one. */
  #functionRows({ frames, strings }: StackProfile): Int32Array {
    /** By row of the profile's strings: ours + 1; 0 not yet. */
    const known = new Int32Array(strings.length);
    const stringOf = (row: number): number => {
      if (known[row] === 0) known[row] = this.#string(strings[row]) + 1;
      return known[row] - 1;
    };
    const rows = new Int32Array(frames.length);
    for (let frame = 0; frame < frames.length; frame++) {
      const name = stringOf(frames.name[frame]);
      const file = stringOf(frames.url[frame]);
      const line = frames.line[frame];
      const column = frames.column[frame];
      const kind = frames.kind[frame];
      const ofKind = this.#kinds.intern(this.#texts.intern(name, file), kind);
      rows[frame] = this.#functions.intern(this.#lines.intern(ofKind, line), column);
      if (rows[frame] < this.#functionFacts.length) continue;
      const systemName =
        kind === JS_KIND ? 0 : this.#string(`${FRAME_KINDS[kind]}:${strings[frames.name[frame]]}`);
      this.#functionFacts.push({ name, systemName, file, line, column });
    }
    return rows;
  }

  #location(functionRow: number, line: number): number {
    return this.#locations.intern(functionRow, line || this.#functionFacts[functionRow].line);
  }

  /** One mapping, always the same: Pyroscope keeps symbols by its file name. */
  #writeTables(): void {
    const out = this.#out;
    const mapping = out.open(3);
    out.number(1, 1);
    out.number(5, this.#string('page'));
    out.number(7, 1);
    out.number(8, 1);
    out.number(9, 1);
    out.close(mapping);
    const { length, prefix, frame } = this.#locations.settle();
    for (let row = 0; row < length; row++) {
      const facts = this.#functionFacts[prefix[row]];
      const location = out.open(4);
      out.number(1, row + 1);
      out.number(2, 1);
      const line = out.open(4);
      out.number(1, prefix[row] + 1);
      out.number(2, frame[row]);
      if (frame[row] === facts.line) out.number(3, facts.column);
      out.close(line);
      out.close(location);
    }
    for (const [row, facts] of this.#functionFacts.entries()) {
      const at = out.open(5);
      out.number(1, row + 1);
      out.number(2, facts.name);
      out.number(3, facts.systemName);
      out.number(4, facts.file);
      out.number(5, facts.line);
      out.close(at);
    }
  }

  #string(text: string): number {
    let row = this.#strings.get(text);
    if (row === undefined) {
      row = this.#strings.size;
      this.#strings.set(text, row);
    }
    return row;
  }
}

function doubled(ids: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(ids.length * 2);
  larger.set(ids);
  return larger;
}

function writeLabel(
  out: WireWriter,
  key: number,
  value: { readonly text?: number; readonly number?: number },
): void {
  const label = out.open(3);
  out.number(1, key);
  out.number(2, value.text ?? 0);
  out.number(3, value.number ?? 0);
  out.close(label);
}

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

interface LabelFacts {
  readonly key: string;
  readonly text: string;
  readonly number: number;
}

class PprofReader {
  readonly isPprof: boolean;
  readonly #diagnostics: ProfileDiagnostics = noDiagnostics();
  readonly #decoder = new TextDecoder();
  readonly #types: WireReader[] = [];
  readonly #samples: WireReader[] = [];
  readonly #locationMessages: WireReader[] = [];
  readonly #functionMessages: WireReader[] = [];
  readonly #strings: string[] = [];
  readonly #functions = new Map<number, FunctionFacts>();
  /** Innermost first: a location holds inlined calls. */
  readonly #locations = new Map<number, { facts: FunctionFacts; line: number }[]>();
  #timeNanos = 0n;
  #durationNanos = 0;
  #isOurs = false;

  constructor(bytes: Uint8Array) {
    const comments: number[] = [];
    const file = new WireReader(bytes);
    while (file.next()) {
      if (file.field === 1) this.#types.push(file.message());
      else if (file.field === 2) this.#samples.push(file.message());
      else if (file.field === 4) this.#locationMessages.push(file.message());
      else if (file.field === 5) this.#functionMessages.push(file.message());
      else if (file.field === 6) this.#strings.push(file.text(this.#decoder));
      else if (file.field === 9) this.#timeNanos = file.bigint();
      else if (file.field === 10) this.#durationNanos = file.number();
      else if (file.field === 13) file.numbers(comments);
      else if (file.field > 15) break;
    }
    if (file.isBroken) this.#diagnostics.malformed++;
    this.isPprof = file.field <= 15 && this.#types.length > 0 && this.#strings[0] === '';
    this.#isOurs = comments.some((row) => this.#strings[row] === PRODUCER);
  }

  read(): ReadProfiles {
    this.#readFunctions();
    this.#readLocations();
    const types = this.#types.map((message) => {
      const [type, unit] = this.#numbers(message, [1, 2]);
      return { type: this.#text(type), ...weightUnitOf(this.#text(unit)) };
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

  #readFunctions(): void {
    for (const message of this.#functionMessages) {
      const [id, name, systemName, file, line] = this.#numbers(message, [1, 2, 3, 4, 5]);
      const facts = {
        name: this.#text(name),
        systemName: this.#text(systemName),
        file: this.#text(file),
        line,
        column: 0,
      };
      this.#functions.set(id, facts);
    }
  }

  #readLocations(): void {
    for (const message of this.#locationMessages) {
      let id = 0;
      const lines: { facts: FunctionFacts; line: number }[] = [];
      while (message.next()) {
        if (message.field === 1) id = message.number();
        if (message.field !== 4) continue;
        const [functionId, line, column] = this.#numbers(message.message(), [1, 2, 3]);
        const facts = this.#functions.get(functionId);
        if (facts === undefined) this.#diagnostics.unresolved++;
        else {
          if (line === facts.line) facts.column = column;
          lines.push({ facts, line });
        }
      }
      this.#locations.set(id, lines);
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
    const [key, text, number] = this.#numbers(message, [1, 2, 3]);
    return { key: this.#text(key), text: this.#text(text), number };
  }

  /** The stack, outermost first, and the line that ran in its innermost frame where it is not the function's own. */
  #layStack(builder: ProfileBuilder, ids: readonly number[]): { stack: number; line: number } {
    let stack = -1;
    let ranLine = 0;
    for (let i = ids.length - 1; i >= 0; i--) {
      const lines = this.#locations.get(ids[i]);
      if (lines === undefined) this.#diagnostics.unresolved++;
      else if (lines.length === 0) {
        stack = builder.stack(stack, builder.frame({ name: `0x${ids[i].toString(16)}`, kind: 'native' }));
        ranLine = 0;
      }
      for (let at = (lines?.length ?? 0) - 1; at >= 0; at--) {
        const { facts, line } = lines?.[at] ?? { facts: null, line: 0 };
        if (facts === null) continue;
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

  /** The fields of a small message, 0 where they are not there. */
  #numbers(message: WireReader, fields: readonly number[]): number[] {
    const found = fields.map(() => 0);
    while (message.next()) {
      const at = fields.indexOf(message.field);
      if (at >= 0) found[at] = message.number();
    }
    if (message.isBroken) this.#diagnostics.malformed++;
    return found;
  }

  #text(row: number): string {
    const text = this.#strings[row];
    if (text === undefined) this.#diagnostics.unresolved++;
    return text ?? '';
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
