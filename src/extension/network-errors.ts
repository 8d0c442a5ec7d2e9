/**
 * Chrome's own words for why requests of this extension failed: `fetch` does not tell, `webRequest` does.
 * In: errors as Chrome tells of them. Out: the word for one request, which has an address of its own (wire/browser-wire.ts),
 * waited for a moment: it may come after `fetch` has given up. Hears of origins only that the user gave leave for, and remembers of requests of our own pages alone.
 */
import browser, { type WebRequest } from 'webextension-polyfill';

const REMEMBERED = 200;
const WAIT_MILLIS = 1_500;
const LOOK_MILLIS = 25;

export class NetworkErrors {
  /** Address → word, the newest last. */
  readonly #words = new Map<string, string>();
  readonly #own = new URL(browser.runtime.getURL('')).origin;

  /** To be called as the worker starts. */
  listen(): void {
    browser.permissions.onAdded.addListener(() => void this.#attach());
    void this.#attach();
  }

  /** Not before there is leave for an origin: Chrome reports a listener that could hear of none as the extension's error. */
  async #attach(): Promise<void> {
    const { origins = [] } = await browser.permissions.getAll();
    const isHeard = browser.webRequest.onErrorOccurred.hasListener(this.#remember);
    if (origins.length > 0 && !isHeard)
      browser.webRequest.onErrorOccurred.addListener(this.#remember, {
        urls: ['http://*/*', 'https://*/*'],
        types: ['xmlhttprequest'],
      });
  }

  readonly #remember = (details: WebRequest.OnErrorOccurredDetailsType): void => {
    const { url, error } = details;
    // Chrome says `initiator`, which the polyfill's types do not know.
    if (!('initiator' in details) || details.initiator !== this.#own) return;
    this.#words.set(url, error);
    const [oldest] = this.#words.keys();
    if (this.#words.size > REMEMBERED && oldest !== undefined) this.#words.delete(oldest);
  };

  async whyFailed(url: string): Promise<string | null> {
    const until = Date.now() + WAIT_MILLIS;
    for (;;) {
      const word = this.#words.get(url);
      if (word !== undefined) return word;
      if (Date.now() >= until) return null;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  }
}
