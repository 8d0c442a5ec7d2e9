/**
 * Chrome's own words for why requests of this extension failed: `fetch` does not tell, `webRequest` does.
 * In: errors as Chrome tells of them. Out: the word for one request, waited for a moment: it may come after `fetch` has
 * given up. Hears of origins only that the user gave leave for, and remembers of requests of our own pages alone.
 */
import browser, { type WebRequest } from 'webextension-polyfill';

interface NetworkError {
  readonly url: string;
  readonly at: number;
  readonly word: string;
}

const REMEMBERED = 200;
const WAIT_MILLIS = 1_500;
const LOOK_MILLIS = 25;

export class NetworkErrors {
  readonly #errors: NetworkError[] = [];
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
    const { url, timeStamp, error } = details;
    // Chrome says `initiator`, which the polyfill's types do not know.
    if (!('initiator' in details) || details.initiator !== this.#own) return;
    this.#errors.push({ url, at: timeStamp, word: error });
    if (this.#errors.length > REMEMBERED) this.#errors.shift();
  };

  async whyFailed(url: string, since: number): Promise<string | null> {
    const until = Date.now() + WAIT_MILLIS;
    for (;;) {
      const found = this.#errors.findLast((error) => error.url === url && error.at >= since);
      if (found !== undefined) return found.word;
      if (Date.now() >= until) return null;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  }
}
