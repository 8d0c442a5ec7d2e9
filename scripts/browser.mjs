/**
 * Starts Chromium with the built extension and does what only a person's hand does otherwise: press the toolbar button,
 * open the DevTools panel. Used by start.mjs and by the tests' harness.
 * In: an executable, dist/extension, a page's address. Out: a Playwright browser connected to the running Chromium.
 * Refuses: browsers that ignore `--load-extension` (Google Chrome since 137), in words.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';

/**
 * @typedef {object} LaunchOptions
 * @property {string} executable
 * @property {string} extension Folder of the unpacked extension.
 * @property {string} [url] First page; about:blank by default.
 * @property {boolean} [headless] True by default.
 * @property {DevToolsOptions | undefined} [devtools] Opens DevTools with every tab; by default it stays closed.
 * @property {string} [profile] Folder of an existing profile; by default a new one, deleted on close.
 * @property {readonly string[]} [args] Further switches.
 */

/**
 * @typedef {object} DevToolsOptions
 * @property {'bottom' | 'right'} dock
 * @property {'default' | 'dark'} [theme]
 * @property {number} [height] Pixels of the window's height that it takes when docked at the bottom; two thirds by default.
 */

/**
 * @typedef {object} RunningBrowser
 * @property {import('playwright').Browser} browser
 * @property {import('playwright').BrowserContext} context
 * @property {string} extensionId
 * @property {string} endpoint For further connections.
 * @property {number} pid
 * @property {string} profile
 * @property {Promise<void>} exited
 * @property {() => Promise<void>} close Ends the browser and deletes the profile, if it was made here.
 * @property {() => Promise<void>} kill Ends the browser as a crash would (SIGKILL); keeps the profile.
 */

/**
 * @param {LaunchOptions} options
 * @returns {Promise<RunningBrowser>}
 */
export async function launchBrowser(options) {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'pageflame-profile-'));
  if (options.profile === undefined && options.devtools) setUpDevTools(profile, options.devtools);
  // A profile that is used again still holds the port of its last run.
  rmSync(join(profile, 'DevToolsActivePort'), { force: true });
  const child = spawn(options.executable, switches(options, profile), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk) => {
    words = (words + chunk).slice(-4000);
  });
  /** @type {Promise<void>} */
  const exited = new Promise((resolve) => child.once('exit', () => resolve()));
  const failed = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${options.executable} ended with ${code}:\n${words}`)));
  });
  failed.catch(() => undefined);

  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  const close = async () => {
    await end('SIGTERM');
    if (options.profile === undefined) await removeFolder(profile);
  };
  try {
    const endpoint = await Promise.race([readEndpoint(profile), failed]);
    if (options.devtools) await Promise.race([waitForDevTools(endpoint), failed]);
    const browser = await chromium.connectOverCDP(endpoint);
    const extensionId = await Promise.race([waitForExtension(browser, options.extension), failed]);
    const [context] = browser.contexts();
    await Promise.race([waitForButton(context, extensionId), failed]);
    if (options.url !== undefined) await showFirst(context, options.url);
    const { pid = -1 } = child;
    return {
      browser,
      context,
      extensionId,
      endpoint,
      pid,
      profile,
      exited,
      close,
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Helpers of the browser may write for another moment after it has ended, into folders that are being emptied.
 * @param {string} folder
 */
async function removeFolder(folder) {
  await poll(`${folder} to be deleted`, () => {
    try {
      rmSync(folder, { recursive: true, force: true });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY') return null;
      throw error;
    }
  });
}

/**
 * DevTools keeps its settings in the profile, each as JSON text.
 * @type {(profile: string, options: DevToolsOptions) => void}
 */
function setUpDevTools(profile, { dock, theme = 'default', height = 560 }) {
  const settings = {
    currentDockState: dock,
    'ui-theme': theme,
    'inspector-view.split-view-state': { vertical: { size: 0 }, horizontal: { size: height } },
  };
  const preferences = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ devtools: { preferences } }));
}

/** @type {(options: LaunchOptions, profile: string) => string[]} */
function switches({ extension, headless = true, devtools, args = [] }, profile) {
  return [
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    `--disable-extensions-except=${extension}`,
    `--load-extension=${extension}`,
    // Lets a trusted session press the extension's button (Extensions.triggerAction).
    '--enable-unsafe-extension-debugging',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--window-size=1440,900',
    ...(headless ? ['--headless=new', '--hide-scrollbars'] : []),
    ...(devtools ? ['--auto-open-devtools-for-tabs'] : []),
    // Chromium's sandbox does not start as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
    ...args,
    'about:blank',
  ];
}

/**
 * The browser writes its debugging port into its profile once it listens.
 * @param {string} profile
 * @returns {Promise<string>}
 */
async function readEndpoint(profile) {
  const file = join(profile, 'DevToolsActivePort');
  const text = await poll('the browser to listen', () => {
    try {
      const written = readFileSync(file, 'utf8');
      // Its two lines are not written in one go.
      return /^\d+\n\/./.test(written) ? written : null;
    } catch {
      // Not there yet.
      return null;
    }
  });
  const [port, path] = text.split('\n');
  return `ws://127.0.0.1:${port}${path}`;
}

/**
 * Playwright lists a DevTools window among the pages only when it is there before Playwright connects.
 * @param {string} endpoint
 */
async function waitForDevTools(endpoint) {
  await poll('DevTools to open', async () => {
    const response = await fetch(`http://${new URL(endpoint).host}/json/list`);
    /** @type {{ type: string, url: string }[]} */
    const targets = await response.json();
    return targets.find((target) => target.url.startsWith('devtools://') && target.type === 'page') ?? null;
  });
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} folder
 * @returns {Promise<string>}
 */
async function waitForExtension(browser, folder) {
  const session = await browser.newBrowserCDPSession();
  const found = await poll('the extension to load', async () => {
    const { extensions } = await session.send('Extensions.getExtensions');
    return extensions.find((extension) => extension.path === folder && extension.enabled) ?? null;
  });
  await session.detach();
  return found.id;
}

/**
 * An extension is enabled before its service worker has run for the first time: a press until then is lost.
 * @param {import('playwright').BrowserContext} context
 * @param {string} extensionId
 */
async function waitForButton(context, extensionId) {
  await poll("the extension's service worker to listen", async () => {
    const worker = context.serviceWorkers().find((each) => each.url().includes(extensionId));
    // It may be between its start and its first listener, or just gone.
    const listens = await worker?.evaluate(() => chrome.action.onClicked.hasListeners()).catch(() => false);
    return listens ? true : null;
  });
}

/**
 * Only now, because a page that is still on its way when Playwright connects sometimes never comes, and Playwright waits for
 * it (one time in ten to twenty; seen in its protocol, Chromium 156).
 * @param {import('playwright').BrowserContext} context
 * @param {string} url
 */
async function showFirst(context, url) {
  const page = context.pages().find((each) => each.url() === 'about:blank');
  if (page === undefined) throw new Error('the browser has begun without its blank page');
  const session = await context.newCDPSession(page);
  // A page that cannot be reached has Chrome's own page instead.
  await session.send('Page.navigate', { url });
  await session.detach();
}

/**
 * Presses the extension's toolbar button in the tab whose page satisfies `isTab`, `times` without a pause.
 * @param {RunningBrowser} running
 * @param {(url: string) => boolean} isTab
 */
export async function pressToolbarButton({ browser, context, extensionId }, isTab, times = 1) {
  const session = await browser.newBrowserCDPSession();
  // A tab whose document has only just come is listed without its address for a moment.
  const tab = await poll('the tab to press the button in', async () => {
    const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'tab' }] });
    return targetInfos.find((target) => isTab(target.url));
  });
  // The button acts on the tab in front, whichever is named (seen): a tab that was opened a moment ago may not be it yet.
  await session.send('Target.activateTarget', { targetId: tab.targetId });
  await poll('the tab to be in front', async () => (await isInFront(context, extensionId, tab.url)) || null);
  const press = () => session.send('Extensions.triggerAction', { id: extensionId, targetId: tab.targetId });
  await Promise.all(Array.from({ length: times }, press));
  await session.detach();
}

/**
 * Whether a tab of this address is the one in front of its window, as the extension sees it; true where no worker runs
 * that could be asked.
 * @param {import('playwright').BrowserContext} context
 * @param {string} extensionId
 * @param {string} url
 * @returns {Promise<boolean>}
 */
async function isInFront(context, extensionId, url) {
  const worker = context.serviceWorkers().find((each) => each.url().includes(extensionId));
  if (worker === undefined) return true;
  const look = async (/** @type {string} */ wanted) => {
    const active = await chrome.tabs.query({ active: true });
    const targets = await chrome.debugger.getTargets();
    return targets.some((target) => target.url === wanted && active.some(({ id }) => id === target.tabId));
  };
  // The worker may end while it is asked.
  return worker.evaluate(look, url).catch(() => true);
}

/**
 * Opens the Pageflame panel in a DevTools window that is open, and gives its frame.
 * @param {RunningBrowser} running Launched with `devtools`.
 * @param {import('playwright').Page} [devtools] The DevTools window; by default the only one.
 * @returns {Promise<import('playwright').Frame>}
 */
export async function openPanel({ context, extensionId }, devtools = devToolsPages(context)[0]) {
  if (devtools === undefined) throw new Error('no DevTools window is open');
  const prefix = `chrome-extension://${extensionId}`;
  // Runs in the DevTools front end, whose view manager knows extensions' panels by a key that begins with their origin.
  const show = `(async () => {
    const { ViewManager } = await import('./ui/legacy/legacy.js');
    const manager = ViewManager.ViewManager.instance();
    const key = [...manager.views.keys()].find((view) => view.startsWith(${JSON.stringify(prefix)}));
    if (key !== undefined) await manager.showView(key);
    return key ?? null;
  })()`;
  // The front end must not be asked for its view manager before it has started; it loads extensions' pages last.
  await poll("the extension's DevTools page", () =>
    devtools.frames().find((frame) => frame.url().startsWith(`${prefix}/devtools.html`)),
  );
  await poll('the panel to be added to DevTools', () => devtools.evaluate(show));
  return poll(
    'the panel to open',
    () => devtools.frames().find((frame) => frame.url().startsWith(`${prefix}/panel.html`)) ?? null,
  );
}

/**
 * @param {import('playwright').BrowserContext} context
 * @returns {import('playwright').Page[]}
 */
export function devToolsPages(context) {
  return context.pages().filter((page) => page.url().startsWith('devtools://'));
}

/**
 * Asks until the answer is neither null nor undefined.
 * @template T
 * @param {string} what Ends the sentence "waited N s for …".
 * @param {() => T | null | undefined | Promise<T | null | undefined>} ask
 * @param {number} [seconds]
 * @returns {Promise<T>}
 */
export async function poll(what, ask, seconds = 30) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
