/**
 * One trace event out of JSON bytes, without building an object.
 * In: the address of an event's `{`. Out: the filled event (event.ts), and the address behind its `}`; OUT or BAD.
 * Keys may come in any order (Chrome writes them alphabetically: `args` before `name` is known).
 */
import {
  BAD,
  CLOSE_BRACE,
  COLON,
  COMMA,
  clearTraceId,
  inputEnd,
  OPEN_BRACE,
  OUT,
  QUOTE,
  sampleTraceId,
  skipSpace,
  skipString,
  skipValue,
  textEnd,
  textIsEscaped,
  textStart,
} from './bytes.ts';
import {
  clearEvent,
  PHASE_FLOW_END,
  PHASE_FLOW_START,
  PHASE_FLOW_STEP,
  PHASE_OF_NO_KIND,
  phase,
  setArgs,
  setCategory,
  setDuration,
  setEndsAround,
  setFlowNumber,
  setId,
  setName,
  setPhase,
  setPid,
  setTid,
  setTime,
  setTraceId,
} from './event.ts';
import { stageBound } from './flows.ts';
import { number, readNumber } from './numbers.ts';
import { parseId, scopeId } from './outside.ts';
import { joinRows, makePairMap } from './pair-map.ts';
import { internText } from './texts.ts';

/** Ids that are text count down from here: process and thread ids are positive, or -1. */
const FIRST_TEXT_ID: f64 = -1_000_000_000;

/** Larger ones are not exact, and rare. */
const MOST_FLOW_NUMBER: f64 = 9007199254740991;

/** `local` and `global` with their quotes and colon, as Chrome writes `id2`. */
const LOCAL: u32 = 0x61636f6c; // "loca"
const GLOB: u32 = 0x626f6c67; // "glob"

let idFrom: usize = 0;
let idTo: usize = 0;
let scope: i32 = 0;
/** Of flows that slices tell. */
let boundFrom: usize = 0;
let boundTo: usize = 0;
let flowIn: bool = false;
let flowOut: bool = false;
/** Scope and id → the row of both. */
const scopedIds = makePairMap(256);

export function scanEvent(at: usize): usize {
  clearEvent();
  clearTraceId();
  idFrom = 0;
  scope = 0;
  boundFrom = 0;
  flowIn = false;
  flowOut = false;
  let i = toNext(at + 1);
  if (i === OUT) return OUT;
  if (<u32>load<u8>(i) === CLOSE_BRACE) return i + 1;
  for (;;) {
    if (<u32>load<u8>(i) !== QUOTE) return BAD;
    i = skipString(i);
    if (i === OUT) return OUT;
    const keyStart = textStart;
    const keyLength = textEnd - textStart;
    i = toNext(i);
    if (i === OUT) return OUT;
    if (<u32>load<u8>(i) !== COLON) return BAD;
    i = toNext(i + 1);
    if (i === OUT) return OUT;
    i = readField(keyStart, keyLength, i);
    if (i <= BAD) return i;
    i = toNext(i);
    if (i === OUT) return OUT;
    const c: u32 = load<u8>(i);
    if (c === CLOSE_BRACE) break;
    if (c !== COMMA) return BAD;
    i = toNext(i + 1);
    if (i === OUT) return OUT;
  }
  setTraceId(sampleTraceId);
  if (idFrom !== 0 && !readFlowNumber()) readId();
  if (boundFrom !== 0) stageBound(readAnyId(boundFrom, boundTo), flowIn, flowOut);
  return i + 1;
}

/** `skipSpace`, where there rarely is any. */
function toNext(at: usize): usize {
  if (at < inputEnd && load<u8>(at) > 0x20) return at;
  return skipSpace(at);
}

/** Takes the value at `at` if the key is one of ours; passes over it in any case. */
function readField(key: usize, length: usize, at: usize): usize {
  if (length === 2) {
    const letters: u32 = load<u16>(key);
    if (letters === 0x7374) return readTime(at); // ts
    if (letters === 0x6870) return readPhase(at); // ph
    if (letters === 0x6469) return noteId(at); // id
    if (letters === 0x7062) return readBindPoint(at); // bp
  } else if (length === 3) {
    const letters: u32 = load<u32>(key) & 0xffffff;
    if (letters === 0x646970) return readPid(at); // pid
    if (letters === 0x646974) return readTid(at); // tid
    if (letters === 0x746163) return readText(at, 1); // cat
    if (letters === 0x727564) return readDuration(at); // dur
    if (letters === 0x326469) return noteId(at); // id2
  } else if (length === 4) {
    const letters = load<u32>(key);
    if (letters === 0x656d616e) return readText(at, 0); // name
    if (letters === 0x73677261) return noteArgs(at); // args
  } else if (length === 5 && load<u32>(key) === 0x706f6373 && load<u8>(key + 4) === 0x65) {
    return readText(at, 2); // scope
  } else if (length === 7 || length === 8) return readFlowField(key, length, at);
  return skipValue(at);
}

function readTime(at: usize): usize {
  const after = readNumber(at);
  setTime(number);
  return after;
}

function readDuration(at: usize): usize {
  const after = readNumber(at);
  setDuration(number);
  return after;
}

function readPid(at: usize): usize {
  const after = readNumber(at);
  if (after > BAD) setPid(processOrThread(at));
  return after;
}

function readTid(at: usize): usize {
  const after = readNumber(at);
  if (after > BAD) setTid(processOrThread(at));
  return after;
}

/** Some writers name processes and threads by text: a number of its own, that no other id has, stands for it. */
function processOrThread(at: usize): f64 {
  if (isFinite(number)) return trunc(number);
  if (<u32>load<u8>(at) !== QUOTE) return 0;
  skipString(at);
  return FIRST_TEXT_ID - internText(textStart, <u32>(textEnd - textStart), textIsEscaped);
}

function readPhase(at: usize): usize {
  if (<u32>load<u8>(at) !== QUOTE) return skipValue(at);
  const after = skipString(at);
  if (after !== OUT) setPhase(textEnd - textStart === 1 ? <i32>load<u8>(textStart) : PHASE_OF_NO_KIND);
  return after;
}

/** Reads a text: 0 the name, 1 the category, 2 the scope. */
function readText(at: usize, field: i32): usize {
  if (<u32>load<u8>(at) !== QUOTE) return skipValue(at);
  const after = skipString(at);
  if (after === OUT) return OUT;
  const row = internText(textStart, <u32>(textEnd - textStart), textIsEscaped);
  if (field === 0) setName(row);
  else if (field === 1) setCategory(row);
  else scope = row;
  return after;
}

/** `bind_id`, `flow_in`, `flow_out`. */
function readFlowField(key: usize, length: usize, at: usize): usize {
  const letters = load<u32>(key);
  const after = skipValue(at);
  if (letters === 0x646e6962 && length === 7) {
    // bind_id
    boundFrom = at;
    boundTo = after;
  } else if (letters === 0x776f6c66) {
    // flow
    const isTrue = <u32>load<u8>(at) === 0x74;
    if (length === 7) flowIn = isTrue;
    else flowOut = isTrue;
  }
  return after;
}

function readBindPoint(at: usize): usize {
  const after = skipValue(at);
  if (after > BAD && <u32>load<u8>(at) === QUOTE) setEndsAround(<u32>load<u8>(at + 1) === 0x65);
  return after;
}

function noteArgs(at: usize): usize {
  const after = skipValue(at);
  setArgs(at, after);
  return after;
}

function noteId(at: usize): usize {
  const after = skipValue(at);
  idFrom = at;
  idTo = after;
  return after;
}

/** Chrome numbers its flows from 0. False where the event is no flow's, or its id is another. */
function readFlowNumber(): bool {
  const isFlow = phase === PHASE_FLOW_START || phase === PHASE_FLOW_STEP || phase === PHASE_FLOW_END;
  if (!isFlow || scope !== 0 || <u32>load<u8>(idFrom) - 0x30 > 9) return false;
  readNumber(idFrom);
  if (!(number <= MOST_FLOW_NUMBER) || trunc(number) !== number) return false;
  setFlowNumber(number);
  return true;
}

/** `id` (text or number) or `id2: {local | global}`; the scope is part of the id. */
function readId(): void {
  let row: i32 = -1;
  let isLocal = false;
  if (<u32>load<u8>(idFrom) === QUOTE) row = readPlainId(idFrom, idTo);
  else if (<u32>load<u8>(idFrom) === OPEN_BRACE) {
    // {"local":"…"} or {"global":"…"}
    const second = load<u32>(idFrom + 2);
    if (second === LOCAL && load<u32>(idFrom + 6) === 0x223a226c) {
      row = readPlainId(idFrom + 9, idTo - 1);
      isLocal = true;
    } else if (second === GLOB && load<u32>(idFrom + 6) === 0x3a226c61) {
      row = readPlainId(idFrom + 10, idTo - 1);
    }
  }
  if (row < 0) {
    const found = parseId(idFrom, <u32>(idTo - idFrom));
    row = found >> 1;
    isLocal = (found & 1) !== 0;
  }
  if (scope !== 0) row = withScope(row);
  setId(row, isLocal);
}

/** The row of an id that is text or number. */
function readAnyId(from: usize, to: usize): i32 {
  const row = readPlainId(from, to);
  return row >= 0 ? row : parseId(from, <u32>(to - from)) >> 1;
}

/** The row of the string that is all of [from, to); -1 where that is something else, or has a backslash. */
function readPlainId(from: usize, to: usize): i32 {
  if (<u32>load<u8>(from) !== QUOTE || skipString(from) !== to || textIsEscaped) return -1;
  return internText(textStart, <u32>(textEnd - textStart), false);
}

function withScope(row: i32): i32 {
  const key = joinRows(scope, row);
  const known = scopedIds.find(key, 0);
  if (known >= 0) return known;
  const scoped = scopeId(scope, row);
  scopedIds.add(scoped);
  return scoped;
}
