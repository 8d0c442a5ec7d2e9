/**
 * One piece of a CPU profile as V8 writes it (`ProfileChunk`, or the body of a `CpuProfile`) → columns.
 * In: an event's arguments. Out: its nodes, and columns of its samples.
 * Refuses: pieces with more or fewer time deltas than samples: null.
 */
import type { Args } from './event.ts';

/** A node of V8's call tree. Newer Chromes name the parent, older ones the children. */
export interface ProfileNode {
  readonly id: number;
  readonly parent?: unknown;
  readonly children?: unknown;
  readonly callFrame?: unknown;
}

export interface ProfileChunk {
  /** Microseconds on the trace clock: when it was written. */
  readonly time: number;
  /** '' where it names none. */
  readonly source: string;
  readonly nodes: readonly ProfileNode[];
  /** Node ids; NaN for what is no number. */
  readonly samples: Float64Array;
  /** Microseconds since the sample before; NaN for what is no number. */
  readonly timeDeltas: Float64Array;
  /** Script lines, 0 unknown. May be fewer than samples. */
  readonly lines: Int32Array;
  /** Columns of those lines, as {@link ProfileChunk.lines}; Chrome tells them since 2025. */
  readonly columns: Int32Array;
  /** `sampleTraceId`s, and the node that V8 saw for each. */
  readonly traceIds: Float64Array;
  readonly traceNodes: Float64Array;
}

/** Where the parts of a profile stand differs over Chrome's versions: in `data`, or in the profile within. */
export function readProfileChunk(time: number, args: Args): ProfileChunk | null {
  const data = asObject(args.data);
  const body = asObject(data.cpuProfile);
  const samples = numbersOf(body.samples);
  const timeDeltas = numbersOf(data.timeDeltas ?? body.timeDeltas);
  if (samples.length !== timeDeltas.length) return null;
  const traceIds = Object.entries(asObject(body.trace_ids));
  return {
    time,
    source: typeof data.source === 'string' ? data.source : '',
    nodes: readNodes(body.nodes),
    samples,
    timeDeltas,
    lines: Int32Array.from(numbersOf(data.lines ?? body.lines)),
    columns: Int32Array.from(numbersOf(data.columns ?? body.columns)),
    traceIds: Float64Array.from(traceIds, ([id]) => Number(id)),
    traceNodes: Float64Array.from(traceIds, ([, node]) => numberOr(node, Number.NaN)),
  };
}

export function readNodes(value: unknown): readonly ProfileNode[] {
  return listOf(value).filter(
    (node): node is ProfileNode =>
      typeof node === 'object' && node !== null && 'id' in node && typeof node.id === 'number',
  );
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function numbersOf(value: unknown): Float64Array {
  const list = listOf(value);
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) numbers[i] = numberOr(list[i], Number.NaN);
  return numbers;
}
