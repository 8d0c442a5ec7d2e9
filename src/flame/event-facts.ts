/**
 * What is worth knowing first about an event, by its name, with units; and where in the page's code it came from.
 * In: an event's name and its arguments as the trace has them: unknown shapes, of Chrome's choice or the page's. Out:
 * facts in words, stacks of frames; nothing where a field is missing or of another type.
 * Lines and columns are as people count them, from 1. Chrome writes them so in arguments, but for ParseHTML's lines and
 * the places of initiators.
 */

import { ANONYMOUS } from '../analysis/index.ts';
import { type EventArguments, stackOfFrame } from '../trace/index.ts';
import type { SourcePlace } from './chart.ts';
import { MARKED, POSTED_FROM, TELLERS } from './event-fact-table.ts';
import {
  asFields,
  asText,
  type EventFact,
  type Fields,
  fact,
  micros,
  shorten,
  sourceOf,
} from './fact-words.ts';

export interface StackFrame {
  readonly text: string;
  readonly source: SourcePlace | null;
}

export interface EventStack {
  /** Innermost first. */
  readonly frames: readonly StackFrame[];
  /** Frames beyond those. */
  readonly leftOut: number;
}

export const NO_STACK: EventStack = { frames: [], leftOut: 0 };

/** Recursion in the page must not fill the pane. */
export const MOST_FRAMES = 50;

export function tellFacts(name: string, { args, fields }: EventArguments): readonly EventFact[] {
  const own = Object.hasOwn(TELLERS, name) ? TELLERS[name].flatMap((tell) => tell(args)) : [];
  return [...own, ...MARKED(args), ...POSTED_FROM(args), ...fact('CPU time', micros(fields.tdur))];
}

/**
 * Where in the page's code the event was caused: what its arguments say; else what its own stack says, by lines of text
 * or by a frame of the trace's table.
 */
export function tellStack({ args, fields }: EventArguments, stackFrames: Fields = {}): EventStack {
  for (const holder of [args.data, args.beginData, args, args.endData]) {
    const { stackTrace } = asFields(holder);
    if (!Array.isArray(stackTrace) || stackTrace.length === 0) continue;
    const frames = stackTrace.slice(0, MOST_FRAMES).map((frame) => {
      const source = sourceOf(asFields(frame));
      return { text: shorten(asText(asFields(frame).functionName)) || ANONYMOUS, source };
    });
    return { frames, leftOut: stackTrace.length - frames.length };
  }
  const own = Array.isArray(fields.stack)
    ? fields.stack.map((line) => asLine(line))
    : tableStack(stackFrames, fields.sf);
  if (own.length === 0) return NO_STACK;
  return { frames: own.slice(0, MOST_FRAMES), leftOut: Math.max(0, own.length - MOST_FRAMES) };
}

const asLine = (line: unknown): StackFrame => ({ text: shorten(asText(line)) || ANONYMOUS, source: null });

function tableStack(stackFrames: Fields, id: unknown): StackFrame[] {
  return stackOfFrame(stackFrames, id).map(({ functionName, url, lineNumber, columnNumber }) => ({
    text: shorten(functionName) || ANONYMOUS,
    source: url === '' ? null : { url: shorten(url), line: lineNumber + 1, column: columnNumber + 1 },
  }));
}
