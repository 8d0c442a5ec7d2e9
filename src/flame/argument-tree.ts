/**
 * All arguments of an event as a tree of names and values that a person can unfold.
 * In: any values, of any size and depth. Out: a tree of bounded size; what was left out is counted where it was.
 */
import type { EventArguments } from '../trace/index.ts';

export interface ArgumentNode {
  readonly name: string;
  /** The value in JSON's words, texts without quotes; '' for an object or list with something in it. */
  readonly text: string;
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

/** The arguments, then the event's other fields. */
export function layOutArguments({ args, fields }: EventArguments): ArgumentNode {
  const budget = { nodes: MOST_NODES };
  return branch('', [...Object.entries(args), ...Object.entries(fields)], budget, 0);
}

function nodeOf(name: string, value: unknown, budget: { nodes: number }, depth: number): ArgumentNode {
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length > 0) return branch(name, entries, budget, depth);
    return leaf(name, Array.isArray(value) ? '[]' : '{}');
  }
  return leaf(name, String(value));
}

function branch(
  name: string,
  entries: readonly (readonly [string, unknown])[],
  budget: { nodes: number },
  depth: number,
): ArgumentNode {
  const children: ArgumentNode[] = [];
  const most = depth < DEEPEST ? Math.min(MOST_CHILDREN, entries.length) : 0;
  for (let i = 0; i < most && budget.nodes > 0; i++) {
    budget.nodes--;
    const [key, value] = entries[i];
    children.push(nodeOf(shortName(key), value, budget, depth + 1));
  }
  return { name, text: '', cut: 0, children, leftOut: entries.length - children.length };
}

function leaf(name: string, text: string): ArgumentNode {
  const cut = Math.max(0, text.length - LONGEST_TEXT);
  return { name, text: cut === 0 ? text : text.slice(0, LONGEST_TEXT), cut, children: [], leftOut: 0 };
}

const shortName = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
