/**
 * What the bench measures of ours: bytes → tables → breakdown of the page's main thread → the flame chart's
 * boxes, by the functions that engine/ calls for it.
 * In: bytes. Out: how much was found, so that a reader who does less is seen to do less.
 */
import { classifySlices, computeBreakdown, findPageLoad } from '../../src/analysis/index.ts';
import { DiskFile } from '../../src/cli/disk-file.ts';
import { layOutChart } from '../../src/flame/index.ts';
import { piecesOfFile } from '../../src/recording/index.ts';
import { readTrace } from '../../src/trace/index.ts';

export interface Work {
  readonly events: number;
  readonly slices: number;
  readonly asyncSlices: number;
  readonly samples: number;
  readonly boxes: number;
  readonly scriptingMillis: number;
  /** Milliseconds of each step. */
  readonly steps: { readonly read: number; readonly analyse: number; readonly layOut: number };
}

export async function openTrace(bytes: AsyncIterable<Uint8Array>): Promise<Work> {
  const begin = performance.now();
  const read = await readTrace(bytes, { subject: 'bench' });
  if (!read.ok) throw new Error(`${read.failure.message} ${read.failure.detail}`);
  const tables = read.value;
  const afterRead = performance.now();
  const classes = classifySlices(tables);
  const page = findPageLoad(tables);
  const breakdown = computeBreakdown(tables, classes, {
    thread: page.mainThread,
    range: tables.bounds,
    jsCalls: true,
  });
  const afterAnalysis = performance.now();
  const chart = layOutChart(tables, classes, page);
  return {
    events: tables.eventCount,
    slices: tables.slices.length,
    asyncSlices: tables.asyncSlices.length,
    samples: tables.samples.length,
    boxes: chart.boxes.length,
    scriptingMillis: breakdown.scripting,
    steps: {
      read: afterRead - begin,
      analyse: afterAnalysis - afterRead,
      layOut: performance.now() - afterAnalysis,
    },
  };
}

/** A file's bytes, as the command line and the engine read them. */
export function readFile(path: string): AsyncIterable<Uint8Array> {
  return piecesOfFile(DiskFile.open(path));
}

/** Bytes that are in memory already, in pieces as a file's stream gives them. */
export function streamOf(bytes: Uint8Array, pieceBytes = 1 << 16): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.subarray(offset, offset + pieceBytes));
      offset += pieceBytes;
    },
  });
}
