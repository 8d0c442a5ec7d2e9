/**
 * The worker's side of the conversation: takes asks from a port, lets the engine answer, posts what it says.
 * In: an engine and a port. Out: one answer (or bug) per ask, the parts of its long lists before it; progress in between: as often as an eye sees it move, not
 * as often as there is some, because the other side paints at each word. Refuses nothing.
 */
import { assert, type Millis, type Result, type Steps, succeed, takeTurns } from '../base/index.ts';
import { type ListPart, takeApart } from './answer-parts.ts';
import type { EngineApi, OpenOptions, OpenProgress } from './contract.ts';
import {
  type Answer,
  type AskMessage,
  type ClientMessage,
  type HostMessage,
  QUESTIONS,
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
      const onProgress = (progress: OpenProgress): void => {
        if (now() - toldAt < PROGRESS_MILLIS) return;
        toldAt = now();
        port.postMessage({ type: 'progress', ask, progress }, []);
      };
      const result = await askEngine(engine, message, { signal: controller.signal, onProgress });
      if (!result.ok) return port.postMessage({ type: 'answer', ask, result }, []);
      const { bare, parts } = takeApart(result.value);
      if (parts.length > 0) await takeTurns(sendParts(ask, parts), { signal: controller.signal });
      port.postMessage({ type: 'answer', ask, result: succeed(bare) }, transferablesOf(bare));
    } catch (error) {
      const bug = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ type: 'bug', ask, message: bug.message, stack: bug.stack ?? '' }, []);
    } finally {
      running.delete(ask);
    }
  };

  function* sendParts(ask: number, parts: readonly ListPart[]): Steps<readonly ListPart[]> {
    for (const part of parts) {
      port.postMessage({ type: 'part', ask, part }, []);
      yield;
    }
    return parts;
  }

  port.onmessage = ({ data }) => {
    if (data.type === 'cancel') running.get(data.ask)?.abort();
    else void answer(data);
  };
}

function askEngine(
  engine: EngineApi,
  { kind, args, options }: AskMessage,
  { signal, onProgress }: OpenOptions,
): Promise<Result<Answer>> {
  assert(
    Object.hasOwn(QUESTIONS, kind) && args.length === QUESTIONS[kind],
    `${kind} is asked with its arguments`,
  );
  // The client asks each kind with that kind's own arguments: its methods are the engine's (client.ts).
  const answer = engine[kind] as (...args: readonly unknown[]) => Promise<Result<Answer>>;
  return answer.call(engine, ...args, { ...options, signal, onProgress });
}
