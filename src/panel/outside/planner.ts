/**
 * Puts together what would be sent, beside the page: it goes on answering. In: a question, whose columns go there for good.
 * Out: the answer; `cancelled` where the signal comes first, and then the worker is ended in the middle of it.
 */
import type { PreparedShipment, PrepareQuestion } from '../../backends/index.ts';
import { fail, makeFailure, type Result } from '../../base/index.ts';

export function prepareInWorker(
  question: PrepareQuestion,
  signal: AbortSignal,
): Promise<Result<PreparedShipment>> {
  const subject = question.cargo.name;
  if (signal.aborted) return Promise.resolve(fail(makeFailure('cancelled', { subject })));
  const worker = new Worker(new URL('./planning-worker.ts', import.meta.url), {
    type: 'module',
    name: 'pageflame-planner',
  });
  return new Promise<Result<PreparedShipment>>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(fail(makeFailure('cancelled', { subject }))), {
      once: true,
    });
    worker.onmessage = ({ data }: MessageEvent<Result<PreparedShipment>>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(`Pageflame bug: the planner broke: ${message}`));
    worker.postMessage(question, buffersOf(question));
  }).finally(() => worker.terminate());
}

/** Columns move instead of being copied; nobody else has them. */
function buffersOf({ cargo }: PrepareQuestion): ArrayBuffer[] {
  const buffers = cargo.profiles.flatMap(({ frames, stacks, samples }) =>
    [frames, stacks, samples].flatMap((table) =>
      Object.values(table).flatMap((column: unknown) =>
        ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
      ),
    ),
  );
  return [...new Set(buffers)];
}
