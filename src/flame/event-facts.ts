/**
 * What is worth knowing first about an event, by its name, with units; and where in the page's code it came from.
 * In: an event's name and its arguments as the trace has them: unknown shapes, of Chrome's choice or the page's. Out:
 * facts in words, stacks of frames; nothing where a field is missing or of another type.
 * Lines and columns are as people count them, from 1. Chrome writes them so in arguments, but for ParseHTML's lines.
 */

import { ANONYMOUS } from '../analysis/index.ts';
import type { EventArguments } from '../trace/index.ts';
import type { SourcePlace } from './chart.ts';
import { formatBytes, formatCount, formatExactDuration } from './format.ts';

export interface EventFact {
  readonly name: string;
  /** '' where `source` says it all. */
  readonly text: string;
  readonly source: SourcePlace | null;
}

export interface StackFrame {
  readonly text: string;
  readonly source: SourcePlace | null;
}

export interface EventStack {
  /** Innermost first. */
  readonly frames: readonly StackFrame[];
  /** Frames beyond those. */
  readonly leftOut: number;
}

export const NO_STACK: EventStack = { frames: [], leftOut: 0 };

/** Recursion in the page must not fill the pane. */
export const MOST_FRAMES = 50;
const LONGEST_TEXT = 500;

type Fields = Readonly<Record<string, unknown>>;
/** The words for a value; '' where it is not of the kind. */
type Word = (value: unknown) => string;
type Teller = (args: Fields) => readonly EventFact[];

export function tellFacts(name: string, { args, fields }: EventArguments): readonly EventFact[] {
  const own = Object.hasOwn(TELLERS, name) ? TELLERS[name].flatMap((tell) => tell(args)) : [];
  return [...own, ...POSTED_FROM(args), ...fact('CPU time', micros(fields.tdur))];
}

/** Where in the page's code the event was caused. */
export function tellStack({ args }: EventArguments): EventStack {
  for (const holder of [args.data, args.beginData, args, args.endData]) {
    const { stackTrace } = asFields(holder);
    if (!Array.isArray(stackTrace) || stackTrace.length === 0) continue;
    const frames = stackTrace.slice(0, MOST_FRAMES).map((frame) => {
      const source = sourceOf(asFields(frame));
      return { text: shorten(asText(asFields(frame).functionName)) || ANONYMOUS, source };
    });
    return { frames, leftOut: stackTrace.length - frames.length };
  }
  return NO_STACK;
}

// --- Values in words --------------------------------------------------------------------------------------------------

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const shorten = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

const words: Word = (value) => (isNumber(value) ? String(value) : shorten(asText(value)));
const count: Word = (value) => (isNumber(value) && value >= 0 ? formatCount(value) : '');
const bytes: Word = (value) => (isNumber(value) && value >= 0 ? bytesInFull(value) : '');
const micros: Word = (value) => (isNumber(value) ? formatExactDuration(value) : '');
const millis: Word = (value) => (isNumber(value) ? formatExactDuration(value * 1_000) : '');
const yesOrNo: Word = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : '');
const oneOf =
  (table: Readonly<Record<string, string>>): Word =>
  (value) => {
    const key = String(value);
    return Object.hasOwn(table, key) ? table[key] : words(value);
  };

/** `1.84 MB (1 838 872 B)`; below a kilobyte once. */
function bytesInFull(value: number): string {
  return value < 1_000 ? formatBytes(value) : `${formatBytes(value)} (${formatCount(value)}\u00a0B)`;
}

/** The corners x1, y1, … of a rectangle: its size and place. */
const rectangle: Word = (value) => {
  if (!Array.isArray(value) || value.length !== 8 || !value.every(isNumber)) return '';
  const [left, top, , , right, bottom] = value;
  return `${formatCount(right - left)}\u00a0×\u00a0${formatCount(bottom - top)}\u00a0px at ${left}, ${top}`;
};

const roots: Word = (value) => {
  if (!Array.isArray(value) || value.length === 0) return '';
  const name = words(asFields(value[0]).nodeName);
  return value.length === 1 ? name : `${name} and ${formatCount(value.length - 1)} more`;
};

function sourceOf(fields: Fields, keys = ['url', 'lineNumber', 'columnNumber']): SourcePlace | null {
  const [url, line, column] = keys.map((key) => fields[key]);
  if (typeof url !== 'string' || url === '') return null;
  return { url: shorten(url), line: isNumber(line) ? line : 0, column: isNumber(column) ? column : 0 };
}

// --- The table --------------------------------------------------------------------------------------------------------

const fact = (name: string, text: string): readonly EventFact[] =>
  text === '' ? [] : [{ name, text, source: null }];

/** The value at `path` (`data.url`). */
function valueAt(args: Fields, path: string): unknown {
  let value: unknown = args;
  for (const key of path.split('.')) {
    const fields = asFields(value);
    value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  }
  return value;
}

const say =
  (name: string, path: string, word: Word): Teller =>
  (args) =>
    fact(name, word(valueAt(args, path)));

const place =
  (name: string, path: string, keys?: string[]): Teller =>
  (args) => {
    const source = sourceOf(path === '' ? args : asFields(valueAt(args, path)), keys);
    return source === null ? [] : [{ name, text: '', source }];
  };

const url = (path = 'data'): Teller => place('URL', path, ['url']);

const POSTED_FROM: Teller = (args) => {
  const source = sourceOf(args, ['src_file', 'src_line']);
  return source === null ? [] : [{ name: 'Posted from', text: words(args.src_func), source }];
};

const COLLECTED: Teller = ({ usedHeapSizeBefore: before, usedHeapSizeAfter: after }) => {
  if (!isNumber(before) || !isNumber(after)) return [];
  return after > before
    ? fact('Grew by', bytesInFull(after - before))
    : fact('Reclaimed', bytesInFull(before - after));
};

const PARSED_LINES: Teller = ({ beginData, endData }) => {
  const start = asFields(beginData).startLine;
  const end = asFields(endData).endLine;
  if (!isNumber(start)) return [];
  const from = formatCount(start + 1);
  return fact(
    'Lines',
    isNumber(end) && end >= start ? `${from} – ${formatCount(end + 1)}` : `from ${from} on`,
  );
};

const INITIATOR: Teller = (args) => {
  const initiator = asFields(valueAt(args, 'data.initiator'));
  const text = words(initiator.type);
  return text === '' ? [] : [{ name: 'Initiator', text, source: sourceOf(initiator) }];
};

const READY_STATES = { 0: 'unsent', 1: 'opened', 2: 'headers received', 3: 'loading', 4: 'done' };

const GC: readonly Teller[] = [
  say('Heap before', 'usedHeapSizeBefore', bytes),
  say('Heap after', 'usedHeapSizeAfter', bytes),
  COLLECTED,
  say('Reason', 'type', words),
];
const STYLE = [say('Elements affected', 'elementCount', count)];
const SCRIPT = [
  say('Function', 'data.functionName', words),
  place('Script', 'data'),
  say('Streamed', 'data.streamed', yesOrNo),
  say('Not streamed because', 'data.notStreamedReason', words),
  say('Code cache used', 'data.consumedCacheSize', bytes),
  say('Code cache made', 'data.producedCacheSize', bytes),
];
const MODULE = [place('Script', '', ['fileName'])];
const FRAME_CALLBACK = [say('Callback id', 'data.id', words)];
const TIMER = [
  say('Timer id', 'data.timerId', words),
  say('Timeout', 'data.timeout', millis),
  say('Repeats', 'data.singleShot', oneOf({ true: 'no', false: 'yes' })),
];
const IDLE_CALLBACK = [
  ...FRAME_CALLBACK,
  say('Timeout', 'data.timeout', millis),
  say('Time allotted', 'data.allottedMilliseconds', millis),
  say('Timed out', 'data.timedOut', yesOrNo),
];
const IMAGE = [say('Image type', 'imageType', words), place('URL', 'data', ['url'])];
const REQUEST = [
  url(),
  say('Method', 'data.requestMethod', words),
  say('Type', 'data.resourceType', words),
  say('Priority', 'data.priority', words),
  say('Render blocking', 'data.renderBlocking', oneOf({ blocking: 'yes', non_blocking: 'no' })),
  say('Status', 'data.statusCode', words),
  say('MIME type', 'data.mimeType', words),
  say('Protocol', 'data.protocol', words),
  say('From cache', 'data.fromCache', yesOrNo),
  say('Transferred', 'data.encodedDataLength', bytes),
  say('Decoded', 'data.decodedBodyLength', bytes),
  say('Failed', 'data.didFail', yesOrNo),
  INITIATOR,
  say('Request', 'data.requestId', words),
];
const XHR = [url(), say('State', 'data.readyState', oneOf(READY_STATES))];
const NODE = [say('Node', 'data.nodeName', words), say('Reason', 'data.reason', words)];
const MESSAGE = [say('Message', 'data.message', words)];

const TELLERS: Readonly<Record<string, readonly Teller[]>> = {
  Layout: [
    say('Objects to lay out', 'beginData.dirtyObjects', count),
    say('Objects in all', 'beginData.totalObjects', count),
    say('Scope', 'beginData.partialLayout', oneOf({ true: 'part of the document', false: 'whole document' })),
    say('Root', 'endData.layoutRoots', roots),
  ],
  InvalidateLayout: NODE,
  ScheduleStyleRecalculation: NODE,
  UpdateLayoutTree: STYLE,
  RecalculateStyles: STYLE,
  ParseHTML: [url('beginData'), PARSED_LINES],
  ParseAuthorStyleSheet: [place('URL', 'data', ['styleSheetUrl'])],
  FunctionCall: SCRIPT,
  EvaluateScript: SCRIPT,
  'v8.compile': SCRIPT,
  'v8.produceCache': SCRIPT,
  'v8.compileModule': MODULE,
  'v8.evaluateModule': MODULE,
  EventDispatch: [say('Type', 'data.type', words)],
  TimerInstall: TIMER,
  TimerRemove: TIMER,
  TimerFire: TIMER,
  RequestAnimationFrame: FRAME_CALLBACK,
  CancelAnimationFrame: FRAME_CALLBACK,
  FireAnimationFrame: FRAME_CALLBACK,
  RequestIdleCallback: IDLE_CALLBACK,
  CancelIdleCallback: IDLE_CALLBACK,
  FireIdleCallback: IDLE_CALLBACK,
  MinorGC: GC,
  MajorGC: GC,
  Paint: [
    say('Painted', 'data.clip', rectangle),
    say('Node', 'data.nodeName', words),
    say('Layer', 'data.layerId', words),
  ],
  PaintImage: IMAGE,
  'Decode Image': IMAGE,
  'Decode LazyPixelRef': IMAGE,
  ImageDecodeTask: IMAGE,
  HitTest: [
    say('Node', 'endData.nodeName', words),
    say('x', 'endData.x', words),
    say('y', 'endData.y', words),
  ],
  ResourceSendRequest: REQUEST,
  ResourceWillSendRequest: REQUEST,
  ResourceReceiveResponse: REQUEST,
  ResourceReceivedData: REQUEST,
  ResourceFinish: REQUEST,
  ResourceChangePriority: REQUEST,
  XHRReadyStateChange: XHR,
  XHRLoad: XHR,
  WebSocketCreate: [url(), say('Protocol', 'data.webSocketProtocol', words)],
  TimeStamp: MESSAGE,
  ConsoleTime: MESSAGE,
};
