/**
 * Native unpacking that loses nothing.
 * In: the bytes of a gzip file (one member or several) or a zlib stream, in chunks. Out: unpacked chunks.
 * A cut-off stream gives all that can be unpacked, a damaged one all up to the piece that is damaged; both tell so. What
 * lies behind the last member is passed over.
 *
 * A DecompressionStream throws away what it has unpacked but not yet handed over when it meets anything that it does not
 * like: the end of its input in the middle of a member; in Chromium also the next member, and whatever else lies behind
 * one. So its input is closed only after everything was read, and it is given no piece in which a member may end before
 * the piece does:
 *
 *   |------ member ------|isize|1f 8b ... member ...|isize|garbage
 *   pieces end here            ^                          ^        a member ends with its unpacked size (RFC 1952)
 */
/** What is learnt on the way. */
export interface UnpackState {
  isCutOff: boolean;
}

/** Bytes held back until it is known whether they are the last; garbage behind the last member may be as long. */
const HELD_BYTES = 16 << 10;
/** Of a trailer: the size and the checksum before it. */
const SMALLEST_BYTES = 8;
/** No deflated byte unpacks to more. */
const LARGEST_RATIO = 1032;
/** Traces pack 7 to 20 times smaller. */
const USUAL_RATIO = 64;
/** So long without another byte, although one is asked for, means that the unpacker has handed over all it can. */
const DRAINED_MILLIS = 200;
/** The same where it only decides how the input is cut. */
const PAUSED_MILLIS = 30;
/** And so many turns of the event loop: on a busy machine the time alone may pass while nobody was given his turn. */
const QUIET_TURNS = 12;

/** `one-gzip`: one member and nothing behind it, so that no piece needs to be looked at before it is given. */
export type Packed = 'gzip' | 'one-gzip' | 'deflate';

export async function* unpack(
  chunks: AsyncGenerator<Uint8Array>,
  kind: Packed,
  state: UnpackState,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces(chunks, kind);
  try {
    for (;;) {
      const member = new Member(pieces, kind);
      yield* member.unpack();
      if (member.failure !== null) throw member.failure;
      state.isCutOff = member.isCutOff;
      if (!member.hasNext) return;
    }
  } finally {
    await chunks.return(undefined);
  }
}

/** One gzip member on its way through a DecompressionStream. */
class Member {
  /** The source failed, not the packing. */
  failure: unknown = null;
  isCutOff = false;
  /** Another member begins with the next piece. */
  hasNext = false;
  readonly #pieces: Pieces;
  readonly #unpacker: DecompressionStream;
  #unpackedBytes = 0;
  /** A read is under way. */
  #isWaiting = false;
  /** Nothing more will be read. */
  #isOver = false;
  /** All that the bytes before the piece at hand promise was unpacked. */
  #wasWhole = false;
  /** Something was read. */
  #wake: () => void = () => undefined;

  constructor(pieces: Pieces, kind: Packed) {
    this.#pieces = pieces;
    pieces.beginMember();
    this.#unpacker = new DecompressionStream(kind === 'deflate' ? 'deflate' : 'gzip');
  }

  async *unpack(): AsyncGenerator<Uint8Array> {
    const writer = this.#unpacker.writable.getWriter();
    const reader = this.#unpacker.readable.getReader();
    const fed = this.#feed(writer);
    try {
      for (;;) {
        this.#isWaiting = true;
        const next = await reader.read().catch(() => null);
        this.#isWaiting = false;
        if (next === null) {
          this.isCutOff = !this.#wasWhole;
          break;
        }
        if (next.done) break;
        this.#unpackedBytes += next.value.length;
        this.#wake();
        yield next.value;
      }
      this.#isOver = true;
      await fed;
    } finally {
      this.#isOver = true;
      // The unpacker may have failed already; then there is nothing left to let go of.
      await reader.cancel().catch(() => undefined);
      await writer.abort().catch(() => undefined);
    }
  }

  async #feed(writer: ReturnType<DecompressionStream['writable']['getWriter']>): Promise<void> {
    const pieces = this.#pieces;
    let written = 0;
    let lastWritten = 0;
    try {
      for (;;) {
        const isOddTail = await pieces.reachesOddTail(this.#unpackedBytes, lastWritten);
        const mayEnd = written > 0 && pieces.mayEndBefore;
        if (written > 0 && (isOddTail || mayEnd)) {
          await this.#drain(isOddTail || pieces.mayBeginMember ? DRAINED_MILLIS : PAUSED_MILLIS);
        }
        const piece = await pieces.peek(this.#unpackedBytes);
        if (piece === null) break;
        this.#wasWhole = mayEnd && this.#isWhole();
        if (this.#wasWhole && pieces.mayBeginMember) {
          this.hasNext = true;
          break;
        }
        pieces.take();
        written += piece.length;
        lastWritten = piece.length;
        // A damaged stream rejects here and in the reader alike; the reader tells it.
        const accepted = await writer.write(piece).then(
          () => true,
          () => false,
        );
        if (!accepted) return;
      }
    } catch (error) {
      this.failure = error;
    }
    await this.#drain(DRAINED_MILLIS);
    this.#wasWhole = this.#isWhole();
    // A stream that ends too early rejects here and in the reader alike; the reader tells it.
    await writer.close().catch(() => undefined);
  }

  #isWhole(): boolean {
    return this.#pieces.promisedSize === this.#unpackedBytes % 2 ** 32;
  }

  /** Waits until everything has been read: at once where a member ends, after a moment of silence where it does not. */
  async #drain(millis: number): Promise<void> {
    let unpacked = -1;
    let since = 0;
    let turns = 0;
    while (!this.#isOver && !this.#isWhole()) {
      if (!this.#isWaiting || this.#unpackedBytes !== unpacked) {
        unpacked = this.#unpackedBytes;
        since = performance.now();
        turns = 0;
      } else if (turns >= QUIET_TURNS && performance.now() - since >= millis) return;
      turns++;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 0);
      });
    }
  }
}

/** The file's bytes, cut wherever a member may end. */
class Pieces {
  /** A member may end right before the piece at hand. */
  mayEndBefore = false;
  /** The piece at hand looks like the begin of a member. */
  mayBeginMember = false;
  /** The four bytes before the piece at hand as a size. */
  promisedSize = -1;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #bytes = new Uint8Array(0);
  #isLast = false;
  /** The file's last bytes are the end of its last member. */
  #endsWell = false;
  /** That was decided for the member at hand. */
  #isJudged = false;
  /** The piece at hand is [#at, #end) of the bytes. */
  #at = 0;
  #end = 0;
  /** Bytes before #at: there were at least so many, up to 4. */
  #before = new Uint8Array(0);

  /** Other members, or garbage, may follow. */
  readonly #isGzip: boolean;
  readonly #heldBytes: number;

  constructor(chunks: AsyncGenerator<Uint8Array>, kind: Packed) {
    this.#chunks = chunks;
    this.#isGzip = kind === 'gzip';
    this.#heldBytes = kind === 'one-gzip' ? 0 : HELD_BYTES;
  }

  /** What comes next is a member of its own: how the file ends and is cut is to be judged by its size. */
  beginMember(): void {
    this.#isJudged = false;
    this.#end = this.#at;
  }

  /**
   * The next piece is the first of the file's last bytes, and these do not end with what may be the size of all: something
   * lies behind the last member, or it packs better than traces do. `pendingBytes` may still be on their way.
   */
  async reachesOddTail(unpackedBytes: number, pendingBytes: number): Promise<boolean> {
    await this.#fill();
    if (!this.#isLast || this.#isJudged || !this.#isGzip) return false;
    this.#isJudged = true;
    const rest = this.#bytes.length - this.#at;
    this.#endsWell =
      rest >= SMALLEST_BYTES && this.#promises(unpackedBytes, (pendingBytes + rest) * USUAL_RATIO);
    return !this.#endsWell;
  }

  /** Whether the last four bytes are a size that can be reached from here. */
  #promises(unpackedBytes: number, most: number): boolean {
    const more = (sizeAt(this.#bytes, this.#bytes.length) - (unpackedBytes % 2 ** 32) + 2 ** 32) % 2 ** 32;
    return more <= most && more + 64 >= this.#bytes.length - this.#at;
  }

  /** The next piece; null at the end. */
  async peek(unpackedBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
    await this.#fill();
    if (this.#end === this.#at) {
      if (this.#at === this.#bytes.length) return null;
      this.#end = this.#isLast
        ? this.#findEndInTail(unpackedBytes)
        : this.#findMember(this.#bytes.length - this.#heldBytes);
    }
    return this.#bytes.subarray(this.#at, this.#end);
  }

  take(): void {
    this.#before = concat(
      this.#before,
      this.#bytes.subarray(Math.max(this.#at, this.#end - 4), this.#end),
    ).slice(-4);
    this.promisedSize = this.#before.length < 4 ? -1 : sizeAt(this.#before, 4);
    this.#at = this.#end;
    this.mayBeginMember = this.#isGzip && beginsMember(this.#bytes, this.#at);
    this.mayEndBefore = this.#isGzip && (this.#isLast || this.mayBeginMember);
  }

  async #fill(): Promise<void> {
    while (this.#end === this.#at && !this.#isLast && this.#bytes.length - this.#at <= this.#heldBytes)
      await this.#read();
  }

  async #read(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) this.#isLast = true;
    else {
      this.#bytes = concat(this.#bytes.subarray(this.#at), next.value);
      this.#at = 0;
      this.#end = 0;
    }
  }

  /** Where the next header stands, at most `limit`. */
  #findMember(limit: number): number {
    const bytes = this.#bytes;
    if (!this.#isGzip) return limit;
    for (
      let at = bytes.indexOf(0x1f, this.#at + 1);
      at >= 0 && at < limit;
      at = bytes.indexOf(0x1f, at + 1)
    ) {
      if (beginsMember(bytes, at)) return at;
    }
    return limit;
  }

  /**
   * Near the end of the file: where something lies behind its last member, that ends at one of the places whose four bytes
   * before them can be the size of what is unpacked.
   */
  #findEndInTail(unpackedBytes: number): number {
    const bytes = this.#bytes;
    const member = this.#findMember(bytes.length);
    const rest = bytes.length - this.#at;
    // Deflate never makes anything much larger.
    const least = unpackedBytes % 2 ** 32;
    const most = least + rest * LARGEST_RATIO;
    const fits = (at: number): boolean => {
      const size = sizeAt(bytes, at);
      return (size >= least && size <= most) || size + 2 ** 32 <= most;
    };
    if (member < bytes.length || this.#endsWell || !this.#isGzip) return member;
    for (let at = this.#at + SMALLEST_BYTES; at < bytes.length; at++) if (fits(at)) return at;
    return bytes.length;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The four bytes before `at`, least first. */
const sizeAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at - 4] | (bytes[at - 3] << 8) | (bytes[at - 2] << 16) | (bytes[at - 1] << 24)) >>> 0;

/** Whether the ten bytes of a gzip header may stand here: magic, deflate, known flags, known level, known system. */
function beginsMember(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8 || at + 10 > bytes.length)
    return false;
  const level = bytes[at + 8];
  const system = bytes[at + 9];
  return (
    bytes[at + 3] < 0x20 && (level === 0 || level === 2 || level === 4) && (system <= 13 || system === 255)
  );
}
