/**
 * All arguments of an event as a tree of names and values that a person can unfold.
 * In: any values, of any size and depth. Out: a tree of bounded size; what was left out is counted where it was.
 */
import type { EventArguments } from '../trace/index.ts';
import { wordsOfArgument } from './argument-units.ts';

export interface ArgumentNode {
  readonly name: string;
  /** The value in JSON's words, texts without quotes; '' for an object or list with something in it. */
  readonly text: string;
  /** What its number means, with its unit: `24.9 MB`; '' where the number says it all. */
  readonly unit: string;
  /** Characters left out of `text`. */
  readonly cut: number;
  readonly children: readonly ArgumentNode[];
  /** Children left out. */
  readonly leftOut: number;
}

const LONGEST_TEXT = 1_000;
const LONGEST_NAME = 200;
const MOST_CHILDREN = 100;
const MOST_NODES = 2_000;
const DEEPEST = 12;

interface Budget {
  nodes: number;
}

/** The arguments, then the event's other fields. */
export function layOutArguments({ args, fields }: EventArguments): ArgumentNode {
  const budget = { nodes: MOST_NODES };
  return branch('', [...Object.entries(args), ...Object.entries(fields)], { budget, depth: 0, key: '' });
}

/** `key`: what its values are called, of a list the list itself. */
function nodeOf(
  name: string,
  value: unknown,
  { budget, depth, key }: { readonly budget: Budget; readonly depth: number; readonly key: string },
): ArgumentNode {
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length > 0)
      return branch(name, entries, { budget, depth, key: Array.isArray(value) ? key : '' });
    return leaf(name, Array.isArray(value) ? '[]' : '{}');
  }
  return leaf(name, String(value), typeof value === 'number' ? wordsOfArgument(key, value) : '');
}

function branch(
  name: string,
  entries: readonly (readonly [string, unknown])[],
  { budget, depth, key: listKey }: { readonly budget: Budget; readonly depth: number; readonly key: string },
): ArgumentNode {
  const children: ArgumentNode[] = [];
  const most = depth < DEEPEST ? Math.min(MOST_CHILDREN, entries.length) : 0;
  for (let i = 0; i < most && budget.nodes > 0; i++) {
    budget.nodes--;
    const [key, value] = entries[i];
    children.push(nodeOf(shortName(key), value, { budget, depth: depth + 1, key: listKey || key }));
  }
  return { name, text: '', unit: '', cut: 0, children, leftOut: entries.length - children.length };
}

function leaf(name: string, text: string, unit = ''): ArgumentNode {
  const cut = Math.max(0, text.length - LONGEST_TEXT);
  const shown = cut === 0 ? text : text.slice(0, LONGEST_TEXT);
  return { name, text: shown, unit, cut, children: [], leftOut: 0 };
}

const shortName = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
