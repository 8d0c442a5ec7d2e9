/**
 * One trace event out of JSON bytes, without building an object.
 * In: a cursor at an event's `{`. Out: the filled event record, and where its arguments lie.
 * Keys may come in any order (Chrome writes them alphabetically: `args` before `name` is known).
 */
import type { StringTable } from '../../base/index.ts';
import type { ByteStrings } from '../byte-strings.ts';
import { type Args, clearEventRecord, type EventRecord } from '../event.ts';
import { BAD, type Cursor, OUT } from './cursor.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;

/** Ids that are text count down from here: process and thread ids are positive, or -1. */
const FIRST_TEXT_ID = -1_000_000_000;

/** Keys that the record needs, by length and letters. */
enum Key {
  Other,
  Phase,
  Name,
  Category,
  Time,
  Duration,
  Pid,
  Tid,
  Args,
  Id,
  Id2,
  Scope,
}

export class EventScanner {
  readonly #cursor: Cursor;
  readonly #texts: ByteStrings;
  readonly #strings: StringTable;
  readonly event: EventRecord;
  #argsStart = -1;
  #argsEnd = -1;
  #idStart = -1;
  #idEnd = -1;
  #idKey: Key = Key.Other;
  #scope = 0;
  readonly #intern = (text: string): number => this.#strings.intern(text);

  constructor(cursor: Cursor, texts: ByteStrings, strings: StringTable, event: EventRecord) {
    this.#cursor = cursor;
    this.#texts = texts;
    this.#strings = strings;
    this.event = event;
  }

  /** Scans the event whose `{` is at `at`. Returns the position after its `}`, OUT or BAD. */
  scan(at: number): number {
    const cursor = this.#cursor;
    clearEventRecord(this.event);
    cursor.sampleTraceId = 0;
    this.#argsStart = -1;
    this.#idKey = Key.Other;
    this.#scope = 0;
    let i = cursor.skipSpace(at + 1);
    if (i < 0) return OUT;
    if (cursor.bytes[i] === CLOSE_BRACE) return i + 1;
    for (;;) {
      if (cursor.bytes[i] !== QUOTE) return BAD;
      i = cursor.skipString(i);
      if (i < 0) return i;
      const key = keyOf(cursor.bytes, cursor.textStart, cursor.textEnd - cursor.textStart);
      i = cursor.skipSpace(i);
      if (i < 0) return OUT;
      if (cursor.bytes[i] !== COLON) return BAD;
      i = cursor.skipSpace(i + 1);
      if (i < 0) return OUT;
      i = this.#readValue(key, i);
      if (i < 0) return i;
      i = cursor.skipSpace(i);
      if (i < 0) return OUT;
      const c = cursor.bytes[i];
      if (c === CLOSE_BRACE) break;
      if (c !== COMMA) return BAD;
      i = cursor.skipSpace(i + 1);
      if (i < 0) return OUT;
    }
    this.event.sampleTraceId = cursor.sampleTraceId;
    if (this.#idKey !== Key.Other) this.#readId();
    return i + 1;
  }

  /** The arguments of the event last scanned; {} where there are none. Null where they are no JSON. */
  readArgs(): Args | null {
    if (this.#argsStart < 0) return {};
    const args = this.#cursor.parse(this.#argsStart, this.#argsEnd);
    if (args === undefined) return null;
    return typeof args === 'object' && args !== null ? (args as Args) : {};
  }

  #readValue(key: Key, at: number): number {
    const cursor = this.#cursor;
    const event = this.event;
    switch (key) {
      case Key.Time: {
        const after = cursor.readNumber(at);
        event.time = cursor.number;
        return after;
      }
      case Key.Duration: {
        const after = cursor.readNumber(at);
        event.duration = cursor.number;
        return after;
      }
      case Key.Pid: {
        const after = cursor.readNumber(at);
        event.pid = this.#processOrThread(at, after);
        return after;
      }
      case Key.Tid: {
        const after = cursor.readNumber(at);
        event.tid = this.#processOrThread(at, after);
        return after;
      }
      case Key.Phase: {
        const after = cursor.skipValue(at);
        if (after > 0 && cursor.bytes[at] === QUOTE) event.phase = cursor.bytes[at + 1];
        return after;
      }
      case Key.Name:
      case Key.Category:
      case Key.Scope:
        return this.#readText(key, at);
      case Key.Args: {
        const after = cursor.skipValue(at);
        this.#argsStart = at;
        this.#argsEnd = after;
        return after;
      }
      case Key.Id:
      case Key.Id2: {
        const after = cursor.skipValue(at);
        this.#idKey = key;
        this.#idStart = at;
        this.#idEnd = after;
        return after;
      }
      case Key.Other:
        return cursor.skipValue(at);
    }
  }

  #readText(key: Key, at: number): number {
    const cursor = this.#cursor;
    if (cursor.bytes[at] !== QUOTE) return cursor.skipValue(at);
    const after = cursor.skipString(at);
    if (after < 0) return after;
    const row = cursor.internText(this.#texts, this.#intern);
    if (key === Key.Name) this.event.name = row;
    else if (key === Key.Category) this.event.category = row;
    else this.#scope = row;
    return after;
  }

  /** Some writers name processes and threads by text: a number of its own, that no other id has, stands for it. */
  #processOrThread(at: number, after: number): number {
    const cursor = this.#cursor;
    if (after < 0) return 0;
    if (Number.isFinite(cursor.number)) return Math.trunc(cursor.number);
    if (cursor.bytes[at] !== QUOTE) return 0;
    cursor.skipString(at);
    return FIRST_TEXT_ID - cursor.internText(this.#texts, this.#intern);
  }

  /** `id` (text or number) or `id2: {local | global}`; the scope is part of the id. */
  #readId(): void {
    const cursor = this.#cursor;
    const event = this.event;
    if (this.#idKey === Key.Id && this.#scope === 0 && cursor.bytes[this.#idStart] === QUOTE) {
      cursor.textStart = this.#idStart + 1;
      cursor.textEnd = this.#idEnd - 1;
      event.id = cursor.internText(this.#texts, this.#intern);
      return;
    }
    const value = cursor.parse(this.#idStart, this.#idEnd);
    let text = idText(value);
    if (typeof value === 'object' && value !== null) {
      event.idIsLocal = 'local' in value;
      text = idText('local' in value ? value.local : 'global' in value ? value.global : '');
    }
    const scope = this.#strings.get(this.#scope);
    event.id = this.#strings.intern(scope === '' ? text : `${scope}:${text}`);
  }
}

/** '' for what is neither text nor number: no id. */
function idText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Which key the `length` bytes at `at` spell. */
function keyOf(bytes: Uint8Array, at: number, length: number): Key {
  switch (length) {
    case 2:
      return keyOfTwo(bytes[at], bytes[at + 1]);
    case 3:
      return keyOfThree(bytes[at], bytes[at + 1], bytes[at + 2]);
    case 4:
      // name, args
      if (bytes[at] === 0x6e && bytes[at + 1] === 0x61 && bytes[at + 2] === 0x6d && bytes[at + 3] === 0x65) {
        return Key.Name;
      }
      if (bytes[at] === 0x61 && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x73) {
        return Key.Args;
      }
      return Key.Other;
    case 5:
      // scope
      return bytes[at] === 0x73 &&
        bytes[at + 1] === 0x63 &&
        bytes[at + 2] === 0x6f &&
        bytes[at + 3] === 0x70 &&
        bytes[at + 4] === 0x65
        ? Key.Scope
        : Key.Other;
    default:
      return Key.Other;
  }
}

/** ph, ts, id */
function keyOfTwo(a: number, b: number): Key {
  if (a === 0x70 && b === 0x68) return Key.Phase;
  if (a === 0x74 && b === 0x73) return Key.Time;
  if (a === 0x69 && b === 0x64) return Key.Id;
  return Key.Other;
}

/** pid, tid, cat, dur, id2 */
function keyOfThree(a: number, b: number, c: number): Key {
  if (b === 0x69 && c === 0x64) {
    if (a === 0x70) return Key.Pid;
    if (a === 0x74) return Key.Tid;
  }
  if (a === 0x63 && b === 0x61 && c === 0x74) return Key.Category;
  if (a === 0x64 && b === 0x75 && c === 0x72) return Key.Duration;
  if (a === 0x69 && b === 0x64 && c === 0x32) return Key.Id2;
  return Key.Other;
}
