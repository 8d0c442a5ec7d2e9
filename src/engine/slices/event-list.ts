/**
 * The rows of the event log: the slices of a range, filtered, in an order, in groups.
 * In: a question (view-questions.ts). Out: slice rows, group by group, the group with most time of its own first; columns
 * that may be transferred. A slice's script is the one whose function it is, or stands in: browser work is its cause's.
 */
import { CATEGORIES, findFrameTimes, titleOfEvent } from '../../analysis/index.ts';
import { int32Column } from '../../base/index.ts';
import { compileQuery, labelOfFrame, NO_FRAME, NO_SCRIPT } from '../../flame/index.ts';
import { SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import type { OpenTrace } from '../opening/summary.ts';
import { sliceOrAll } from '../profiles/scoped-profiles.ts';
import { groupNamer } from '../scripts/script-parties.ts';
import type { EventGroups, EventList, EventQuestion } from '../view-questions.ts';
import { eachSlice } from './slice-lists.ts';

type Listed = Pick<OpenTrace, 'tables' | 'classes' | 'page' | 'scriptOf'>;

export function listEvents(trace: Listed, question: EventQuestion): EventList {
  const { tables, classes } = trace;
  const { slices } = tables;
  const { least, categories, text } = question;
  const wanted = Uint8Array.from(CATEGORIES, (each) => (categories?.includes(each) === false ? 0 : 1));
  const isNamed = textTest(tables, text);
  const found = int32Column();
  eachSlice(tables, { ...question, within: sliceOrAll(tables, question.within) }, (slice) => {
    if (classes.visible[slice] === 0 || wanted[classes.category[slice]] === 0) return;
    if (slices.duration[slice] >= least && isNamed(slice)) found.push(slice);
  });
  const rows = found.settle();
  if (question.group === 'none') return { slices: sortRows(trace, question, rows), groups: null };
  const groups = new Gathering(trace, question, rows);
  return groups.settle(sortRows(trace, question, rows));
}

/** Rows come in order of start, and are put in another in place. Of equal ones the earlier comes first, either way round. */
function sortRows(
  { tables, classes }: Listed,
  { order, reversed }: EventQuestion,
  rows: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  const sign = reversed ? -1 : 1;
  if (order === 'start') return reversed ? rows.reverse() : rows;
  if (order === 'total' || order === 'self') {
    const keys = order === 'total' ? tables.slices.duration : classes.self;
    return rows.sort((one, other) => sign * (keys[other] - keys[one]) || one - other);
  }
  const rank = order === 'name' ? rankNames(tables) : rankSources(tables);
  return rows.sort((one, other) => sign * (rank(one) - rank(other)) || one - other);
}

const COLLATOR = new Intl.Collator('en');

/** The place of a slice's name among all names. */
function rankNames(tables: TraceTables): (slice: number) => number {
  const { slices, strings, frames } = tables;
  const titles = strings.texts.map(titleOfEvent);
  const labels = Array.from({ length: frames.length }, (_, row) => labelOfFrame(tables, row).text);
  const rank = rankTexts([...titles, ...labels]);
  return (slice) => {
    const frame = frameOfSlice(tables, slice);
    return rank[frame < 0 ? slices.name[slice] : titles.length + frame];
  };
}

/** The place of a slice's source among all sources; events without one come last. */
function rankSources(tables: TraceTables): (slice: number) => number {
  const { frames, strings } = tables;
  const url = rankTexts(Array.from(frames.url, (row) => strings.get(row)));
  const order = Array.from({ length: frames.length }, (_, row) => row).sort(
    (one, other) =>
      url[one] - url[other] ||
      frames.line[one] - frames.line[other] ||
      frames.column[one] - frames.column[other],
  );
  const rank = new Int32Array(frames.length);
  for (const [place, row] of order.entries()) rank[row] = frames.url[row] === 0 ? frames.length : place;
  return (slice) => {
    const frame = frameOfSlice(tables, slice);
    return frame < 0 ? frames.length : rank[frame];
  };
}

/** Equal texts have equal ranks. */
function rankTexts(texts: readonly string[]): Int32Array {
  const sorted = [...new Set(texts)].sort(COLLATOR.compare);
  const places = new Map(sorted.map((text, place) => [text, place]));
  return Int32Array.from(texts, (text) => places.get(text) ?? 0);
}

/** The row of a JavaScript call's function; -1 of an event. */
function frameOfSlice({ slices, stacks }: TraceTables, slice: number): number {
  return (slices.flags[slice] & SLICE_JS_CALL) === 0 ? -1 : stacks.frame[slices.detail[slice]];
}

/** Which group every listed slice is of, and what each group has. */
class Gathering {
  readonly #first: number;
  /** By slice of the thread. */
  readonly #group: Int32Array;
  readonly #names: string[] = [];
  readonly #count: number[] = [];
  readonly #self: number[] = [];

  constructor(trace: Listed, question: EventQuestion, rows: Int32Array) {
    const { tables, classes } = trace;
    this.#first = tables.threads.firstSlice[question.thread];
    this.#group = new Int32Array(tables.threads.endSlice[question.thread] - this.#first);
    const nameOf = namerOf(trace, question);
    const known = new Map<string, number>();
    for (const slice of rows) {
      const name = nameOf(slice);
      let group = known.get(name);
      if (group === undefined) {
        group = this.#names.push(name) - 1;
        known.set(name, group);
        this.#count.push(0);
        this.#self.push(0);
      }
      this.#group[slice - this.#first] = group;
      this.#count[group]++;
      this.#self[group] += classes.self[slice];
    }
  }

  /** `rows` in the order that they have within their groups. */
  settle(rows: Int32Array<ArrayBuffer>): EventList {
    const order = this.#names
      .map((_, group) => group)
      .sort((one, other) => this.#self[other] - this.#self[one] || one - other);
    const groups: EventGroups = {
      names: order.map((group) => this.#names[group]),
      first: new Int32Array(order.length + 1),
      self: Float64Array.from(order, (group) => this.#self[group]),
    };
    const next = new Int32Array(order.length);
    for (const [place, group] of order.entries()) {
      next[group] = groups.first[place];
      groups.first[place + 1] = groups.first[place] + this.#count[group];
    }
    const placed = new Int32Array(rows.length);
    for (const slice of rows) placed[next[this.#group[slice - this.#first]]++] = slice;
    return { slices: placed, groups };
  }
}

/** The name of a slice's group; slices are asked in order of start. */
function namerOf(trace: Listed, { group, thread }: EventQuestion): (slice: number) => string {
  const { tables, classes, page, scriptOf } = trace;
  const { slices, strings } = tables;
  if (group === 'category') return (slice) => CATEGORIES[classes.category[slice]] ?? 'system';
  if (group === 'activity')
    return (slice) => {
      const frame = frameOfSlice(tables, slice);
      return frame < 0 ? titleOfEvent(strings.get(slices.name[slice])) : labelOfFrame(tables, frame).text;
    };
  if (group === 'frame') {
    const frames = findFrameTimes(tables, thread);
    return (slice) => frames.at(slices.start[slice]) || NO_FRAME;
  }
  const nameOfUrl = groupNamer(group, page.url, scriptOf);
  const known = new Map<number, string>([[0, NO_SCRIPT]]);
  const urlOf = scriptFinder(tables, thread);
  return (slice) => {
    const url = urlOf(slice);
    let name = known.get(url);
    if (name === undefined) {
      name = nameOfUrl(strings.get(url));
      known.set(url, name);
    }
    return name;
  };
}

/** The address (string row; 0 none) of the nearest function at or around a slice that has one. */
function scriptFinder(tables: TraceTables, thread: number): (slice: number) => number {
  const { slices, frames, threads } = tables;
  const first = threads.firstSlice[thread];
  /** Plus 1; 0 not yet. */
  const known = new Int32Array(threads.endSlice[thread] - first);
  const path: number[] = [];
  return (slice) => {
    let at = slice;
    let url = 0;
    while (at >= 0) {
      if (known[at - first] > 0) {
        url = known[at - first] - 1;
        break;
      }
      path.push(at);
      const frame = frameOfSlice(tables, at);
      url = frame < 0 ? 0 : frames.url[frame];
      if (url > 0) break;
      at = slices.parent[at];
    }
    for (let next = path.pop(); next !== undefined; next = path.pop()) known[next - first] = url + 1;
    return url;
  };
}

/** Whether a slice's name or address has `text` in it; every distinct one is looked at once. */
function textTest(tables: TraceTables, text: string): (slice: number) => boolean {
  if (text === '') return () => true;
  const compiled = compileQuery({ text, regex: false, matchCase: false, wholeWord: false });
  const test = compiled.ok ? compiled.test : () => false;
  const { slices, strings, frames } = tables;
  const byName = new Int8Array(strings.length);
  const byFrame = new Int8Array(frames.length);
  const lookUp = (known: Int8Array, row: number, isFound: () => boolean): boolean => {
    if (known[row] === 0) known[row] = isFound() ? 1 : -1;
    return known[row] === 1;
  };
  return (slice) => {
    const frame = frameOfSlice(tables, slice);
    if (frame < 0) {
      const name = strings.get(slices.name[slice]);
      return lookUp(byName, slices.name[slice], () => test(titleOfEvent(name)) || test(name));
    }
    return lookUp(byFrame, frame, () => {
      const label = labelOfFrame(tables, frame);
      return test(label.text) || test(label.source?.url ?? '');
    });
  };
}
