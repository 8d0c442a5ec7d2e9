/**
 * OpenTelemetry profiles, v1development, as protobuf (ExportProfilesServiceRequest), written; otlp-reader.ts reads them.
 * In: profiles. Out: one request with a Profile per kind of weight and thread, as plain bytes.
 *
 * Kept: stacks, bare names, file, first line and column, the line that ran, kind of frame, category and thread, labels
 * (as resource attributes; `trace_id` and `span_id` as links), start and length, and with `timestamps` the time of each
 * sample. Lost: nothing of ours but thread roles.
 */

import { CATEGORIES } from '../../analysis/index.ts';
import { WireWriter } from '../../base/index.ts';
import { StackInterner } from '../profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from '../stack-profile.ts';
import { roundWeights, type SampleRows, sumSamples } from './sample-rows.ts';
import { nameThreads } from './thread-names.ts';
import { samplingInterval, unixNanos, type ValueType, valueTypeOf } from './units.ts';
import { StringRows } from './wire-tables.ts';

export interface OtlpOptions {
  /**
   * A sample, with its time, per stretch of time, where the profile knows when it was. Without: one per stack, line and
   * category.
   */
  readonly timestamps?: boolean;
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
export const FRAME_TYPES: Readonly<Record<FrameKind, string>> = {
  js: 'v8js',
  browser: 'browser',
  native: 'native',
  other: '',
};
export const TRACE_ID = 'trace_id';
export const SPAN_ID = 'span_id';

class OtlpWriter {
  readonly #profiles: readonly StackProfile[];
  readonly #options: OtlpOptions;
  readonly #out = new WireWriter(1 << 20);
  readonly #strings = new StringRows();
  readonly #functions = new Rows();
  readonly #locations = new Rows();
  readonly #links = new Rows();
  readonly #attributes = new Rows();
  /** Stacks of the dictionary, as lists of locations; row 0 is the empty one. */
  readonly #stacks: (readonly number[])[] = [[]];

  constructor(profiles: readonly StackProfile[], options: OtlpOptions) {
    this.#profiles = profiles;
    this.#options = options;
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
    this.#writeType(1, own.type, own.unit);
    if (isTimed) this.#writeTimed(profile, threadName, own.scale);
    else this.#writeSums(profile, threadName, own.scale);
    if (profile.startUnixMillis !== null) out.fixed64(3, unixNanos(profile.startUnixMillis));
    out.number(4, Math.round((profile.range.end - profile.range.start) * 1000));
    this.#writePeriod(profile, own);
    if (id !== undefined) out.bytes(7, id);
    out.close(message);
  }

  /** What one is worth: Pyroscope refuses profiles that do not say. V8 takes its samples by the wall's clock. */
  #writePeriod(profile: StackProfile, { type, unit }: ValueType): void {
    const period = unit === 'nanoseconds' ? 1 : type === 'samples' ? samplingInterval(profile) : 0;
    if (period === 0) return;
    this.#writeType(5, type === 'samples' ? 'wall' : type, 'nanoseconds');
    this.#out.number(6, period);
  }

  #writeType(field: number, type: string, unit: string): void {
    const out = this.#out;
    const at = out.open(field);
    out.number(1, this.#strings.row(type));
    out.number(2, this.#strings.row(unit));
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

  /** A sample per stretch of time, each with one value: Pyroscope takes no sample of several. */
  #writeTimed(profile: StackProfile, threadName: string, scale: number): void {
    const { samples, range, startUnixMillis } = profile;
    const values = roundWeights(samples, scale);
    const origin = unixNanos(startUnixMillis ?? 0);
    const sample = this.#sampleWriter(profile, threadName);
    for (let i = 0; i < samples.length; i++) {
      if (values[i] === 0) continue;
      sample(samples, i, () => {
        this.#out.packed(4, [values[i]]);
        const time = Math.round((samples.time[i] - range.start) * 1000) || 0;
        this.#out.packedFixed64(5, [origin + BigInt(time)]);
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
    const name = this.#strings.row(strings[frames.name[frame]]);
    const file = this.#strings.row(strings[frames.url[frame]]);
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
    const keyRow = this.#strings.row(key);
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

  #writeDictionary(): void {
    const out = this.#out;
    const dictionary = out.open(2);
    out.bytes(1, new Uint8Array(0));
    for (const location of this.#locations.bytes) out.bytes(2, location);
    for (const each of this.#functions.bytes) out.bytes(3, each);
    for (const link of this.#links.bytes) out.bytes(4, link);
    for (const text of this.#strings.texts()) out.text(5, text);
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

  add(key: string, encode: () => Uint8Array): number {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#rows.size;
      this.#rows.set(key, row);
      this.bytes[row] = encode();
    }
    return row;
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
