/**
 * Big traces out of one real one: copies of `busy-page`, each later than the one before.
 * In: bytes wanted. Out: a plain JSON file of that size, kept in the cache. Per copy the times are shifted by the
 * length of the trace and a second, and the ids of V8's profiles are made its own; metadata (threads' names) is written
 * once; the last copy ends where the size is reached, between two events.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BUSY_PAGE, CACHE } from './places.mjs';

/**
 * An event of the source as text around its time.
 * @typedef {{ head: string, time: number, tail: string }} PlainEvent
 * @typedef {{ metadata: string[], plain: (PlainEvent | null)[], profile: (Record<string, any> | null)[], span: number, end: string }} Source
 */

/** @returns {Promise<string>} The plain form of busy-page. */
export async function plainBusyPage() {
  const path = join(CACHE, 'busy-page.json');
  if (!existsSync(path)) await writeWhole(path, [gunzipSync(readFileSync(BUSY_PAGE))]);
  return path;
}

/**
 * @param {string} name Of the file.
 * @param {number} bytes At most this many.
 */
export async function generate(name, bytes) {
  const path = join(CACHE, name);
  if (existsSync(path) && statSync(path).size > bytes * 0.98) return path;
  console.log(`bench: writing ${path} (${Math.round(bytes / 1e6)} MB)`);
  await writeWhole(path, copies(readSource(), bytes));
  return path;
}

/**
 * Under another name until it is whole, so that a run that was broken off leaves no half file.
 * @param {string} path
 * @param {Iterable<string | Buffer>} pieces
 */
async function writeWhole(path, pieces) {
  mkdirSync(CACHE, { recursive: true });
  const file = createWriteStream(`${path}.part`);
  for (const piece of pieces)
    if (!file.write(piece)) await new Promise((resolve) => file.once('drain', () => resolve(undefined)));
  await new Promise((resolve) => file.end(() => resolve(undefined)));
  renameSync(`${path}.part`, path);
}

/** @returns {Source} */
function readSource() {
  const text = gunzipSync(readFileSync(BUSY_PAGE)).toString();
  const lines = text.split('\n');
  /** @type {Source} */
  const source = { metadata: [], plain: [], profile: [], span: 0, end: '\n]}\n' };
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const line of lines.slice(1)) {
    if (!line.startsWith('{"args"')) continue;
    const body = line.replace(/,$|\],"metadata":$/, '');
    if (body.includes('"ph":"M"')) source.metadata.push(body);
    else {
      const at = body.lastIndexOf('"ts":') + 5;
      const time = Number.parseInt(body.slice(at), 10);
      const isProfile = /"name":"Profile(Chunk)?"/.test(body);
      source.profile.push(isProfile ? JSON.parse(body) : null);
      const digits = String(time).length;
      source.plain.push(isProfile ? null : { head: body.slice(0, at), time, tail: body.slice(at + digits) });
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }
  source.span = last - first + 1_000_000;
  return source;
}

/**
 * @param {Source} source
 * @param {number} bytes
 * @returns {Generator<string>}
 */
function* copies(source, bytes) {
  let written = 0;
  let piece = `{"traceEvents":[\n${source.metadata.join(',\n')}`;
  for (let copy = 0; ; copy++) {
    const shift = copy * source.span;
    for (let row = 0; row < source.plain.length; row++) {
      const event = source.plain[row];
      const text =
        event === null
          ? profileText(source.profile[row] ?? {}, copy, shift)
          : `${event.head}${event.time + shift}${event.tail}`;
      if (written + piece.length + text.length + 8 > bytes) {
        yield piece + source.end;
        return;
      }
      piece += `,\n${text}`;
      if (piece.length > 1 << 20) {
        // All of the source is ASCII: characters are bytes.
        written += piece.length;
        yield piece;
        piece = '';
      }
    }
  }
}

/**
 * A `Profile` or `ProfileChunk` of one copy.
 * @param {Record<string, any>} event
 * @param {number} copy
 * @param {number} shift
 */
function profileText(event, copy, shift) {
  const data = { ...event.args.data };
  if (data.startTime !== undefined) data.startTime += shift;
  if (data.endTime !== undefined) data.endTime += shift;
  const id = `0x${(Number.parseInt(event.id, 16) + copy * 0x1000).toString(16)}`;
  return JSON.stringify({ ...event, args: { ...event.args, data }, id, ts: event.ts + shift });
}
