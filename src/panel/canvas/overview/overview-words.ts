/**
 * The overview in words: what its lanes hold, and what was the case at a moment. In: its content, a time. Out: text.
 */
import { CATEGORIES } from '../../../analysis/index.ts';
import { upperBound } from '../../../base/index.ts';
import {
  type CounterSeries,
  formatBytes,
  formatCounter,
  formatDuration,
  REQUEST_KIND_NAMES,
  REQUEST_KINDS,
  valueAt,
} from '../../../flame/index.ts';
import { CATEGORY_NAMES } from '../../words/categories.ts';
import { countOf, formatShare } from '../../words/format.ts';
import type { OverviewContent } from './overview-painter.ts';

/** `Overview: CPU by category; network; JS heap 0.6 MB to 8.2 MB; DOM nodes 12 to 520`. */
export function describeOverview({ network, heap, nodes, longTasks }: OverviewContent): string {
  const long = (longTasks?.length ?? 0) / 2;
  return [
    'Overview: CPU by category',
    ...(long === 0 ? [] : [countOf(long, 'long task')]),
    ...(network === null
      ? []
      : [`network, at most ${Math.max(1, Math.round(network.most))} requests at once`]),
    ...[heap, nodes].flatMap((series) => (series === null ? [] : [describeSeries(series)])),
  ].join('; ');
}

/** `JS heap 0.6 MB to 8.2 MB`. */
export const describeSeries = (series: CounterSeries): string =>
  `${series.title} ${formatCounter(series, series.least)} to ${formatCounter(series, series.most)}`;

/** What stands beside the lane: the line's form tells which is which. */
export function tellCounters(heap: CounterSeries | null, nodes: CounterSeries | null): string {
  if (heap === null) return nodes === null ? '' : `┄ nodes ≤ ${formatCounter(nodes, nodes.most)}`;
  const told = `heap ≤ ${formatCounter(heap, heap.most)}`;
  return nodes === null ? told : `${told} ┄ nodes ≤ ${formatCounter(nodes, nodes.most)}`;
}

export interface ReadoutLine {
  readonly name: string;
  readonly text: string;
}

/** What was the case at `time`, of everything that the strip shows. */
export function readOverview(content: OverviewContent, time: number): ReadoutLine[] {
  return [
    ...readCpu(content, time),
    ...readLongTask(content, time),
    ...readNetwork(content, time),
    ...readCounters(content, time),
  ];
}

/** The same as one text. */
export const tellMoment = (content: OverviewContent, time: number): string =>
  readOverview(content, time)
    .map(({ name, text }) => `${name} ${text}`)
    .join('; ');

function readCpu({ cpu }: OverviewContent, time: number): ReadoutLine[] {
  if (cpu === null) return [];
  const bucket = bucketAt(cpu, time);
  if (bucket < 0) return [];
  const length = (cpu.range.end - cpu.range.start) / cpu.buckets;
  const shares = CATEGORIES.map((category, row) => ({
    category,
    busy: cpu.busy[row * cpu.buckets + bucket],
  }))
    .filter(({ busy }) => busy / length >= 0.005)
    .sort((one, other) => other.busy - one.busy);
  const text = shares
    .map(({ category, busy }) => `${CATEGORY_NAMES[category]} ${formatShare(busy, length)}`)
    .join(', ');
  return [{ name: 'CPU', text: text === '' ? 'idle' : text }];
}

function readLongTask({ longTasks }: OverviewContent, time: number): ReadoutLine[] {
  const edges = longTasks ?? new Float64Array();
  const after = upperBound(edges, time);
  // An odd number of edges has been passed inside of a task.
  if (after % 2 === 0) return [];
  return [{ name: 'Long task', text: formatDuration(edges[after] - edges[after - 1]) }];
}

function readNetwork({ network }: OverviewContent, time: number): ReadoutLine[] {
  if (network === null) return [];
  const bucket = bucketAt(network, time);
  if (bucket < 0) return [];
  const { buckets, underWay, bytes, range } = network;
  const kinds = REQUEST_KINDS.flatMap((kind, row) => {
    const count = Math.ceil(underWay[row * buckets + bucket] - 1e-6);
    return count > 0 ? [`${count} × ${REQUEST_KIND_NAMES[kind].toLowerCase()}`] : [];
  });
  const perSecond = bytes[bucket] / ((range.end - range.start) / buckets / 1e6);
  const arriving = perSecond >= 1 ? [`${formatBytes(perSecond)} a second`] : [];
  return [
    { name: 'Network', text: kinds.length === 0 ? 'nothing under way' : [...kinds, ...arriving].join(', ') },
  ];
}

function readCounters({ heap, nodes }: OverviewContent, time: number): ReadoutLine[] {
  return [heap, nodes].flatMap((series) => {
    const value = series === null ? null : valueAt(series, time);
    return series === null || value === null
      ? []
      : [{ name: series.title, text: formatCounter(series, value) }];
  });
}

function bucketAt(
  {
    range,
    buckets,
  }: { readonly range: { readonly start: number; readonly end: number }; readonly buckets: number },
  time: number,
): number {
  const bucket = Math.floor(((time - range.start) / (range.end - range.start)) * buckets);
  return bucket >= 0 && bucket < buckets ? bucket : -1;
}
