/**
 * A small window that is there while Chrome does not hand over the trace of a browser that has just been started: it
 * says so, and its being loaded is what lets Chrome go on (see onStalled in capture/). It closes by itself.
 * In: that the trace is late. Out: at most one window.
 */
import browser from 'webextension-polyfill';
import { WAIT_PAGE } from './messages.ts';

const SIZE = { width: 380, height: 170 };

export async function openWaitWindow(): Promise<void> {
  const url = browser.runtime.getURL(WAIT_PAGE);
  // An earlier service worker may have opened it.
  const pages = await chrome.runtime.getContexts({ contextTypes: ['TAB'] });
  if (pages.some(({ documentUrl }) => documentUrl === url)) return;
  await browser.windows.create({ url, type: 'popup', focused: false, ...SIZE });
}
