/**
 * A flame graph as a picture: SVG, written only. No script in it: every box tells name, time and share as its title.
 * In: profiles, what to call it. Out: SVG text, the root at the bottom, siblings heaviest first, 1200 units wide.
 * Names come from pages: they are escaped, and characters that XML does not know become �.
 */
import { CATEGORIES } from '../../analysis/index.ts';
import { buildCallTree, type CallTree } from '../call-tree.ts';
import { mergeProfiles } from '../merge-profiles.ts';
import { FRAME_KINDS, type StackProfile } from '../stack-profile.ts';
import { nameThreads } from './thread-names.ts';

export interface SvgOptions {
  readonly title?: string;
  /** A thread's name is the outermost frame. */
  readonly threads?: boolean;
}

const WIDTH = 1200;
const ROW = 18;
const TOP = 48;
const EDGE = 12;
/** Boxes below this many units are left out: no screen shows them. */
const NARROWEST = 0.3;
/** Of the monospaced letters, in units. */
const LETTER = 6.7;

/** Fills that black text can be read on; as the panel's, paler. */
const FILLS: Readonly<Record<string, string>> = {
  loading: '#8ab4f8',
  scripting: '#fdd663',
  rendering: '#c58af9',
  painting: '#81c995',
  system: '#c4c7c5',
  idle: '#eceff1',
};
const OTHER_FILL = '#e8bfa0';

export function writeSvg(profiles: readonly StackProfile[], options: SvgOptions = {}): string {
  const { title = 'Flame graph', threads = false } = options;
  const profile = mergeProfiles(profiles, threads ? nameThreads(profiles) : null);
  const tree = buildCallTree(profile);
  const boxes = layOutBoxes(tree);
  const rows = boxes.reduce((most, { row }) => Math.max(most, tree.depth[row] + 1), 0);
  const height = TOP + Math.max(1, rows) * ROW + EDGE;
  const total = describeWeight(tree.weight, profile.unit);
  const hidden = tree.length - boxes.length;
  const left = hidden === 0 ? '' : ` ${hidden} boxes are too narrow to be drawn.`;
  const summary = `${boxes.length} boxes, ${total} in all; the outermost calls are at the bottom, a box is as wide as its time.${left}`;
  const parts = boxes.map(({ row, x, width }) =>
    drawBox({ profile, tree, row, x, width, y: height - EDGE - (tree.depth[row] + 1) * ROW }),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title summary">
<title id="title">${escapeXml(title)}</title>
<desc id="summary">${escapeXml(summary)}</desc>
<style>
svg { background: #fff; font: 11px ui-monospace, monospace; }
text { fill: #1f1f1f; pointer-events: none; }
.head { fill: #1f1f1f; font-size: 14px; }
rect { stroke: #fff; stroke-width: 0.5; }
g:hover rect { stroke: #1f1f1f; stroke-width: 1; }
@media (prefers-color-scheme: dark) { svg { background: #202124; } .head { fill: #e8eaed; } rect { stroke: #202124; } g:hover rect { stroke: #fff; } }
</style>
<text class="head" x="${EDGE}" y="20">${escapeXml(cutTo(title, WIDTH - 2 * EDGE, 8.5))}</text>
<text class="head" x="${EDGE}" y="38" style="font-size:11px">${escapeXml(total)}</text>
${parts.join('\n')}
</svg>
`;
}

interface Box {
  readonly row: number;
  readonly x: number;
  readonly width: number;
}

function layOutBoxes({ length, parent, total, weight }: CallTree): Box[] {
  const boxes: Box[] = [];
  const x = new Float64Array(length);
  const scale = weight > 0 ? (WIDTH - 2 * EDGE) / weight : 0;
  /** Where the next child of a row begins; of the roots: the last entry. */
  const next = new Float64Array(length + 1).fill(EDGE);
  for (let row = 0; row < length; row++) {
    const above = parent[row] < 0 ? length : parent[row];
    x[row] = next[above];
    next[row] = x[row];
    const width = total[row] * scale;
    next[above] += width;
    if (width >= NARROWEST) boxes.push({ row, x: x[row], width });
  }
  return boxes;
}

interface BoxDrawing extends Box {
  readonly profile: StackProfile;
  readonly tree: CallTree;
  readonly y: number;
}

function drawBox({ profile, tree, row, x, width, y }: BoxDrawing): string {
  const { frames, strings, unit } = profile;
  const frame = tree.frame[row];
  const name = strings[frames.name[frame]];
  const url = strings[frames.url[frame]];
  const place = url === '' ? '' : ` (${url}${frames.line[frame] > 0 ? `:${frames.line[frame]}` : ''})`;
  const share = ((tree.total[row] / tree.weight) * 100).toFixed(2);
  const words = `${name}${place}: ${describeWeight(tree.total[row], unit)}, ${share} %, itself ${describeWeight(tree.self[row], unit)}`;
  const fill = FILLS[CATEGORIES[tree.category[row]]] ?? OTHER_FILL;
  const own = FRAME_KINDS[frames.kind[frame]] === 'js' ? FILLS.scripting : fill;
  const label = cutTo(name, width - 6, LETTER);
  const text = label === '' ? '' : `<text x="${decimal(x + 3)}" y="${y + 13}">${escapeXml(label)}</text>`;
  return `<g><title>${escapeXml(words)}</title><rect x="${decimal(x)}" y="${y}" width="${decimal(width)}" height="${ROW - 1}" fill="${own}"/>${text}</g>`;
}

function describeWeight(weight: number, unit: StackProfile['unit']): string {
  if (unit === 'microseconds') return `${(weight / 1000).toFixed(3)} ms`;
  return unit === 'bytes' ? `${weight} bytes` : `${weight} samples`;
}

/** The text, cut to what fits; '' where not even three letters do. */
function cutTo(text: string, width: number, letter: number): string {
  const count = Math.floor(width / letter);
  const letters = Array.from(text);
  if (letters.length <= count) return text;
  return count < 3 ? '' : `${letters.slice(0, count - 1).join('')}…`;
}

const decimal = (value: number): string => value.toFixed(2);

/** Everything that XML forbids, and all that means something in it. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Surrogate}\uFFFE\uFFFF]|[^\P{Cc}\t\n\r]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
