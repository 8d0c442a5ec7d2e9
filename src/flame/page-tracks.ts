/**
 * What happened to the page → boxes: one track per kind, and one per track that the page named, in lanes, so that nothing
 * covers another.
 * In: items track by track, by start within each. Out: the tracks, and how many boxes each of their rows has; then the
 * boxes. An item goes to the first lane that is free; more lanes than {@link MOST_LANES} at once are not drawn, and the
 * track's title says how many items that leaves out.
 *
 *   request      |—— queued ——|~~ waits ~~|== download ==|     parts of one item are boxes of one slice number; the
 *   interaction  |—— delay ——|== handlers ==|—— until it is seen ——|     longest that is no whisker has the label
 */
import type { PageItem, PageTrack } from '../analysis/index.ts';
import { type Steps, threadIndex } from '../base/index.ts';
import type { TraceTables } from '../trace/index.ts';
import type { BoxColumns, Track } from './chart.ts';
import { formatCount } from './format.ts';
import { type ItemPart, partsOfItem } from './item-parts.ts';
import type { LabelCollector } from './labels.ts';

const MOST_LANES = 512;

const TITLES: Readonly<Record<Exclude<PageTrack, 'custom'>, string>> = {
  network: 'Network',
  servers: 'At the servers',
  screenshots: 'Screenshots',
  frames: 'Frames',
  interactions: 'Interactions',
  timings: 'Timings',
  'layout-shifts': 'Layout shifts',
  animations: 'Animations',
};

/** From top to bottom. */
const ORDER: readonly Track['kind'][] = [
  'network',
  'servers',
  'screenshots',
  'frames',
  'interactions',
  'timings',
  'layout-shifts',
  'animations',
  'custom',
];

export interface PagePlacement {
  readonly tracks: readonly Track[];
  readonly boxesPerRow: readonly number[];
  /** Per item its row; -1 where it is not drawn. */
  readonly rowOfItem: Int32Array;
  /** Per item its boxes. */
  readonly parts: readonly (readonly ItemPart[])[];
  /** The first number beyond those that tell these tracks, and threads, apart. */
  readonly nextNumber: number;
}

interface Run {
  readonly kind: PageTrack;
  readonly key: string;
  readonly title: string;
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

/** Items of one step: a millisecond or some. */
const STEP_ITEMS = 4_096;

export function* placePageTracks(
  items: readonly PageItem[],
  { slices, threads }: Pick<TraceTables, 'slices' | 'threads'>,
): Steps<PagePlacement> {
  const parts: (readonly ItemPart[])[] = [];
  for (const item of items) {
    if (parts.length % STEP_ITEMS === 0) yield;
    parts.push(partsOfItem(item));
  }
  const tracks: Track[] = [];
  const boxesPerRow: number[] = [];
  const rowOfItem = new Int32Array(items.length);
  let number = threads.length;
  const shared = { pid: 0, tid: 0, role: 'other', onMainFrame: true } as const;
  let group = '';
  for (const run of findRuns(items)) {
    const { kind, key, title, from, to } = run;
    const firstRow = boxesPerRow.length;
    if (run.group !== '' && run.group !== group) {
      const head = { kind: 'group', group: '', key: keyOfGroup(run.group), title: run.group } as const;
      const noRows = { firstRow, rows: 0, firstSlice: 0, endSlice: 0 };
      tracks.push({ ...shared, ...head, ...noRows, thread: threadIndex(number++) });
    }
    group = run.group;
    yield;
    const leftOut = placeInLanes(items, { from, to, firstRow, boxesPerRow, rowOfItem, parts });
    tracks.push({
      ...shared,
      kind,
      key,
      group: group === '' ? '' : keyOfGroup(group),
      thread: threadIndex(number++),
      title: leftOut === 0 ? title : `${title} (${formatCount(leftOut)} more at once than fit)`,
      firstRow,
      rows: boxesPerRow.length - firstRow,
      firstSlice: slices.length + from,
      endSlice: slices.length + to,
    });
  }
  return { tracks: inOrder(tracks), boxesPerRow, rowOfItem, parts, nextNumber: number };
}

const keyOfGroup = (group: string): string => `group:${group}`;

/** Groups and their tracks come in order already, after all others. */
function inOrder(tracks: readonly Track[]): Track[] {
  const rank = ({ kind }: Track): number => {
    const known = ORDER.indexOf(kind);
    return known < 0 ? ORDER.indexOf('custom') : known;
  };
  return [...tracks].sort((one, other) => rank(one) - rank(other));
}

/** Items of one track are neighbours. */
function findRuns(items: readonly PageItem[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let to = 1; to <= items.length; to++) {
    if (to < items.length && isSameTrack(items[from], items[to])) continue;
    runs.push({ ...describeTrack(items[from]), from, to });
    from = to;
  }
  return items.length === 0 ? [] : runs;
}

function isSameTrack(one: PageItem, other: PageItem): boolean {
  if (one.track !== other.track) return false;
  if (one.source.kind !== 'custom' || other.source.kind !== 'custom') return true;
  return (
    one.source.entry.customTrack === other.source.entry.customTrack &&
    one.source.entry.group === other.source.entry.group
  );
}

function describeTrack({ track, source }: PageItem): Omit<Run, 'from' | 'to'> {
  if (source.kind === 'custom') {
    const { customTrack: title, group } = source.entry;
    return { kind: track, key: `custom:${JSON.stringify([group, title])}`, title, group };
  }
  return { kind: track, key: track, title: track === 'custom' ? '' : TITLES[track], group: '' };
}

interface Lanes {
  readonly from: number;
  readonly to: number;
  readonly firstRow: number;
  readonly boxesPerRow: number[];
  readonly rowOfItem: Int32Array;
  readonly parts: PagePlacement['parts'];
}

/** Returns how many items found no lane. */
function placeInLanes(
  items: readonly PageItem[],
  { from, to, firstRow, boxesPerRow, rowOfItem, parts }: Lanes,
): number {
  const laneEnd: number[] = [];
  let leftOut = 0;
  for (let item = from; item < to; item++) {
    const { start, end } = items[item];
    let lane = laneEnd.findIndex((free) => free <= start);
    if (lane < 0 && laneEnd.length < MOST_LANES) {
      lane = laneEnd.push(end) - 1;
      boxesPerRow.push(0);
    }
    if (lane < 0) {
      rowOfItem[item] = -1;
      leftOut++;
      continue;
    }
    laneEnd[lane] = end;
    rowOfItem[item] = firstRow + lane;
    boxesPerRow[firstRow + lane] += parts[item].length;
  }
  return leftOut;
}

interface PageBoxes {
  readonly items: readonly PageItem[];
  readonly placement: PagePlacement;
  /** Slice number of the first item. */
  readonly firstSlice: number;
  readonly labels: LabelCollector;
}

/** `next`: per row where its next box goes; moved on. */
export function* fillPageBoxes(
  boxes: BoxColumns,
  next: Int32Array,
  { items, placement, firstSlice, labels }: PageBoxes,
): Steps<undefined> {
  for (const [index, item] of items.entries()) {
    if (index % STEP_ITEMS === 0) yield;
    const row = placement.rowOfItem[index];
    if (row < 0) continue;
    for (const { start, end, colour, isNamed } of placement.parts[index]) {
      const box = next[row]++;
      boxes.start[box] = start;
      boxes.end[box] = end;
      boxes.colour[box] = colour;
      boxes.slice[box] = firstSlice + index;
      boxes.label[box] = labels.ofText(isNamed ? item.title : '');
    }
  }
  return undefined;
}
