/**
 * What a JSON trace says of its own losses: Chrome's writer and Perfetto's put statistics of the buffers into `metadata`.
 * In: the metadata, unchecked. Out: how many chunks and packets were lost; 1 where it says no more than that some were.
 */
import { asObject, listOf } from '../profile-chunk.ts';

/** Of a buffer: what was thrown away, overwritten before it was read, or never arrived. */
const LOSSES = ['chunks_discarded', 'chunks_overwritten', 'trace_writer_packet_loss', 'patches_failed'];

export function lossesOf(metadata: Readonly<Record<string, unknown>>): number {
  const statistics = [
    metadata,
    metadata.trace_processor_stats,
    metadata.perfetto_trace_stats,
    metadata.traceStats,
  ];
  let lost = 0;
  for (const told of statistics.map(asObject)) {
    for (const buffer of [...listOf(told.traced_buf), ...listOf(told.buffer_stats)].map(asObject)) {
      for (const key of LOSSES) lost += countOf(buffer[key]);
    }
  }
  const saysSo = metadata.dataLossOccurred === true || metadata['data-loss-occurred'] === true;
  return lost === 0 && saysSo ? 1 : lost;
}

/** Some writers put numbers of 64 bits between quotes. */
function countOf(value: unknown): number {
  const count = typeof value === 'string' ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count > 0 ? count : 0;
}
