/**
 * Threads as pictures, so that a test shows what it is about: one column is one millisecond from ORIGIN.
 *
 *   RunTask         |----------|--|    two slices, back to back
 *   FunctionCall      |-----| |        a slice, and one that lasts no time
 *   Mark                !              an instant
 *   samples           aaaGb            V8's ticks: a letter is a function (see TraceRecipe.samples)
 *                      b               b, called by a
 *
 * In: such a picture; names take the first 16 columns. Out: a recipe of that one thread; and the other way round, the
 * slices of a thread, one a line, indented by depth, JS calls with `()`. Refuses names longer than that.
 */
import { SLICE_INSTANT, SLICE_JS_CALL, type TraceTables } from '../../src/trace/index.ts';
import { millis, type TraceRecipe, trace } from './trace.ts';

const GUTTER = 16;

/** The recipe of a main thread that looks like this. */
export function paint(picture: string): TraceRecipe {
  const recipe = trace().thread('CrRendererMain');
  const samples: string[] = [];
  for (const line of dedent(picture).split('\n')) {
    const name = line.slice(0, GUTTER).trim();
    const drawn = line.slice(GUTTER);
    if (name === 'samples' || (name === '' && samples.length > 0)) samples.push(drawn);
    else if (name !== '') paintLine(recipe, name, drawn);
  }
  return samples.length === 0 ? recipe : recipe.samples(samples.join('\n'));
}

function paintLine(recipe: TraceRecipe, name: string, drawn: string): void {
  for (let at = 0; at < drawn.length; at++) {
    if (drawn[at] === '!') recipe.instant(name, at);
    if (drawn[at] !== '|') continue;
    const goesOn = drawn[at + 1] === '-';
    const end = goesOn ? drawn.indexOf('|', at + 1) : at;
    if (goesOn || drawn[at - 1] !== '-') recipe.slice(name, at, end);
  }
}

/** The slices of one thread of the tables, drawn. */
export function draw(tables: TraceTables, thread = 0): string {
  const { slices, strings, threads } = tables;
  const lines: string[] = [];
  for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
    const isCall = (slices.flags[row] & SLICE_JS_CALL) !== 0;
    const name = `${' '.repeat(slices.depth[row])}${strings.get(slices.name[row])}${isCall ? '()' : ''}`;
    const from = Math.round(millis(slices.start[row]));
    const length = Math.round(slices.duration[row] / 1000);
    const bar = length === 0 ? '|' : `|${'-'.repeat(length - 1)}|`;
    const drawn = (slices.flags[row] & SLICE_INSTANT) === 0 ? bar : '!';
    lines.push(name.padEnd(GUTTER) + ' '.repeat(from) + drawn);
  }
  return lines.join('\n');
}

/** A template literal without its margin and its first and last line. */
export function dedent(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const full = lines.filter((line) => line !== '');
  const margin = Math.min(...full.map((line) => line.length - line.trimStart().length));
  return full.map((line) => line.slice(margin)).join('\n');
}
