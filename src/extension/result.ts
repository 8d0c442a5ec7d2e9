/**
 * Shows what comes of a recording: in the Pageflame panel that is open on its tab (it follows the state by itself), else
 * in a viewer page beside that tab. In: the recording's id, its tab. Out: at most one new tab.
 * The viewer is opened behind the recorded tab before tracing begins, so that its start is paid for outside of what is
 * measured and outside of what the user waits for; it comes to the front when the page has told all.
 */
import browser from 'webextension-polyfill';
import type { Millis } from '../base/index.ts';
import type { RecordingId } from '../recording/index.ts';
import type { PanelPorts } from './panel-ports.ts';
import type { SessionMemory } from './session-memory.ts';

const VIEWER_PAGE = 'viewer.html';
/** A viewer is ready within half of it on a quiet machine; one that is late must not keep a recording waiting. */
const READY_MILLIS: Millis = 1_500;

export interface ViewerDoors {
  readonly memory: SessionMemory;
  readonly ports: PanelPorts;
}

export class Viewer {
  readonly #doors: ViewerDoors;

  constructor(doors: ViewerDoors) {
    this.#doors = doors;
  }

  /** Resolves when whatever will show the recording is ready, or will be when it is needed. */
  async prepare(id: RecordingId, tabId: number): Promise<void> {
    const { memory, ports } = this.#doors;
    if (!(await ports.hasPanel(tabId)) && memory.remembered.viewer?.recording !== id) {
      const viewer = await openBeside(tabId, id, false);
      if (viewer !== null) await memory.change({ viewer: { recording: id, tabId: viewer } });
    }
    await ports.isReady(id, READY_MILLIS);
  }

  /** Brings it to the front, if it is there by now. */
  async reveal(id: RecordingId): Promise<boolean> {
    const { viewer } = this.#doors.memory.remembered;
    if (viewer?.recording !== id) return false;
    return browser.tabs.update(viewer.tabId, { active: true }).then(
      () => true,
      // The user has closed it.
      () => false,
    );
  }

  async show(id: RecordingId, tabId: number): Promise<void> {
    const { memory, ports } = this.#doors;
    if (!(await ports.hasPanel(tabId)) && !(await this.reveal(id))) await openBeside(tabId, id, true);
    await memory.change({ viewer: null });
  }

  /** There is nothing to show. A viewer that the user looks at stays. */
  async discard(id: RecordingId): Promise<void> {
    const { memory } = this.#doors;
    const { viewer } = memory.remembered;
    if (viewer?.recording !== id) return;
    await memory.change({ viewer: null });
    // The user may have closed it.
    const tab = await browser.tabs.get(viewer.tabId).catch(() => null);
    if (tab !== null && !tab.active) await browser.tabs.remove(viewer.tabId);
  }
}

/** The new tab; null where the browser is closing. The recorded tab may be gone: then it comes last in the window in front. */
async function openBeside(tabId: number, id: RecordingId, active: boolean): Promise<number | null> {
  const url = browser.runtime.getURL(`${VIEWER_PAGE}?recording=${encodeURIComponent(id)}`);
  const tab = await browser.tabs.get(tabId).catch(() => null);
  const place = tab?.windowId === undefined ? {} : { index: tab.index + 1, windowId: tab.windowId };
  const viewer = await browser.tabs.create({ url, active, ...place }).catch(() => null);
  return viewer?.id ?? null;
}
