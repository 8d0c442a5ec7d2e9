/**
 * Threads → tracks: what they are called and in which order they stand.
 * In: the trace tables and what is known of the page. Out: thread rows in order of showing, and a title for each.
 */
import { type PageLoad, urlsOfWorkers } from '../analysis/index.ts';
import { stringIndex } from '../base/index.ts';
import { SLICE_JS_CALL, THREAD_ROLES, type ThreadRole, type TraceTables } from '../trace/index.ts';

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

/**
 * Per thread row what it is called: `Main — https://shop.example/cart`, `Frame — https://ads.example/`, `Compositor`,
 * `Worker — https://shop.example/worker.js`, `Chrome_IOThread`. Several of one title are numbered in order of showing.
 * A tab's own session hears of a cross-site frame's process when its document is there already: what tells such a frame
 * apart is what it runs, `Frame — runs https://ads.example/tag.js`.
 */
export function titleThreads(tables: TraceTables, page: PageLoad): string[] {
  const workers = urlsOfWorkers(tables);
  const order = orderThreads(tables, page);
  const titles: string[] = [];
  for (const thread of order) titles[thread] = titleOfThread(tables, page, thread, workers);
  const counts = new Map<string, number>();
  for (const title of titles) counts.set(title, (counts.get(title) ?? 0) + 1);
  const numbers = new Map<string, number>();
  for (const thread of order) {
    const title = titles[thread];
    if ((counts.get(title) ?? 0) < 2) continue;
    const number = (numbers.get(title) ?? 0) + 1;
    numbers.set(title, number);
    titles[thread] = `${title} ${number}`;
  }
  return titles;
}

function titleOfThread(
  tables: TraceTables,
  page: PageLoad,
  thread: number,
  workers: ReadonlyMap<string, string>,
): string {
  const { pid, tid, name } = tables.threads;
  const role = roleOfThread(tables, thread);
  if (role === 'main') return titleOfMain(tables, page, thread);
  const title = ROLE_TITLES[role];
  const worker = workers.get(`${pid[thread]}:${tid[thread]}`) ?? '';
  if (title !== undefined) return worker === '' ? title : `${title} — ${worker}`;
  return tables.strings.get(name[thread]) || `Thread ${tid[thread]}`;
}

function titleOfMain(tables: TraceTables, page: PageLoad, thread: number): string {
  const isPage = thread === page.mainThread;
  const pid = tables.threads.pid[thread];
  const known = page.urlOfProcess.get(pid) ?? '';
  const url = known === '' && isPage ? page.url : known;
  if (url !== '') return `${isPage || page.onMainFrame.has(thread) ? 'Main' : 'Frame'} — ${url}`;
  if (isPage) return 'Main';
  const script = page.mainThread < 0 ? '' : scriptOfThread(tables, thread);
  return script === '' ? `Main of process ${pid}` : `Frame — runs ${script}`;
}

/** The script that is called most by the browser itself, which is what stands outermost; '' where none has an address. */
function scriptOfThread({ threads, slices, stacks, frames, strings }: TraceTables, thread: number): string {
  const calls = new Map<number, number>();
  for (let slice = threads.firstSlice[thread]; slice < threads.endSlice[thread]; slice++) {
    const parent = slices.parent[slice];
    const isOutermost = parent < 0 || (slices.flags[parent] & SLICE_JS_CALL) === 0;
    if (!isOutermost || (slices.flags[slice] & SLICE_JS_CALL) === 0) continue;
    const url = frames.url[stacks.frame[slices.detail[slice]]];
    calls.set(url, (calls.get(url) ?? 0) + 1);
  }
  const byCalls = [...calls].sort((one, other) => other[1] - one[1]);
  const texts = byCalls.map(([url]) => strings.get(stringIndex(url)));
  return texts.find((url) => /^(https?|file|blob):/.test(url)) ?? '';
}
