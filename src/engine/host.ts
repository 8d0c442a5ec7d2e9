/**
 * The worker's side of the conversation: takes asks from a port, lets the engine answer, posts what it says.
 * In: an engine and a port. Out: one answer (or bug) per ask, progress in between: as often as an eye sees it move, not
 * as often as there is some, because the other side paints at each word. Refuses nothing.
 */
import type { Millis, Result } from '../base/index.ts';
import type { EngineApi } from './contract.ts';
import {
  type Answer,
  type AskMessage,
  type ClientMessage,
  type HostMessage,
  transferablesOf,
} from './protocol.ts';

/** What both a worker's own scope and a MessagePort can do. */
export interface HostPort {
  postMessage(message: HostMessage, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ClientMessage>) => void) | null;
}

const PROGRESS_MILLIS: Millis = 50;

/** `now`: milliseconds of a clock that only goes forward. */
export function hostEngine(
  engine: EngineApi,
  port: HostPort,
  now: () => Millis = () => performance.now(),
): void {
  const running = new Map<number, AbortController>();

  const answer = async (message: AskMessage): Promise<void> => {
    const { ask } = message;
    const controller = new AbortController();
    running.set(ask, controller);
    let toldAt = Number.NEGATIVE_INFINITY;
    try {
      const result = await askEngine(engine, message, controller.signal, (progress) => {
        if (now() - toldAt < PROGRESS_MILLIS) return;
        toldAt = now();
        port.postMessage({ type: 'progress', ask, progress }, []);
      });
      port.postMessage({ type: 'answer', ask, result }, result.ok ? transferablesOf(result.value) : []);
    } catch (error) {
      const bug = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ type: 'bug', ask, message: bug.message, stack: bug.stack ?? '' }, []);
    } finally {
      running.delete(ask);
    }
  };

  port.onmessage = ({ data }) => {
    if (data.type === 'cancel') running.get(data.ask)?.abort();
    else void answer(data);
  };
}

function askEngine(
  engine: EngineApi,
  message: AskMessage,
  signal: AbortSignal,
  onProgress: (progress: { readBytes: number; totalBytes: number | null }) => void,
): Promise<Result<Answer>> {
  switch (message.kind) {
    case 'open':
      return engine.open(message.question, { signal, onProgress });
    case 'chart':
      return engine.chart(message.question.open, {
        signal,
        hidden: message.question.hidden,
        ignored: message.question.ignored,
      });
    case 'search':
      return engine.search(message.question.open, message.question.query, { signal });
    case 'match':
      return engine.match(message.question.texts, message.question.query, { signal });
    case 'tree':
      return engine.tree(message.question.open, message.question.about, { signal });
    case 'graph':
      return engine.graph(message.question.open, message.question.about, { signal });
    case 'occurrences':
      return engine.occurrences(message.question.open, message.question.about, { signal });
    case 'events':
      return engine.events(message.question.open, message.question.about, { signal });
    case 'overview':
      return engine.overview(message.question.open, message.question.about, { signal });
    case 'breakdown':
      return engine.breakdown(message.question.open, message.question.about, { signal });
    case 'insights':
      return engine.insights(message.question.open, { signal });
    case 'details':
      return engine.details(message.question.open, message.question.slice, { signal });
    case 'arguments':
      return engine.arguments(message.question.open, message.question.slice, { signal });
    case 'picture':
      return engine.picture(message.question.open, message.question.picture, { signal });
    case 'traceFile':
      return engine.traceFile(message.question.open, message.question.about, { signal, onProgress });
    case 'previewTraceFile':
      return engine.previewTraceFile(message.question.open, { signal, onProgress });
    case 'cargo':
      return engine.cargo(message.question.open, message.question.facts, { signal });
    case 'tracing':
      return engine.tracing(message.question.open, message.question.slice, { signal });
    case 'served':
      return engine.served(message.question.open, { signal });
    case 'showServerSpans':
      return engine.showServerSpans(message.question.open, message.question.spans);
    case 'marks':
      return engine.marks(message.question.open, { signal });
    case 'anchor':
      return engine.anchor(message.question.open, message.question.slice, { signal });
    case 'resolve':
      return engine.resolve(message.question.open, message.question.anchors, { signal });
    case 'openDocument':
      return engine.openDocument(message.question, { signal, onProgress });
    case 'compare':
      return engine.compare(message.question, { signal });
    case 'compareGraph':
      return engine.compareGraph(message.question, { signal });
    case 'profileFile':
      return engine.profileFile(message.question.open, message.question.about, { signal });
    case 'sourceText':
      return engine.sourceText(message.question.open, message.question.place, { signal });
    case 'sourceTimes':
      return engine.sourceTimes(message.question.open, message.question.about, { signal });
    case 'mapScript':
      return engine.mapScript(message.question.open, message.question.about, { signal });
    case 'giveText':
      return engine.giveText(message.question.open, message.question.about, { signal });
    case 'close':
      return engine.close(message.question.open);
    case 'warmUp':
      return engine.warmUp();
  }
}
