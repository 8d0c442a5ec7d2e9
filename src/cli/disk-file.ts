/**
 * A file on the disk as a Blob, for the engine.
 * In: its path. Out: a Blob whose bytes are read when they are asked for, each piece by one call of the system. Node's own
 * (`openAsBlob`) hands every piece through queues of its own, and so does every stream: a sixth of the time that a trace of
 * 20 MB takes. So `piecesOfFile` has its buffers filled.
 * The file stays open until the process ends. Refuses what cannot be opened, as the system says it.
 */
import { openSync, read, statSync } from 'node:fs';
import { piecesOfFile, streamFrom } from '../recording/index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The part [from, to) of an open file. */
interface Part {
  readonly descriptor: number;
  readonly from: number;
  readonly to: number;
}

export class DiskFile extends Blob {
  readonly #part: Part;

  private constructor(part: Part) {
    super();
    this.#part = part;
    Object.defineProperty(this, 'size', { value: part.to - part.from });
  }

  static open(path: string): DiskFile {
    if (!statSync(path).isFile()) throw new Error('not a file');
    const descriptor = openSync(path, 'r');
    return new DiskFile({ descriptor, from: 0, to: statSync(path).size });
  }

  override slice(start = 0, end = this.size): Blob {
    const { descriptor, from } = this.#part;
    const first = placeOf(start, this.size);
    const last = Math.max(first, placeOf(end, this.size));
    return new DiskFile({ descriptor, from: from + first, to: from + last });
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.fill(new Uint8Array(this.size), 0);
    if (bytes.length < this.size) throw new Error('the file has become shorter');
    return bytes.buffer;
  }

  /** The bytes from there on, as many as the buffer holds; less only at the end. */
  async fill(buffer: Bytes, from: number): Promise<Bytes> {
    const part = this.#part;
    const length = Math.min(buffer.length, part.to - part.from - from);
    let filled = 0;
    while (filled < length) {
      const position = part.from + from + filled;
      const count = await readInto(part.descriptor, buffer.subarray(filled, length), position);
      if (count === 0) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Bytes> {
    return streamFrom(piecesOfFile(this));
  }
}

const readInto = (descriptor: number, buffer: Bytes, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(descriptor, buffer, 0, buffer.length, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });

/** As Blob.slice takes its places: negative ones count from the end. */
function placeOf(place: number, size: number): number {
  return Math.min(Math.max(place < 0 ? size + place : place, 0), size);
}
