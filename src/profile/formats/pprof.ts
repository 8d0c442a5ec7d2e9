/**
 * pprof (perftools.profiles.Profile), written; pprof-reader.ts reads it. Plain bytes: files are gzip around them.
 * In: profiles. Out: one pprof with a value type per kind of profile (`samples/count`, `cpu/nanoseconds`).
 *
 * Kept: stacks, function names bare, file, first line and column, the line that ran (as the line of the innermost
 * location), kind of frame (system_name), category and thread and the profile's labels as string labels, start and
 * length. Lost: the order and time of samples (a pprof is one point in time); the column of a function whose first line
 * never ran by itself.
 */

import { CATEGORIES } from '../../analysis/index.ts';
import { type Chain, WireWriter } from '../../base/index.ts';
import { NO_CATEGORY, StackInterner } from '../profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from '../stack-profile.ts';
import { roundWeights, sumSamples } from './sample-rows.ts';
import { nameThreads } from './thread-names.ts';
import { samplingInterval, unixNanos, type ValueType, valueTypeOf } from './units.ts';
import { StringRows } from './wire-tables.ts';

export interface PprofOptions {
  /** Nanoseconds that one of V8's samples stands for; without it worked out of those that are here. */
  readonly period?: number;
  /** Labels `thread`, `pid` and `tid` on every sample; true unless told. */
  readonly threadLabels?: boolean;
  /** Label `category` on every sample that has one; true unless told. */
  readonly categoryLabels?: boolean;
}

/** Tells our files: what has no system_name there is JavaScript. */
export const PRODUCER = 'pageflame';
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
  readonly #strings = new StringRows();
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
    const producer = this.#strings.row(PRODUCER);
    const mainType = this.#strings.row(main.type);
    const unit = this.#strings.row(main.unit);
    for (const text of this.#strings.texts()) out.text(6, text);
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
    out.number(1, this.#strings.row(type));
    out.number(2, this.#strings.row(unit));
    out.close(at);
  }

  /** Nanoseconds between V8's samples, on the whole; 1 (the precision of the values) where none are told. */
  #periodOf(): number {
    const { period } = this.#options;
    if (period !== undefined && period > 0) return period;
    const sampled = this.#profiles.find(({ type, samples }) => type === 'samples' && samples.length > 1);
    return (sampled === undefined ? 0 : samplingInterval(sampled)) || 1;
  }

  #writeSamples(profile: StackProfile, threadName: string): void {
    const out = this.#out;
    const { stacks } = profile;
    const rows = sumSamples(profile, { byLine: true });
    const column = this.#typeOf(profile);
    const values = roundWeights(rows, this.#types[column].scale);
    const functionOf = this.#functionRows(profile);
    const callers = this.#callersOf(profile, functionOf);
    const labels = this.#labelsOf(profile, threadName);
    let last = 0;
    for (let row = 0; row < rows.length; row++) {
      if (values[row] === 0) continue;
      // Most messages are as long as the one before: then nothing is moved for their length.
      const sample = out.open(2, last);
      const stack = rows.stack[row];
      if (stack >= 0) {
        const leaf = this.#location(functionOf[stacks.frame[stack]], rows.line[row]) + 1;
        out.packedChain(1, leaf, stacks.prefix[stack], callers);
      }
      const at = out.open(2);
      for (let type = 0; type < this.#types.length; type++) out.signedItem(type === column ? values[row] : 0);
      out.close(at);
      out.raw(labels[rows.category[row]] ?? labels[NO_CATEGORY]);
      last = out.close(sample, last);
    }
  }

  /** Callers: nothing says which line of theirs ran. */
  #callersOf({ stacks, frames }: StackProfile, functionOf: Int32Array): Chain {
    const ids = new Int32Array(frames.length);
    const resolve = (frame: number): number => {
      ids[frame] = this.#location(functionOf[frame], 0) + 1;
      return ids[frame];
    };
    return { next: stacks.prefix, key: stacks.frame, ids, resolve };
  }

  /** By category: the fields of all labels of such a sample, as they stand in the file. */
  #labelsOf(profile: StackProfile, threadName: string): Uint8Array[] {
    const { threadLabels = true, categoryLabels = true } = this.#options;
    const { thread, labels } = profile;
    const fixed = new WireWriter(256);
    const text = (out: WireWriter, key: string, value: string): void =>
      writeLabel(out, this.#strings.row(key), { text: this.#strings.row(value) });
    for (const [key, value] of Object.entries(labels)) text(fixed, key, value);
    if (threadLabels) {
      text(fixed, 'thread', threadName);
      if (thread.pid !== 0) writeLabel(fixed, this.#strings.row('pid'), { number: thread.pid });
      if (thread.tid !== 0) writeLabel(fixed, this.#strings.row('tid'), { number: thread.tid });
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
      if (known[row] === 0) known[row] = this.#strings.row(strings[row]) + 1;
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
        kind === JS_KIND ? 0 : this.#strings.row(`${FRAME_KINDS[kind]}:${strings[frames.name[frame]]}`);
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
    out.number(5, this.#strings.row('page'));
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
