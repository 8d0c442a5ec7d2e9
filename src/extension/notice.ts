/**
 * The page of the notice beside the toolbar button (public/notice.html). In: one notice from the service worker. Out:
 * its words, as text, and two buttons where a recording can be stopped.
 */
import browser from 'webextension-polyfill';
import { ensure } from '../base/index.ts';
import { NOTICE_PORT, type Notice, type NoticeMessage } from './messages.ts';

const port = browser.runtime.connect({ name: NOTICE_PORT });

function find(id: string): HTMLElement {
  return ensure(document.getElementById(id), `notice.html has no #${id}`);
}

function show({ heading, text, offersStop }: Notice): void {
  find('heading').textContent = heading;
  find('text').textContent = text;
  find('buttons').hidden = !offersStop;
  if (offersStop) find('stop').focus();
}

function send(message: NoticeMessage): void {
  port.postMessage(message);
  window.close();
}

port.onMessage.addListener((notice) => show(notice as Notice));
find('stop').addEventListener('click', () => send({ type: 'stop' }));
find('show-tab').addEventListener('click', () => send({ type: 'show-tab' }));
