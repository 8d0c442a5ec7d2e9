/**
 * Largest contentful paint, by its element and by parts, as web.dev/articles/optimize-lcp cuts it.
 * In: the milestone, the candidates that Chrome tells, the page's requests. Out: an insight, null where the trace tells no
 * first byte before the paint. Of an image that came by a request four parts, of everything else two:
 *
 *   navigation |- first byte -|- until the image is asked for -|- until it has come -|- until it is painted -| LCP
 *   navigation |- first byte -|------------------- until it is painted -----------------------------------| LCP
 */
import type { Mark } from '../../trace/index.ts';
import { dataOf, number, text } from '../arguments.ts';
import type { PageLoad } from '../contract.ts';
import { findDocument } from '../load-facts.ts';
import type { PageItem } from '../page-item.ts';
import { computeTraceVitals } from '../vitals.ts';
import { type Evidence, type Insight, type InsightInput, listEvidence } from './contract.ts';
import { shorten, tellMillis } from './words.ts';

const SAME_MICROS = 1_000;

export function findLcpParts({ page, items, tables }: InsightInput): Insight | null {
  const timeOf = (name: string): number | undefined =>
    page.milestones.find((milestone) => milestone.name === name)?.time;
  const start = timeOf('navigationStart');
  const painted = timeOf('largestContentfulPaint');
  if (start === undefined || painted === undefined) return null;
  const document = indexOfDocument(items, page);
  const ttfb = computeTraceVitals(tables, page).ttfb;
  const firstByte = ttfb === null ? null : start + ttfb * 1000;
  if (firstByte === null || firstByte < start || firstByte > painted) return null;
  const part = (title: string, from: number, to: number, item: number): Evidence => ({
    text: title,
    millis: (to - from) / 1000,
    note: `${Math.round((100 * (to - from)) / (painted - start))} %`,
    range: { start: from, end: to },
    slice: item < 0 ? null : tables.slices.length + item,
  });
  const element = elementAt(tables.marks, painted);
  const image = element.imageUrl === '' ? -1 : indexOfRequest(items, element.imageUrl, start, painted);
  const asked = image < 0 ? 0 : items[image].start;
  const parts =
    image < 0 || asked < firstByte || items[image].end > painted
      ? [part('From the first byte to the paint', firstByte, painted, -1)]
      : [
          part('Until the image was asked for', firstByte, asked, image),
          part('Until the image had come', asked, items[image].end, image),
          part('Until the image was painted', items[image].end, painted, -1),
        ];
  const { evidence, leftOut } = listEvidence([
    part('Until the first byte', start, firstByte, document),
    ...parts,
  ]);
  return {
    kind: 'lcp-parts',
    title: `Largest contentful paint after ${tellMillis(painted - start)}${tellElement(element)}`,
    explanation:
      parts.length === 1
        ? `From the navigation to the first byte of the document the server and the network are at work; what follows until the largest content is painted is loading and rendering.${element.imageUrl === '' ? '' : ' The image came by no request of its own.'}`
        : `The largest content is an image: ${shorten(element.imageUrl)}. Each part ends where the next begins.`,
    // In order of time, not of length: the parts follow each other.
    evidence: [...evidence].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
    leftOut,
  };
}

/** -1 for none. */
function indexOfDocument(items: readonly PageItem[], page: PageLoad): number {
  const requests = items.flatMap(({ source }) => (source.kind === 'request' ? [source.request] : []));
  const document = findDocument(requests, page);
  return items.findIndex(({ source }) => source.kind === 'request' && source.request === document);
}

/** The first request for the address that a renderer told of in a stretch of time; -1 for none. */
function indexOfRequest(items: readonly PageItem[], url: string, from: number, to: number): number {
  const bare = url.split('#', 1)[0];
  return items.findIndex(
    ({ source, endInferred }) =>
      source.kind === 'request' &&
      !endInferred &&
      source.request.toldAt >= from &&
      source.request.toldAt <= to &&
      source.request.url.split('#', 1)[0] === bare,
  );
}

interface PaintedElement {
  /** `IMG class='hero'`; '' where Chrome does not tell (before 2023). */
  readonly nodeName: string;
  readonly type: string;
  /** '' for a text, and for an image that came with the page itself (`data:`). */
  readonly imageUrl: string;
}

/** What Chrome says of the candidate at that time; the image's address stands in an event of its own. */
function elementAt(marks: readonly Mark[], painted: number): PaintedElement {
  const candidate = marks.find(
    (mark) =>
      mark.name === 'largestContentfulPaint::Candidate' && Math.abs(mark.time - painted) < SAME_MICROS,
  );
  if (candidate === undefined) return { nodeName: '', type: '', imageUrl: '' };
  const data = dataOf(candidate);
  const node = number(data, 'nodeId');
  const image = marks.findLast(
    (mark) =>
      mark.name === 'LargestImagePaint::Candidate' &&
      mark.pid === candidate.pid &&
      mark.time <= candidate.time + SAME_MICROS &&
      number(dataOf(mark), 'DOMNodeId') === node,
  );
  const type = text(data, 'type') ?? '';
  const told = image === undefined ? {} : dataOf(image);
  const imageUrl = text(told, 'imageUrl') ?? '';
  return {
    nodeName: text(data, 'nodeName') ?? text(told, 'nodeName') ?? '',
    type,
    imageUrl: type === 'image' && !/^data:/i.test(imageUrl) ? imageUrl : '',
  };
}

function tellElement({ nodeName, type, imageUrl }: PaintedElement): string {
  if (type === '' && nodeName === '') return '';
  const file =
    imageUrl === '' ? '' : ` (${shorten(imageUrl.split(/[?#]/, 1)[0].split('/').at(-1) || imageUrl)})`;
  return `: ${[type, shorten(nodeName)].filter((word) => word !== '').join(' ')}${file}`;
}
