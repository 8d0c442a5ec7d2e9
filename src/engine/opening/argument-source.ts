/**
 * Where the arguments of one open recording's events are read from.
 * In: its source, the trace under its present names, a place to spool to. Out: what the trace says about a slice. A plain JSON file is read in place;
 * everything else through an inflated copy that is made with the first question (inflated-copy.ts), and where there can be
 * none, from the start each time.
 */
import { assert, type Failure, fail, type Result, type SliceIndex, succeed } from '../../base/index.ts';
import { type ByteSource, piecesOfFile } from '../../recording/index.ts';
import { type EventArguments, readEventArguments, readPicture, type TraceBytes } from '../../trace/index.ts';
import type { Source } from '../contract.ts';
import { readSliceArguments, type SliceArguments, tellItemArguments } from '../slices/slice-arguments.ts';
import { InflatedCopy } from './inflated-copy.ts';
import { type LibraryReader, openSource, type TraceSource } from './sources.ts';
import type { MakeSpoolFile } from './spool-file.ts';
import type { OpenTrace } from './summary.ts';

export interface ArgumentSourceOptions {
  readonly source: Source;
  readonly library: LibraryReader | null;
  /** The file itself, where it is not packed. */
  readonly plain: Blob | null;
  readonly makeSpool: MakeSpoolFile | null;
}

export class ArgumentSource {
  readonly #options: ArgumentSourceOptions;
  readonly #trace: () => OpenTrace;
  readonly #copy: InflatedCopy | null;
  /** Why the library broke off, if it did. */
  #failureOf: () => Failure | null = () => null;

  constructor(trace: () => OpenTrace, options: ArgumentSourceOptions) {
    this.#trace = trace;
    this.#options = options;
    const { makeSpool, plain } = options;
    const { format } = trace().tables;
    const isReadInPlace = plain !== null && format === 'json';
    this.#copy =
      makeSpool === null || isReadInPlace
        ? null
        : new InflatedCopy({ format, stream: () => this.#stream(), makeFile: makeSpool });
  }

  /** Many events can be asked for: none is looked for from the trace's beginning. */
  get readsInPlace(): boolean {
    return this.#copy === null
      ? this.#options.plain !== null && this.#trace().tables.format === 'json'
      : !this.#copy.failed;
  }

  async read(slice: SliceIndex, signal: AbortSignal | undefined): Promise<Result<SliceArguments>> {
    const { subject, tables, items } = this.#trace();
    const item = items()[slice - tables.slices.length];
    if (item !== undefined) return succeed(tellItemArguments(slice, item));
    assert(slice >= 0 && slice < tables.slices.length, `there is no slice ${slice}`);
    const options = signal === undefined ? { subject } : { subject, signal };
    return this.#readFrom((bytes) => readSliceArguments(tables, bytes, slice, options));
  }

  /** The event of a slice as the trace has it. Refuses JavaScript calls, which are no events. */
  event(slice: SliceIndex, signal?: AbortSignal): Promise<Result<EventArguments>> {
    const { subject, tables } = this.#trace();
    const options = signal === undefined ? { subject } : { subject, signal };
    return this.#readFrom((bytes) => readEventArguments(bytes, tables, slice, options));
  }

  /** The event of one of the trace's pictures. */
  picture(picture: number, signal?: AbortSignal): Promise<Result<EventArguments>> {
    const { subject, tables } = this.#trace();
    const options = signal === undefined ? { subject } : { subject, signal };
    return this.#readFrom((bytes) => readPicture(bytes, tables, picture, options));
  }

  async #readFrom<T>(readBytes: (bytes: TraceBytes) => Promise<Result<T>>): Promise<Result<T>> {
    const copy = this.#copy;
    if (copy !== null && !copy.failed) {
      const read = await readBytes(copy.bytes());
      if (!copy.failed) return read;
    }
    this.#failureOf = () => null;
    const read = await readBytes(this.#bytes());
    return read.ok ? read : fail(this.#failureOf() ?? read.failure);
  }

  /** The stored bytes once more, from the start. */
  reopen(signal: AbortSignal | undefined): Promise<Result<TraceSource>> {
    return openSource(this.#options.source, this.#options.library, signal);
  }

  async close(): Promise<void> {
    await this.#copy?.close();
  }

  #bytes(): TraceBytes {
    const { plain } = this.#options;
    const stream = (): Promise<Result<ByteSource>> => this.#stream();
    return plain === null
      ? { stream }
      : { stream, streamFrom: (offset) => piecesOfFile(plain.slice(offset)) };
  }

  async #stream(): Promise<Result<ByteSource>> {
    const opened = await openSource(this.#options.source, this.#options.library);
    if (!opened.ok) return opened;
    this.#failureOf = opened.value.failure;
    return succeed(opened.value.bytes);
  }
}
