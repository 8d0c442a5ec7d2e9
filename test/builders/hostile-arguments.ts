/**
 * Events of real pages with anything at all where a value stood.
 * In: recorded events. Out: one event of each name, phase and shape of its arguments; every place in it, once for each name;
 * copies with another value there.
 */
import type { RawEvent } from './trace.ts';

/** Of JSON's every type; what has no text, no number or no end of its own among them. */
export const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e300,
  -1e300,
  2 ** 53,
  2 ** 32,
  '',
  'x',
  '12',
  '__proto__',
  'https://[',
  '\ud800',
  'long '.repeat(1000),
  [],
  [null],
  [[]],
  [1, 'a', {}, null],
  new Array(300).fill({}),
  {},
  { toString: 0, valueOf: 0 },
  { length: 5 },
  { length: -1 },
  { __proto__: null, constructor: 1 },
];

export type Path = readonly (string | number)[];

/** Every place in a value, its root left out. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key],
    ...placesIn(inner, [...path, key]),
  ]);
}

/** A copy with another value at the place; without it where the value is undefined. */
export function replaceAt(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string | number, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[key] = replaceAt(copy[key], rest, by);
  return copy;
}

/** One of each name, phase and shape, by time; long texts and lists are cut. */
export function kindsOf(events: readonly RawEvent[]): RawEvent[] {
  const kinds = new Map<string, RawEvent>();
  for (const event of events) {
    const kind = `${event.name} ${event.ph} ${shapeOf(event.args)}`;
    if (!kinds.has(kind)) kinds.set(kind, cut(event) as RawEvent);
  }
  return [...kinds.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
}

function shapeOf(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > 3) return '';
  if (Array.isArray(value)) return `[${shapeOf(value[0], depth + 1)}]`;
  const fields = Object.entries(value).map(([key, inner]) => key + shapeOf(inner, depth + 1));
  return `{${fields.sort().join()}}`;
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 300);
  if (Array.isArray(value)) return value.slice(0, 12).map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner)]));
}

export interface Place {
  /** Its number among the events. */
  readonly event: number;
  readonly path: Path;
}

/** Every place, once for each name of an event; entries of one list are one place. */
export function distinctPlaces(events: readonly RawEvent[]): Place[] {
  const seen = new Set<string>();
  return events.flatMap(({ name, args }, event) =>
    placesIn(args).flatMap((path) => {
      const key = [name, ...path.map((step) => (/^\d+$/.test(String(step)) ? '#' : step))].join(' ');
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ event, path: ['args', ...path] }];
    }),
  );
}
