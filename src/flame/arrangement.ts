/**
 * Where tracks stand from top to bottom: a header, below it one line per row. A collapsed track is its header alone,
 * with its outermost boxes drawn behind the title. Empty tracks are left out unless wanted, hidden ones always. Pinned
 * tracks stand in a part of their own above the others, which scroll. A group is a header over the tracks of its name.
 * In: a chart, the user's choices, heights in whole pixels. Out: sections with their pixels, and the heights of both parts.
 */
import type { Chart, Track, TrackChoices } from './chart.ts';

export interface LineHeights {
  readonly header: number;
  /** One row with its gap. */
  readonly row: number;
  /** A row of a counter, and of pictures; as any other where they are left out. */
  readonly counter?: number;
  readonly picture?: number;
}

export interface Section {
  readonly track: Track;
  readonly collapsed: boolean;
  /** It stands in the part that does not scroll; its places count from that part's top. */
  readonly pinned: boolean;
  /** Top of the header. */
  readonly top: number;
  /** Top of the first row; for a collapsed track that of the header. */
  readonly rowsTop: number;
  readonly rowHeight: number;
  /** One past its last pixel. */
  readonly bottom: number;
}

export interface Arrangement {
  /** From top to bottom, those that are pinned first. */
  readonly sections: readonly Section[];
  readonly heights: LineHeights;
  /** Of what scrolls. */
  readonly height: number;
  /** Of what is pinned; 0 where nothing is. */
  readonly pinnedHeight: number;
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
  const place = (tracks: readonly Track[], pinned: boolean): number => {
    let top = 0;
    for (const track of tracks) {
      const collapsed = isCollapsed(track, choices);
      const hasRows = !collapsed && track.rows > 0;
      const rowHeight = rowHeightOf(track, heights);
      const rowsTop = hasRows ? top + heights.header : top;
      const bottom = top + heights.header + (hasRows ? track.rows * rowHeight : 0);
      sections.push({ track, collapsed, pinned, top, rowsTop, rowHeight, bottom });
      top = bottom;
    }
    return top;
  };
  const shown = visibleTracks(chart, choices);
  const pinnedHeight = place(pinnedTracks(shown, choices), true);
  const rest = shown.filter(
    (track) => !isPinned(track, choices) && !(track.group !== '' && choices.collapsed.has(track.group)),
  );
  const height = place(rest, false);
  return { sections, heights, height, pinnedHeight, upward };
}

const isPinned = ({ key, group }: Track, { pinned }: TrackChoices): boolean =>
  pinned.includes(key) || (group !== '' && pinned.includes(group));

/** In the order in which they were pinned; a group brings its tracks along. */
function pinnedTracks(shown: readonly Track[], choices: TrackChoices): readonly Track[] {
  const isOpen = ({ group }: Track): boolean => group === '' || !choices.collapsed.has(group);
  return choices.pinned.flatMap((key) => {
    const own = shown.filter((track) => track.key === key);
    const inGroup = shown.filter(
      (track) => track.group === key && isOpen(track) && !choices.pinned.includes(track.key),
    );
    return [...own, ...inGroup];
  });
}

function isCollapsed({ key, kind, rows }: Track, { collapsed }: TrackChoices): boolean {
  return collapsed.has(key) || (rows === 0 && kind !== 'group');
}

function rowHeightOf({ kind }: Track, { row, counter = row, picture = row }: LineHeights): number {
  if (kind === 'counters') return counter;
  return kind === 'screenshots' ? picture : row;
}

/** Tracks from top to bottom as the user has ordered them, without those that are hidden, and empty ones by choice. */
export function visibleTracks(chart: Chart, choices: TrackChoices): readonly Track[] {
  const isShown = ({ key, group }: Track): boolean =>
    !choices.hidden.has(key) && (group === '' || !choices.hidden.has(group));
  const isFull = ({ rows, kind }: Track): boolean => rows > 0 || kind === 'group' || choices.showEmpty;
  return orderTracks(chart, choices).filter((track) => isShown(track) && isFull(track));
}

/** Those that the user's order does not name stand behind the one that they stand behind by themselves. */
export function orderTracks({ tracks }: Pick<Chart, 'tracks'>, { order }: TrackChoices): readonly Track[] {
  if (order.length === 0) return tracks;
  const rankOf = new Map(order.map((key, rank) => [key, rank]));
  let before = -1;
  const ranked = tracks.map((track, place) => {
    before = rankOf.get(track.key) ?? before;
    return { track, rank: before, place };
  });
  ranked.sort((one, other) => one.rank - other.rank || one.place - other.place);
  return withGroupsTogether(ranked.map(({ track }) => track));
}

function withGroupsTogether(tracks: readonly Track[]): readonly Track[] {
  return tracks
    .filter(({ group }) => group === '')
    .flatMap((track) => [
      track,
      ...(track.kind === 'group' ? tracks.filter(({ group }) => group === track.key) : []),
    ]);
}

/** Top of row `row` of a section's track, counted from the track's first. */
export function topOfRow(
  { upward }: Arrangement,
  { rowsTop, rowHeight, track }: Section,
  row: number,
): number {
  return rowsTop + (upward ? track.rows - 1 - row : row) * rowHeight;
}

/** The section at `y` of one of the two parts; null below everything. */
export function sectionAtY({ sections }: Arrangement, y: number, pinned = false): Section | null {
  return sections.find((each) => each.pinned === pinned && y >= each.top && y < each.bottom) ?? null;
}

/** The chart's row at `y` of one of the two parts, -1 on a header of an open track or below everything. */
export function rowAtY(arrangement: Arrangement, y: number, pinned = false): number {
  const section = sectionAtY(arrangement, y, pinned);
  if (section === null || section.track.rows === 0) return -1;
  const { track, collapsed, rowsTop, rowHeight } = section;
  if (collapsed) return track.firstRow;
  if (y < rowsTop) return -1;
  const line = Math.floor((y - rowsTop) / rowHeight);
  return track.firstRow + (arrangement.upward ? track.rows - 1 - line : line);
}

export interface RowPlace {
  readonly top: number;
  readonly height: number;
  /** Of which of the two parts `top` is. */
  readonly pinned: boolean;
}

/** Where the chart's `row` stands; null where it is not drawn. */
export function placeOfRow(arrangement: Arrangement, row: number): RowPlace | null {
  const { sections, heights } = arrangement;
  for (const section of sections) {
    const { track, collapsed, rowsTop, rowHeight, pinned } = section;
    if (row < track.firstRow || row >= track.firstRow + track.rows) continue;
    if (!collapsed)
      return { top: topOfRow(arrangement, section, row - track.firstRow), height: rowHeight, pinned };
    return row === track.firstRow ? { top: rowsTop, height: heights.header, pinned } : null;
  }
  return null;
}
