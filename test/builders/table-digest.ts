/**
 * A fingerprint of everything that a reading says, so that two readers can be held against each other over large files.
 * In: tables. Out: per table its number of rows and a hash of what they say. Rows of strings, frames and stacks are told
 * by what they stand for: in which order a reader gives them out is its own affair.
 */
import { createHash } from 'node:crypto';
import { SLICE_JS_CALL, type TraceTables } from '../../src/trace/index.ts';

export type TableDigest = Readonly<Record<string, string>>;

/** What may be hashed of one column. */
type Part = ArrayBufferView | string;

export function digestTables(tables: TraceTables): TableDigest {
  const { threads, slices, asyncSlices, samples, counters, links, stacks, frames, strings } = tables;
  const hashOfString = Float64Array.from(strings.texts, numberOf);
  const text = (rows: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (row) => (row < 0 ? -1 : hashOfString[row]));
  const hashOfStack = hashStacks(tables, hashOfString);
  const details = Float64Array.from(slices.detail, (detail, row) =>
    (slices.flags[row] & SLICE_JS_CALL) === 0 ? detail : hashOfStack[detail],
  );
  return {
    file: digest(1, [
      JSON.stringify([
        tables.format,
        tables.eventCount,
        tables.byteLength,
        tables.bounds,
        tables.unixMillisAtZero,
        tables.metadata,
      ]),
    ]),
    threads: digest(threads.length, [
      threads.pid,
      threads.tid,
      text(threads.name),
      text(threads.processName),
      threads.role,
      threads.firstSlice,
      threads.endSlice,
      threads.samples,
    ]),
    slices: digest(slices.length, [
      slices.start,
      slices.duration,
      slices.thread,
      slices.depth,
      slices.parent,
      slices.subtreeEnd,
      text(slices.name),
      text(slices.traceCategory),
      slices.flags,
      details,
    ]),
    asyncSlices: digest(asyncSlices.length, [
      asyncSlices.start,
      asyncSlices.duration,
      asyncSlices.pid,
      text(asyncSlices.name),
      text(asyncSlices.traceCategory),
      text(asyncSlices.id),
      asyncSlices.flags,
      Float64Array.from(asyncSlices.detail),
    ]),
    samples: digest(samples.length, [
      samples.time,
      samples.thread,
      Int32Array.from(samples.line),
      Float64Array.from(samples.stack, (stack) => (stack < 0 ? -1 : hashOfStack[stack])),
    ]),
    frames: digest(frames.length, []),
    stacks: digest(stacks.length, []),
    counters: digest(counters.length, [
      counters.time,
      counters.pid,
      counters.thread,
      text(counters.name),
      counters.value,
    ]),
    links: digest(links.length, [
      links.time,
      links.thread,
      text(links.name),
      Float64Array.from(links.detail),
      text(links.frame),
      text(links.id),
    ]),
    flows: digest(tables.flows.length, [
      tables.flows.time,
      tables.flows.thread,
      tables.flows.key,
      text(tables.flows.name),
      text(tables.flows.traceCategory),
      tables.flows.step,
      Float64Array.from(tables.flows.detail),
    ]),
    phases: JSON.stringify(tables.phaseCounts),
    pictures: digest(tables.pictures.length, [tables.pictures.time, tables.pictures.offset]),
    marks: digest(tables.marks.length, [JSON.stringify(tables.marks)]),
    diagnostics: JSON.stringify(
      Object.fromEntries(Object.entries(tables.diagnostics).filter(([, count]) => count !== 0)),
    ),
  };
}

/** A stack is its frame and the stack that called it. */
function hashStacks({ stacks, frames }: TraceTables, hashOfString: Float64Array): Float64Array {
  const hashes = new Float64Array(stacks.length);
  for (let row = 0; row < stacks.length; row++) {
    const frame = stacks.frame[row];
    const prefix = stacks.prefix[row];
    hashes[row] = numberOf(
      [
        prefix < 0 ? -1 : hashes[prefix],
        hashOfString[frames.functionName[frame]],
        hashOfString[frames.url[frame]],
        frames.line[frame],
        frames.column[frame],
        frames.scriptId[frame],
      ].join(' '),
    );
  }
  return hashes;
}

/** 48 bits of a text. */
function numberOf(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}

function digest(rows: number, parts: readonly Part[]): string {
  const hash = createHash('sha1');
  for (const part of parts) {
    if (typeof part === 'string') hash.update(part);
    else hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return parts.length === 0 ? String(rows) : `${rows} ${hash.digest('hex').slice(0, 16)}`;
}
