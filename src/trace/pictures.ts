/**
 * Pictures of the page that Chrome wrote into the trace (`Screenshot`, a JPEG in base64): when, and where they lie.
 * In: their events. Out: the picture table, by time. What they show is read from the source when somebody looks: a trace may
 * consist of them for the most part.
 */
import { float64Column } from '../base/index.ts';
import type { EventRecord } from './event.ts';
import type { PictureTable } from './tables.ts';

export class PictureCollector {
  readonly #time = float64Column(256);
  readonly #offset = float64Column(256);

  add({ time, offset }: EventRecord): void {
    this.#time.push(time);
    this.#offset.push(offset);
  }

  settle(): PictureTable {
    const { length, values: time } = this.#time;
    const rows = Int32Array.from({ length }, (_, row) => row).sort((a, b) => time[a] - time[b] || a - b);
    return {
      length,
      time: Float64Array.from(rows, (row) => time[row]),
      offset: Float64Array.from(rows, (row) => this.#offset.values[row]),
    };
  }
}
