/**
 * The service worker's side of the notices: opens the one beside the toolbar button, tells them what to say, does what
 * their buttons ask. In: the state at every change, ports of notices. Out: words.
 */
import browser, { type Runtime } from 'webextension-polyfill';
import type { Notice, NoticeMessage, RecorderState } from './messages.ts';
import type { Toolbar } from './toolbar.ts';
import { noticeOf, waitNoticeOf } from './toolbar-words.ts';

export interface NoticeDoors {
  readonly toolbar: Toolbar;
  readonly ready: Promise<void>;
  state(): RecorderState;
  stop(): void;
  /** The notice beside the button was closed: what it said has been read. */
  read(): void;
}

export class NoticeDesk {
  readonly #doors: NoticeDoors;
  /** Each port's notice; null until it has said hello. */
  readonly #ports = new Map<Runtime.Port, 'button' | 'wait' | null>();

  constructor(doors: NoticeDoors) {
    this.#doors = doors;
  }

  async open(tabId: number): Promise<void> {
    const tab = await browser.tabs.get(tabId).catch(() => null);
    const window = tab?.windowId ?? (await browser.windows.getLastFocused()).id;
    if (window !== undefined) await this.#doors.toolbar.openNotice({ id: tabId, windowId: window });
  }

  connect(port: Runtime.Port): void {
    this.#ports.set(port, null);
    port.onMessage.addListener((message) => {
      void this.#doors.ready.then(() => this.#take(port, message as NoticeMessage));
    });
    port.onDisconnect.addListener(() => {
      const kind = this.#ports.get(port);
      this.#ports.delete(port);
      if (kind === 'button') this.#doors.read();
    });
  }

  /** The state has changed. */
  update(): void {
    for (const port of this.#ports.keys()) this.#tell(port);
  }

  #tell(port: Runtime.Port): void {
    const kind = this.#ports.get(port);
    const state = this.#doors.state();
    const notice: Notice | null = kind === 'wait' ? waitNoticeOf(state) : noticeOf(state, Date.now());
    if (!kind) return;
    try {
      port.postMessage(notice);
    } catch {
      // It has just been closed, and the word of that is on its way.
    }
  }

  async #take(port: Runtime.Port, message: NoticeMessage): Promise<void> {
    switch (message.type) {
      case 'hello':
        this.#ports.set(port, message.waits ? 'wait' : 'button');
        this.#tell(port);
        break;
      case 'stop':
        this.#doors.stop();
        break;
      case 'show-tab':
        await this.#showTab();
        break;
    }
  }

  async #showTab(): Promise<void> {
    const { tabId } = this.#doors.state();
    if (tabId === null) return;
    const tab = await browser.tabs.update(tabId, { active: true });
    if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  }
}
