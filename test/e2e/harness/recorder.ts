/**
 * What tests of the recorder need beside the browser: a page of the extension that sees its storage while no service
 * worker runs, and a hand that kills the worker.
 * In: a TestBrowser. Out: the recorder's notes, tabs that are attached, the notice beside the button.
 */
import type { Page } from 'playwright';
import { poll } from '../../../scripts/browser.mjs';
import type { CapturePhase, RecorderNotes } from '../../../src/capture/index.ts';
import { PANEL_PORT } from '../../../src/extension/messages.ts';
import {
  type CaptureOptions,
  DEFAULT_CAPTURE_OPTIONS,
  type Recording,
} from '../../../src/recording/index.ts';
import type { TestBrowser } from './browser.ts';
import { listRecordings, readTraceBytes } from './library.ts';

export interface Remembered {
  readonly current: { readonly notes: RecorderNotes; readonly tabId: number } | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly lastHandle: number;
}

export class RecorderProbe {
  readonly #browser: TestBrowser;
  readonly #page: Page;

  private constructor(browser: TestBrowser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** Opens a page of the extension that does nothing itself, behind the page in front. */
  static async open(browser: TestBrowser): Promise<RecorderProbe> {
    const { context, extensionId } = browser.running;
    const front = browser.page;
    const page = await context.newPage();
    await page.goto(`chrome-extension://${extensionId}/notice.css`);
    await front.bringToFront();
    return new RecorderProbe(browser, page);
  }

  async remembered(): Promise<Remembered> {
    return this.#page.evaluate(async () => {
      const { recorder } = await chrome.storage.session.get('recorder');
      return {
        current: null,
        failure: null,
        lastHandle: 0,
        ...(recorder as Partial<Remembered> | undefined),
      };
    });
  }

  async recordings(): Promise<readonly Recording[]> {
    return listRecordings(this.#page);
  }

  /** The stored bytes of a recording's trace (gzip). */
  async traceOf({ id }: Recording): Promise<Buffer> {
    return readTraceBytes(this.#page, id);
  }

  /** Resolves as soon as the recorder has noted `phase`. */
  async reaches(phase: CapturePhase): Promise<void> {
    await this.#page.evaluate(
      (wanted) =>
        new Promise<void>((resolve) => {
          const look = async (): Promise<void> => {
            const { recorder } = await chrome.storage.session.get('recorder');
            if ((recorder as Remembered | undefined)?.current?.notes.phase === wanted) resolve();
            else setTimeout(look, 2);
          };
          void look();
        }),
      phase,
    );
  }

  /** Resolves when the document that the recorder asked for has come: until then it would end any other navigation. */
  async loadBegan(): Promise<void> {
    await poll('the load to begin', async () => (await this.remembered()).current?.notes.loadSeen || null);
  }

  /** Closes the tab whose address contains `part`, as its user does. */
  async closeTab(part: string): Promise<void> {
    await this.#page.evaluate(async (wanted) => {
      const targets = await chrome.debugger.getTargets();
      const tab = targets.find(({ tabId, url }) => tabId !== undefined && url.includes(wanted));
      if (tab?.tabId === undefined) throw new Error(`no tab shows ${wanted}`);
      await chrome.tabs.remove(tab.tabId);
    }, part);
  }

  /** Waits until `count` recordings have ended and nothing is remembered of them, and gives the newest. */
  async recorded(count = 1, seconds = 60): Promise<Recording> {
    return poll(
      `${count} recordings to end`,
      async () => {
        const ended = (await this.recordings()).filter((recording) => recording.state !== 'recording');
        const { current } = await this.remembered();
        return ended.length >= count && current === null ? ended[0] : null;
      },
      seconds,
    );
  }

  async failure(): Promise<NonNullable<Remembered['failure']>> {
    return poll('a failure', async () => (await this.remembered()).failure);
  }

  /** Addresses of tabs that the extension is still attached to. Lets go of them, to find out. */
  async attachedTabs(): Promise<readonly string[]> {
    return this.#page.evaluate(async () => {
      const attached: string[] = [];
      for (const { tabId, url } of await chrome.debugger.getTargets()) {
        if (tabId === undefined) continue;
        const wasOurs = await chrome.debugger.detach({ tabId }).then(
          () => true,
          () => false,
        );
        if (wasOurs) attached.push(url);
      }
      return attached;
    });
  }

  /** Ends the service worker as Chrome does when it likes. */
  async killWorker(): Promise<void> {
    const { browser, extensionId } = this.#browser.running;
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets');
    const worker = targetInfos.find(
      ({ type, url }) => type === 'service_worker' && url.includes(extensionId),
    );
    if (worker === undefined) throw new Error('no service worker runs');
    await session.send('Target.closeTarget', { targetId: worker.targetId });
    await session.detach();
  }

  /** Says `message` as a panel does that has just been opened on the page in front. */
  async say(message: 'stop' | 'cancel' | Partial<CaptureOptions>): Promise<void> {
    const options = { ...DEFAULT_CAPTURE_OPTIONS, ...(typeof message === 'string' ? {} : message) };
    await this.#page.evaluate(
      async ([type, wanted, name]) => {
        const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
        const port = chrome.runtime.connect(chrome.runtime.id, { name });
        await new Promise((resolve) => port.onMessage.addListener(resolve));
        port.postMessage(type === 'start' ? { type, tabId: tab?.id, options: wanted } : { type });
      },
      [typeof message === 'string' ? message : 'start', options, PANEL_PORT] as const,
    );
  }

  /** What the notice beside the toolbar button says, when it is open, and whether it offers to stop. */
  async notice(): Promise<{ text: string; offersStop: boolean }> {
    return poll('the notice', () =>
      this.#page.evaluate(() => {
        const [popup] = chrome.extension.getViews({ type: 'popup' });
        const text = popup?.document.querySelector('#text')?.textContent;
        const buttons = popup?.document.querySelector<HTMLElement>('#buttons');
        return text ? { text, offersStop: buttons?.hidden === false } : null;
      }),
    );
  }

  /** Presses a button of the notice, or closes it. Playwright lists popups of toolbar buttons nowhere. */
  async pressInNotice(button: 'stop' | 'show-tab' | 'close'): Promise<void> {
    await this.#page.evaluate((id) => {
      const [popup] = chrome.extension.getViews({ type: 'popup' });
      if (id === 'close') popup?.close();
      else popup?.document.querySelector<HTMLElement>(`#${id}`)?.click();
    }, button);
  }

  badge(): Promise<{ text: string; title: string }> {
    return this.#page.evaluate(async () => ({
      text: await chrome.action.getBadgeText({}),
      title: await chrome.action.getTitle({}),
    }));
  }
}
