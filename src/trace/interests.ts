/**
 * Whose arguments the tables need while reading. Everything else keeps only its byte offset.
 * In: an event's name, or its category. Out: what its arguments are for.
 */
import { namesOf } from './event-names.ts';

export type Interest =
  | 'none'
  | 'thread-name'
  | 'process-name'
  | 'profile'
  | 'profile-chunk'
  | 'whole-profile'
  | 'counters'
  | 'trace-start'
  | 'script'
  | 'link'
  | 'user-timing'
  | 'picture'
  | 'mark';

const INTERESTS: Readonly<Record<string, Interest>> = {
  thread_name: 'thread-name',
  process_name: 'process-name',
  // V8's samples: a head on the profiled thread, then chunks on the profiler's own thread.
  Profile: 'profile',
  ProfileChunk: 'profile-chunk',
  // Traces of Chrome 66 and before, and DevTools' saved CPU profiles: the whole profile in one event.
  CpuProfile: 'whole-profile',
  UpdateCounters: 'counters',
  // Which frames there are at the start, and who is the outermost.
  TracingStartedInBrowser: 'trace-start',
  TracingStartedInPage: 'mark',
  TracingSessionIdForWorker: 'mark',
  // Frames moving between processes and documents.
  FrameCommittedInBrowser: 'mark',
  ProcessReadyInBrowser: 'mark',
  FrameDeletedInBrowser: 'mark',
  CommitLoad: 'mark',
  markAsMainFrame: 'mark',
  // Navigations and page milestones.
  navigationStart: 'mark',
  // The page was loaded before anybody saw it, and is shown now.
  activationStart: 'mark',
  fetchStart: 'mark',
  responseEnd: 'mark',
  unloadEventStart: 'mark',
  domLoading: 'mark',
  domInteractive: 'mark',
  domContentLoadedEventStart: 'mark',
  domContentLoadedEventEnd: 'mark',
  domComplete: 'mark',
  loadEventStart: 'mark',
  loadEventEnd: 'mark',
  firstPaint: 'mark',
  firstContentfulPaint: 'mark',
  firstMeaningfulPaint: 'mark',
  firstMeaningfulPaintCandidate: 'mark',
  'largestContentfulPaint::Candidate': 'mark',
  'largestContentfulPaint::Invalidate': 'mark',
  // The address of the image, which the candidate above does not tell.
  'LargestImagePaint::Candidate': 'mark',
  InteractiveTime: 'mark',
  MarkLoad: 'mark',
  MarkDOMContent: 'mark',
  DidCommitSameDocumentNavigation: 'mark',
  SoftNavigationStart: 'mark',
  LayoutShift: 'mark',
  // An image that had no size when it was laid out.
  LayoutImageUnsized: 'mark',
  EventTiming: 'mark',
  // The network.
  ResourceWillSendRequest: 'mark',
  ResourceSendRequest: 'mark',
  ResourceReceiveResponse: 'mark',
  ResourceReceivedData: 'mark',
  ResourceFinish: 'mark',
  ResourceChangePriority: 'mark',
  ResourceMarkAsCached: 'mark',
  PreloadRenderBlockingStatusChange: 'mark',
  // What is animated, and why the compositor could not do it alone (analysis/animations.ts).
  Animation: 'mark',
  // Tracks that pages make for themselves (analysis/custom-tracks.ts): the category of performance.mark and measure, and
  // console.timeStamp.
  'blink.user_timing': 'user-timing',
  TimeStamp: 'mark',
  // Pictures of the page, where DevTools took them: their bytes stay as they are until one is looked at.
  Screenshot: 'picture',
  // Whether the rest of a dropped frame was shown.
  DroppedFrame: 'mark',
  // Which scripts V8 has compiled, and where their source maps lie.
  ScriptCatchup: 'script',
  // In which frame each was compiled.
  ScriptCompiled: 'mark',
  // Who asked for what (analysis/initiators.ts).
  TimerInstall: 'link',
  TimerFire: 'link',
  RequestAnimationFrame: 'link',
  FireAnimationFrame: 'link',
  RequestIdleCallback: 'link',
  FireIdleCallback: 'link',
  SchedulePostMessage: 'link',
  HandlePostMessage: 'link',
  SchedulePostTaskCallback: 'link',
  RunPostTaskCallback: 'link',
  AbortPostTaskCallback: 'link',
  WebSocketCreate: 'link',
  WebSocketSendHandshakeRequest: 'link',
  WebSocketReceiveHandshakeResponse: 'link',
  WebSocketSend: 'link',
  WebSocketReceive: 'link',
  WebSocketDestroy: 'link',
  ScheduleStyleRecalculation: 'link',
  ...Object.fromEntries(namesOf('style').map((name) => [name, 'link' as const])),
  InvalidateLayout: 'link',
  Layout: 'link',
  // Whose document a task worked for (analysis/frame-times.ts).
  ParseHTML: 'link',
  EvaluateScript: 'link',
  ...Object.fromEntries(namesOf('pre-paint').map((name) => [name, 'link' as const])),
  Paint: 'link',
};

/** What the arguments of events of this name are needed for; of one category, whatever the name: `user-timing`. */
export function interestOf(name: string): Interest {
  return Object.hasOwn(INTERESTS, name) ? (INTERESTS[name] ?? 'none') : 'none';
}
