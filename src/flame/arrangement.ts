/**
 * Where tracks stand from top to bottom: a header, below it one line per row. A collapsed track is its header alone,
 * with its outermost boxes drawn behind the title. Empty tracks are left out unless wanted.
 * In: a chart, the user's choices, heights in whole pixels. Out: sections with their pixels, and the total height.
 */
import type { Chart, Track, TrackChoices } from './chart.ts';

export interface LineHeights {
  readonly header: number;
  /** One row with its gap. */
  readonly row: number;
}

export interface Section {
  readonly track: Track;
  readonly collapsed: boolean;
  /** Top of the header. */
  readonly top: number;
  /** Top of the first row; for a collapsed track that of the header. */
  readonly rowsTop: number;
  /** One past its last pixel. */
  readonly bottom: number;
}

export interface Arrangement {
  readonly sections: readonly Section[];
  readonly heights: LineHeights;
  readonly height: number;
  /** The first row of a track stands at its bottom (flames), not at its top (icicles). */
  readonly upward: boolean;
}

export function arrangeTracks(
  chart: Chart,
  choices: TrackChoices,
  heights: LineHeights,
  upward = false,
): Arrangement {
  const sections: Section[] = [];
  let top = 0;
  for (const track of chart.tracks) {
    if (track.rows === 0 && !choices.showEmpty) continue;
    const collapsed = track.rows === 0 || choices.collapsed.has(track.thread);
    const rowsTop = collapsed ? top : top + heights.header;
    const bottom = top + heights.header + (collapsed ? 0 : track.rows * heights.row);
    sections.push({ track, collapsed, top, rowsTop, bottom });
    top = bottom;
  }
  return { sections, heights, height: top, upward };
}

/** Top of row `row` of a section's track, counted from the track's first. */
export function topOfRow({ heights, upward }: Arrangement, { rowsTop, track }: Section, row: number): number {
  return rowsTop + (upward ? track.rows - 1 - row : row) * heights.row;
}

/** The chart's row at `y`, -1 on a header of an open track or below everything. */
export function rowAtY({ sections, heights, upward }: Arrangement, y: number): number {
  const section = sections.find((each) => y >= each.top && y < each.bottom);
  if (section === undefined || section.track.rows === 0) return -1;
  if (section.collapsed) return section.track.firstRow;
  if (y < section.rowsTop) return -1;
  const line = Math.floor((y - section.rowsTop) / heights.row);
  return section.track.firstRow + (upward ? section.track.rows - 1 - line : line);
}

/** Top and height of the chart's `row`; null where it is not drawn. */
export function placeOfRow(
  arrangement: Arrangement,
  row: number,
): { readonly top: number; readonly height: number } | null {
  const { sections, heights } = arrangement;
  for (const section of sections) {
    const { track, collapsed, rowsTop } = section;
    if (row < track.firstRow || row >= track.firstRow + track.rows) continue;
    if (!collapsed) return { top: topOfRow(arrangement, section, row - track.firstRow), height: heights.row };
    return row === track.firstRow ? { top: rowsTop, height: heights.header } : null;
  }
  return null;
}

/** So many lanes of requests leave the threads in sight. */
const MOST_OPEN_LANES = 4;

/** Main threads, workers and what happened to the page are open, everything else is collapsed. */
export function initialTrackChoices(chart: Chart): TrackChoices {
  const collapsed = chart.tracks
    .filter(({ kind, role, rows }) =>
      kind === 'thread'
        ? role !== 'main' && role !== 'worker' && role !== 'service-worker'
        : rows > MOST_OPEN_LANES,
    )
    .map(({ thread }) => thread);
  return { collapsed: new Set(collapsed), showEmpty: false };
}

/** The choices with the track of `thread` opened or collapsed. */
export function toggleTrack(choices: TrackChoices, thread: number): TrackChoices {
  const collapsed = new Set(choices.collapsed);
  if (!collapsed.delete(thread)) collapsed.add(thread);
  return { ...choices, collapsed };
}
