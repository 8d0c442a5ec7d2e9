/**
 * How a browser names itself, asked as a page asks: the protocol calls all of its family `Chrome`.
 * In: a browser. Out: `Chromium/156.0.8078.79`, as the extension's recordings have it (recording/browser-name.ts). It is asked
 * in a page of its own, which is closed again and goes nowhere.
 */
import type { Browser } from 'playwright';
import { BRAND_HINTS, nameOfBrowser } from '../recording/index.ts';

/** Only a secure origin may ask. Nobody has this one (RFC 6761), and it is answered here. */
const ORIGIN = 'https://pageflame.invalid/';
const QUESTION = `navigator.userAgentData?.getHighEntropyValues(${JSON.stringify(BRAND_HINTS)})`;

export async function askBrowserName(browser: Browser): Promise<string> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(ORIGIN);
    return nameOfBrowser(await page.evaluate(QUESTION)) ?? `Chrome/${browser.version()}`;
  } finally {
    await context.close();
  }
}
