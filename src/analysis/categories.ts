/**
 * Chrome's event names → our categories, as DevTools groups them. The one table of its kind.
 * In: an event's name. Out: its category and whether DevTools hides it. Names that are not here count as `system`.
 * Source: chrome-devtools-frontend front_end/models/trace/Styles.ts; checked against shared/oracles/category-map.json.
 */

/** In the order in which they are shown. `idle` is what is left of a window. */
export const CATEGORIES = [
  'loading',
  'scripting',
  'rendering',
  'painting',
  'system',
  'idle',
  'messaging',
  'gpu',
  'async',
  'experience',
] as const;
export type Category = (typeof CATEGORIES)[number];
/** Index into {@link CATEGORIES}. */
export const categoryNumber = (category: Category): number => CATEGORIES.indexOf(category);

interface CategoryEvents {
  /** Drawn and counted. */
  readonly visible: readonly string[];
  /** Dropped by DevTools: their time falls to the nearest visible ancestor. */
  readonly hidden: readonly string[];
}

/** DevTools' `other` is our `system`. */
const EVENTS: Readonly<Record<Category, CategoryEvents>> = {
  loading: {
    visible: [
      'ParseHTML',
      'ParseAuthorStyleSheet',
      'ResourceWillSendRequest',
      'ResourceSendRequest',
      'ResourceReceiveResponse',
      'ResourceFinish',
      'ResourceReceivedData',
    ],
    hidden: ['FrameStartedLoading', 'SoftNavigationStart'],
  },
  scripting: {
    visible: [
      'ProfileCall',
      'JSSample',
      'EventDispatch',
      'TimerInstall',
      'TimerRemove',
      'TimerFire',
      'XHRReadyStateChange',
      'XHRLoad',
      'v8.compile',
      'v8.produceCache',
      'V8.CompileCode',
      'V8.OptimizeCode',
      'EvaluateScript',
      'V8.CompileModule',
      'v8.produceModuleCache',
      'v8.evaluateModule',
      'v8.parseOnBackgroundParsing',
      'v8.deserializeOnBackground',
      'v8.wasm.streamFromResponseCallback',
      'v8.wasm.compiledModule',
      'v8.wasm.cachedModule',
      'v8.wasm.moduleCacheHit',
      'v8.wasm.moduleCacheInvalid',
      'TimeStamp',
      'ConsoleTime',
      'UserTiming',
      'RunMicrotasks',
      'FunctionCall',
      'GCEvent',
      'MajorGC',
      'MinorGC',
      'CppGC.IncrementalSweep',
      'RequestAnimationFrame',
      'CancelAnimationFrame',
      'FireAnimationFrame',
      'RequestIdleCallback',
      'CancelIdleCallback',
      'FireIdleCallback',
      'WebSocketCreate',
      'WebSocketSendHandshakeRequest',
      'WebSocketReceiveHandshakeResponse',
      'WebSocketDestroy',
      'WebSocketSend',
      'WebSocketReceive',
      'EmbedderCallback',
      'BlinkGC.AtomicPhase',
      'DoEncrypt',
      'DoEncryptReply',
      'DoDecrypt',
      'DoDecryptReply',
      'DoDigest',
      'DoDigestReply',
      'DoSign',
      'DoSignReply',
      'DoVerify',
      'DoVerifyReply',
      'SchedulePostTaskCallback',
      'RunPostTaskCallback',
      'AbortPostTaskCallback',
      'V8Console::runTask',
    ],
    hidden: ['MarkLoad', 'MarkDOMContent'],
  },
  rendering: {
    visible: [
      'Animation',
      'HitTest',
      'ScheduleStyleRecalculation',
      'UpdateLayoutTree',
      'Layerize',
      'Layout',
      'UpdateLayerTree',
      'PrePaint',
      'ScrollLayer',
      'ComputeIntersections',
    ],
    hidden: [
      'RequestMainThreadFrame',
      'BeginFrame',
      'BeginMainThreadFrame',
      'DrawFrame',
      'InvalidateLayout',
      'firstContentfulPaint',
      'SyntheticSoftFirstContentfulPaint',
      'largestContentfulPaint::Candidate',
      'largestContentfulPaint::CandidateForSoftNavigation',
    ],
  },
  painting: {
    visible: ['PaintSetup', 'Paint', 'RasterTask', 'Commit', 'CompositeLayers', 'Decode Image'],
    hidden: ['PaintImage', 'UpdateLayer', 'firstPaint'],
  },
  system: {
    visible: [
      'RunTask',
      'Program',
      'CpuProfiler::StartProfiling',
      'v8.parseOnBackground',
      'V8.FinalizeDeserialization',
    ],
    hidden: [],
  },
  idle: {
    visible: ['v8.parseOnBackgroundWaiting'],
    hidden: [],
  },
  messaging: {
    visible: ['HandlePostMessage', 'SchedulePostMessage'],
    hidden: [],
  },
  gpu: {
    visible: ['GPUTask'],
    hidden: [],
  },
  async: {
    visible: ['AsyncTask'],
    hidden: [],
  },
  experience: {
    visible: ['SyntheticLayoutShift', 'SyntheticLayoutShiftCluster', 'EventTiming'],
    hidden: ['LayoutShift'],
  },
};

export interface EventClass {
  /** Index into {@link CATEGORIES}. */
  readonly category: number;
  readonly hidden: boolean;
}

const CLASS_OF_NAME: ReadonlyMap<string, EventClass> = new Map(
  CATEGORIES.flatMap((category) => {
    const { visible, hidden } = EVENTS[category];
    const number = categoryNumber(category);
    return [
      ...visible.map((name): [string, EventClass] => [name, { category: number, hidden: false }]),
      ...hidden.map((name): [string, EventClass] => [name, { category: number, hidden: true }]),
    ];
  }),
);

/** The class of events named `name`; undefined where DevTools knows no such event. */
export function classOfName(name: string): EventClass | undefined {
  return CLASS_OF_NAME.get(name);
}
