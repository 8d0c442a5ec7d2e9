/**
 * Firefox's processed profile (profiler.firefox.com), read only.
 * In: a parsed file of any version up to {@link NEWEST}. Out: a profile per thread, in order of time.
 *
 * Tables were each thread's own before version 60 (strings before 56) and are shared since; a stack names its caller by
 * row (`prefix`) before 66 and by distance (`prefixOffset`) since. Kept: stacks, names, files, lines, categories as far
 * as they are ours, times, weights. Lost: markers, counters, native symbols' addresses.
 */
import { categoryNumber } from '../../analysis/index.ts';
import { NO_CATEGORY, ProfileBuilder } from '../profile-builder.ts';
import type { StackProfile, WeightUnit } from '../stack-profile.ts';
import {
  asList,
  asNumber,
  asObject,
  asPlace,
  asRow,
  asText,
  isObject,
  type JsonObject,
} from './json-values.ts';
import { noDiagnostics, type ProfileDiagnostics, type ReadProfiles } from './read-profiles.ts';

/** `meta.preprocessedProfileVersion` that this reader was written for. */
export const NEWEST = 70;

/** Firefox's categories by name; those that are not here have none of ours. */
const CATEGORY_OF: Readonly<Record<string, number>> = {
  Idle: categoryNumber('idle'),
  Other: categoryNumber('system'),
  Layout: categoryNumber('rendering'),
  Graphics: categoryNumber('painting'),
  JavaScript: categoryNumber('scripting'),
  DOM: categoryNumber('scripting'),
  'GC / CC': categoryNumber('scripting'),
  Network: categoryNumber('loading'),
};

/** What the file is: one of ours to read, one of Gecko's raw ones, a newer one, or none at all. */
export function recogniseFirefox(value: unknown): 'processed' | 'raw' | 'too-new' | null {
  if (!isObject(value) || !Array.isArray(value.threads)) return null;
  const meta = asObject(value.meta);
  const version = asNumber(meta.preprocessedProfileVersion);
  if (!Number.isNaN(version)) return version > NEWEST ? 'too-new' : 'processed';
  return Number.isNaN(asNumber(meta.version)) ? null : 'raw';
}

export function readFirefox(value: unknown): ReadProfiles {
  const file = asObject(value);
  const diagnostics = noDiagnostics();
  const profiles = asList(file.threads).map((thread) =>
    new ThreadReader(file, asObject(thread), diagnostics).read(),
  );
  return { format: 'firefox', profiles, diagnostics };
}

class ThreadReader {
  readonly #meta: JsonObject;
  readonly #thread: JsonObject;
  readonly #diagnostics: ProfileDiagnostics;
  readonly #builder = new ProfileBuilder();
  readonly #strings: readonly unknown[];
  readonly #sources: JsonObject;
  readonly #frameTable: JsonObject;
  readonly #funcTable: JsonObject;
  readonly #stackTable: JsonObject;
  readonly #categories: readonly number[];
  readonly #stacks: Int32Array;
  readonly #stackCount: number;

  constructor(file: JsonObject, thread: JsonObject, diagnostics: ProfileDiagnostics) {
    const shared = asObject(file.shared);
    const table = (name: string): JsonObject => asObject(thread[name] ?? shared[name]);
    this.#meta = asObject(file.meta);
    this.#thread = thread;
    this.#diagnostics = diagnostics;
    this.#strings = asList(thread.stringArray ?? shared.stringArray);
    this.#sources = table('sources');
    this.#frameTable = table('frameTable');
    this.#funcTable = table('funcTable');
    this.#stackTable = table('stackTable');
    this.#categories = asList(this.#meta.categories).map((category) => {
      const name = asText(asObject(category).name);
      return Object.hasOwn(CATEGORY_OF, name) ? CATEGORY_OF[name] : NO_CATEGORY;
    });
    this.#stackCount = asList(this.#stackTable.frame).length;
    this.#stacks = new Int32Array(this.#stackCount).fill(-2);
  }

  read(): StackProfile {
    const samples = asObject(this.#thread.samples);
    const { unit, factor, type } = this.#weightType(samples);
    const times = this.#timesOf(samples);
    const stacks = asList(samples.stack);
    const weights = Array.isArray(samples.weight) ? samples.weight : null;
    const interval = (asNumber(this.#meta.interval) || 1) * 1000;
    const usual = unit === 'microseconds' && weights === null ? interval : 1;
    for (const [i, each] of stacks.entries()) {
      const weight = weights === null ? usual : asNumber(weights[i]) * factor;
      if (!(weight >= 0)) {
        this.#diagnostics.badWeights++;
        continue;
      }
      const row = asRow(each, this.#stackCount);
      if (row < 0 && each !== null) this.#diagnostics.unresolved++;
      const stack = row < 0 ? -1 : this.#stackOf(row);
      this.#builder.samples.add({
        stack,
        weight,
        time: times[i],
        category: row < 0 ? NO_CATEGORY : this.#categoryOf(row),
      });
    }
    const startUnix = asNumber(this.#meta.startTime);
    const [start, end] = [times.at(0) ?? 0, (times.at(-1) ?? 0) + usual];
    return this.#builder.settle({
      thread: this.#describe(),
      type,
      unit,
      range: { start, end: Math.max(start, end) },
      startUnixMillis: startUnix > 0 ? startUnix + start / 1000 : null,
      labels: {},
    });
  }

  #describe(): StackProfile['thread'] {
    const { name, processName, pid, tid } = this.#thread;
    const whole = [asText(processName), asText(name)].filter((part) => part !== '').join(' ');
    return { name: whole, pid: asNumber(pid) || 0, tid: asNumber(tid) || 0, role: 'other' };
  }

  #weightType(samples: JsonObject): { unit: WeightUnit; factor: number; type: string } {
    if (samples.weightType === 'bytes') return { unit: 'bytes', factor: 1, type: 'space' };
    if (samples.weightType === 'tracing-ms') return { unit: 'microseconds', factor: 1000, type: 'time' };
    const isCounted = Array.isArray(samples.weight);
    return { unit: isCounted ? 'count' : 'microseconds', factor: 1, type: isCounted ? 'samples' : 'time' };
  }

  #timesOf(samples: JsonObject): number[] {
    const { time, timeDeltas } = samples;
    if (Array.isArray(time)) return time.map((each) => asNumber(each) * 1000);
    let at = 0;
    return asList(timeDeltas).map((delta) => {
      at += (asNumber(delta) || 0) * 1000;
      return at;
    });
  }

  #prefixOf(row: number): number {
    const { prefix, prefixOffset } = this.#stackTable;
    if (Array.isArray(prefixOffset)) {
      const offset = prefixOffset[row];
      return typeof offset === 'number' && offset > 0 ? asRow(row - offset, this.#stackCount) : -1;
    }
    return asRow(asList(prefix)[row], this.#stackCount);
  }

  #stackOf(row: number): number {
    const missing: number[] = [];
    const seen = new Set<number>();
    let at = row;
    for (; at >= 0 && this.#stacks[at] === -2 && !seen.has(at); at = this.#prefixOf(at)) {
      missing.push(at);
      seen.add(at);
    }
    let stack = at < 0 || seen.has(at) ? -1 : this.#stacks[at];
    for (const next of missing.reverse()) {
      const frame = asList(this.#stackTable.frame)[next];
      stack = this.#builder.stack(stack, this.#frameOf(frame));
      this.#stacks[next] = stack;
    }
    return stack;
  }

  #frameOf(frame: unknown): number {
    const row = asRow(frame, asList(this.#frameTable.func).length);
    const func = asRow(asList(this.#frameTable.func)[row], asList(this.#funcTable.name).length);
    if (func < 0) {
      this.#diagnostics.unresolved++;
      return this.#builder.frame({ name: '(unknown)', kind: 'other' });
    }
    const isJs =
      asList(this.#funcTable.isJS)[func] === true || asList(this.#funcTable.relevantForJS)[func] === true;
    return this.#builder.frame({
      name: this.#text(asList(this.#funcTable.name)[func]) || '(unnamed)',
      url: this.#fileOf(func),
      line: asPlace(asList(this.#funcTable.lineNumber)[func]),
      column: asPlace(asList(this.#funcTable.columnNumber)[func]),
      kind: isJs ? 'js' : 'native',
    });
  }

  #fileOf(func: number): string {
    const source = asList(this.#funcTable.source)[func];
    const file =
      typeof source === 'number'
        ? asList(this.#sources.filename)[source]
        : asList(this.#funcTable.fileName)[func];
    return this.#text(file);
  }

  #categoryOf(row: number): number {
    const own = asList(this.#stackTable.category)[row];
    const frame = asList(this.#stackTable.frame)[row];
    const category =
      own ?? (typeof frame === 'number' ? asList(this.#frameTable.category)[frame] : undefined);
    return typeof category === 'number' ? (this.#categories[category] ?? NO_CATEGORY) : NO_CATEGORY;
  }

  #text(row: unknown): string {
    return typeof row === 'number' ? asText(this.#strings[row]) : '';
  }
}
