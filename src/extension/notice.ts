/**
 * The page of both notices (public/notice.html): beside the toolbar button, and while Chrome is waited for.
 * In: what the service worker says, at every change. Out: its words, as text, and two buttons where a recording can be
 * stopped. Closes when there is nothing more to say, and when the service worker is gone.
 */
import browser from 'webextension-polyfill';
import { ensure } from '../base/index.ts';
import { NOTICE_PORT, type Notice, type NoticeMessage, WAIT_PAGE } from './messages.ts';

const port = browser.runtime.connect({ name: NOTICE_PORT });

function find(id: string): HTMLElement {
  return ensure(document.getElementById(id), `notice.html has no #${id}`);
}

function show(notice: Notice | null): void {
  if (notice === null) {
    window.close();
    return;
  }
  find('heading').textContent = notice.heading;
  find('text').textContent = notice.text;
  const isNew = find('buttons').hidden && notice.offersStop;
  find('buttons').hidden = !notice.offersStop;
  if (isNew) find('stop').focus();
}

function send(message: NoticeMessage): void {
  port.postMessage(message);
}

function sendAndClose(message: NoticeMessage): void {
  send(message);
  window.close();
}

port.onMessage.addListener((notice) => show(notice as Notice | null));
port.onDisconnect.addListener(() => window.close());
find('stop').addEventListener('click', () => sendAndClose({ type: 'stop' }));
find('show-tab').addEventListener('click', () => sendAndClose({ type: 'show-tab' }));
send({ type: 'hello', waits: location.href === browser.runtime.getURL(WAIT_PAGE) });
