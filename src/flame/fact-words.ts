/**
 * Values of arguments as people read them, with units, and facts made of them.
 * In: unknown values, of Chrome's choice or the page's. Out: words; '' where a value is missing or of another kind.
 */
import type { SourcePlace } from './chart.ts';
import { formatBytes, formatCount, formatExactDuration } from './format.ts';

export interface EventFact {
  readonly name: string;
  /** '' where `source` says it all. */
  readonly text: string;
  readonly source: SourcePlace | null;
}

const LONGEST_TEXT = 500;

export type Fields = Readonly<Record<string, unknown>>;
/** The words for a value; '' where it is not of the kind. */
export type Word = (value: unknown) => string;
export type Teller = (args: Fields) => readonly EventFact[];

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
export const shorten = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

export const words: Word = (value) => (isNumber(value) ? String(value) : shorten(asText(value)));
export const count: Word = (value) => (isNumber(value) && value >= 0 ? formatCount(value) : '');
export const bytes: Word = (value) => (isNumber(value) && value >= 0 ? bytesInFull(value) : '');
export const micros: Word = (value) => (isNumber(value) ? formatExactDuration(value) : '');
export const millis: Word = (value) => (isNumber(value) ? formatExactDuration(value * 1_000) : '');
export const yesOrNo: Word = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : '');
export const oneOf =
  (table: Readonly<Record<string, string>>): Word =>
  (value) => {
    const key = typeof value === 'object' ? '' : String(value);
    return Object.hasOwn(table, key) ? table[key] : words(value);
  };

/** `1.84 MB (1 838 872 B)`; below a kilobyte once. */
export function bytesInFull(value: number): string {
  return value < 1_000 ? formatBytes(value) : `${formatBytes(value)} (${formatCount(value)}\u00a0B)`;
}

/** The corners x1, y1, … of a rectangle: its size and place. */
export const rectangle: Word = (value) => {
  if (!Array.isArray(value) || value.length !== 8 || !value.every(isNumber)) return '';
  const [left, top, , , right, bottom] = value;
  return `${formatCount(right - left)}\u00a0×\u00a0${formatCount(bottom - top)}\u00a0px at ${pixels(left)}, ${pixels(top)}`;
};

export const roots: Word = (value) => {
  if (!Array.isArray(value) || value.length === 0) return '';
  const name = words(asFields(value[0]).nodeName);
  if (value.length === 1) return name;
  // Older Chromes number the nodes, and do not name them.
  return name === ''
    ? `${formatCount(value.length)} nodes`
    : `${name} and ${formatCount(value.length - 1)} more`;
};

export function sourceOf(fields: Fields, keys = ['url', 'lineNumber', 'columnNumber']): SourcePlace | null {
  const [url, line, column] = keys.map((key) => fields[key]);
  if (typeof url !== 'string' || url === '') return null;
  return { url: shorten(url), line: isNumber(line) ? line : 0, column: isNumber(column) ? column : 0 };
}

/** At most two decimals: layout is finer than pixels. */
const pixels = (value: number): string => String(Math.round(value * 100) / 100);
export const px: Word = (value) => (isNumber(value) ? `${pixels(value)}\u00a0px` : '');
/** An area that a paint candidate covers. */
export const squarePx: Word = (value) => (isNumber(value) ? `${formatCount(value)}\u00a0px²` : '');
export const unixMillis: Word = (value) =>
  isNumber(value) && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : '';
export const score: Word = (value) => (isNumber(value) ? value.toFixed(4) : '');

export const fact = (name: string, text: string): readonly EventFact[] =>
  text === '' ? [] : [{ name, text, source: null }];

/** The value at `path` (`data.url`). */
export function valueAt(args: Fields, path: string): unknown {
  let value: unknown = args;
  for (const key of path.split('.')) {
    const fields = asFields(value);
    value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  }
  return value;
}

export const say =
  (name: string, path: string, word: Word): Teller =>
  (args) =>
    fact(name, word(valueAt(args, path)));

export const place =
  (name: string, path: string, keys?: string[]): Teller =>
  (args) => {
    const source = sourceOf(path === '' ? args : asFields(valueAt(args, path)), keys);
    return source === null ? [] : [{ name, text: '', source }];
  };

export const url = (path = 'data'): Teller => place('URL', path, ['url']);

/** Two fields as one size: `326 × 130.39 px`. */
export const size =
  (name: string, path: string, keys: readonly [string, string] = ['width', 'height']): Teller =>
  (args) => {
    const fields = asFields(path === '' ? args : valueAt(args, path));
    const [width, height] = keys.map((key) => fields[key]);
    return isNumber(width) && isNumber(height)
      ? fact(name, `${pixels(width)}\u00a0×\u00a0${pixels(height)}\u00a0px`)
      : [];
  };

export const point =
  (name: string, path: string, keys: readonly [string, string] = ['x', 'y']): Teller =>
  (args) => {
    const fields = asFields(path === '' ? args : valueAt(args, path));
    const [x, y] = keys.map((key) => fields[key]);
    return isNumber(x) && isNumber(y) ? fact(name, `${pixels(x)}, ${pixels(y)}\u00a0px`) : [];
  };
