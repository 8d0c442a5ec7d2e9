/**
 * The arguments of a TrackEvent as plain values, the same as Chrome's JSON shows them under `args`.
 * In: the bytes of a TrackEvent and the interned texts of its sequence. Out: an object.
 *
 * Debug annotations are named values: numbers, texts, dictionaries, arrays, JSON text, and an older nested form.
 *  - Integers are numbers (beyond 2^53 rounded, as JSON.parse rounds them too); pointers are hex text; numbers that JSON
 *    has no word for are 'NaN', 'Infinity', '-Infinity'.
 *  - An annotation without a value (an empty dictionary or list) is left out, as in the JSON.
 *  - Where the event's task was posted from, and its source location, get the names that the JSON gives them.
 * Refuses: typed fields that typed-arguments.ts does not name; values nested deeper than {@link DEEPEST}, JSON text deeper
 * than {@link DEEPEST_JSON}: who writes them again would run out of stack.
 */
import type { Args } from '../event.ts';
import type { InternedWords, SourceLocation } from './interned.ts';
import { readTypedArgument } from './typed-arguments.ts';
import { hexOf, type Wire } from './wire.ts';

const DEEPEST = 64;
const DEEPEST_JSON = 1000;
const TWO_32 = 0x1_0000_0000;

/** Reads the arguments of the TrackEvent at [start, end). The cursor is anywhere afterwards. */
export function readArguments(wire: Wire, start: number, end: number, interned: InternedWords): Args {
  return new ArgumentReader(wire, interned).readEvent(start, end);
}

class ArgumentReader {
  readonly #wire: Wire;
  readonly #interned: InternedWords;

  constructor(wire: Wire, interned: InternedWords) {
    this.#wire = wire;
    this.#interned = interned;
  }

  readEvent(start: number, end: number): Args {
    const wire = this.#wire;
    const args: Record<string, unknown> = {};
    wire.at = start;
    while (wire.at < end) {
      const tag = wire.varint();
      switch (tag) {
        case 0x22: // 4 debug_annotations
          this.#readNamed(args, wire.fieldEnd(end), 0);
          break;
        case 0x2a: // 5 task_execution
          this.#readTask(args, wire.fieldEnd(end));
          break;
        case 0x110: // 34 source_location_iid
          setLocation(args, ['function_name', 'file_name', 'line_number'], this.#location());
          break;
        default:
          readTypedArgument(wire, tag, end, args);
      }
    }
    return args;
  }

  #readTask(args: Record<string, unknown>, end: number): void {
    const wire = this.#wire;
    while (wire.at < end) {
      const tag = wire.varint();
      // 1 posted_from_iid
      if (tag === 0x08) setLocation(args, ['src_func', 'src_file', 'src_line'], this.#location());
      else wire.skip(tag, end);
    }
    wire.close(end);
  }

  #location(): SourceLocation | undefined {
    return this.#interned.locations.get(this.#wire.varint());
  }

  /** Reads a DebugAnnotation up to `end` and sets it in `target` under its name. */
  #readNamed(target: Record<string, unknown>, end: number, depth: number): void {
    const wire = this.#wire;
    const start = wire.at;
    const name = this.#nameOf(end);
    wire.at = start;
    const value = this.#readValue(end, depth);
    if (value !== undefined) setOwn(target, name, value);
  }

  #nameOf(end: number): string {
    const wire = this.#wire;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) return this.#interned.annotationNames.get(wire.varint()) ?? '';
      if (tag === 0x52) return wire.textTo(wire.fieldEnd(end));
      wire.skip(tag, end);
    }
    return '';
  }

  /** The value of a DebugAnnotation up to `end`; undefined where it has none. */
  #readValue(end: number, depth: number): unknown {
    const wire = this.#wire;
    let value: unknown;
    let dict: Record<string, unknown> | undefined;
    let list: unknown[] | undefined;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x5a) {
        // 11 dict_entries
        const entryEnd = wire.fieldEnd(end);
        dict ??= {};
        if (depth < DEEPEST) this.#readNamed(dict, entryEnd, depth + 1);
        wire.at = entryEnd;
      } else if (tag === 0x62) {
        // 12 array_values
        const itemEnd = wire.fieldEnd(end);
        list ??= [];
        const item = depth < DEEPEST ? this.#readValue(itemEnd, depth + 1) : undefined;
        if (item !== undefined) list.push(item);
        wire.at = itemEnd;
      } else {
        const scalar = this.#readScalar(tag, end, depth);
        // JSON text may say null, which is a value.
        if (scalar !== undefined) value = scalar;
      }
    }
    wire.close(end);
    return dict ?? list ?? value;
  }

  #readScalar(tag: number, end: number, depth: number): unknown {
    const wire = this.#wire;
    switch (tag) {
      case 0x10: // 2 bool_value
        return wire.varint() !== 0;
      case 0x18: // 3 uint_value
        wire.varint64();
        return wire.high * TWO_32 + wire.low;
      case 0x20: // 4 int_value
        return wire.signedVarint();
      case 0x29: // 5 double_value
        return jsonNumber(wire.double());
      case 0x32: // 6 string_value
        return wire.textTo(wire.fieldEnd(end));
      case 0x88: // 17 string_value_iid
        return this.#interned.texts.get(wire.varint()) ?? '';
      case 0x38: // 7 pointer_value
        wire.varint64();
        return hexOf(wire.high, wire.low);
      case 0x4a: // 9 legacy_json_value
        return parseJson(wire.textTo(wire.fieldEnd(end)));
      case 0x42: // 8 nested_value
        return this.#readNested(wire.fieldEnd(end), depth + 1);
      default:
        wire.skip(tag, end);
        return undefined;
    }
  }

  /** A DebugAnnotation.NestedValue up to `end`: the form that Chrome used before dictionaries, and still does in places. */
  #readNested(end: number, depth: number): unknown {
    const wire = this.#wire;
    const keys: string[] = [];
    const items: unknown[] = [];
    let type = 0;
    let value: unknown;
    while (wire.at < end) {
      const tag = wire.varint();
      if (tag === 0x08) type = wire.varint();
      else if (tag === 0x12) keys.push(wire.textTo(wire.fieldEnd(end)));
      else if (tag === 0x1a || tag === 0x22) {
        // 3 dict_values, 4 array_values
        const itemEnd = wire.fieldEnd(end);
        items.push(depth < DEEPEST ? this.#readNested(itemEnd, depth + 1) : undefined);
        wire.at = itemEnd;
      } else value = this.#readNestedScalar(tag, end) ?? value;
    }
    wire.close(end);
    if (type === 2) return items.filter((item) => item !== undefined);
    if (type !== 1) return value;
    const dict: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i++) if (items[i] !== undefined) setOwn(dict, keys[i], items[i]);
    return dict;
  }

  #readNestedScalar(tag: number, end: number): unknown {
    const wire = this.#wire;
    switch (tag) {
      case 0x28: // 5 int_value
        return wire.signedVarint();
      case 0x31: // 6 double_value
        return jsonNumber(wire.double());
      case 0x38: // 7 bool_value
        return wire.varint() !== 0;
      case 0x42: // 8 string_value
        return wire.textTo(wire.fieldEnd(end));
      default:
        wire.skip(tag, end);
        return undefined;
    }
  }
}

function setLocation(
  args: Record<string, unknown>,
  [name, file, line]: readonly [string, string, string],
  location: SourceLocation | undefined,
): void {
  if (location === undefined) return;
  args[name] = location.function;
  args[file] = location.file;
  args[line] = location.line;
}

/** A key of the page's own choice must not become the object's prototype. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function parseJson(text: string): unknown {
  if (text.length > 2 * DEEPEST_JSON && nestingOf(text) > DEEPEST_JSON) return null;
  try {
    return JSON.parse(text);
  } catch {
    // Chrome's JSON shows null for it, too.
    return null;
  }
}

/** How deep its lists and objects lie in each other; texts are passed over. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (letter === '"') isText = !isText;
    else if (isText) i += letter === '\\' ? 1 : 0;
    else if (letter === '[' || letter === '{') deepest = Math.max(deepest, ++depth);
    else if (letter === ']' || letter === '}') depth--;
  }
  return deepest;
}
