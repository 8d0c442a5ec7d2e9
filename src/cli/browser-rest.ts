/**
 * Waits until a browser that has just been started is at rest. What it still does then it would do beside the load that is
 * to be measured: right after its start a load kept the page's main thread busy half as long again (docs/benchmarks.md).
 * In: a browser. Out: a promise; on a machine that never rests it resolves after {@link LIMIT_MILLIS}.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright';

/** Between two looks at the processor time of all its processes. */
const LOOK_MILLIS = 100;
/** Less processor time than this between two looks is rest. */
const REST_SECONDS = 0.02;
/** So many times in a row: between two steps of its start it rests, too. */
const RESTS = 3;
const LIMIT_MILLIS = 5_000;

/** `isOver`: nobody wants the browser any more. */
export async function waitForRest(browser: Browser, isOver: () => boolean): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const processorTime = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const end = Date.now() + LIMIT_MILLIS;
  let before = await processorTime();
  for (let rests = 0; rests < RESTS && Date.now() < end && !isOver(); ) {
    await wait(LOOK_MILLIS);
    const now = await processorTime();
    rests = now - before < REST_SECONDS ? rests + 1 : 0;
    before = now;
  }
  await session.detach();
}
