/**
 * Reads the trace out of Chrome while Chrome still writes it, so that little is left to read when it is complete.
 * In: what has just been asked to end, and where its stream may be found. Out: the handle that was read from; its first
 * bytes are given to the entry. What goes wrong here only means that less was read early: the drain that follows tells of it.
 * Chrome makes the stream when it is asked to end the trace, and tells its handle when all is written (seen, for seconds
 * at 300 MB of JSON); handles are numbers, counted up over the browser's life, so it is one of the next. Meanwhile a
 * read brings what is there (seen): nothing where the next piece is not written, "Read failed" before the first.
 */
import type { Commands } from './commands.ts';
import { CHUNK_BYTES, chunkOf, lookAtStream, type StreamForm } from './drain.ts';
import type { Entry } from './entry.ts';

/** So many handles may have been given to others (DevTools reads source maps by streams) since we last saw one. */
const HANDLES_TRIED = 32;
/**
 * Between two reads. Chrome writes a piece of 15 to 60 KB every 5 to 20 ms (seen), and each that is stored costs it some
 * of the processor, so several are read at once; where none comes, something holds it up for longer.
 */
const PAUSE_MILLIS = { least: 30, most: 250 };

export interface EarlyDoors {
  readonly commands: Commands;
  readonly entry: Entry;
  /** Of the last stream that was seen in this browser; 0 for none. */
  readonly lastHandle: number;
  readonly form: StreamForm;
  /** Called before the first byte is stored; resolves when it is noted. */
  noteHandle(handle: string): Promise<void>;
  onStored(): void;
}

export class EarlyDrain {
  /** Resolves when nothing more is read: {@link stop} was called, or nothing can be. */
  readonly ended: Promise<void>;
  readonly #doors: EarlyDoors;
  #isStopped = false;
  /** Nothing more can be stored. */
  #hasFailed = false;
  #pauseMillis = PAUSE_MILLIS.least;
  #endPause: () => void = () => undefined;

  constructor(doors: EarlyDoors) {
    this.#doors = doors;
    this.ended = this.#run();
  }

  /** The true handle is known: the usual drain goes on from what was read. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endPause();
    await this.ended;
  }

  async #run(): Promise<void> {
    const handle = await this.#find();
    if (handle === null) return;
    await this.#doors.noteHandle(handle);
    while (!this.#isStopped) {
      const bytes = await this.#read(handle, this.#doors.entry.givenBytes);
      if (bytes === null || this.#hasFailed) return;
      if (bytes.length > 0) this.#store(bytes);
      await this.#pause();
    }
  }

  /** The first handle whose stream has bytes of ours. */
  async #find(): Promise<string | null> {
    const { commands, lastHandle, form } = this.#doors;
    for (let number = lastHandle + 1; number <= lastHandle + HANDLES_TRIED; ) {
      const seen = await lookAtStream(commands, String(number), form);
      if (!seen.ok || this.#isStopped) return null;
      if (seen.value === 'ours') return String(number);
      if (seen.value === 'none') number++;
      else await this.#pause();
    }
    return null;
  }

  /** null where nothing can be read any more. */
  async #read(handle: string, offset: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const reply = await this.#doors.commands.send('IO.read', { handle, offset, size: CHUNK_BYTES });
    return reply.ok ? chunkOf(reply.value).bytes : null;
  }

  /** Not waited for: Chrome may be done meanwhile. */
  #store(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pauseMillis = PAUSE_MILLIS.least;
    void this.#doors.entry.appendTrace(this.#doors.form.format, bytes).then(({ ok }) => {
      if (ok) this.#doors.onStored();
      else this.#hasFailed = true;
    });
  }

  /** Longer each time, until there are bytes again; {@link stop} ends it. */
  async #pause(): Promise<void> {
    if (this.#isStopped) return;
    const millis = this.#pauseMillis;
    this.#pauseMillis = Math.min(2 * millis, PAUSE_MILLIS.most);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
