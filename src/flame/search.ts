/**
 * Searching texts: what a query means, and which boxes it finds. The distinct texts are matched once (there are some
 * ten thousand of them for millions of boxes), then boxes by the row of their label.
 * In: a query; texts; the label row of every box. Out: flags per text, box rows ascending. Refuses: a pattern that is no
 * regular expression, with the browser's own words.
 *
 * A pattern of the user's may take for ever on a single text (`(a+)+b`): who runs `matchTexts` with one does so where
 * it can be ended from outside. Text, case and whole words never do.
 */
import type { BoxLabel } from './chart.ts';

export interface SearchQuery {
  readonly text: string;
  /** `text` is a regular expression. */
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** What one box can be found by: the text on it, then its address or Chrome's own name for it where that differs. */
export interface SearchTexts {
  readonly shown: readonly string[];
  readonly other: readonly string[];
}

export function searchTextsOf(labels: readonly BoxLabel[]): SearchTexts {
  return {
    shown: labels.map(({ text }) => text),
    other: labels.map(({ text, eventName, source }) => source?.url ?? (eventName === text ? '' : eventName)),
  };
}

export type TextTest = (text: string) => boolean;
export type CompiledQuery =
  | { readonly ok: true; readonly test: TextTest }
  | { readonly ok: false; readonly problem: string };

/** `data:` addresses may be megabytes long; nobody looks for what comes after this many characters. */
export const MOST_SEARCHED = 2_000;

/** An empty text finds nothing. */
export function compileQuery({ text, regex, matchCase, wholeWord }: SearchQuery): CompiledQuery {
  if (text === '') return { ok: true, test: () => false };
  if (!regex && !wholeWord) return { ok: true, test: containsTest(text, matchCase) };
  const inner = regex ? text : escapePattern(text);
  try {
    const plain = new RegExp(inner, matchCase ? '' : 'i');
    const pattern = wholeWord ? asWholeWord(plain) : plain;
    return { ok: true, test: (searched) => pattern.test(shorten(searched)) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** 1 for every text that matches, itself or its other one. */
export function matchTexts({ shown, other }: SearchTexts, test: TextTest): Uint8Array<ArrayBuffer> {
  const flags = new Uint8Array(shown.length);
  for (let row = 0; row < shown.length; row++) {
    if (test(shown[row]) || (other[row] !== '' && test(other[row]))) flags[row] = 1;
  }
  return flags;
}

/** How many boxes have each label: counted once per chart, so that a search knows how many it will find. */
export function countLabels(labelOfBox: Int32Array, labels: number): Int32Array {
  const counts = new Int32Array(labels);
  for (let box = 0; box < labelOfBox.length; box++) counts[labelOfBox[box]]++;
  return counts;
}

/**
 * Rows of the boxes whose label is flagged, ascending. Written without asking: a column that grows, and a branch that
 * nothing foretells, would each take as long as all the rest. Ends with the last find.
 */
export function findBoxes(
  labelOfBox: Int32Array,
  counts: Int32Array,
  flags: Uint8Array,
): Int32Array<ArrayBuffer> {
  let count = 0;
  for (let label = 0; label < flags.length; label++) if (flags[label] === 1) count += counts[label];
  // One more, for what is written over.
  const found = new Int32Array(count + 1);
  for (let box = 0, next = 0; next < count; box++) {
    found[next] = box;
    next += flags[labelOfBox[box]];
  }
  return found.subarray(0, count);
}

const shorten = (text: string): string => (text.length > MOST_SEARCHED ? text.slice(0, MOST_SEARCHED) : text);

function containsTest(text: string, matchCase: boolean): TextTest {
  if (matchCase) return (searched) => shorten(searched).includes(text);
  const wanted = text.toLowerCase();
  return (searched) => shorten(searched).toLowerCase().includes(wanted);
}

/** What words are made of: names of functions, and letters beyond ASCII. */
const WORD = '[\\w$\\u00aa-\\uffff]';

const asWholeWord = ({ source, flags }: RegExp): RegExp =>
  new RegExp(`(?<!${WORD})(?:${source})(?!${WORD})`, flags);

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
