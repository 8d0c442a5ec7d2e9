/**
 * Where in one file a thread's time went, place by place.
 * In: trace tables, a question, which of the trace's frames are of the file. Out: microseconds of each place that V8's
 * samples saw, and of each function of the file. A place that no sample told is its function's beginning.
 *
 *   self     the function's own JavaScript ran at the place; adds up to the file's self time in the tables
 *   caused   work of the browser (layout, garbage collection) that the place's function caused; the place is that of
 *            V8's first sample in it, else of its last one before, else the function's beginning
 *   total    of a function: with all that it called, its outermost calls alone
 */
import type { SliceClasses } from '../analysis/index.ts';
import { lowerBound } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { tabulateFunctions } from './function-table.ts';
import { profileOfRange, samplesOf } from './range-profile.ts';
import { FRAME_KINDS, type ProfileQuestion, type StackProfile } from './stack-profile.ts';

/** Columns of one length; 1-based places, 0 unknown. */
export interface PlaceTimes {
  readonly line: Int32Array<ArrayBuffer>;
  readonly column: Int32Array<ArrayBuffer>;
  readonly self: Float64Array<ArrayBuffer>;
  readonly caused: Float64Array<ArrayBuffer>;
}

export interface FunctionTime {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly self: number;
  readonly total: number;
}

export interface FileTimes {
  readonly places: PlaceTimes;
  /** The heaviest first. */
  readonly functions: readonly FunctionTime[];
  /** What the whole question weighs. */
  readonly weight: number;
}

export function tellFileTimes(
  tables: TraceTables,
  classes: SliceClasses,
  question: Omit<ProfileQuestion, 'jsOnly'>,
  url: string,
): FileTimes {
  const places = numberPlaces(tables, url);
  const samples = { ...tables.samples, line: places.ofSample };
  const profile = profileOfRange({ ...tables, samples }, classes, question);
  return {
    places: addUp(profile, url, places, new Witnesses(tables, question, places)),
    functions: functionsOf(profile, url),
    weight: profile.samples.weight.reduce((sum, weight) => sum + weight, 0),
  };
}

interface Places {
  readonly line: number[];
  readonly column: number[];
  /** By sample of the trace: its place's number plus 1; 0 where it is none of the file. */
  readonly ofSample: Int32Array;
}

/** Gives every place of the file a number, so that it goes through a profile in the place of a line. */
function numberPlaces({ samples, stacks, frames, strings }: TraceTables, url: string): Places {
  const wanted = strings.find(url);
  const known = new Map<string, number>();
  const places: Places = { line: [], column: [], ofSample: new Int32Array(samples.length) };
  for (let row = 0; row < samples.length; row++) {
    const frame = samples.stack[row] < 0 ? -1 : stacks.frame[samples.stack[row]];
    if (frame < 0 || frames.url[frame] !== wanted || samples.line[row] <= 0) continue;
    const key = `${samples.line[row]}:${samples.column[row]}`;
    let place = known.get(key);
    if (place === undefined) {
      place = places.line.push(samples.line[row]);
      places.column.push(Math.max(0, samples.column[row]));
      known.set(key, place);
    }
    places.ofSample[row] = place;
  }
  return places;
}

/** What V8's samples of the thread say of the time of browser work. */
class Witnesses {
  readonly #tables: TraceTables;
  readonly #places: Places;
  readonly #first: number;
  readonly #end: number;

  constructor(tables: TraceTables, { thread }: { readonly thread: number }, places: Places) {
    this.#tables = tables;
    this.#places = places;
    [this.#first, this.#end] = samplesOf(tables, thread);
  }

  /** The place (its number plus 1) that asked for work from `start` to `end`; 0 where no sample of the file tells. */
  placeAt(start: number, end: number): number {
    const { time } = this.#tables.samples;
    const { ofSample } = this.#places;
    const within = lowerBound(time, start, this.#first, this.#end);
    if (within < this.#end && time[within] < end && ofSample[within] > 0) return ofSample[within];
    return within > this.#first ? ofSample[within - 1] : 0;
  }
}

function addUp(
  { stacks, frames, samples, strings }: StackProfile,
  url: string,
  places: Places,
  witnesses: Witnesses,
): PlaceTimes {
  const js = FRAME_KINDS.indexOf('js');
  const line = [...places.line];
  const column = [...places.column];
  const self = line.map(() => 0);
  const caused = line.map(() => 0);
  /** By frame: the place where it begins. */
  const beginnings = new Map<number, number>();
  const beginningOf = (frame: number): number => {
    let place = beginnings.get(frame);
    if (place === undefined) {
      place = line.push(frames.line[frame]) - 1;
      column.push(frames.column[frame]);
      self.push(0);
      caused.push(0);
      beginnings.set(frame, place);
    }
    return place;
  };
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i];
    let stack = leaf;
    while (stack >= 0 && frames.kind[stacks.frame[stack]] !== js) stack = stacks.prefix[stack];
    const frame = stack < 0 ? -1 : stacks.frame[stack];
    if (frame < 0 || strings[frames.url[frame]] !== url) continue;
    if (stack === leaf) {
      const place = samples.line[i] > 0 ? samples.line[i] - 1 : beginningOf(frame);
      self[place] += samples.weight[i];
      continue;
    }
    const told = witnesses.placeAt(samples.time[i], samples.time[i] + samples.weight[i]);
    caused[told > 0 ? told - 1 : beginningOf(frame)] += samples.weight[i];
  }
  return {
    line: Int32Array.from(line),
    column: Int32Array.from(column),
    self: Float64Array.from(self),
    caused: Float64Array.from(caused),
  };
}

function functionsOf(profile: StackProfile, url: string): FunctionTime[] {
  const { frames, strings } = profile;
  const table = tabulateFunctions(profile);
  return Array.from(table.frame, (frame, row) => ({
    name: strings[frames.name[frame]],
    url: strings[frames.url[frame]],
    line: frames.line[frame],
    column: frames.column[frame],
    self: table.self[row],
    total: table.total[row],
  }))
    .filter((each) => each.url === url)
    .map(({ url: _url, ...told }) => told);
}
