/**
 * A picture of what a chart shows: its title above, its axis, its tracks' names, a legend below.
 * In: a chart's scene and size, what it is called. Out: SVG text, or a PNG as a Blob. Nothing is in it that is not seen.
 * Loads when a picture is asked for.
 */
import { CATEGORIES } from '../../../analysis/index.ts';
import { formatDuration, LOOKS } from '../../../flame/index.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { USUAL_FONT } from '../measures.ts';
import { panesOf } from '../panes.ts';
import { BandTarget } from './band-target.ts';
import { CanvasTarget } from './canvas-target.ts';
import { ChartPainter } from './chart-painter.ts';
import type { DrawTarget } from './draw-target.ts';
import type { ChartScene } from './scene.ts';
import { escapeXml, SvgTarget } from './svg-target.ts';

export interface PictureOrder {
  readonly scene: ChartScene;
  /** Of the chart, device pixels, and how many of them a CSS pixel has. */
  readonly size: { readonly width: number; readonly height: number; readonly ratio: number };
  readonly title: string;
  /** Under the title: what part of it is seen. */
  readonly subtitle: string;
  /** Of a flame graph: what its width stands for. A flame chart has its own axis. */
  readonly scale: ((share: number) => string) | null;
}

/** What stands around the chart, CSS pixels where text has its usual size. */
const HEAD = 42;
const LEGEND = 24;
const SCALE = 18;
/** Parts of a flame graph's width that its scale names. */
const STEPS = [0, 0.25, 0.5, 0.75, 1];

export function makeSvg(order: PictureOrder): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('Pageflame bug: there is no canvas to measure on');
  const ruler = {
    setFont: (font: string): void => {
      context.font = font;
    },
    measure: (text: string): number => context.measureText(text).width,
  };
  const { width, height } = wholeSize(order);
  const target = new SvgTarget(width, height, ruler);
  paintPicture(target, order);
  const { ratio } = order.size;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width / ratio}" height="${height / ratio}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeXml(order.title)}</title>`,
    `<desc>${escapeXml(order.subtitle)}</desc>`,
    target.body(),
    '</svg>',
    '',
  ].join('\n');
}

export async function makePng(order: PictureOrder): Promise<Blob> {
  const { width, height } = wholeSize(order);
  const canvas = document.createElement('canvas');
  const target = new CanvasTarget(canvas);
  target.resize(width, height);
  paintPicture(target, order);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the browser made no picture of it'));
      else resolve(blob);
    }, 'image/png');
  });
}

/** CSS pixels → device pixels; what stands around the chart grows with the chart's text. */
const pixelsBesides =
  ({ measures }: ChartScene) =>
  (css: number): number =>
    Math.round((css * measures.font) / USUAL_FONT);

function wholeSize({ scene, size: { width, height }, scale }: PictureOrder): {
  width: number;
  height: number;
} {
  const px = pixelsBesides(scene);
  return { width, height: px(HEAD) + height + (scale === null ? 0 : px(SCALE)) + px(LEGEND) };
}

function paintPicture(target: DrawTarget, order: PictureOrder): void {
  const { scene, size, title, subtitle, scale } = order;
  const { palette, measures } = scene;
  const px = pixelsBesides(scene);
  const head = px(HEAD);
  target.fill(palette.ground, { x: 0, y: 0, width: target.width, height: target.height });
  const band = { top: head, bottom: head + size.height, shift: head };
  const part = new BandTarget(target, band, size.height);
  new ChartPainter().paint(part, scene);
  if (scale === null) paintTrackTitles(part, scene);
  target.setFont(`bold ${px(13)}px ${scene.fontFamily}`);
  target.text(palette.text, cutTo(target, title, target.width - px(16)), px(8), px(18));
  target.setFont(`${measures.font}px ${scene.fontFamily}`);
  target.text(palette.quietText, cutTo(target, subtitle, target.width - px(16)), px(8), px(34));
  let bottom = head + size.height;
  if (scale !== null) {
    paintScale(target, order, bottom);
    bottom += px(SCALE);
  }
  paintLegend(target, order, bottom);
}

/** Names of the tracks, which the page itself shows as buttons. */
function paintTrackTitles(target: DrawTarget, scene: ChartScene): void {
  const { arrangement, measures, palette } = scene;
  const panes = panesOf({ ...scene, height: target.height });
  for (const { track, top, collapsed, pinned } of arrangement.sections) {
    const pane = panes.find((each) => each.pinned === pinned);
    const y = top + (pane?.shift ?? 0);
    if (pane === undefined || y < pane.top - measures.gap || y >= pane.bottom) continue;
    const text = `${collapsed ? '▸' : '▾'} ${track.title}`;
    const shown = cutTo(target, text, target.width - 4 * measures.padding);
    const width = Math.ceil(target.measure(shown)) + 2 * measures.padding;
    target.fill(palette.ground, {
      x: 0,
      y: y + measures.gap,
      width: Math.min(width, target.width),
      height: measures.header - 3 * measures.gap,
    });
    target.text(
      palette.text,
      shown,
      measures.padding,
      y + Math.round(measures.header * 0.5 + measures.font * 0.3),
    );
  }
}

/** The shares of a flame graph's width that is seen. */
function paintScale(target: DrawTarget, { scene, scale }: PictureOrder, y: number): void {
  const { palette, measures } = scene;
  const px = pixelsBesides(scene);
  target.fill(palette.divider, { x: 0, y, width: target.width, height: measures.gap });
  for (const step of STEPS) {
    const text = scale?.(step) ?? '';
    const width = target.measure(text);
    const x = Math.round(step * target.width);
    target.fill(palette.divider, {
      x: Math.min(x, target.width - measures.gap),
      y,
      width: measures.gap,
      height: 3 * measures.padding,
    });
    const left = Math.max(0, Math.min(x + measures.padding, target.width - width - measures.padding));
    target.text(palette.quietText, text, left, y + px(13));
  }
}

/** What the colours of the boxes that are seen mean. */
function paintLegend(target: DrawTarget, { scene }: PictureOrder, top: number): void {
  const { palette, measures } = scene;
  const px = pixelsBesides(scene);
  let x = px(8);
  for (const [name, colour] of seenColours(scene)) {
    const side = px(9);
    if (x + side + px(4) + target.measure(name) > target.width) break;
    target.fill(colour, { x, y: top + px(7), width: side, height: side });
    x += side + px(4);
    target.text(palette.text, name, x, top + px(15));
    x += Math.ceil(target.measure(name)) + px(14);
  }
  target.fill(palette.divider, { x: 0, y: top, width: target.width, height: measures.gap });
}

/** Names and colours in the order of their keys. Threads that are not open show their outermost boxes. */
function seenColours({ chart, arrangement, grid, palette }: ChartScene): [string, string][] {
  const seen = new Set<number>();
  const from = grid.anchor + grid.firstColumn / grid.scale;
  const to = from + grid.columns / grid.scale;
  for (const { track, collapsed } of arrangement.sections) {
    const isOutermost = collapsed && track.kind === 'thread';
    const end = track.firstRow + (isOutermost ? Math.min(1, track.rows) : track.rows);
    for (let box = chart.rowStart[track.firstRow]; box < chart.rowStart[end]; box++)
      if (chart.boxes.end[box] >= from && chart.boxes.start[box] <= to)
        seen.add(chart.boxes.colour[box] >> 1);
  }
  const names = [...CATEGORIES.map((category) => CATEGORY_NAMES[category]), ...LOOKS.map(nameLook)];
  return names.flatMap((name, index): [string, string][] =>
    seen.has(index) && name !== '' ? [[name, palette.boxes[2 * index]]] : [],
  );
}

/** `Request: script`, `Dropped frame`; '' for what a page has chosen itself, and for what is no kind of its own. */
function nameLook(look: string): string {
  if (look.startsWith('custom-') || look === 'whisker' || look === 'picture') return '';
  if (look.startsWith('request-')) return `Request: ${look.slice('request-'.length)}`;
  const words = look.replaceAll('-', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function cutTo(target: DrawTarget, text: string, room: number): string {
  const line = text.replace(/\s+/g, ' ').slice(0, 1_000);
  if (target.measure(line) <= room) return line;
  let kept = line.length;
  while (kept > 1 && target.measure(`${line.slice(0, kept)}…`) > room) kept = Math.floor(kept * 0.9);
  return `${line.slice(0, kept)}…`;
}

/** `1.2 s to 1.4 s (200 ms)`, times from the origin. */
export function tellRange({ grid, origin }: ChartScene): string {
  const from = grid.anchor + grid.firstColumn / grid.scale;
  const span = grid.columns / grid.scale;
  return `${formatDuration(from - origin)} to ${formatDuration(from + span - origin)} (${formatDuration(span)})`;
}
