/**
 * The peers as they are published: from a parsed trace to what each of them makes of it.
 * In: trace events. Out: a count of what was found. (speedscope: test/builders/speedscope-importer.mjs.)
 * The packages are loaded by name only here and only when asked for: they are installed by the bench alone.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const load = (/** @type {string} */ file) => import(pathToFileURL(require.resolve(file)).href);

/**
 * What Chrome's Performance panel runs on a trace: all handlers, insights.
 * @param {{ traceEvents: Record<string, any>[], metadata: object }} trace
 */
export async function runDevToolsEngine(trace) {
  // The engine was written for a page.
  const rect = class {
    constructor(x = 0, y = 0, width = 0, height = 0) {
      Object.assign(this, { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height });
    }
    /** @param {{ x: number, y: number, width: number, height: number }} from */
    static fromRect({ x, y, width, height }) {
      return new rect(x, y, width, height);
    }
  };
  Object.assign(globalThis, { DOMRect: rect });
  const engine = await load('@paulirish/trace_engine');
  const begin = performance.now();
  const model = engine.TraceModel.Model.createWithAllHandlers();
  await model.parse(trace.traceEvents, { metadata: trace.metadata, isFreshRecording: false });
  const parsed = model.parsedTrace();
  if (parsed === null || parsed === undefined) throw new Error("DevTools' engine gave nothing");
  return { millis: performance.now() - begin, found: (parsed.data ?? parsed).Renderer.entryToNode.size };
}

/**
 * Lighthouse: the main thread's tasks, with their self times and groups.
 * @param {{ traceEvents: Record<string, any>[] }} trace
 */
export async function runLighthouse(trace) {
  const { TraceProcessor } = await load('lighthouse/core/lib/tracehouse/trace-processor.js');
  const { MainThreadTasks } = await load('lighthouse/core/lib/tracehouse/main-thread-tasks.js');
  const begin = performance.now();
  const { mainThreadEvents, frames, timestamps } = TraceProcessor.processTrace(trace);
  const tasks = MainThreadTasks.getMainThreadTasks(
    mainThreadEvents,
    frames,
    timestamps.traceEnd,
    timestamps.timeOrigin,
  );
  return { millis: performance.now() - begin, found: tasks.length };
}
