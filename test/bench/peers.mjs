/**
 * The peers as they are published: from a parsed trace to what each of them makes of it.
 * In: trace events (DevTools' engine, Lighthouse) or a file's bytes (speedscope). Out: a count of what was found.
 * The packages are loaded by name only here and only when asked for: they are installed by the bench alone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/**
 * speedscope's importer: JS samples only. Its package holds the app as one minified file; everything from where the
 * app itself begins is cut off, and the importer taken out.
 */
export function loadSpeedscope() {
  const folder = join(dirname(require.resolve('speedscope/package.json')), 'dist/release');
  const name = readdirSync(folder).find((file) => /^speedscope-.*\.js$/.test(file)) ?? '';
  const text = readFileSync(join(folder, name), 'utf8');
  const importer = [
    ...text.matchAll(/var [\w$]+=Promise\.resolve\(\)\.then\((\(\)=>\([\w$]+\(\),[\w$]+\))\);/g),
  ];
  if (importer.length !== 1) throw new Error(`${name}: the importer is not where it was in speedscope 1.25`);
  const nothing = () => undefined;
  Object.assign(globalThis, {
    window: { location: { hash: '', protocol: 'file:' }, addEventListener: nothing },
    matchMedia: () => ({ matches: false, addEventListener: nothing, addListener: nothing }),
    document: { createElement: () => ({ getContext: () => null, style: {} }), addEventListener: nothing },
  });
  const script = `${text.slice(0, importer[0].index)}globalThis.speedscopeImporter=${importer[0][1]};})();`;
  new Function(script)();
  return /** @type {any} */ (globalThis).speedscopeImporter();
}
