/**
 * Where in one file a thread's time went, place by place.
 * In: trace tables, a question, which of the trace's frames are of the file. Out: microseconds of each place that V8's
 * samples saw, and of each function of the file. A place that no sample told is its function's beginning.
 *
 *   self     the function's own JavaScript ran at the place; adds up to the file's self time in the tables
 *   caused   work without a file that the place's function caused: of the browser (layout, garbage collection), and of
 *            functions built into it; the place is that of V8's first sample of the function in it, else of the last one
 *            before, else where the function was the moment before, else its beginning
 *   total    of a function: with all that it called, its outermost calls alone
 *
 * Self and caused add up to what the tables have for the file where they are grouped by address.
 */
import { ANONYMOUS, type SliceClasses } from '../analysis/index.ts';
import { lowerBound } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import { tabulateFunctions } from './function-table.ts';
import { profileOfRange, samplesOf } from './range-profile.ts';
import type { ProfileQuestion, StackProfile } from './stack-profile.ts';
import { findFunction } from './transforms.ts';

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
    places: addUp(profile, url, places, new Witnesses({ tables, profile, places, question })),
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

interface WitnessInput {
  readonly tables: TraceTables;
  readonly profile: StackProfile;
  readonly places: Places;
  readonly question: { readonly thread: number };
}

/** What V8's samples of the thread say of the time of work that is not the function's own. */
class Witnesses {
  readonly #input: WitnessInput;
  readonly #first: number;
  readonly #end: number;
  /** By frame of the trace: that of the profile. */
  readonly #frames = new Map<number, number>();

  constructor(input: WitnessInput) {
    this.#input = input;
    [this.#first, this.#end] = samplesOf(input.tables, input.question.thread);
  }

  /** The place (its number plus 1) where `frame` asked for work from `start` to `end`; 0 where no sample of it tells. */
  placeAt(frame: number, start: number, end: number): number {
    const { time } = this.#input.tables.samples;
    const within = lowerBound(time, start, this.#first, this.#end);
    const inIt = within < this.#end && time[within] < end ? this.#placeOf(within, frame) : 0;
    return inIt > 0 || within <= this.#first ? inIt : this.#placeOf(within - 1, frame);
  }

  /** The place of a sample that was taken in the frame itself, else 0. */
  #placeOf(sample: number, frame: number): number {
    const { tables, places } = this.#input;
    const place = places.ofSample[sample];
    if (place === 0) return 0;
    const own = tables.stacks.frame[tables.samples.stack[sample]];
    let known = this.#frames.get(own);
    if (known === undefined) {
      known = this.#find(own);
      this.#frames.set(own, known);
    }
    return known === frame ? place : 0;
  }

  #find(own: number): number {
    const { tables, profile } = this.#input;
    const { frames, strings } = tables;
    return findFunction(profile, {
      name: strings.get(frames.functionName[own]) || ANONYMOUS,
      url: strings.get(frames.url[own]),
      line: frames.line[own] + 1,
      column: frames.column[own] + 1,
    });
  }
}

function addUp(
  { stacks, frames, samples, strings }: StackProfile,
  url: string,
  places: Places,
  witnesses: Witnesses,
): PlaceTimes {
  const out = new PlaceSums(places, frames);
  const wanted = strings.indexOf(url);
  const none = strings.indexOf('');
  let lastStack = -1;
  let lastPlace = -1;
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i];
    let stack = leaf;
    while (stack >= 0 && frames.url[stacks.frame[stack]] === none) stack = stacks.prefix[stack];
    const before = stack === lastStack ? lastPlace : -1;
    lastStack = stack;
    const frame = stack < 0 ? -1 : stacks.frame[stack];
    if (frame < 0 || frames.url[frame] !== wanted) continue;
    if (stack === leaf) {
      lastPlace = samples.line[i] > 0 ? samples.line[i] - 1 : out.beginningOf(frame);
      out.self[lastPlace] += samples.weight[i];
      continue;
    }
    const told = witnesses.placeAt(frame, samples.time[i], samples.time[i] + samples.weight[i]);
    lastPlace = told > 0 ? told - 1 : before >= 0 ? before : out.beginningOf(frame);
    out.caused[lastPlace] += samples.weight[i];
  }
  return out.settle();
}

/** Times by place: those that samples told, and behind them the beginnings of functions as they are needed. */
class PlaceSums {
  readonly self: number[];
  readonly caused: number[];
  readonly #line: number[];
  readonly #column: number[];
  readonly #frames: StackProfile['frames'];
  /** By frame: the place where it begins. */
  readonly #beginnings = new Map<number, number>();

  constructor({ line, column }: Places, frames: StackProfile['frames']) {
    this.#line = [...line];
    this.#column = [...column];
    this.self = line.map(() => 0);
    this.caused = line.map(() => 0);
    this.#frames = frames;
  }

  beginningOf(frame: number): number {
    let place = this.#beginnings.get(frame);
    if (place === undefined) {
      place = this.#line.push(this.#frames.line[frame]) - 1;
      this.#column.push(this.#frames.column[frame]);
      this.self.push(0);
      this.caused.push(0);
      this.#beginnings.set(frame, place);
    }
    return place;
  }

  settle(): PlaceTimes {
    return {
      line: Int32Array.from(this.#line),
      column: Int32Array.from(this.#column),
      self: Float64Array.from(this.self),
      caused: Float64Array.from(this.caused),
    };
  }
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
