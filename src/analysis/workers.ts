/**
 * Which script a worker's thread runs.
 * In: trace tables (`TracingSessionIdForWorker`). Out: its URL, by `pid:tid`.
 */
import type { TraceTables } from '../trace/index.ts';
import { dataOf, number, text } from './arguments.ts';

/** `pid:tid` → script, as TracingSessionIdForWorker tells it. */
export function urlsOfWorkers(tables: TraceTables): Map<string, string> {
  const urls = new Map<string, string>();
  for (const mark of tables.marks) {
    if (mark.name !== 'TracingSessionIdForWorker') continue;
    const data = dataOf(mark);
    const tid = number(data, 'workerThreadId');
    const url = text(data, 'url');
    if (tid !== undefined && url !== undefined) urls.set(`${mark.pid}:${tid}`, url);
  }
  return urls;
}
