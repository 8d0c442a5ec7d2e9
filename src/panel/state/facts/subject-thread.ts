/**
 * The thread that a trace is summed up by: the page's main thread; where the trace has no page, the thread that holds most.
 * In: what is told of an open trace. Out: its summary; null where no thread has anything.
 */
import type { OpenedRecording, ThreadSummary } from '../../../engine/client.ts';

export function subjectThread({
  mainThread,
  threads,
}: Pick<OpenedRecording, 'mainThread' | 'threads'>): ThreadSummary | null {
  const main = threads.find(({ thread }) => thread === mainThread);
  if (main !== undefined) return main;
  const held = ({ slices, samples }: ThreadSummary): number => slices + samples;
  const [first = null] = [...threads].sort((one, other) => held(other) - held(one));
  return first !== null && held(first) > 0 ? first : null;
}
