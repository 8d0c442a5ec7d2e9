/**
 * Shows a recording that has ended: in the Pageflame panel that is open on its tab (it follows the state by itself),
 * else in a viewer page beside that tab. In: the recording's id, its tab. Out: at most one new tab.
 */
import browser from 'webextension-polyfill';
import type { RecordingId } from '../recording/index.ts';

const VIEWER_PAGE = 'viewer.html';

export async function showInViewer(id: RecordingId, tabId: number): Promise<void> {
  const url = browser.runtime.getURL(`${VIEWER_PAGE}?recording=${encodeURIComponent(id)}`);
  // The tab may be gone: then the viewer comes last in the window in front.
  const tab = await browser.tabs.get(tabId).catch(() => null);
  const place = tab?.windowId === undefined ? {} : { index: tab.index + 1, windowId: tab.windowId };
  await browser.tabs.create({ url, active: true, ...place });
}
