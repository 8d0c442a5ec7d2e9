/**
 * Follows a trace file's JSON byte by byte, however it is cut into blocks, without building anything of it.
 * In: bytes. Out: where its list of events opens and ends, and which of the bytes are whole events.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** `traceEvents` is shorter; longer strings are no keys that count. */
const LONGEST_KEY = 64;

/** Follows strings and brackets of a JSON trace: where its list of events opens, and where whole events begin and end. */
export class TraceScanner {
  isOpened = false;
  /** The list of events has ended. */
  isBehind = false;
  isClosed = false;
  isBare = false;
  /** Of the bytes scanned last: right behind the bracket that opens the events. */
  openedAt = 0;
  /** Of the bytes scanned last: right behind the bracket that closes the file. */
  endedAt = 0;
  /** Of the bytes scanned last: begin and end of each event that ended in them. */
  readonly events: number[] = [];
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** The last string at depth 1: the key of what follows. */
  #key = '';
  #stringStart = 0;
  #eventStart = 0;

  /** Scans from `from` on; answers how many of the bytes are whole events, or lie before them. */
  scan(bytes: Uint8Array, from: number): number {
    let whole = this.isOpened ? 0 : bytes.length;
    this.events.length = 0;
    for (let at = from; at < bytes.length && !this.isClosed; at++) {
      const byte = bytes[at];
      if (this.#isInString) this.#inString(bytes, at);
      else if (byte === QUOTE) {
        this.#isInString = true;
        this.#stringStart = at;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#open(byte, at)) whole = at + 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.endedAt = at + 1;
        if (this.#close()) whole = at + 1;
      }
    }
    // A key that goes on in the next block is read there as a whole.
    const isInKey = this.#isInString && this.#depth === 1 && !this.isOpened;
    if (isInKey && bytes.length - this.#stringStart < LONGEST_KEY) whole = this.#stringStart;
    this.#stringStart -= whole;
    this.#eventStart -= whole;
    return whole;
  }

  #inString(bytes: Uint8Array, at: number): void {
    const byte = bytes[at];
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      const isKey = this.#depth === 1 && this.#stringStart >= 0 && at - this.#stringStart < LONGEST_KEY;
      if (isKey) this.#key = new TextDecoder().decode(bytes.subarray(this.#stringStart + 1, at));
    }
  }

  /** True where the list of events opens. */
  #open(byte: number, at: number): boolean {
    this.#depth++;
    if (this.isOpened && this.#depth === this.#listDepth + 1) this.#eventStart = at;
    if (byte !== OPEN_BRACKET || this.isOpened) return false;
    const isBare = this.#depth === 1;
    if (!isBare && !(this.#depth === 2 && this.#key === 'traceEvents')) return false;
    this.isBare = isBare;
    this.isOpened = true;
    this.openedAt = at + 1;
    return true;
  }

  /** True where a whole event ends, or the list. */
  #close(): boolean {
    this.#depth--;
    if (this.#depth === 0) this.isClosed = true;
    if (!this.isOpened || this.isBehind) return false;
    if (this.#depth < this.#listDepth) this.isBehind = true;
    if (this.#depth === this.#listDepth) this.events.push(this.#eventStart, this.endedAt);
    return this.#depth <= this.#listDepth;
  }

  get #listDepth(): number {
    return this.isBare ? 1 : 2;
  }
}
