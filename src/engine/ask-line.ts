/**
 * Numbered asks over one worker: who waits for which answer, who no longer does, and what a crash means for them.
 * In: asks. Out: their results; a bug in the worker rejects (the one reporter shows it).
 */
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { PartGatherer } from './answer-parts.ts';
import type { OpenOptions, OpenProgress } from './contract.ts';
import type { DocumentSource } from './document-questions.ts';
import type { Answer, AskKind, ClientMessage, HostMessage } from './protocol.ts';

/** What is needed of a worker; a Worker has it. */
export interface WorkerPort {
  postMessage(message: ClientMessage): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Whoever asks these is to close what they open. */
const OPENING: ReadonlySet<AskKind> = new Set(['open', 'openDocument', 'practise']);

interface Waiting {
  readonly subject: string;
  readonly finish: (result: Result<Answer>) => void;
  readonly reject: (bug: Error) => void;
  readonly onProgress: ((progress: OpenProgress) => void) | undefined;
  readonly parts: PartGatherer;
}

export class AskLine {
  readonly #worker: WorkerPort;
  readonly #onCrash: (detail: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  /** Asks to open that were cancelled: should they have succeeded all the same, nobody would close them. */
  readonly #abandonedOpens = new Set<number>();
  #lastAsk = 0;
  /** Why nothing is answered any more. */
  #ended: string | null = null;

  constructor(worker: WorkerPort, onCrash: (detail: string) => void) {
    this.#worker = worker;
    this.#onCrash = onCrash;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#crash(event.message || 'The worker stopped.');
    worker.onmessageerror = () => this.#crash('An answer could not be read.');
  }

  /** `options`: as the question takes them. */
  ask(
    kind: AskKind,
    args: readonly unknown[],
    { signal, onProgress, ...options }: OpenOptions = {},
  ): Promise<Result<Answer>> {
    const subject = subjectOf(kind, args);
    if (this.#ended !== null) return Promise.resolve(fail(crashed(subject, this.#ended)));
    const cancelled = fail<Answer>(makeFailure('cancelled', { subject: `Opening ${subject}` }));
    const ask = ++this.#lastAsk;
    return new Promise<Result<Answer>>((resolve, reject) => {
      if (signal?.aborted === true) {
        resolve(cancelled);
        return;
      }
      const cancel = (): void => {
        this.#waiting.delete(ask);
        if (OPENING.has(kind)) this.#abandonedOpens.add(ask);
        this.#worker.postMessage({ type: 'cancel', ask });
        resolve(cancelled);
      };
      const finish = (answer: Result<Answer>): void => {
        signal?.removeEventListener('abort', cancel);
        resolve(answer);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(ask, { subject, finish, reject, onProgress, parts: new PartGatherer() });
      this.#worker.postMessage({ type: 'ask', ask, kind, args, options });
    });
  }

  /** Stops the worker; whoever still waits is answered. */
  end(detail: string): void {
    this.#ended ??= detail;
    this.#worker.terminate();
    for (const { subject, finish } of this.#waiting.values()) finish(fail(crashed(subject, detail)));
    this.#waiting.clear();
    this.#abandonedOpens.clear();
  }

  #receive(message: HostMessage): void {
    const waiting = this.#waiting.get(message.ask);
    if (message.type === 'progress') {
      waiting?.onProgress?.(message.progress);
      return;
    }
    if (message.type === 'part') {
      waiting?.parts.take(message.part);
      return;
    }
    this.#waiting.delete(message.ask);
    if (message.type === 'bug') {
      this.#abandonedOpens.delete(message.ask);
      waiting?.reject(Object.assign(new Error(message.message), { stack: message.stack }));
      return;
    }
    const { result } = message;
    if (waiting !== undefined)
      waiting.finish(result.ok ? succeed(waiting.parts.complete(result.value)) : result);
    else if (this.#abandonedOpens.delete(message.ask)) this.#closeAbandoned(message.result);
  }

  #closeAbandoned(result: Result<Answer>): void {
    if (!result.ok || typeof result.value !== 'object' || result.value === null) return;
    if ('open' in result.value) void this.ask('close', [result.value.open]);
    else if ('opened' in result.value) void this.ask('close', [result.value.opened.open]);
  }

  #crash(detail: string): void {
    if (this.#ended !== null) return;
    this.end(detail);
    this.#onCrash(detail);
  }
}

const crashed = (subject: string, detail: string): Failure =>
  makeFailure('engine-crashed', { subject, detail });

/** What failures call it. */
function subjectOf(kind: AskKind, [first]: readonly unknown[]): string {
  if (kind !== 'open' && kind !== 'openDocument') return 'the recording';
  const source = first as DocumentSource;
  return source.kind === 'library' ? 'the recording' : source.name;
}
