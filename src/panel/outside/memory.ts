/**
 * What a page remembers over its own reload. In: which tab it inspects. Out: the recording that it showed last, per
 * tab for as long as the browser runs (`storage.session`); the viewer keeps it in its own address instead.
 */
import browser from 'webextension-polyfill';
import { type RecordingId, recordingId } from '../../recording/index.ts';
import type { LastOpened, PanelMemory } from '../state/doors.ts';

const NOTHING: LastOpened = { recording: null, finished: null };

const idOf = (value: unknown): RecordingId | null => (typeof value === 'string' ? recordingId(value) : null);

/** The memory of the panel on `tabId`. */
export function panelMemory(tabId: number): PanelMemory {
  const key = `panel-last:${tabId}`;
  return {
    async read() {
      const stored: unknown = (await browser.storage.session.get(key))[key];
      if (typeof stored !== 'object' || stored === null) return NOTHING;
      const { recording, finished } = { recording: null, finished: null, ...stored };
      return { recording: idOf(recording), finished: idOf(finished) };
    },
    write(last) {
      void browser.storage.session.set({ [key]: last });
    },
  };
}

const ADDRESS_KEY = 'recording';

/** The recording that the viewer's address names. */
export function recordingInAddress(): RecordingId | null {
  return idOf(new URLSearchParams(location.search).get(ADDRESS_KEY));
}

/** The trace id or `pageflame:` link behind the address's `#`; null without one. */
export function linkInAddress(): string | null {
  const text = decodeURIComponent(location.hash.slice(1)).replace(/^trace=/, '');
  return text === '' ? null : text;
}

/** The viewer's memory is its address: a reload, a bookmark and the session's restore all open the same again. */
export const viewerMemory: PanelMemory = {
  async read() {
    return { recording: recordingInAddress(), finished: null };
  },
  write({ recording }) {
    const address = new URL(location.href);
    if (recording === null) address.searchParams.delete(ADDRESS_KEY);
    else address.searchParams.set(ADDRESS_KEY, recording);
    address.hash = '';
    history.replaceState(null, '', address);
  },
};
