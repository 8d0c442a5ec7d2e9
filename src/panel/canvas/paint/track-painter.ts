/**
 * What tracks of the page have beside boxes: thin lines for time before and after, hatching on frames that were not
 * shown, priorities and marks on requests, pictures.
 * In: a scene, the rows that are seen. Out: strokes on a target. Costs by what is seen: rows of threads cost nothing.
 */
import {
  type Chart,
  cullRow,
  keyOfLook,
  lookOfKey,
  namedBox,
  type Pieces,
  spanOfBox,
  type Track,
  timeToX,
} from '../../../flame/index.ts';
import { type Area, type Corner, cssOfPixel, type DrawTarget } from './draw-target.ts';
import type { ChartScene, PictureSource } from './scene.ts';

export interface TrackRow {
  readonly row: number;
  /** Counted over all that are seen: rows of a collapsed track share lines. */
  readonly line: number;
  readonly y: number;
  readonly height: number;
  readonly track: Track;
  /** Boxes have labels: not those of a collapsed thread, nor pictures. */
  readonly isLabelled: boolean;
  /** Pixels at the left that a collapsed track's title covers. */
  readonly titled: number;
  /** Too low for anything but boxes. */
  readonly isSqueezed: boolean;
}

const WHISKER = keyOfLook('whisker');
/** Tracks that have nothing beside their boxes, or no boxes. */
const BARE: ReadonlySet<Track['kind']> = new Set([
  ...(['thread', 'group', 'counters', 'timings', 'custom'] as const),
  'animations',
]);
/** CSS pixels: narrower parts are painted as any other. */
const LEAST_WHISKER = 3;
const LEAST_HATCHED = 4;
const LEAST_PRIORITY = 130;
/** Of a chart row's height, at its foot. */
const HALF = 0.5;

export function paintTrackRows(
  target: DrawTarget,
  scene: ChartScene,
  rows: readonly TrackRow[],
  pieces: Pieces,
): void {
  // Beside what a search found everything stands back.
  const isQuiet = scene.matches !== null;
  for (const seen of rows) {
    const { kind } = seen.track;
    if (BARE.has(kind) || seen.isSqueezed) continue;
    if (kind === 'frames' && isQuiet) continue;
    cullRow(scene.chart, seen.row, scene.grid, pieces);
    if (kind === 'frames') paintHatching(target, scene, seen, pieces);
    else if (kind === 'layout-shifts') paintDiamonds(target, scene, seen, pieces);
    else if (kind === 'screenshots') paintPictures(target, scene, seen, pieces);
    else {
      paintWhiskers(target, scene, seen, pieces);
      if (kind === 'network' && !isQuiet) paintRequests(target, scene, seen, pieces);
    }
  }
}

/** A line in the middle instead of a box, with a foot at its far end. */
function paintWhiskers(
  target: DrawTarget,
  { chart, palette, measures, matches }: ChartScene,
  { y, height }: TrackRow,
  pieces: Pieces,
): void {
  const colour = matches === null ? palette.quietText : palette.divider;
  const middle = y + Math.round((height - measures.gap) / 2);
  const foot = Math.round(height / 3);
  for (let piece = 0; piece < pieces.count; piece++) {
    const box = pieces.box[piece];
    const from = pieces.from[piece];
    const width = pieces.to[piece] - from;
    if (chart.boxes.colour[box] !== WHISKER || width < LEAST_WHISKER * measures.gap) continue;
    target.fill(palette.ground, { x: from, y, width, height: height - measures.gap });
    target.fill(colour, { x: from, y: middle, width, height: measures.gap });
    const isAfter = box > 0 && chart.boxes.slice[box - 1] === chart.boxes.slice[box];
    const x = isAfter ? from + width - measures.gap : from;
    target.fill(colour, {
      x,
      y: middle - Math.round(foot / 2),
      width: measures.gap,
      height: foot,
    });
  }
}

/** Lines through frames that were dropped, through the lower half of those that were presented in part. */
function paintHatching(
  target: DrawTarget,
  { chart, palette, measures }: ChartScene,
  { y, height }: TrackRow,
  pieces: Pieces,
): void {
  const step = 4 * measures.gap;
  for (let piece = 0; piece < pieces.count; piece++) {
    const look = lookOfKey(chart.boxes.colour[pieces.box[piece]]);
    if (look !== 'dropped-frame' && look !== 'partial-frame') continue;
    const from = pieces.from[piece];
    const to = pieces.to[piece];
    if (to - from < LEAST_HATCHED * measures.gap) continue;
    const whole = height - measures.gap;
    const tall = look === 'dropped-frame' ? whole : Math.round(whole * HALF);
    for (let x = from + 2 * measures.gap; x < to - measures.gap; x += step)
      target.fill(palette.hatching[look], { x, y: y + whole - tall, width: measures.gap, height: tall });
  }
}

/** A shift is a moment, and a line of one pixel says too little of it; of several in one place the first. */
function paintDiamonds(
  target: DrawTarget,
  { chart, palette, measures, matches }: ChartScene,
  { y, height }: TrackRow,
  pieces: Pieces,
): void {
  const reach = Math.round((height - 3 * measures.gap) / 2) - 1;
  const middle = y + Math.round((height - measures.gap) / 2);
  const places = new Map<number, Corner[]>();
  let free = Number.NEGATIVE_INFINITY;
  for (let piece = 0; piece < pieces.count; piece++) {
    const x = pieces.from[piece];
    if (x < free) continue;
    free = x + Math.ceil((reach + 1) / 2);
    const box = pieces.box[piece];
    const isFound = matches === null || matches.labels[chart.boxes.label[box]] === 1;
    const pixel = (isFound ? palette.pixels : palette.dimmed)[chart.boxes.colour[box]];
    const alike = places.get(pixel);
    if (alike === undefined) places.set(pixel, [{ x, y: middle }]);
    else alike.push({ x, y: middle });
    target.fill(palette.ground, { x, y, width: 1, height: height - measures.gap });
  }
  for (const [pixel, alike] of places) target.diamonds(cssOfPixel(pixel), alike, reach);
}

/** Chrome's priority at the right end of wide requests; a triangle on what held up the first picture. */
function paintRequests(
  target: DrawTarget,
  { chart, grid, palette, measures }: ChartScene,
  { y, height, isLabelled, titled }: TrackRow,
  pieces: Pieces,
): void {
  const corners: Corner[] = [];
  let last = -1;
  for (let piece = 0; piece < pieces.count; piece++) {
    const box = pieces.box[piece];
    const slice = chart.boxes.slice[box];
    const note = noteOf(chart, slice);
    if (slice === last || note === null) continue;
    last = slice;
    const span = spanOfBox(chart, box);
    const right = Math.min(grid.columns, Math.floor(timeToX(grid, span.end)));
    const left = Math.max(0, Math.floor(timeToX(grid, span.start)));
    if (note.blocksRendering && right - left >= measures.leastCornered) corners.push({ x: right, y });
    if (!isLabelled || note.priority === '' || right - left < LEAST_PRIORITY * measures.ratio) continue;
    const width = Math.ceil(target.measure(note.priority)) + 2 * measures.padding;
    const x = right - width - (note.blocksRendering ? measures.corner : 0);
    // Not over the request's own text.
    const named = namedBox(chart, box);
    const text = chart.labels[chart.boxes.label[named]].text;
    const begin = Math.max(titled, Math.floor(timeToX(grid, chart.boxes.start[named])));
    const until = Math.min(
      Math.floor(timeToX(grid, chart.boxes.end[named])),
      begin + Math.ceil(target.measure(text)) + 2 * measures.padding,
    );
    if (x < until) continue;
    const plate = { x, y: y + measures.gap, width, height: height - 3 * measures.gap };
    target.fill(palette.ground, plate);
    target.text(
      palette.quietText,
      note.priority,
      x + measures.padding,
      y + Math.round(measures.row * 0.5 + measures.font * 0.3),
    );
  }
  if (corners.length > 0) target.corners(palette.error, corners, measures.corner);
}

const noteOf = ({ items }: Chart, slice: number) => items?.notes[slice - items.first] ?? null;

/** Each where it was taken; what another one covers is left out. */
function paintPictures(target: DrawTarget, scene: ChartScene, { y, height }: TrackRow, pieces: Pieces): void {
  const { chart, measures, pictures } = scene;
  if (pictures === null) return;
  const tall = height - 3 * measures.gap;
  let free = 0;
  for (let piece = 0; piece < pieces.count; piece++) {
    const from = Math.max(free, pieces.from[piece]);
    const note = noteOf(chart, chart.boxes.slice[pieces.box[piece]]);
    // One that began before is shown from the edge on, as long as it lasts.
    if (note === null || from >= pieces.to[piece]) continue;
    const hasRoom = (width: number): boolean =>
      pieces.from[piece] >= free || pieces.to[piece] - from >= width;
    // What will not be seen is not asked for: each is read and decoded.
    if (!hasRoom(Math.round(pictures.aspect * tall))) continue;
    const picture = pictures.get(note.picture);
    const shape = shapeOf(picture, pictures.aspect);
    const width = Math.max(1, Math.round(shape * tall));
    if (!hasRoom(width)) continue;
    if (picture === null) {
      free = from + width + measures.gap;
      continue;
    }
    const area = { x: from, y: y + measures.gap, width, height: tall };
    if (picture === 'damaged') paintDamaged(target, scene, area);
    else target.picture(picture, area);
    free = from + width + measures.gap;
  }
}

function shapeOf(picture: ReturnType<PictureSource['get']>, aspect: number): number {
  if (picture === null) return aspect;
  return picture === 'damaged' ? 1 : picture.width / picture.height;
}

/** A frame with a cross in it: the card beside the pointer says why. */
function paintDamaged(target: DrawTarget, { palette, measures }: ChartScene, area: Area): void {
  target.fill(palette.ground, area);
  target.outline(palette.error, area, measures.gap);
  const x = Math.round(area.x + (area.width - target.measure('✕')) / 2);
  target.text(palette.error, '✕', x, Math.round(area.y + area.height / 2 + measures.font * 0.35));
}
