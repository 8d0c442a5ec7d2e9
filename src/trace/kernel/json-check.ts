/**
 * Whether bytes are JSON, to the letter of what JSON.parse accepts: arguments are parsed when somebody asks for them, but
 * counted at once where they cannot be.
 * In: the addresses of a value, white space around it allowed. Out: yes or no. Takes any depth: nothing here recurses.
 */
import { allocate } from './memory.ts';

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const OPEN_BRACE: u32 = 0x7b;
const CLOSE_BRACE: u32 = 0x7d;
const OPEN_BRACKET: u32 = 0x5b;
const CLOSE_BRACKET: u32 = 0x5d;

let at: usize = 0;
let end: usize = 0;
/** What closes the containers that are open, outermost first. */
let closers: usize = 0;
let room: u32 = 0;
let depth: u32 = 0;

export function isJson(from: usize, to: usize): bool {
  at = from;
  end = to;
  depth = 0;
  while (passValue()) {
    const more = passClosers();
    if (more < 0) return false;
    if (more === 0) return at === end;
  }
  return false;
}

/** The byte at hand; 0, which no JSON holds, at the end. */
function here(): u32 {
  return at < end ? load<u8>(at) : 0;
}

function passSpace(): void {
  while (at < end) {
    const c: u32 = load<u8>(at);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
    at++;
  }
}

function pass(c: u32): bool {
  if (here() !== c) return false;
  at++;
  return true;
}

/** Passes a value up to where the next one begins: a whole one, or what is before a container's first. */
function passValue(): bool {
  while (true) {
    passSpace();
    const c = here();
    if (c === OPEN_BRACE) {
      at++;
      passSpace();
      if (pass(CLOSE_BRACE)) return true;
      open(CLOSE_BRACE);
      if (!passKey()) return false;
    } else if (c === OPEN_BRACKET) {
      at++;
      passSpace();
      if (pass(CLOSE_BRACKET)) return true;
      open(CLOSE_BRACKET);
    } else return passScalar(c);
  }
}

function open(closer: u32): void {
  if (depth === room) {
    const larger = max<u32>(256, room * 2);
    const moved = allocate(larger);
    memory.copy(moved, closers, room);
    closers = moved;
    room = larger;
  }
  store<u8>(closers + depth++, <u8>closer);
}

/** Behind a value: 1 where another one follows, 0 where all is over, -1 where it is no JSON. */
function passClosers(): i32 {
  while (true) {
    passSpace();
    if (depth === 0) return 0;
    const closer: u32 = load<u8>(closers + depth - 1);
    if (pass(COMMA)) {
      passSpace();
      return closer === CLOSE_BRACKET || passKey() ? 1 : -1;
    }
    if (!pass(closer)) return -1;
    depth--;
  }
}

/** Passes `"key" :`. */
function passKey(): bool {
  if (here() !== QUOTE || !passString()) return false;
  passSpace();
  return pass(0x3a);
}

function passScalar(c: u32): bool {
  if (c === QUOTE) return passString();
  if (c === 0x74) return passWord(0x65757274); // true
  if (c === 0x6e) return passWord(0x6c6c756e); // null
  if (c === 0x66) return passWord(0x736c6166) && pass(0x65); // false
  return passNumber();
}

function passWord(letters: u32): bool {
  if (end - at < 4 || load<u32>(at) !== letters) return false;
  at += 4;
  return true;
}

function passString(): bool {
  at++;
  while (at < end) {
    const block = v128.load(at);
    const stops = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(<i8>QUOTE)), i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))),
      i8x16.lt_u(block, i8x16.splat(0x20)),
    );
    const hits = i8x16.bitmask(stops);
    if (hits === 0) {
      at += 16;
      continue;
    }
    at += ctz(hits);
    const c = here();
    if (c === QUOTE) {
      at++;
      return true;
    }
    if (c !== BACKSLASH || !passEscape()) return false;
  }
  return false;
}

function passEscape(): bool {
  at++;
  const c = here();
  at++;
  // " \ / b f n r t
  if (c === QUOTE || c === BACKSLASH || c === 0x2f || c === 0x62) return true;
  if (c === 0x66 || c === 0x6e || c === 0x72 || c === 0x74) return true;
  if (c !== 0x75) return false;
  for (let i = 0; i < 4; i++) {
    const digit = here() | 0x20;
    const isHex = (digit >= 0x30 && digit <= 0x39) || (digit >= 0x61 && digit <= 0x66);
    if (!isHex || here() < 0x30) return false;
    at++;
  }
  return true;
}

function passNumber(): bool {
  pass(0x2d);
  if (!pass(0x30) && !passDigits()) return false;
  if (pass(0x2e) && !passDigits()) return false;
  if ((here() | 0x20) !== 0x65) return true;
  at++;
  if (!pass(0x2b)) pass(0x2d);
  return passDigits();
}

/** At least one digit. */
function passDigits(): bool {
  const first = at;
  while (here() - 0x30 <= 9) at++;
  return at > first;
}
