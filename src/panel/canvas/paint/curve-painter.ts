/**
 * Curves of counters: an area under a line, from 0 to the most there was; lows of a column are seen as the line's own
 * height. In: a scene, the rows that are seen. Out: strokes on a target. A line is a CSS pixel thick, so where that is
 * several of the device's the curve is reckoned in such blocks and stretched: a quarter of the pixels, and of the time.
 * Keeps buffers between frames.
 */
import {
  type ColumnExtremes,
  type CounterSeries,
  makeExtremes,
  type PixelGrid,
  sampleSeries,
} from '../../../flame/index.ts';
import type { DrawTarget } from './draw-target.ts';
import type { ChartScene } from './scene.ts';
import type { TrackRow } from './track-painter.ts';

/** A grid of blocks, and how many device pixels of its first are left of the edge. */
interface Blocks {
  readonly grid: PixelGrid;
  readonly side: number;
  readonly left: number;
  /** Thickness of the line and of the gap below, in blocks. */
  readonly gap: number;
}

/** Of one curve: what of its lines differs from column to column. Lines count from the row's top, in blocks. */
interface Curve {
  readonly y: number;
  readonly height: number;
  /** Its columns in the buffers begin here. */
  readonly offset: number;
  /** Its own lines: none above has anything, below there is area alone. */
  readonly first: number;
  readonly end: number;
  /** Area ends above this. */
  readonly bottom: number;
}

export class CurvePainter {
  #extremes: ColumnExtremes = makeExtremes(0);
  /** Line of each column's high, and the last line of its low. */
  #high = new Int32Array(0);
  #low = new Int32Array(0);

  paint(target: DrawTarget, scene: ChartScene, rows: readonly TrackRow[]): void {
    const { counters } = scene.chart;
    const blocks = blocksOf(scene);
    const { columns } = blocks.grid;
    const counted = rows.flatMap(({ row, y, height }) => {
      const series = counters?.get(row);
      return series === undefined ? [] : [{ y, height, series }];
    });
    if (counted.length === 0) return;
    if (this.#extremes.high.length !== columns) this.#extremes = makeExtremes(columns);
    if (this.#high.length < counted.length * columns) {
      this.#high = new Int32Array(counted.length * columns);
      this.#low = new Int32Array(counted.length * columns);
    }
    const curves = counted.map(({ series, ...place }, at) =>
      this.#reckon(series, { ...place, offset: at * columns }, blocks),
    );
    const lines = curves.reduce((sum, { first, end }) => sum + end - first, 0);
    const pixels = target.takeLines(lines);
    let line = 0;
    for (const curve of curves) {
      this.#fill(pixels.subarray(line * target.width), curve, { scene, columns, stride: target.width });
      line += curve.end - curve.first;
    }
    target.keepLines(lines);
    line = 0;
    for (const curve of curves) {
      showCurve(target, curve, { line, blocks, colour: scene.palette.heapAreaCss });
      line += curve.end - curve.first;
    }
  }

  #reckon(
    series: CounterSeries,
    { y, height, offset }: Pick<Curve, 'y' | 'height' | 'offset'>,
    { grid, side, gap }: Blocks,
  ): Curve {
    const lines = Math.floor(height / side);
    const lowest = lines - gap - 1;
    const tall = lines - 2 * gap - 1;
    const extremes = this.#extremes;
    sampleSeries(series, grid, extremes);
    const lineOf = (value: number): number =>
      lowest - (series.most > 0 ? Math.round((value / series.most) * tall) : 0);
    let first = lowest + 1;
    let end = 0;
    for (let column = 0; column < grid.columns; column++) {
      const isKnown = !Number.isNaN(extremes.high[column]);
      const high = isKnown ? lineOf(extremes.high[column]) : lines;
      const low = isKnown ? Math.max(lineOf(extremes.low[column]), high + gap - 1) : lines;
      this.#high[offset + column] = high;
      this.#low[offset + column] = low;
      first = Math.min(first, high);
      end = Math.max(end, low + 1);
    }
    const bottom = lowest + 1;
    return { y, height, offset, first, end: Math.max(first, Math.min(end, bottom)), bottom };
  }

  /** Line by line, as the pixels lie: column by column takes three times as long. */
  #fill(
    pixels: Uint32Array,
    { first, end, offset }: Curve,
    to: { readonly scene: ChartScene; readonly columns: number; readonly stride: number },
  ): void {
    const { heapLine, heapArea } = to.scene.palette;
    for (let line = first; line < end; line++) {
      const begin = (line - first) * to.stride;
      for (let column = 0; column < to.columns; column++) {
        const place = offset + column;
        if (line < this.#high[place]) continue;
        pixels[begin + column] = line <= this.#low[place] ? heapLine : heapArea;
      }
    }
  }
}

/** Anchored as the chart's own grid: panning moves blocks. */
function blocksOf({ grid, measures }: ChartScene): Blocks {
  const side = Math.max(1, Math.floor(measures.ratio));
  const left = ((grid.firstColumn % side) + side) % side;
  const coarse = {
    anchor: grid.anchor,
    scale: grid.scale / side,
    firstColumn: (grid.firstColumn - left) / side,
    columns: Math.ceil((grid.columns + left) / side),
  };
  return { grid: coarse, side, left, gap: Math.max(1, Math.round(measures.gap / side)) };
}

function showCurve(
  target: DrawTarget,
  { y, first, end, bottom }: Curve,
  { line, blocks, colour }: { readonly line: number; readonly blocks: Blocks; readonly colour: string },
): void {
  const { side, left, grid } = blocks;
  const x = -left;
  const width = grid.columns * side;
  const part = { line, lines: end - first, columns: grid.columns };
  if (end > first) target.showPart(part, { x, y: y + first * side, width, height: (end - first) * side });
  if (bottom > end)
    target.fill(colour, { x: 0, y: y + end * side, width: target.width, height: (bottom - end) * side });
}
