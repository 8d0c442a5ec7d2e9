/**
 * The page of a recording that was made of it as it stood: its trace holds no navigation, and of the tab's own processes
 * alone, so that nothing in it names the page's main thread. The recorder knows which page it was.
 * In: what the trace says of its page, the tables, the recorded page's address. Out: the same where the trace names a page;
 * else the renderer's main thread that did most in it, without a page window, for the load was before. Refuses nothing.
 */
import { THREAD_ROLES, type TraceTables } from '../trace/index.ts';
import type { PageLoad } from './contract.ts';

export function withStandingPage(page: PageLoad, { threads }: TraceTables, url: string): PageLoad {
  if (page.mainThread >= 0) return page;
  const main = THREAD_ROLES.indexOf('main');
  let mainThread = -1;
  let most = 0;
  for (let row = 0; row < threads.length; row++) {
    const slices = threads.endSlice[row] - threads.firstSlice[row];
    if (threads.role[row] !== main || slices <= most) continue;
    most = slices;
    mainThread = row;
  }
  if (mainThread < 0) return page;
  const pid = threads.pid[mainThread];
  const onMainFrame = new Set<number>();
  for (let row = 0; row < threads.length; row++) if (threads.pid[row] === pid) onMainFrame.add(row);
  return { ...page, mainThread, url, onMainFrame, urlOfProcess: new Map([...page.urlOfProcess, [pid, url]]) };
}
