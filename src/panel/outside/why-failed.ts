/**
 * Chrome's own word for why a request of this page failed: `fetch` does not tell, the service worker hears it.
 * In: the request's address, whose fragment is its own. Out: `ERR_CERT_AUTHORITY_INVALID` and the like with `net::` before
 * it; null where it is not known, as of origins that leave was not given for.
 */
import browser from 'webextension-polyfill';
import type { ServiceQuestion } from '../../extension/messages.ts';

export async function askWhyFailed(url: string): Promise<string | null> {
  const question: ServiceQuestion = { type: 'why-failed', url };
  const word: unknown = await browser.runtime.sendMessage(question);
  return typeof word === 'string' ? word : null;
}
