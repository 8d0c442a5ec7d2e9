/**
 * Rewrites strings of a JSON trace and leaves every other byte as it is, numbers and dirt too.
 * In: bytes in pieces of any size, a function from a text (with what kind it is) to what is to stand there. Out: bytes.
 * Memory: one piece, or one string where that is longer. A string that never ends is no JSON and is left out.
 */

/** Keys are `text`s, too; so is what nothing else is known of. A `screenshot` is a picture in base64. */
export type TextKind = 'text' | 'title' | 'header' | 'script' | 'detail' | 'screenshot';

export type RewriteText = (text: string, kind: TextKind) => string;

export async function* rewriteStrings(
  blocks: AsyncIterable<Uint8Array>,
  rewrite: RewriteText,
): AsyncGenerator<Uint8Array> {
  const rewriter = new StringRewriter(rewrite);
  for await (const block of blocks) yield rewriter.push(block);
}

/** JSON that is a value by itself, under `key` in what stands under `around`. */
export function rewriteJsonText(
  json: Uint8Array,
  { key, around }: { readonly key: string; readonly around: string },
  rewrite: RewriteText,
): Uint8Array {
  return new StringRewriter(rewrite, [around, key]).push(json);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const SLASH = 0x2f;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Keys that say what their texts are. */
const KEYS = [
  'title',
  'labels',
  'headers',
  'requestHeaders',
  'name',
  'sourceText',
  'sourcesContent',
  'detail',
  'snapshot',
] as const;
type KnownKey = (typeof KEYS)[number] | '';

const KEY_LENGTHS: ReadonlySet<number> = new Set(KEYS.map(({ length }) => length));

interface Level {
  readonly isObject: boolean;
  /** Of an object: the key of the value that comes. Of a list: the key that it stands under. */
  key: KnownKey;
}

class StringRewriter {
  readonly #rewrite: RewriteText;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #levels: Level[] = [];
  #isKeyNext = false;
  /** A string that has begun and not ended. */
  #rest: Uint8Array = new Uint8Array(0);

  /** `under`: the keys that what comes stands under, the outermost first. */
  constructor(rewrite: RewriteText, under: readonly string[] = []) {
    this.#rewrite = rewrite;
    for (const key of under) this.#levels.push({ isObject: true, key: knownKey(key) });
  }

  push(block: Uint8Array): Uint8Array {
    const bytes = join([this.#rest, block]);
    // All of the rest but its opening quote was searched for an end already.
    let searchFrom = this.#rest.length;
    this.#rest = new Uint8Array(0);
    const parts: Uint8Array[] = [];
    let copied = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] !== QUOTE) {
        this.#step(bytes[at]);
        continue;
      }
      const end = endOfString(bytes, at, Math.max(at + 1, searchFrom));
      searchFrom = 0;
      if (end < 0) {
        this.#rest = bytes.slice(at);
        parts.push(bytes.subarray(copied, at));
        return join(parts);
      }
      const replaced = this.#take(bytes.subarray(at + 1, end));
      if (replaced !== null) {
        parts.push(bytes.subarray(copied, at), this.#encoder.encode(JSON.stringify(replaced)));
        copied = end + 1;
      }
      at = end;
    }
    if (copied === 0) return bytes;
    parts.push(bytes.subarray(copied));
    return join(parts);
  }

  #step(byte: number): void {
    const levels = this.#levels;
    switch (byte) {
      case OPEN_BRACE:
        levels.push({ isObject: true, key: '' });
        this.#isKeyNext = true;
        break;
      case OPEN_BRACKET:
        levels.push({ isObject: false, key: levels.at(-1)?.key ?? '' });
        this.#isKeyNext = false;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        levels.pop();
        this.#isKeyNext = false;
        break;
      case COMMA:
        this.#isKeyNext = levels.at(-1)?.isObject ?? false;
        break;
      case COLON:
        this.#isKeyNext = false;
        break;
    }
  }

  /** What is to stand in the place of a string; null where it stays. */
  #take(raw: Uint8Array): string | null {
    const level = this.#levels.at(-1);
    if (this.#isKeyNext && level !== undefined) level.key = this.#keyOf(raw);
    const kind = this.#isKeyNext ? 'text' : this.#kindOf(level);
    if (kind === 'text' && !mayHoldAddress(raw)) return null;
    const text = this.#textOf(raw);
    const rewritten = this.#rewrite(text, kind);
    return rewritten === text ? null : rewritten;
  }

  #keyOf(raw: Uint8Array): KnownKey {
    if (!KEY_LENGTHS.has(raw.length)) return '';
    return knownKey(this.#decoder.decode(raw));
  }

  #kindOf(level: Level | undefined): TextKind {
    if (level === undefined) return 'text';
    return kindOfText(level.key, this.#levels.at(-2)?.key ?? '');
  }

  #textOf(raw: Uint8Array): string {
    const text = this.#decoder.decode(raw);
    if (!raw.includes(BACKSLASH)) return text;
    try {
      return String(JSON.parse(`"${text}"`));
    } catch {
      // Escapes or control characters that JSON has not: as it stands there.
      return text;
    }
  }
}

const knownKey = (text: string): KnownKey => KEYS.find((key) => key === text) ?? '';

/** What a text is that stands under `key`, in what stands under `around`. */
export function kindOfText(key: string, around: string): TextKind {
  // `{"name": …, "value": …}` in a list, or the names themselves as keys.
  if (isHeaders(key) || (isHeaders(around) && key !== 'name')) return 'header';
  if (key === 'title' || key === 'labels') return 'title';
  if (key === 'sourceText' || key === 'sourcesContent') return 'script';
  // Of a mark or a measure: whatever the page gave to it.
  if (key === 'detail') return 'detail';
  return key === 'snapshot' ? 'screenshot' : 'text';
}

const isHeaders = (key: string): boolean => key === 'headers' || key === 'requestHeaders';

/** A scheme, a path, or an escape behind which one may hide. */
const mayHoldAddress = (raw: Uint8Array): boolean =>
  raw.includes(COLON) || raw[0] === SLASH || raw.includes(BACKSLASH);

/** Where the quote is that ends the string which begins at `start`; -1 for none. */
function endOfString(bytes: Uint8Array, start: number, from: number): number {
  let end = bytes.indexOf(QUOTE, from);
  while (end >= 0) {
    let before = end - 1;
    while (before > start && bytes[before] === BACKSLASH) before--;
    // An even number of backslashes escape each other.
    if ((end - 1 - before) % 2 === 0) return end;
    end = bytes.indexOf(QUOTE, end + 1);
  }
  return -1;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter(({ length }) => length > 0);
  if (filled.length === 1) return filled[0];
  const whole = new Uint8Array(filled.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of filled) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
