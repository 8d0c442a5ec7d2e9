/**
 * One thing that happened to the page → the boxes that it is drawn with, and what of it is told at a glance.
 * In: a page item. Out: its parts from left to right, without gaps, each with its colour key; of one the text is shown.
 * Parts that last no time are left out, but for the last that there is. Refuses nothing.
 */
import type { LoadRequest, PageItem } from '../analysis/index.ts';
import { CUSTOM_COLOURS, type CustomColour, keyOfCategory, keyOfLook } from './looks.ts';
import { kindOfRequest, REQUEST_KIND_NAMES } from './request-kinds.ts';

export interface ItemPart {
  readonly start: number;
  readonly end: number;
  readonly colour: number;
  /** The text stands on this one. */
  readonly isNamed: boolean;
}

/** What stands in the card beside the pointer. Made with the boxes, so that nobody has to ask for it. */
export interface ItemNote {
  /** `Script`, `Dropped frame`, `Pointer`, …; '' where the title says it. */
  readonly what: string;
  /** Chrome's word for it at the end: `High`; '' none. */
  readonly priority: string;
  readonly blocksRendering: boolean;
  /** Microseconds, in order; together the item's length. */
  readonly parts: readonly { readonly name: string; readonly duration: number }[];
  /** What the page says of it. */
  readonly words: readonly string[];
  /** Which picture of the recording it is; -1 none. */
  readonly picture: number;
  /** Its end is not in the trace: the last part lasts at least so long. */
  readonly endInferred: boolean;
}

/** Until it is known whose the text is. Made once and changed: there may be hundreds of thousands. */
type OpenPart = { -readonly [Key in keyof ItemPart]: ItemPart[Key] };

const WHISKER = keyOfLook('whisker');

export function partsOfItem(item: PageItem): readonly ItemPart[] {
  const parts = withoutEmpty(bareParts(item));
  let named = parts[0];
  for (const part of parts) {
    const isBetter = named.colour === WHISKER || part.end - part.start > named.end - named.start;
    if (part.colour !== WHISKER && isBetter) named = part;
  }
  named.isNamed = true;
  return parts;
}

function withoutEmpty(parts: readonly OpenPart[]): readonly OpenPart[] {
  if (parts.length === 1) return parts;
  const filled = parts.filter(({ start, end }) => end > start);
  return filled.length > 0 ? filled : parts.slice(-1);
}

const bare = (start: number, end: number, colour: number): OpenPart => ({
  start,
  end,
  colour,
  isNamed: false,
});

function bareParts(item: PageItem): readonly OpenPart[] {
  const { start, end, source } = item;
  const whole = (colour: number): readonly OpenPart[] => [bare(start, end, colour)];
  switch (source.kind) {
    case 'request':
      return requestParts(item, source.request);
    case 'interaction': {
      const handled = Math.min(end, start + source.parts.inputDelay);
      const done = Math.min(end, handled + source.parts.processing);
      return [
        bare(start, handled, WHISKER),
        bare(done, end, WHISKER),
        bare(handled, done, keyOfLook('interaction')),
      ].sort((one, other) => one.start - other.start || one.end - other.end);
    }
    case 'frame':
      if (source.isPartial) return whole(keyOfLook('partial-frame'));
      return whole(keyOfLook(source.isDropped ? 'dropped-frame' : 'frame'));
    case 'custom':
      return whole(keyOfCustom(source.entry.colour));
    case 'timing':
      return whole(source.custom === null ? keyOfCategory(item.category) : keyOfCustom(source.custom.colour));
    case 'screenshot':
      return whole(keyOfLook('picture'));
    case 'animation':
      // The lighter shade: the main thread has nothing to do with it.
      return whole(keyOfCategory(item.category, source.animation.hindrances?.length === 0));
    case 'server-span':
    case 'shift':
      return whole(keyOfCategory(item.category));
  }
}

/** Queued and connecting until the request is sent, waiting until the response begins, then the download. */
function requestParts({ start, settled, end }: PageItem, request: LoadRequest): readonly OpenPart[] {
  const look = `request-${kindOfRequest(request)}` as const;
  const sent = sentAt(request, { start, settled });
  return [
    bare(start, sent, WHISKER),
    bare(sent, settled, keyOfLook(look, true)),
    bare(settled, end, keyOfLook(look)),
  ];
}

function sentAt(
  { phases }: LoadRequest,
  { start, settled }: { readonly start: number; readonly settled: number },
): number {
  const sent = phases.find(({ name }) => name === 'requestStart')?.time ?? start;
  return Math.min(settled, Math.max(start, sent));
}

const isCustomColour = (colour: string): colour is CustomColour =>
  CUSTOM_COLOURS.some((each) => each === colour);

/** What is no colour of the API has the first one, as in DevTools. */
const keyOfCustom = (colour: string): number =>
  keyOfLook(`custom-${isCustomColour(colour) ? colour : 'primary'}`);

const NOTHING: ItemNote = {
  what: '',
  priority: '',
  blocksRendering: false,
  parts: [],
  words: [],
  picture: -1,
  endInferred: false,
};

export function noteOfItem(item: PageItem): ItemNote {
  const { source } = item;
  switch (source.kind) {
    case 'request':
      return noteOfRequest(item, source.request);
    case 'interaction': {
      const { inputDelay, processing, presentation, eventType } = source.parts;
      const parts = [
        { name: 'Input delay', duration: inputDelay },
        { name: 'Processing', duration: processing },
        { name: 'Presentation delay', duration: presentation },
      ];
      return { ...NOTHING, what: eventType, parts };
    }
    case 'frame':
      if (source.isPartial) return { ...NOTHING, what: 'Dropped, but for what the compositor alone moves' };
      return { ...NOTHING, what: source.isDropped ? 'Nothing of it was shown' : 'Drawn' };
    case 'custom':
      return { ...NOTHING, words: tellOwnWords(source.entry) };
    case 'timing':
      return source.custom === null ? NOTHING : { ...NOTHING, words: tellOwnWords(source.custom) };
    case 'screenshot':
      return { ...NOTHING, picture: source.frame };
    case 'server-span':
      return { ...NOTHING, what: source.span.service };
    case 'animation': {
      const { target, hindrances } = source.animation;
      return {
        ...NOTHING,
        what: tellRunner(hindrances),
        words: [target, ...(hindrances ?? [])].filter(Boolean),
      };
    }
    case 'shift':
      return { ...NOTHING, what: source.hadRecentInput ? 'Shortly after input: it does not count' : '' };
  }
}

/** Field by field: copying what the others have takes ten times as long. */
const noteOfRequest = (item: PageItem, request: LoadRequest): ItemNote => ({
  what: [REQUEST_KIND_NAMES[kindOfRequest(request)], ...tellOutcome(item, request)].join(', '),
  priority: request.priority,
  blocksRendering: isRenderBlocking(request),
  parts: partsOfRequest(item, request),
  words: [request.url.slice(0, 200)],
  picture: -1,
  endInferred: item.endInferred,
});

/** Queued, Waiting, Download: those that there are. Of one without an end nobody knows how long its last one lasts. */
export function partsOfRequest(item: PageItem, request: LoadRequest): ItemNote['parts'] {
  const sent = sentAt(request, item);
  const parts = [
    { name: 'Queued', duration: sent - item.start },
    { name: 'Waiting', duration: item.settled - sent },
    { name: 'Download', duration: item.end - item.settled },
  ];
  const told = parts.filter(({ duration }) => duration > 0);
  const last = told.at(-1);
  if (item.endInferred && last !== undefined) last.name += ', at least';
  return told;
}

/** What did not go well with it. */
function tellOutcome({ endInferred }: PageItem, { failed, status }: LoadRequest): readonly string[] {
  if (failed) return ['failed'];
  if (status !== null && status >= 400) return [`status ${status}`];
  return endInferred ? ['its end is not in the trace'] : [];
}

/** Who runs an animation; '' where it is not told. */
export const tellRunner = (hindrances: readonly string[] | null): string =>
  hindrances === null ? '' : hindrances.length === 0 ? 'On the compositor' : 'On the main thread';

/** Chrome's words; `non_blocking`, `in_body_parser_blocking` and the like do not hold up the first picture. */
export const isRenderBlocking = ({ renderBlocking }: LoadRequest): boolean => renderBlocking === 'blocking';

const MOST_WORDS = 12;

const tellOwnWords = ({
  tooltip,
  properties,
}: {
  readonly tooltip: string;
  readonly properties: readonly (readonly [string, string])[];
}): readonly string[] =>
  [tooltip, ...properties.slice(0, MOST_WORDS).map(([name, value]) => `${name}: ${value}`)]
    .filter((words) => words !== '')
    .map((words) => words.slice(0, 200));
