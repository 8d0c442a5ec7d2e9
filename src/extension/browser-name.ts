/** Who records, in which browser. In: nothing. Out: names with versions, as recordings keep them. */
import browser from 'webextension-polyfill';
import { BRAND_HINTS, nameOfBrowser } from '../recording/index.ts';

/** The part of `navigator.userAgentData` that no type library has for workers. */
interface UserAgentData {
  getHighEntropyValues(hints: readonly string[]): Promise<unknown>;
}

export async function browserName(): Promise<string> {
  const data: UserAgentData | undefined = Reflect.get(navigator, 'userAgentData');
  return nameOfBrowser(await data?.getHighEntropyValues(BRAND_HINTS)) ?? navigator.userAgent;
}

export const recorderName = (): string => `pageflame ${browser.runtime.getManifest().version}`;
