/**
 * speedscope's file format, written and read.
 * In: profiles, or a parsed file. Out: a `sampled` profile per thread, microseconds, in order of time; or the profiles
 * of a file, `sampled` and `evented`.
 *
 * Kept: stacks, names, files, first lines and columns, order and length of each stretch. Lost: categories, the line
 * that ran, wall clock; `cpu` profiles close up where the thread was idle.
 */
import { ProfileBuilder, type ProfileHead } from '../profile-builder.ts';
import type { StackProfile } from '../stack-profile.ts';
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
import { namedThread, noDiagnostics, type ProfileDiagnostics, type ReadProfiles } from './read-profiles.ts';
import { nameThreads } from './thread-names.ts';
import { weightUnitOf } from './units.ts';

export const SPEEDSCOPE_SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

/** Pieces of one JSON text: a long load is longer than V8's longest string. */
export function* writeSpeedscope(profiles: readonly StackProfile[], title = ''): Generator<string> {
  const frames = new SharedFrames();
  const rows = profiles.map((profile) =>
    Int32Array.from({ length: profile.frames.length }, (_, frame) => frames.add(profile, frame)),
  );
  yield `{"$schema":${JSON.stringify(SPEEDSCOPE_SCHEMA)},"exporter":"pageflame","name":${JSON.stringify(title)},`;
  yield `"activeProfileIndex":0,"shared":{"frames":[\n${frames.texts.join(',\n')}\n]},"profiles":[\n`;
  const names = nameThreads(profiles);
  for (const [i, profile] of profiles.entries()) {
    if (i > 0) yield ',\n';
    yield* writeSampled(profile, names[i], rows[i]);
  }
  yield '\n]}\n';
}

function* writeSampled(profile: StackProfile, name: string, rows: Int32Array): Generator<string> {
  const { samples, stacks } = profile;
  const paths: string[] = [];
  const pathOf = (stack: number): string => {
    const missing: number[] = [];
    let at = stack;
    for (; at >= 0 && paths[at] === undefined; at = stacks.prefix[at]) missing.push(at);
    for (const next of missing.reverse()) {
      const prefix = stacks.prefix[next];
      paths[next] =
        prefix < 0 ? `${rows[stacks.frame[next]]}` : `${paths[prefix]},${rows[stacks.frame[next]]}`;
    }
    return stack < 0 ? '' : paths[stack];
  };
  const unit = profile.unit === 'count' ? 'none' : profile.unit;
  let total = 0;
  for (let i = 0; i < samples.length; i++) total += samples.weight[i];
  yield `{"type":"sampled","name":${JSON.stringify(name)},"unit":"${unit}","startValue":0,"endValue":${trim(total)},"samples":[`;
  const piece: string[] = [];
  for (let i = 0; i < samples.length; i++) {
    piece.push(`[${pathOf(samples.stack[i])}]`);
    if (piece.length < 4096 && i < samples.length - 1) continue;
    yield (i < 4096 ? '' : ',') + piece.join(',');
    piece.length = 0;
  }
  yield '],"weights":[';
  for (let i = 0; i < samples.length; i += 4096) {
    const own = samples.weight.subarray(i, Math.min(i + 4096, samples.length));
    yield (i === 0 ? '' : ',') + Array.from(own, trim).join(',');
  }
  yield ']}';
}

/** To a nanosecond. */
const trim = (value: number): number => Math.round(value * 1000) / 1000;

class SharedFrames {
  readonly texts: string[] = [];
  readonly #rows = new Map<string, number>();

  add({ frames, strings }: StackProfile, frame: number): number {
    const url = strings[frames.url[frame]];
    const text = JSON.stringify({
      name: strings[frames.name[frame]],
      ...(url === '' ? {} : { file: url }),
      ...(frames.line[frame] === 0 ? {} : { line: frames.line[frame] }),
      ...(frames.column[frame] === 0 ? {} : { col: frames.column[frame] }),
    });
    let row = this.#rows.get(text);
    if (row === undefined) {
      row = this.texts.push(text) - 1;
      this.#rows.set(text, row);
    }
    return row;
  }
}

/** null where the value is no speedscope file. */
export function readSpeedscope(value: unknown): ReadProfiles | null {
  if (!isObject(value) || value.$schema !== SPEEDSCOPE_SCHEMA) return null;
  const diagnostics = noDiagnostics();
  const frames = asList(asObject(value.shared).frames);
  const profiles = asList(value.profiles).flatMap((profile) => {
    const reader = new SpeedscopeReader(asObject(profile), frames, diagnostics);
    return reader.read() ?? [];
  });
  if (profiles.length === 0) diagnostics.malformed++;
  return { format: 'speedscope', profiles, diagnostics };
}

class SpeedscopeReader {
  readonly #source: JsonObject;
  readonly #frames: readonly unknown[];
  readonly #diagnostics: ProfileDiagnostics;
  readonly #builder = new ProfileBuilder();
  readonly #rows: number[] = [];
  readonly #factor: number;
  readonly #isTimed: boolean;
  readonly #head: ProfileHead;

  constructor(source: JsonObject, frames: readonly unknown[], diagnostics: ProfileDiagnostics) {
    this.#source = source;
    this.#frames = frames;
    this.#diagnostics = diagnostics;
    const { factor, unit } = weightUnitOf(asText(source.unit));
    this.#factor = factor;
    // Of what is no time, they are weights one after the other, too.
    this.#isTimed = unit === 'microseconds';
    const start = this.#isTimed ? (asNumber(source.startValue) || 0) * factor : 0;
    const end = this.#isTimed ? (asNumber(source.endValue) || 0) * factor : 0;
    this.#head = {
      thread: namedThread(asText(source.name)),
      type: unit === 'microseconds' ? 'time' : unit === 'bytes' ? 'space' : 'samples',
      unit,
      range: { start, end: Math.max(start, end) },
      startUnixMillis: null,
      labels: {},
    };
  }

  read(): StackProfile | null {
    if (this.#source.type === 'sampled') this.#readSampled();
    else if (this.#source.type === 'evented') this.#readEvented();
    else {
      this.#diagnostics.malformed++;
      return null;
    }
    return this.#builder.settle(this.#head);
  }

  #readSampled(): void {
    const weights = asList(this.#source.weights);
    let time = this.#head.range.start;
    for (const [i, path] of asList(this.#source.samples).entries()) {
      let stack = -1;
      for (const frame of asList(path)) stack = this.#push(stack, frame);
      const weight = asNumber(weights[i]) * this.#factor;
      if (!(weight >= 0)) {
        this.#diagnostics.badWeights++;
        continue;
      }
      this.#add(stack, weight, time);
      time += weight;
    }
  }

  /** Opens and closes in order of time. A close of what is not open innermost closes what is inside it, too. */
  #readEvented(): void {
    const open: { frame: unknown; stack: number }[] = [];
    let time = Number.NaN;
    for (const each of asList(this.#source.events)) {
      const event = asObject(each);
      const at = asNumber(event.at) * this.#factor;
      if (Number.isNaN(at) || at < time) {
        this.#diagnostics.malformed++;
        continue;
      }
      if (at > time && open.length > 0) {
        const stack = open[open.length - 1].stack;
        this.#add(stack, at - time, time);
      }
      time = at;
      if (event.type === 'O') {
        const stack = this.#push(open.at(-1)?.stack ?? -1, event.frame);
        open.push({ frame: event.frame, stack });
        continue;
      }
      const opened = open.findLastIndex(({ frame }) => frame === event.frame);
      if (event.type !== 'C' || opened < 0) this.#diagnostics.malformed++;
      else open.length = opened;
    }
    if (open.length > 0) this.#diagnostics.malformed++;
  }

  #add(stack: number, weight: number, time: number): void {
    this.#builder.samples.add({ stack, weight, time: this.#isTimed ? time : Number.NaN });
  }

  #push(prefix: number, frame: unknown): number {
    const row = asRow(frame, this.#frames.length);
    if (row < 0) {
      this.#diagnostics.unresolved++;
      return prefix;
    }
    this.#rows[row] ??= this.#addFrame(asObject(this.#frames[row]));
    return this.#builder.stack(prefix, this.#rows[row]);
  }

  #addFrame(frame: JsonObject): number {
    const url = asText(frame.file);
    const place = { line: asPlace(frame.line), column: asPlace(frame.col) };
    const kind = /^https?:|\.[cm]?[jt]sx?$/.test(url) ? 'js' : 'other';
    return this.#builder.frame({ name: asText(frame.name) || '(unnamed)', url, ...place, kind });
  }
}
