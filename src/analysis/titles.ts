/**
 * What an event is called on screen: DevTools' words for Chrome's event names (front_end/models/trace/Styles.ts).
 * In: an event's name. Out: its title; the name itself where DevTools has no other word.
 */
import { namesOf } from '../trace/index.ts';

const TITLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(namesOf('task').map((name) => [name, 'Task'])),
  Program: 'Other',
  // Scripting
  EvaluateScript: 'Evaluate script',
  'v8.evaluateModule': 'Evaluate module',
  'v8.compile': 'Compile script',
  'v8.compileModule': 'Compile module',
  'v8.parseOnBackground': 'Streaming compile',
  'v8.produceCache': 'Cache script code',
  'v8.produceModuleCache': 'Cache module code',
  'V8.CompileCode': 'Compile code',
  'V8.OptimizeCode': 'Optimize code',
  'V8.DeoptimizeCode': 'Deoptimize code',
  FunctionCall: 'Function call',
  EventDispatch: 'Event',
  TimerInstall: 'Install timer',
  TimerRemove: 'Remove timer',
  TimerFire: 'Timer fired',
  RequestAnimationFrame: 'Request animation frame',
  CancelAnimationFrame: 'Cancel animation frame',
  FireAnimationFrame: 'Animation frame fired',
  RequestIdleCallback: 'Request idle callback',
  CancelIdleCallback: 'Cancel idle callback',
  FireIdleCallback: 'Fire idle callback',
  RunMicrotasks: 'Run microtasks',
  XHRReadyStateChange: 'XHR ready state change',
  XHRLoad: 'XHR load',
  MinorGC: 'Minor GC',
  MajorGC: 'Major GC',
  GCEvent: 'GC event',
  'BlinkGC.AtomicPhase': 'DOM GC',
  WebSocketCreate: 'Create WebSocket',
  WebSocketSendHandshakeRequest: 'Send WebSocket handshake',
  WebSocketReceiveHandshakeResponse: 'Receive WebSocket handshake',
  WebSocketDestroy: 'Destroy WebSocket',
  SchedulePostMessage: 'Schedule postMessage',
  HandlePostMessage: 'On message',
  DoEncrypt: 'Encrypt',
  DoDecrypt: 'Decrypt',
  DoDigest: 'Digest',
  DoSign: 'Sign',
  DoVerify: 'Verify',
  // Loading
  ParseHTML: 'Parse HTML',
  ParseAuthorStyleSheet: 'Parse stylesheet',
  ResourceSendRequest: 'Send request',
  ResourceReceiveResponse: 'Receive response',
  ResourceReceivedData: 'Receive data',
  ResourceFinish: 'Finish loading',
  // Rendering
  ...Object.fromEntries(namesOf('style').map((name) => [name, 'Recalculate style'])),
  InvalidateLayout: 'Invalidate layout',
  ScheduleStyleRecalculation: 'Schedule style recalculation',
  PrePaint: 'Pre-paint',
  HitTest: 'Hit test',
  ScrollLayer: 'Scroll',
  UpdateLayer: 'Update layer',
  UpdateLayerTree: 'Update layer tree',
  'IntersectionObserverController::computeIntersections': 'Compute intersections',
  // Painting
  PaintSetup: 'Paint setup',
  PaintImage: 'Paint image',
  Rasterize: 'Rasterize paint',
  RasterTask: 'Rasterize paint',
  ImageDecodeTask: 'Image decode',
  'Decode Image': 'Image decode',
  'Decode LazyPixelRef': 'Image decode',
  'Resize Image': 'Image resize',
  CompositeLayers: 'Composite layers',
  ActivateLayerTree: 'Activate layer tree',
  GPUTask: 'GPU',
};

/** `Recalculate style` for `UpdateLayoutTree`. */
export function titleOfEvent(name: string): string {
  return Object.hasOwn(TITLES, name) ? TITLES[name] : name;
}

/** What a JavaScript function without a name is called. */
export const ANONYMOUS = '(anonymous)';
