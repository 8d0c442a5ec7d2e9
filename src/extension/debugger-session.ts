/**
 * A protocol session to one tab over `chrome.debugger`. In: a tab. Out: a CdpSession for capture/; rejects with Chrome's
 * own words. Asked of `chrome` itself: webextension-polyfill has no `debugger`, because Firefox has none.
 */
import browser from 'webextension-polyfill';
import type { CdpParams, CdpSession, PageArea } from '../capture/index.ts';

const PROTOCOL_VERSION = '1.3';

export class DebuggerSession implements CdpSession {
  readonly #target: { readonly tabId: number };

  constructor(tabId: number) {
    this.#target = { tabId };
  }

  async open(): Promise<void> {
    await chrome.debugger.attach(this.#target, PROTOCOL_VERSION);
  }

  async send(method: string, params: CdpParams = {}): Promise<CdpParams> {
    const reply: CdpParams | undefined = await chrome.debugger.sendCommand(this.#target, method, {
      ...params,
    });
    return reply ?? {};
  }

  readonly pageArea = async (): Promise<PageArea | null> => {
    // The tab may have been closed meanwhile: the next command finds that out.
    const tab = await browser.tabs.get(this.#target.tabId).catch(() => null);
    return tab?.width === undefined || tab.height === undefined
      ? null
      : { width: tab.width, height: tab.height };
  };

  async close(): Promise<void> {
    await chrome.debugger.detach(this.#target);
  }
}

/** A tab as the debugger lists it: address and title without the `tabs` permission. */
export interface DebuggerTab {
  readonly url: string;
  readonly title: string;
  /** Somebody's debugger is attached: DevTools is open on it, as a rule. */
  readonly attached: boolean;
}

export async function findTab(tabId: number): Promise<DebuggerTab | null> {
  const targets = await chrome.debugger.getTargets();
  return targets.find((target) => target.tabId === tabId && target.type === 'page') ?? null;
}

/** Lets go of every tab. For a service worker that remembers no recording: then no tab has any business being attached. */
export async function detachEverywhere(): Promise<void> {
  for (const { tabId, attached } of await chrome.debugger.getTargets()) {
    if (!attached || tabId === undefined) continue;
    await chrome.debugger.detach({ tabId }).catch(() => {
      // Attached by somebody else (DevTools): Chrome refuses, which is right.
    });
  }
}
