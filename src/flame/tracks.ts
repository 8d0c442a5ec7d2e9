/**
 * Threads → tracks: what they are called and in which order they stand.
 * In: the trace tables and what is known of the page. Out: thread rows in order of showing, and a title for each.
 */
import type { PageLoad } from '../analysis/index.ts';
import { THREAD_ROLES, type ThreadRole, type TraceTables } from '../trace/index.ts';

/** Order of showing; the page's own main thread stands above all. */
const ROLE_ORDER: readonly ThreadRole[] = [
  'main',
  'worker',
  'service-worker',
  'compositor',
  'raster',
  'pool',
  'gpu',
  'browser',
  'io',
  'other',
  'profiler',
];

const ROLE_TITLES: Readonly<Partial<Record<ThreadRole, string>>> = {
  worker: 'Worker',
  'service-worker': 'Service worker',
  compositor: 'Compositor',
  raster: 'Raster',
  pool: 'Thread pool',
  gpu: 'GPU',
  browser: 'Browser main',
};

export function roleOfThread(tables: TraceTables, thread: number): ThreadRole {
  return THREAD_ROLES[tables.threads.role[thread]];
}

/** Thread rows: the page's main thread, threads of the page's frame, then by role; ties by process and thread id. */
export function orderThreads(tables: TraceTables, page: PageLoad): number[] {
  const { threads } = tables;
  const rank = (thread: number): number => {
    if (thread === page.mainThread) return -1;
    const role = ROLE_ORDER.indexOf(roleOfThread(tables, thread));
    return role * 2 + (page.onMainFrame.has(thread) ? 0 : 1);
  };
  return Array.from({ length: threads.length }, (_, thread) => thread).sort(
    (one, other) =>
      rank(one) - rank(other) ||
      threads.pid[one] - threads.pid[other] ||
      threads.tid[one] - threads.tid[other],
  );
}

/** `Main — https://shop.example/cart`, `Frame — https://ads.example/`, `Compositor`, `Chrome_IOThread`. */
export function titleOfThread(tables: TraceTables, page: PageLoad, thread: number): string {
  const { threads, strings } = tables;
  const name = strings.get(threads.name[thread]);
  const role = roleOfThread(tables, thread);
  const title = ROLE_TITLES[role];
  if (title !== undefined) return title;
  if (role !== 'main') return name === '' ? `Thread ${threads.tid[thread]}` : name;
  const url = page.urlOfProcess.get(threads.pid[thread]) ?? '';
  const isPage = thread === page.mainThread || page.onMainFrame.has(thread);
  const kind = isPage ? 'Main' : 'Frame';
  const where = url === '' && thread === page.mainThread ? page.url : url;
  if (where === '') return thread === page.mainThread ? 'Main' : `Main of process ${threads.pid[thread]}`;
  return `${kind} — ${where}`;
}
