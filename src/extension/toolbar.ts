/**
 * The toolbar button: badge, title and the notice beside it. In: the recorder's state. Out: what Chrome shows.
 * The badge is one for all tabs: whichever tab is in front, it tells that something is being recorded.
 */
import browser from 'webextension-polyfill';
import { NOTICE_PAGE, type RecorderState } from './messages.ts';
import { type ButtonFace, buttonFace } from './toolbar-words.ts';

/** White on these is at least 4.5 : 1; amber takes black. */
const COLOURS: Readonly<Record<ButtonFace['tone'], { ground: string; text: string }>> = {
  busy: { ground: '#b3261e', text: '#ffffff' },
  full: { ground: '#fdd663', text: '#1f1f1f' },
  failed: { ground: '#5f6368', text: '#ffffff' },
};
const NOTICE_SIZE = { width: 380, height: 190 };

export class Toolbar {
  #shown: ButtonFace | null = null;

  async show(state: RecorderState): Promise<void> {
    const face = buttonFace(state, Date.now());
    const before = this.#shown;
    this.#shown = face;
    if (face.badge !== before?.badge) await browser.action.setBadgeText({ text: face.badge });
    if (face.title !== before?.title) await browser.action.setTitle({ title: face.title });
    if (face.tone !== before?.tone) {
      const { ground, text } = COLOURS[face.tone];
      await browser.action.setBadgeBackgroundColor({ color: ground });
      await browser.action.setBadgeTextColor({ color: text });
    }
  }

  /**
   * Opens the notice beside the button in the window of `tab`. A popup belongs to a button, and ours has none in its
   * manifest, because a press must reach us: it is set for this tab just to be opened, and taken back when it is.
   */
  async openNotice(tab: { readonly id: number; readonly windowId: number }): Promise<void> {
    await browser.action.setPopup({ tabId: tab.id, popup: NOTICE_PAGE });
    try {
      await browser.action.openPopup({ windowId: tab.windowId });
    } catch (error) {
      // Chrome opens no popup in a window that is not in front; a small window of our own says the same.
      if (!(error instanceof Error)) throw error;
      await browser.windows.create({ url: NOTICE_PAGE, type: 'popup', focused: true, ...NOTICE_SIZE });
    } finally {
      await browser.action.setPopup({ tabId: tab.id, popup: '' });
    }
  }
}
