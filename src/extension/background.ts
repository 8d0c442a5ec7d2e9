/**
 * The service worker's entry. Chrome ends and starts the worker as it likes, so every listener is registered here, at
 * the top level, and each first waits until the worker remembers what it was doing.
 *
 * `browser` comes from webextension-polyfill: from Chrome 152 on it hands through Chrome's own `browser` (148 for
 * extensions without a DevTools page, which we have), before that it wraps `chrome`. `chrome.debugger` has no polyfill.
 */
import browser from 'webextension-polyfill';
import { Library } from '../recording/library.ts';
import { captureOptionsOf, SettingsStore, tagsOfSite } from '../settings/index.ts';
import { DeliveryDesk } from './delivery-desk.ts';
import { RecorderDesk } from './desk.ts';
import { NOTICE_PORT, PANEL_PORT, type ServiceQuestion } from './messages.ts';
import { NetworkErrors } from './network-errors.ts';
import { NoticeDesk } from './notice-desk.ts';
import { type PanelOrder, PanelPorts } from './panel-ports.ts';
import { Viewer } from './result.ts';
import { SessionMemory } from './session-memory.ts';
import { tidyUp } from './tidy.ts';
import { Toolbar } from './toolbar.ts';
import { openWaitWindow } from './wait-window.ts';

// One of each for the life of this worker; all that must outlive it is in storage.session and the library.
const library = new Library();
const memory = new SessionMemory();
const settings = new SettingsStore(browser.storage.local);
const toolbar = new Toolbar();
const deliveries = new DeliveryDesk();
const networkErrors = new NetworkErrors();
networkErrors.listen();
const ready = remember();
const ports = new PanelPorts({
  ready,
  state: () => desk.state,
  handle: handlePanel,
  panelsChanged: (panels) => void memory.change({ panels }),
});
const desk = new RecorderDesk({
  library,
  memory,
  onState: () => {
    ports.broadcast({ type: 'state', state: desk.state });
    void toolbar.show(desk.state);
    notices.update();
  },
  onLibrary: () => ports.broadcast({ type: 'library' }),
  viewer: new Viewer({ memory, ports }),
  onStalled: () => void openWaitWindow(),
  onEnded: (recording) => deliveries.recordingEnded(recording),
  siteTags: async (url) => tagsOfSite((await settings.read()).settings.tags, url),
  async complain(tabId) {
    if (!(await ports.hasPanel(tabId))) await notices.open(tabId);
  },
});
const notices = new NoticeDesk({
  toolbar,
  ready,
  state: () => desk.state,
  stop: () => desk.stop(),
  read: () => void desk.acknowledge(),
});

async function remember(): Promise<void> {
  const remembered = await memory.load();
  ports.expect(remembered.panels);
  if (remembered.current === null && !remembered.tidied) {
    const { changed, isDone } = await tidyUp(library);
    await memory.change({ tidied: isDone });
    if (changed) ports.broadcast({ type: 'library' });
  }
  desk.resume(remembered);
  await toolbar.show(desk.state);
}

async function press(tabId: number | undefined): Promise<void> {
  await ready;
  const { recording } = (await settings.read()).settings;
  if (tabId !== undefined && !desk.press(tabId, captureOptionsOf(recording))) await notices.open(tabId);
}

function handlePanel(message: PanelOrder): void {
  switch (message.type) {
    case 'start':
      void desk.start(message.tabId, message.options);
      break;
    case 'stop':
      desk.stop();
      break;
    case 'cancel':
      desk.cancel();
      break;
  }
}

async function allowedOf(patterns: readonly string[]): Promise<readonly string[]> {
  const given = await Promise.all(
    patterns.map((pattern) => browser.permissions.contains({ origins: [pattern] })),
  );
  return patterns.filter((_, index) => given[index]);
}

/** Only our own pages can ask: no site is let in by the manifest. */
function answer(question: ServiceQuestion): Promise<unknown> | undefined {
  switch (question.type) {
    case 'why-failed':
      return networkErrors.whyFailed(question.url);
    case 'allowed':
      return allowedOf(question.patterns);
    case 'wake-delivery':
      return deliveries.wake();
    case 'delivery-rests':
      return deliveries.rest();
    default:
      return undefined;
  }
}

browser.runtime.onMessage.addListener((message: unknown) => answer(message as ServiceQuestion));
browser.action.onClicked.addListener((tab) => void press(tab.id));
browser.runtime.onConnect.addListener((port) => {
  if (port.name === PANEL_PORT) ports.add(port);
  else if (port.name === NOTICE_PORT) notices.connect(port);
});
chrome.debugger.onEvent.addListener(async ({ tabId, sessionId }, method, params) => {
  await ready;
  // Frames of other sites have sessions of their own; what happens there (a crash, say) does not happen to the page.
  if (sessionId === undefined) desk.handleEvent(tabId, method, params ?? {});
});
chrome.debugger.onDetach.addListener(async ({ tabId }, reason) => {
  await ready;
  desk.handleDetach(tabId, reason);
});
browser.alarms.onAlarm.addListener(async ({ name }) => {
  await ready;
  if (deliveries.owns(name)) await deliveries.check();
  else await desk.checkWatch();
});
browser.permissions.onAdded.addListener(() => void deliveries.leaveChanged());
browser.permissions.onRemoved.addListener(() => void deliveries.leaveChanged());
// These two have to start the worker: it puts right what was left behind before it does anything.
browser.runtime.onStartup.addListener(() => void ready.then(() => deliveries.check()));
browser.runtime.onInstalled.addListener(() => void ready.then(() => deliveries.check()));
