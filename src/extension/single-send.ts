/**
 * Keeps Chrome from sending a request twice by itself. Where a connection that has been used before breaks off without an
 * answer, Chrome sends the request once more on a new one, POSTs too, and tells nobody (measured on Chromium 156): a profile
 * whose answer was lost would be counted twice by a backend. A connection that is closed after each answer is never used
 * before, so this sets `Connection: close` on what our own pages send, which `fetch` may not.
 * It holds until the browser or the extension ends; HTTP/2 knows no such header, and Chrome leaves it out there.
 */
import browser from 'webextension-polyfill';

const RULE = 1;

export async function sendOnNewConnections(): Promise<void> {
  await chrome.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [RULE],
    addRules: [
      {
        id: RULE,
        action: {
          type: 'modifyHeaders',
          requestHeaders: [{ header: 'connection', operation: 'set', value: 'close' }],
        },
        condition: {
          initiatorDomains: [browser.runtime.id],
          requestMethods: ['post'],
          resourceTypes: ['xmlhttprequest'],
        },
      },
    ],
  });
}
