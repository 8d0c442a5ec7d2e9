/**
 * Where tracks stand from top to bottom: a header, below it one line per row. A collapsed track is its header alone:
 * behind the title are a thread's outermost boxes, and of a track of the page all rows, squeezed. Empty tracks are left out unless wanted, hidden ones always. Pinned
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
  /** Lines of rows: of a collapsed track those behind its title. 0 where it has none. */
  readonly lines: number;
  /** One past its last pixel. */
  readonly bottom: number;
}

/** A collapsed track has at most so many lines of rows. */
const MOST_SQUEEZED = 4;
/** Of a collapsed track so many rows are drawn: beyond them nothing is so full that it could be told apart. */
const MOST_FOLDED = 24;

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
      const lines = collapsed ? squeezedLines(track) : track.rows;
      const rowHeight = collapsed
        ? Math.floor(heights.header / Math.max(1, lines))
        : rowHeightOf(track, heights);
      const rowsTop = collapsed ? top : top + heights.header;
      const bottom = top + heights.header + (collapsed ? 0 : track.rows * rowHeight);
      sections.push({ track, collapsed, pinned, top, rowsTop, rowHeight, lines, bottom });
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

/** What is in a thread's lower rows is in its first, too; counters and pictures have no room to share. */
const isNested = ({ kind }: Track): boolean =>
  kind === 'thread' || kind === 'counters' || kind === 'screenshots';

const squeezedLines = (track: Track): number => Math.min(track.rows, isNested(track) ? 1 : MOST_SQUEEZED);

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

/** The chart's rows that stand in line `line` of a section: one, or of a collapsed track every so-manieth, the first on top. */
export function rowsOfLine({ upward }: Arrangement, section: Section, line: number): readonly number[] {
  const { track, collapsed, lines } = section;
  if (!collapsed) return [track.firstRow + (upward ? track.rows - 1 - line : line)];
  if (isNested(track)) return [track.firstRow];
  const rows: number[] = [];
  for (let row = line; row < Math.min(track.rows, MOST_FOLDED); row += lines) rows.push(track.firstRow + row);
  return rows;
}

/** The section at `y` of one of the two parts; null below everything. */
function sectionAtY({ sections }: Arrangement, y: number, pinned = false): Section | null {
  return sections.find((each) => each.pinned === pinned && y >= each.top && y < each.bottom) ?? null;
}

/** The chart's rows at `y` of one of the two parts, the topmost first; none on the header of an open track. */
export function rowsAtY(arrangement: Arrangement, y: number, pinned = false): readonly number[] {
  const section = sectionAtY(arrangement, y, pinned);
  if (section === null || y < section.rowsTop || section.lines === 0) return [];
  const line = Math.floor((y - section.rowsTop) / section.rowHeight);
  return rowsOfLine(arrangement, section, Math.min(line, section.lines - 1));
}

export interface RowPlace {
  readonly top: number;
  readonly height: number;
  /** Of which of the two parts `top` is. */
  readonly pinned: boolean;
}

/** Where the chart's `row` stands; null where it is not drawn. */
export function placeOfRow(arrangement: Arrangement, row: number): RowPlace | null {
  for (const section of arrangement.sections) {
    const { track, collapsed, rowsTop, rowHeight, lines, pinned } = section;
    const inTrack = row - track.firstRow;
    if (inTrack < 0 || inTrack >= track.rows) continue;
    const isDrawn = !collapsed || inTrack < (isNested(track) ? 1 : MOST_FOLDED);
    if (!isDrawn) return null;
    const line = collapsed ? inTrack % lines : arrangement.upward ? track.rows - 1 - inTrack : inTrack;
    return { top: rowsTop + line * rowHeight, height: rowHeight, pinned };
  }
  return null;
}
