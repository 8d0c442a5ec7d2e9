/**
 * The arguments of a `ProfileChunk` → rows, straight from their bytes.
 * In: the bytes as Chrome writes them: no white space, the keys that it knows, whole numbers, texts without escapes.
 * Out: true and the chunk's rows; false, and nothing done, for every other shape: JavaScript reads those from the parsed
 * object (src/trace/profiles.ts), which decides whether it is JSON at all.
 */
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  OUT,
  QUOTE,
  skipString,
  textEnd,
  textIsEscaped,
  textStart,
} from './bytes.ts';
import { countMalformedChunk } from './counts.ts';
import { id, pid, time } from './event.ts';
import { profileOf } from './outside.ts';
import {
  addNode,
  addTraceStack,
  beginChunk,
  columnsOfChunk,
  cutSamples,
  dropChunk,
  endChunk,
  linesOfChunk,
  PARENT_GIVEN,
  PARENT_NONE,
  sampleOfChunk,
  setCode,
} from './raw-profiles.ts';
import { internText } from './texts.ts';

const MINUS: u32 = 0x2d;
/** Node ids, lines and script ids are below. */
const LARGEST: i64 = 1 << 30;
/** Whole numbers up to here are exact. */
const MOST_DIGITS: i32 = 19;

/** Where the reading is; 0 once the shape was found to be another. */
let at: usize = 0;
/** How many there are of each list; -1 while the list has not come. */
let sampleCount: i32 = -1;
let deltaCount: i32 = -1;
/** String row of the profile's source; 0 where it is not named. */
let source: i32 = 0;
/** Keys that came already, by bit: a second one of a name is another shape. */
let seen: u32 = 0;

/** `isData`: not all arguments, only the value of `data`. */
export function readProfileChunk(from: usize, to: usize, isData: bool): bool {
  at = from;
  sampleCount = -1;
  deltaCount = -1;
  source = 0;
  seen = 0;
  beginChunk();
  if (isData) readData();
  else readArguments();
  if (at !== to) {
    dropChunk();
    return false;
  }
  const profile = profileOf(pid, id, source);
  const count = max(0, sampleCount);
  if (count !== max(0, deltaCount)) {
    countMalformedChunk();
    dropChunk();
    return true;
  }
  cutSamples(<u32>count);
  endChunk(profile, time);
  return true;
}

function giveUp(): void {
  at = 0;
}

/** Passes over `c`. */
function expect(c: u32): void {
  if (at !== 0 && <u32>load<u8>(at) === c) at++;
  else at = 0;
}

/** Passes over a comma (true) or the closing `c` (false). */
function goesOn(c: u32): bool {
  if (at === 0) return false;
  const found: u32 = load<u8>(at);
  if (found === COMMA) {
    at++;
    return true;
  }
  expect(c);
  return false;
}

/** Passes over an opening `c`, and over `close` too if nothing is between (false). */
function opens(c: u32, close: u32): bool {
  expect(c);
  if (at === 0) return false;
  if (<u32>load<u8>(at) !== close) return true;
  at++;
  return false;
}

/** Reads a text without escapes into textStart and textEnd. */
function readPlainText(): void {
  if (at === 0 || <u32>load<u8>(at) !== QUOTE) {
    at = 0;
    return;
  }
  const after = skipString(at);
  at = after === OUT || textIsEscaped || hasControl(textStart, textEnd) ? 0 : after;
}

/** JSON allows no control character inside a text. */
function hasControl(from: usize, to: usize): bool {
  for (let i = from; i < to; i += 16) {
    let low = i8x16.bitmask(i8x16.lt_u(v128.load(i), i8x16.splat(0x20)));
    const rest = to - i;
    if (rest < 16) low &= (1 << (<i32>rest)) - 1;
    if (low !== 0) return true;
  }
  return false;
}

/** Reads `"key":`. */
function readKey(): void {
  readPlainText();
  expect(COLON);
}

/** Whether the key just read is `word`, for the first time among those of `bit`. */
function isKey(word: string, bit: u32): bool {
  const length = word.length;
  if (textEnd - textStart !== <usize>length) return false;
  const letters = changetype<usize>(word);
  for (let i = 0; i < length; i++) {
    if (<u32>load<u8>(textStart + i) !== <u32>load<u16>(letters + (i << 1))) return false;
  }
  if ((seen & (1 << bit)) !== 0) giveUp();
  seen |= 1 << bit;
  return at !== 0;
}

/** Reads a whole number. */
function readWhole(): i64 {
  if (at === 0) return 0;
  const negative = <u32>load<u8>(at) === MINUS;
  let i = negative ? at + 1 : at;
  const first = i;
  let value: i64 = 0;
  for (;;) {
    const digit = <u32>load<u8>(i) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
    i++;
  }
  const digits = <i32>(i - first);
  const c: u32 = load<u8>(i);
  const isWhole = digits > 0 && digits < MOST_DIGITS && (digits === 1 || load<u8>(first) !== 0x30);
  if (!isWhole || (c !== COMMA && c !== CLOSE_BRACE && c !== CLOSE_BRACKET)) {
    at = 0;
    return 0;
  }
  at = i;
  return negative ? -value : value;
}

/** Reads a whole number from `lowest` to 2^30. */
function readSmall(lowest: i64): i32 {
  const value = readWhole();
  if (value < lowest || value >= LARGEST) at = 0;
  return <i32>value;
}

/** {"data":{…}} */
function readArguments(): void {
  expect(OPEN_BRACE);
  readKey();
  if (at === 0 || !isKey('data', 0)) {
    giveUp();
    return;
  }
  readData();
  expect(CLOSE_BRACE);
}

function readData(): void {
  if (!opens(OPEN_BRACE, CLOSE_BRACE)) return;
  do {
    readKey();
    if (at === 0) return;
    if (isKey('cpuProfile', 1)) readCpuProfile();
    else if (isKey('timeDeltas', 2)) deltaCount = readDeltas();
    else if (isKey('lines', 3)) readLines();
    else if (isKey('columns', 4)) readColumns();
    else if (isKey('source', 5)) readSource();
    else giveUp();
  } while (goesOn(CLOSE_BRACE));
}

function readSource(): void {
  readPlainText();
  if (at !== 0) source = internText(textStart, <u32>(textEnd - textStart), false);
  // An empty name is a name, too.
  if (source === 0) giveUp();
}

function readCpuProfile(): void {
  if (!opens(OPEN_BRACE, CLOSE_BRACE)) return;
  do {
    readKey();
    if (at === 0) return;
    if (isKey('samples', 6)) sampleCount = readSamples();
    else if (isKey('nodes', 7)) readNodes();
    else if (isKey('trace_ids', 8)) readTraceIds();
    else giveUp();
  } while (goesOn(CLOSE_BRACE));
}

function readSamples(): i32 {
  let count = 0;
  if (!opens(OPEN_BRACKET, CLOSE_BRACKET)) return 0;
  do sampleOfChunk(count++).node = readSmall(0);
  while (goesOn(CLOSE_BRACKET));
  return count;
}

function readDeltas(): i32 {
  let count = 0;
  if (!opens(OPEN_BRACKET, CLOSE_BRACKET)) return 0;
  do sampleOfChunk(count++).time = <f64>readWhole();
  while (goesOn(CLOSE_BRACKET));
  return count;
}

function readLines(): void {
  if (!opens(OPEN_BRACKET, CLOSE_BRACKET)) return;
  do linesOfChunk.push().value = readSmall(-1);
  while (goesOn(CLOSE_BRACKET));
}

function readColumns(): void {
  if (!opens(OPEN_BRACKET, CLOSE_BRACKET)) return;
  do columnsOfChunk.push().value = readSmall(-1);
  while (goesOn(CLOSE_BRACKET));
}

/** {"7798734525854990":2,…} */
function readTraceIds(): void {
  if (!opens(OPEN_BRACE, CLOSE_BRACE)) return;
  do {
    readKey();
    if (at === 0) return;
    const traceId = readDigits(textStart, textEnd);
    addTraceStack(traceId, readSmall(0));
  } while (goesOn(CLOSE_BRACE));
}

/** The number that is all of the text; another shape where it is none. */
function readDigits(from: usize, to: usize): f64 {
  let value: u64 = 0;
  const length = <i32>(to - from);
  if (length === 0 || length >= MOST_DIGITS || (length > 1 && load<u8>(from) === 0x30)) giveUp();
  for (let i = from; i < to; i++) {
    const digit = <u32>load<u8>(i) - 0x30;
    if (digit > 9) giveUp();
    value = value * 10 + digit;
  }
  return <f64>value;
}

function readNodes(): void {
  if (!opens(OPEN_BRACKET, CLOSE_BRACKET)) return;
  do readNode();
  while (goesOn(CLOSE_BRACKET));
}

/** {"callFrame":{…},"id":3,"parent":1} */
function readNode(): void {
  if (!opens(OPEN_BRACE, CLOSE_BRACE)) {
    giveUp();
    return;
  }
  functionName = 0;
  url = 0;
  line = -1;
  column = -1;
  scriptId = 0;
  let node: i32 = -1;
  let parent: i32 = 0;
  let kind = PARENT_NONE;
  seen &= 0x1ff;
  do {
    readKey();
    if (at === 0) return;
    if (isKey('callFrame', 9)) readCallFrame();
    else if (isKey('id', 10)) node = readSmall(0);
    else if (isKey('parent', 11)) {
      parent = readSmall(0);
      kind = PARENT_GIVEN;
    } else giveUp();
  } while (goesOn(CLOSE_BRACE));
  if (at === 0 || node < 0) {
    giveUp();
    return;
  }
  addNode(node, parent, kind);
  setCode(functionName, url, line, column, scriptId);
}

/** The call frame of the node at hand. */
let functionName: i32 = 0;
let url: i32 = 0;
let line: i32 = -1;
let column: i32 = -1;
let scriptId: i32 = 0;

function readCallFrame(): void {
  if (!opens(OPEN_BRACE, CLOSE_BRACE)) return;
  do {
    readKey();
    if (at === 0) return;
    if (isKey('functionName', 12)) functionName = readRow();
    else if (isKey('url', 13)) url = readRow();
    else if (isKey('scriptId', 14)) scriptId = readSmall(0);
    else if (isKey('lineNumber', 15)) line = readSmall(-1);
    else if (isKey('columnNumber', 16)) column = readSmall(-1);
    else if (isKey('codeType', 17)) readPlainText();
    else giveUp();
  } while (goesOn(CLOSE_BRACE));
}

function readRow(): i32 {
  readPlainText();
  return at === 0 ? 0 : internText(textStart, <u32>(textEnd - textStart), false);
}
