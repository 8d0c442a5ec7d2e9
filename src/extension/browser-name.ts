/** Who records, in which browser. In: nothing. Out: names with versions, as recordings keep them. */
import browser from 'webextension-polyfill';

interface Brand {
  readonly brand: string;
  readonly version: string;
}

/** The part of `navigator.userAgentData` that no type library has for workers. */
interface UserAgentData {
  getHighEntropyValues(hints: readonly string[]): Promise<{ readonly fullVersionList?: readonly Brand[] }>;
}

/** `Google Chrome/156.0.8078.79`, `Chromium/…`, `Microsoft Edge/…`. */
export async function browserName(): Promise<string> {
  const data: UserAgentData | undefined = Reflect.get(navigator, 'userAgentData');
  const { fullVersionList = [] } = (await data?.getHighEntropyValues(['fullVersionList'])) ?? {};
  // One of the list is made up, to keep programs from relying on it: it alone contains "Not".
  const real = fullVersionList.filter(({ brand }) => !/not/i.test(brand));
  const own = real.find(({ brand }) => brand !== 'Chromium') ?? real[0];
  return own === undefined ? navigator.userAgent : `${own.brand}/${own.version}`;
}

export const recorderName = (): string => `pageflame ${browser.runtime.getManifest().version}`;
