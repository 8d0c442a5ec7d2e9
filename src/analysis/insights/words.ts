/**
 * Names, numbers and slices in the words of insights. In: names, microseconds, slice rows. Out: string rows, short text.
 */
import { SLICE_JS_CALL, type TraceTables } from '../../trace/index.ts';
import { ANONYMOUS, titleOfEvent } from '../titles.ts';
import type { CalledFunction } from './contract.ts';

/** String rows of those names that the trace has. */
export function rowsOfNames({ strings }: TraceTables, names: readonly string[]): ReadonlySet<number> {
  return new Set<number>(names.map((name) => strings.find(name)).filter((row) => row >= 0));
}

/** Events that run a script. */
export const SCRIPT_EVENTS = [
  'FunctionCall',
  'EvaluateScript',
  'v8.evaluateModule',
  'EventDispatch',
  'RunMicrotasks',
] as const;

/** `412 ms`, `3.2 ms` */
export function tellMillis(micros: number): string {
  const millis = micros / 1000;
  return `${millis >= 10 ? Math.round(millis) : millis.toFixed(1)} ms`;
}

export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A page's own names may be as long as they like. */
export const shorten = (text: string, most = 80): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** `render app.js:12` of a JavaScript call, `Layout` of an event. */
export function nameSlice(tables: TraceTables, slice: number): string {
  const { slices, strings, stacks, frames } = tables;
  if ((slices.flags[slice] & SLICE_JS_CALL) === 0) return titleOfEvent(strings.get(slices.name[slice]));
  const frame = stacks.frame[slices.detail[slice]];
  return nameCall({
    name: strings.get(frames.functionName[frame]),
    url: strings.get(frames.url[frame]),
    // Lines count from 0 in the trace; -1 is unknown.
    line: frames.line[frame] + 1,
  });
}

/** `render app.js:12` */
export function nameCall({ name, url, line }: CalledFunction): string {
  const file = shorten(url.split(/[?#]/, 1)[0].split('/').at(-1) ?? '');
  const called = shorten(name || ANONYMOUS);
  if (file === '') return called;
  // All of a WebAssembly module is its first line.
  const hasLines = line > 0 && !/^wasm:/i.test(url) && !file.endsWith('.wasm');
  return hasLines ? `${called} ${file}:${line}` : `${called} ${file}`;
}
