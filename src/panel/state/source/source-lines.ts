/**
 * Times of a file → times of shown lines. Pure.
 * In: times by place and by function, and on which shown line each stands. Out: per line what ran there, and in which
 * order its hot lines are. What has no line there is left out and told: what V8 told no line of, and what this text has none
 * for.
 */
import { fail, makeFailure, type Result, succeed } from '../../../base/index.ts';
import type { FileTimes, FunctionTime } from '../../../profile/index.ts';

export interface LineTime {
  readonly self: number;
  readonly caused: number;
  /** Functions that begin on the line, the heaviest first. */
  readonly functions: readonly FunctionTime[];
}

export interface LineTimes {
  readonly byLine: ReadonlyMap<number, LineTime>;
  /** Lines with time of their own, ascending. */
  readonly hot: readonly number[];
  /** The one with most; 0 for none. */
  readonly hottest: number;
  /** Of all lines. */
  readonly self: number;
  readonly caused: number;
  /** Time that V8 told no line of. */
  readonly unplaced: number;
  /** Time of places that the shown text has no line for: it is another version of the file. */
  readonly lost: number;
  /** What the whole range weighs. */
  readonly weight: number;
}

export const NO_TIMES: LineTimes = {
  byLine: new Map(),
  hot: [],
  hottest: 0,
  self: 0,
  caused: 0,
  unplaced: 0,
  lost: 0,
  weight: 0,
};

/** `lines`: of the places, then of the functions. */
export function sumLines({ places, functions, weight }: FileTimes, lines: Int32Array): LineTimes {
  const byLine = new Map<number, { self: number; caused: number; functions: FunctionTime[] }>();
  const at = (line: number): { self: number; caused: number; functions: FunctionTime[] } => {
    const known = byLine.get(line) ?? { self: 0, caused: 0, functions: [] };
    byLine.set(line, known);
    return known;
  };
  let [self, caused, unplaced, lost] = [0, 0, 0, 0];
  for (let i = 0; i < places.line.length; i++) {
    self += places.self[i];
    caused += places.caused[i];
    if (places.line[i] <= 0 || lines[i] === 0) {
      if (places.line[i] <= 0) unplaced += places.self[i] + places.caused[i];
      else lost += places.self[i] + places.caused[i];
      continue;
    }
    const line = at(lines[i]);
    line.self += places.self[i];
    line.caused += places.caused[i];
  }
  for (const [i, each] of functions.entries()) {
    const line = lines[places.line.length + i];
    if (line > 0) at(line).functions.push(each);
  }
  const heat = ({ self: own, caused: others }: LineTime): number => own + others;
  const hot = [...byLine].filter(([, time]) => heat(time) > 0);
  const hottest = hot.reduce(
    (best, each) => (heat(each[1]) > heat(best[1]) ? each : best),
    hot[0] ?? [0, null],
  );
  return {
    byLine,
    hot: hot.map(([line]) => line).sort((a, b) => a - b),
    hottest: hottest[0],
    self,
    caused,
    unplaced,
    lost,
    weight,
  };
}

/** The neighbour of a line among the hot ones, round the end; 0 where there is none. */
export function nextHot(hot: readonly number[], line: number, towards: 1 | -1): number {
  if (hot.length === 0) return 0;
  if (towards === 1) return hot.find((each) => each > line) ?? hot[0];
  return hot.findLast((each) => each < line) ?? hot[hot.length - 1];
}

/** The text of a `data:` address. */
export function readDataText(url: string): Result<string> {
  const found = /^data:[^,]*?(;base64)?,([\s\S]*)$/i.exec(url);
  try {
    if (found === null) throw new Error('no data: address');
    const [, packed, data] = found;
    if (packed === undefined) return succeed(decodeURIComponent(data));
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return succeed(new TextDecoder().decode(bytes));
  } catch (error) {
    return fail(makeFailure('source-map-broken', { subject: 'The script’s own map', detail: String(error) }));
  }
}
