/**
 * The service worker's side of the notice beside the toolbar button: opens it, tells it what to say, does what its
 * buttons ask. In: the state, ports of notices. Out: words.
 */
import browser, { type Runtime } from 'webextension-polyfill';
import type { Notice, NoticeMessage, RecorderState } from './messages.ts';
import type { Toolbar } from './toolbar.ts';
import { noticeOf } from './toolbar-words.ts';

export interface NoticeDoors {
  readonly toolbar: Toolbar;
  readonly ready: Promise<void>;
  state(): RecorderState;
  stop(): void;
  /** The notice was closed: what it said has been read. */
  read(): void;
}

export class NoticeDesk {
  readonly #doors: NoticeDoors;

  constructor(doors: NoticeDoors) {
    this.#doors = doors;
  }

  async open(tabId: number): Promise<void> {
    const tab = await browser.tabs.get(tabId).catch(() => null);
    const window = tab?.windowId ?? (await browser.windows.getLastFocused()).id;
    if (window !== undefined) await this.#doors.toolbar.openNotice({ id: tabId, windowId: window });
  }

  connect(port: Runtime.Port): void {
    port.onMessage.addListener((message) => {
      void this.#doors.ready.then(() => this.#take(message as NoticeMessage));
    });
    port.onDisconnect.addListener(() => this.#doors.read());
    void this.#doors.ready.then(() => {
      const notice: Notice = noticeOf(this.#doors.state(), Date.now());
      port.postMessage(notice);
    });
  }

  async #take(message: NoticeMessage): Promise<void> {
    if (message.type === 'stop') {
      this.#doors.stop();
      return;
    }
    const { tabId } = this.#doors.state();
    if (tabId === null) return;
    const tab = await browser.tabs.update(tabId, { active: true });
    if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  }
}
