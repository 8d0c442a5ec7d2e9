/**
 * How a browser names itself, asked as a page asks: the protocol calls all of its family `Chrome`.
 * In: a browser. Out: `Chromium/156.0.8078.79`, as the extension's recordings have it (recording/browser-name.ts); what the
 * protocol says where it cannot be asked, does not answer for {@link LIMIT_MILLIS}, or nobody wants it any more. It is asked
 * in a page of its own, which is closed again and goes nowhere.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { BRAND_HINTS, nameOfBrowser } from '../recording/index.ts';

/** Only a secure origin may ask. Nobody has this one (RFC 6761), and it is answered here. */
const ORIGIN = 'https://pageflame.invalid/';
const QUESTION = `navigator.userAgentData?.getHighEntropyValues(${JSON.stringify(BRAND_HINTS)})`;

const LIMIT_MILLIS = 5_000;
/** Between two looks at whether anybody still waits. */
const LOOK_MILLIS = 100;

type Asked = Pick<Browser, 'newContext' | 'version'>;

/** `isOver`: nobody wants the browser any more. */
export async function askBrowserName(browser: Asked, isOver: () => boolean): Promise<string> {
  let answer: string | null | undefined;
  // A recording is worth more than the name of its browser.
  const asking = ask(browser).catch(() => null);
  const answered = asking.then((name) => {
    answer = name;
  });
  const end = Date.now() + LIMIT_MILLIS;
  while (answer === undefined && Date.now() < end && !isOver())
    await Promise.race([answered, wait(LOOK_MILLIS)]);
  return answer ?? `Chrome/${browser.version()}`;
}

async function ask(browser: Asked): Promise<string | null> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(ORIGIN);
    return nameOfBrowser(await page.evaluate(QUESTION));
  } finally {
    await context.close();
  }
}
