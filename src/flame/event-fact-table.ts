/**
 * Which arguments of which event are worth knowing first, in order, and in what words: a row for each kind of event.
 * In: nothing. Out: the table. Events that it does not name have all their arguments beneath.
 */
import { namesOf } from '../trace/index.ts';
import {
  asFields,
  bytes,
  bytesInFull,
  count,
  fact,
  isNumber,
  millis,
  oneOf,
  place,
  point,
  px,
  rectangle,
  roots,
  say,
  score,
  size,
  sourceOf,
  squarePx,
  type Teller,
  unixMillis,
  url,
  valueAt,
  words,
  yesOrNo,
} from './fact-words.ts';
import { formatCount, formatExactDuration } from './format.ts';

export const POSTED_FROM: Teller = (args) => {
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
  const source = sourceOf(initiator);
  // Counted from 0 there; the very beginning stands for "somewhere in it".
  const isPlace = source !== null && (source.line > 0 || source.column > 0);
  const shown = isPlace ? { ...source, line: source.line + 1, column: source.column + 1 } : source;
  return text === '' ? [] : [{ name: 'Initiator', text, source: shown }];
};

/** Of `performance.mark` and `performance.measure`: Chrome adds these two to whatever the page calls them. */
export const MARKED: Teller = ({ data }) => {
  const { startTime, navigationId, callTime } = asFields(data);
  const isMark = typeof navigationId === 'string' || isNumber(callTime);
  return isMark ? fact('Since the page began', millis(startTime)) : [];
};

const FRAME_IDS = [say('Frame', 'frameSeqId', words), say('Layer tree', 'layerTreeId', words)];
const MAIN_FRAME = [
  say('Outermost frame', 'data.isOutermostMainFrame', yesOrNo),
  say('Main frame', 'data.isMainFrame', yesOrNo),
];

/** Parts of a request's way, in milliseconds since it was sent; -1 stands for a part that there was not. */
const TIMING_PARTS: readonly (readonly [name: string, from: string, to: string])[] = [
  ['Proxy', 'proxyStart', 'proxyEnd'],
  ['DNS lookup', 'dnsStart', 'dnsEnd'],
  ['Connecting', 'connectStart', 'connectEnd'],
  ['TLS', 'sslStart', 'sslEnd'],
  ['Service worker starting', 'workerStart', 'workerReady'],
  ['Sending', 'sendStart', 'sendEnd'],
  ['Waiting for the server', 'sendEnd', 'receiveHeadersStart'],
  ['Headers', 'receiveHeadersStart', 'receiveHeadersEnd'],
];

const TIMING: Teller = (args) => {
  const timing = asFields(valueAt(args, 'data.timing'));
  return TIMING_PARTS.flatMap(([name, from, to]) => {
    const [start, end] = [timing[from], timing[to]];
    return isNumber(start) && isNumber(end) && start >= 0 && end >= start
      ? fact(name, formatExactDuration((end - start) * 1_000))
      : [];
  });
};

const EVENT_DELAYS: Teller = ({ data }) => {
  const { timeStamp, processingStart, processingEnd } = asFields(data);
  if (!isNumber(timeStamp) || !isNumber(processingStart) || !isNumber(processingEnd)) return [];
  return [
    ...fact('Input delay', millis(processingStart - timeStamp)),
    ...fact('Processing', millis(processingEnd - processingStart)),
  ];
};

const SHIFTED: Teller = ({ data }) => {
  const { impacted_nodes: nodes } = asFields(data);
  return Array.isArray(nodes) ? fact('Moved', `${formatCount(nodes.length)} nodes`) : [];
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
const IMAGE = [
  say('Image type', 'imageType', words),
  place('URL', 'data', ['url']),
  size('Painted', 'data'),
  point('At', 'data'),
  size('Size of the image', 'data', ['srcWidth', 'srcHeight']),
  say('Node', 'data.nodeName', words),
  say('From CSS', 'data.isCSS', yesOrNo),
  say('Loading', 'data.loadingAttribute', words),
  say('Image', 'pixelRefId', words),
  say('Image', 'LazyPixelRef', words),
];
const POSTED_TASK = [
  say('Task', 'data.taskId', words),
  say('Priority', 'data.priority', words),
  say('Delay', 'data.delay', millis),
];
const TILE = [
  say('Layer', 'tileData.layerId', words),
  say('Of frame', 'tileData.sourceFrameNumber', words),
  say('Resolution', 'tileData.tileResolution', (value) => words(value).toLowerCase().replaceAll('_', ' ')),
];
const PAINT_CANDIDATE = [
  say('Kind', 'data.type', words),
  say('Node', 'data.nodeName', words),
  place('Image', 'data', ['imageUrl']),
  say('Area', 'data.size', squarePx),
  size('Place', 'data', ['frame_width', 'frame_height']),
  say('Loading began', 'data.loadStartInMilliseconds', millis),
  say('Loaded', 'data.loadEndInMilliseconds', millis),
  say('After navigation', 'data.durationInMilliseconds', millis),
];
const SOCKET = [url(), say('Socket', 'data.identifier', words), say('Length', 'data.dataLength', bytes)];
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
  say('Fetch priority', 'data.fetchPriorityHint', words),
  say('Preloaded', 'data.isLinkPreload', yesOrNo),
  say('From service worker', 'data.fromServiceWorker', yesOrNo),
  say('Connection', 'data.connectionId', words),
  say('Connection used again', 'data.connectionReused', yesOrNo),
  TIMING,
  say('Server answered', 'data.responseTime', unixMillis),
  say('Request', 'data.requestId', words),
];
const XHR = [url(), say('State', 'data.readyState', oneOf(READY_STATES))];
const NODE = [say('Node', 'data.nodeName', words), say('Reason', 'data.reason', words)];
const MESSAGE = [say('Message', 'data.message', words)];

export const TELLERS: Readonly<Record<string, readonly Teller[]>> = {
  Layout: [
    say('Objects to lay out', 'beginData.dirtyObjects', count),
    say('Objects in all', 'beginData.totalObjects', count),
    say('Scope', 'beginData.partialLayout', oneOf({ true: 'part of the document', false: 'whole document' })),
    say('Root', 'endData.layoutRoots', roots),
  ],
  InvalidateLayout: NODE,
  ScheduleStyleRecalculation: NODE,
  ...Object.fromEntries(namesOf('style').map((name) => [name, STYLE])),
  ParseHTML: [
    url('beginData'),
    PARSED_LINES,
    say('Parsed', 'parsed_bytes', bytes),
    say('Tokens', 'parsed_tokens', count),
  ],
  ParseAuthorStyleSheet: [place('URL', 'data', ['styleSheetUrl'])],
  FunctionCall: SCRIPT,
  EvaluateScript: SCRIPT,
  'v8.compile': SCRIPT,
  'v8.produceCache': SCRIPT,
  'v8.compileModule': [...MODULE, ...SCRIPT],
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
  HitTest: [say('Node', 'endData.nodeName', words), point('At', 'endData')],
  ResourceSendRequest: REQUEST,
  ResourceWillSendRequest: REQUEST,
  ResourceReceiveResponse: REQUEST,
  ResourceReceivedData: REQUEST,
  ResourceFinish: REQUEST,
  ResourceChangePriority: REQUEST,
  XHRReadyStateChange: XHR,
  XHRLoad: XHR,
  ResourceMarkAsCached: REQUEST,
  PreloadRenderBlockingStatusChange: REQUEST,
  WebSocketCreate: [...SOCKET, say('Protocol', 'data.webSocketProtocol', words)],
  WebSocketSendHandshakeRequest: SOCKET,
  WebSocketReceiveHandshakeResponse: SOCKET,
  WebSocketSend: SOCKET,
  WebSocketReceive: SOCKET,
  WebSocketDestroy: SOCKET,
  SchedulePostMessage: [say('Message', 'data.traceId', words)],
  HandlePostMessage: [say('Message', 'data.traceId', words)],
  SchedulePostTaskCallback: POSTED_TASK,
  RunPostTaskCallback: POSTED_TASK,
  AbortPostTaskCallback: POSTED_TASK,
  RunMicrotasks: [say('Microtasks', 'microtask_count', count)],
  CommitLoad: [url(), ...MAIN_FRAME, say('Name', 'data.name', words)],
  MarkLoad: MAIN_FRAME,
  MarkDOMContent: MAIN_FRAME,
  PrePaint: MAIN_FRAME,
  Layerize: MAIN_FRAME,
  UpdateLayer: [say('Layer', 'layerId', words), say('Layer tree', 'layerTreeId', words)],
  ScrollLayer: [say('Node', 'data.nodeName', words)],
  Commit: FRAME_IDS,
  CompositeLayers: FRAME_IDS,
  ActivateLayerTree: [...FRAME_IDS, say('Frame', 'frameId', words)],
  BeginFrame: FRAME_IDS,
  BeginMainThreadFrame: [...FRAME_IDS, say('Frame', 'data.frameId', words)],
  RequestMainThreadFrame: FRAME_IDS,
  DrawFrame: FRAME_IDS,
  DroppedFrame: [...FRAME_IDS, say('Shown in part', 'hasPartialUpdate', yesOrNo)],
  NeedsBeginFrameChanged: [say('Frames wanted', 'data.needsBeginFrame', oneOf({ 0: 'no', 1: 'yes' }))],
  RasterTask: TILE,
  AnalyzeTask: TILE,
  GPUTask: [
    say('GPU memory used', 'data.used_bytes', bytes),
    say('GPU memory limit', 'data.limit_bytes', bytes),
    say('For process', 'data.renderer_pid', words),
  ],
  EventTiming: [
    say('Type', 'data.type', words),
    say('Duration', 'data.duration', millis),
    EVENT_DELAYS,
    say('Interaction', 'data.interactionId', words),
    say('Can be cancelled', 'data.cancelable', yesOrNo),
  ],
  LayoutShift: [
    say('Score', 'data.score', score),
    say('Weighted score', 'data.weighted_score_delta', score),
    say('Score so far', 'data.cumulative_score', score),
    say('Input shortly before', 'data.had_recent_input', yesOrNo),
    say('Farthest move', 'data.frame_max_distance', px),
    SHIFTED,
  ],
  'largestContentfulPaint::Candidate': PAINT_CANDIDATE,
  'largestContentfulPaint::CandidateForSoftNavigation': PAINT_CANDIDATE,
  'LargestImagePaint::Candidate': PAINT_CANDIDATE,
  'LargestTextPaint::Candidate': PAINT_CANDIDATE,
  'NavStartToLargestContentfulPaint::Candidate::AllFrames::UKM': PAINT_CANDIDATE,
  InteractiveTime: [say('Total blocking time', 'args.total_blocking_time_ms', millis)],
  DOMStats: [
    say('Elements', 'data.totalElements', count),
    say('Depth', 'data.maxDepth.depth', count),
    say('Deepest', 'data.maxDepth.nodeName', words),
    say('Most children', 'data.maxChildren.numChildren', count),
    say('Parent of these', 'data.maxChildren.nodeName', words),
  ],
  UpdateCounters: [
    say('JS heap', 'data.jsHeapSizeUsed', bytes),
    say('Documents', 'data.documents', count),
    say('Nodes', 'data.nodes', count),
    say('Listeners', 'data.jsEventListeners', count),
  ],
  'BlinkGC.AtomicPhase': [say('Forced', 'forced', yesOrNo), say('Reason', 'gcReason', words)],
  'v8.parseOnBackground': [url(), say('Request', 'data.requestId', words)],
  'v8.run': MODULE,
  'v8.wasm.streamFromResponseCallback': [url()],
  'DocumentLoader::CommitData': [say('Bytes', 'length', bytes)],
  'DocumentLoader::HandleData': [say('Bytes', 'length', bytes)],
  'Draw LazyPixelRef': IMAGE,
  ImageUploadTask: IMAGE,
  TimeStamp: [...MESSAGE, say('Track', 'data.track', words), say('Track group', 'data.trackGroup', words)],
  navigationStart: [place('URL', 'data', ['documentLoaderURL'])],
  ConsoleTime: MESSAGE,
};
