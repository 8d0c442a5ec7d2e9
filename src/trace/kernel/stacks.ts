/**
 * Frames and stacks of V8's profiles, and what of a stack is code.
 * In: a frame and the stack of its caller, callers first. Out: rows of the frame and stack tables; for each stack its row of
 * code, so that two stacks are compared without walking them.
 */
import { makeRows } from './memory.ts';
import { joinRows, makePairMap } from './pair-map.ts';
import { collectorName, idleName, nativeUrl, programName } from './words.ts';

@unmanaged
export class Frame {
  functionName: i32;
  url: i32;
  line: i32;
  column: i32;
  scriptId: i32;
}

@unmanaged
export class Stack {
  frame: i32;
  prefix: i32;
  /** The outermost of its rows. */
  bottom: i32;
  /** Row in `codes`; -1 where it is V8's own functions alone. */
  code: i32;
}

/** A stack without V8's own functions: one row, whichever profile and node it comes from. */
@unmanaged
export class Code {
  frame: i32;
  /** Whoever called it; -1 for nobody. */
  prefix: i32;
  /** How many calls it is, itself among them: V8's word for what it was doing, outermost, is none. */
  depth: u32;
  /** The first stack row that is it. */
  stack: i32;
}

export const frames = makeRows<Frame>();
export const stacks = makeRows<Stack>();
export const codes = makeRows<Code>();
/** Caller plus 1, and frame → row in `codes`. */
const codeRows = makePairMap(4096);

/** A new stack row; `prefix` is its caller's, -1 for nobody. */
export function addStack(frame: i32, prefix: i32): i32 {
  const own = <i32>stacks.length;
  const stack = stacks.push();
  stack.frame = frame;
  stack.prefix = prefix;
  stack.bottom = prefix < 0 ? own : stacks.at(prefix).bottom;
  stack.code = codeOf(own, frame, prefix);
  return own;
}

/** Row in `codes` of a stack row that is made now. */
function codeOf(stack: i32, frame: i32, prefix: i32): i32 {
  const caller = prefix < 0 ? -1 : stacks.at(prefix).code;
  if (frames.at(frame).url === nativeUrl) return caller;
  const key = joinRows(caller + 1, frame);
  const row = codeRows.find(key, 0);
  if (row >= 0) return row;
  codeRows.add(codes.length);
  const code = codes.push();
  code.frame = frame;
  code.prefix = caller;
  const isWord = prefix < 0 && isWordOfV8(frames.at(frame).functionName);
  code.depth = (caller < 0 ? 0 : codes.at(caller).depth) + (isWord ? 0 : 1);
  code.stack = stack;
  return <i32>codes.length - 1;
}

/** What V8 was doing where it had no JavaScript stack. */
function isWordOfV8(name: i32): bool {
  return name === programName || name === idleName || name === collectorName;
}
