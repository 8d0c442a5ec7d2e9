/**
 * What is worth knowing about a request, frame, interaction, timing or layout shift, in words.
 * In: a page item. Out: facts with units; nothing where the trace does not tell.
 */
import type { CustomEntry, LoadRequest, PageItem, PageTrack } from '../analysis/index.ts';
import { bytesInFull, type EventFact, fact } from './fact-words.ts';
import { formatExactDuration } from './format.ts';
import { partsOfRequest, tellRunner } from './item-parts.ts';

export const ITEM_NAMES: Readonly<Record<PageTrack, string>> = {
  network: 'Request',
  frames: 'Frame',
  interactions: 'Interaction',
  timings: 'Timing',
  'layout-shifts': 'Layout shift',
  animations: 'Animation',
  custom: 'Custom entry',
  screenshots: 'Screenshot',
  servers: 'Server span',
};

export function tellItem(item: PageItem): readonly EventFact[] {
  const { source, start, end } = item;
  switch (source.kind) {
    case 'request':
      return tellRequest(item, source.request);
    case 'frame':
      return [
        ...fact('State', tellFrame(source)),
        ...fact('Frames a second', end > start ? (1e6 / (end - start)).toFixed(1) : ''),
      ];
    case 'interaction':
      return [
        ...fact('Event', source.parts.eventType),
        ...fact('Input delay', formatExactDuration(source.parts.inputDelay)),
        ...fact('Processing', formatExactDuration(source.parts.processing)),
        ...fact('Presentation delay', formatExactDuration(source.parts.presentation)),
      ];
    case 'timing':
      return [
        ...fact('Written by', source.traceCategory === 'blink.console' ? 'console' : 'User Timing'),
        ...(source.custom === null ? [] : tellOwn(source.custom)),
      ];
    case 'custom':
      return [
        ...fact('Track', source.entry.customTrack),
        ...fact('Group', source.entry.group),
        ...tellOwn(source.entry),
      ];
    case 'screenshot':
      return fact('Picture', `${source.frame + 1}`);
    case 'server-span':
      return [
        ...fact('Service', source.span.service),
        ...fact('Trace', source.span.traceId),
        ...fact('Span', source.span.spanId),
      ];
    case 'animation': {
      const { target, hindrances } = source.animation;
      return [
        ...fact('Element', target),
        ...fact('Runs', tellRunner(hindrances)),
        ...(hindrances ?? []).flatMap((words) => fact('Not on the compositor', words)),
      ];
    }
    case 'shift':
      return [
        ...fact('Score', source.score.toFixed(4)),
        ...fact('Counts for CLS', source.hadRecentInput ? 'no: input came shortly before' : 'yes'),
      ];
  }
}

function tellFrame({ isDropped, isPartial }: { isDropped: boolean; isPartial: boolean }): string {
  if (isPartial) return 'partially presented: dropped, but for what the compositor alone moves';
  return isDropped ? 'dropped: nothing of it was shown' : 'drawn';
}

/** What the page itself says of it. */
const tellOwn = ({
  tooltip,
  properties,
}: Pick<CustomEntry, 'tooltip' | 'properties'>): readonly EventFact[] => [
  ...fact('Tooltip', tooltip),
  ...properties.flatMap(([name, value]) => fact(name, value)),
];

function tellRequest(item: PageItem, request: LoadRequest): readonly EventFact[] {
  const { start, phases } = request;
  return [
    ...fact('URL', request.url),
    ...fact('Method', request.method),
    ...fact('Status', request.status === null ? '' : String(request.status)),
    ...fact('Type', [request.resourceType, request.mimeType].filter((each) => each !== '').join(', ')),
    ...tellInitiator(request),
    ...fact('Priority', request.priority),
    ...fact('Blocks rendering', request.renderBlocking.replaceAll('_', ' ')),
    ...fact('Protocol', request.protocol),
    ...fact('From cache', request.fromCache ? 'yes' : ''),
    ...fact('Over the wire', request.encodedBytes === null ? '' : bytesInFull(request.encodedBytes)),
    // As the card beside the pointer has them.
    ...partsOfRequest(item, request).flatMap(({ name, duration }) =>
      fact(name, formatExactDuration(duration)),
    ),
    ...phases.flatMap(({ name, time }) =>
      fact(PHASE_NAMES[name] ?? name, `at ${formatExactDuration(time - start)}`),
    ),
    ...fact('Failed', request.failed ? 'yes' : ''),
    ...fact('Server trace', request.serverTrace === null ? '' : request.serverTrace.traceId),
  ];
}

/** Who asked for it: the parser or script, and the place in it. */
function tellInitiator({ initiator: { type, url, line, column } }: LoadRequest): readonly EventFact[] {
  if (url === '') return fact('Initiator', type);
  return [{ name: 'Initiator', text: type, source: { url, line, column } }];
}

/** Resource Timing's name → words. */
const PHASE_NAMES: Readonly<Record<string, string>> = {
  domainLookupStart: 'DNS lookup begins',
  domainLookupEnd: 'DNS lookup ends',
  connectStart: 'Connecting begins',
  secureConnectionStart: 'TLS begins',
  connectEnd: 'Connected',
  requestStart: 'Request sent',
  responseStart: 'Response begins',
};
