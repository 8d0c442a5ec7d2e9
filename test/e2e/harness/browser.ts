/**
 * A real Chromium with dist/extension for a test: its toolbar button, its DevTools panel, its recorder and library.
 * In: a page's address and what to open. Out: handles, all closed after the test. HEADED=1 shows the window,
 * PAGEFLAME_EXTENSION takes another build.
 * Refuses to run without a build: `npm run build` first (`npm test` does).
 */
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Frame, Page, Worker } from 'playwright';
import { test as base } from 'vitest';
import {
  type DevToolsOptions,
  devToolsPages,
  launchBrowser,
  openPanel,
  poll,
  pressToolbarButton,
  type RunningBrowser,
} from '../../../scripts/browser.mjs';
import { findChromium } from '../../../src/cli/find-chromium.mjs';
import type { Recording } from '../../../src/recording/index.ts';
import { listRecordings, readTraceBytes } from './library.ts';
import { openSite, type Site } from './site.ts';

/** The build that is tested. */
export const EXTENSION =
  process.env.PAGEFLAME_EXTENSION ?? fileURLToPath(new URL('../../../dist/extension', import.meta.url));
const SCREENSHOTS = new URL('../../screenshots/', import.meta.url);

export interface LaunchOptions {
  /** Another build than dist/extension. */
  readonly extension?: string;
  readonly url?: string;
  readonly devtools?: DevToolsOptions;
  /** An existing profile, for a second run on what the first left. */
  readonly profile?: string;
  readonly args?: readonly string[];
}

export class TestBrowser {
  readonly running: RunningBrowser;

  constructor(running: RunningBrowser) {
    this.running = running;
  }

  static async launch(options: LaunchOptions): Promise<TestBrowser> {
    const chromium = findChromium();
    if (chromium === null) throw new Error('no Chromium: run `npm run setup`');
    if (!existsSync(`${EXTENSION}/manifest.json`)) throw new Error('no dist/extension: run `npm run build`');
    const headless = process.env.HEADED === undefined;
    return new TestBrowser(
      await launchBrowser({ executable: chromium.path, extension: EXTENSION, headless, ...options }),
    );
  }

  /** The first page that is neither DevTools nor of the extension. */
  get page(): Page {
    const page = this.running.context
      .pages()
      .find((each) => /^(https?|data|about|file|chrome-error):/.test(each.url()));
    if (page === undefined) throw new Error('no page is open');
    return page;
  }

  /** Presses the real toolbar button in the tab whose address contains `part`, `times` without a pause. */
  async press(part = '', times = 1): Promise<void> {
    const isPage = (url: string): boolean =>
      !url.startsWith('devtools:') && !url.startsWith('chrome-extension:') && url.includes(part);
    await pressToolbarButton(this.running, isPage, times);
  }

  async openPanel(): Promise<Frame> {
    return openPanel(this.running);
  }

  get devtools(): Page {
    const [page] = devToolsPages(this.running.context);
    if (page === undefined) throw new Error('no DevTools window is open');
    return page;
  }

  /** The viewer page that the extension opened by itself. */
  async viewer(): Promise<Page> {
    const prefix = `chrome-extension://${this.running.extensionId}/viewer.html`;
    const { context } = this.running;
    return poll('the viewer page', () => context.pages().find((page) => page.url().startsWith(prefix)));
  }

  async serviceWorker(): Promise<Worker> {
    const prefix = `chrome-extension://${this.running.extensionId}/`;
    const { context } = this.running;
    return poll('the service worker', () =>
      context.serviceWorkers().find((each) => each.url().startsWith(prefix)),
    );
  }

  /** Every recording in the library, newest first, read from IndexedDB itself. */
  async recordings(): Promise<readonly Recording[]> {
    return listRecordings(await this.serviceWorker());
  }

  /** The stored bytes of a recording's trace (gzip). */
  async traceOf(recording: Recording): Promise<Buffer> {
    return readTraceBytes(await this.serviceWorker(), recording.id);
  }

  /** Waits until `count` recordings have ended, and gives the newest. */
  async recorded(count = 1, seconds = 60): Promise<Recording> {
    return poll(
      `${count} recordings to end`,
      async () => {
        const ended = (await this.recordings()).filter((recording) => recording.state !== 'recording');
        return ended.length >= count ? ended[0] : null;
      },
      seconds,
    );
  }
}

/** Saves a picture under test/screenshots, which git ignores. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, SCREENSHOTS)) });
}

export interface Fixtures {
  readonly site: Site;
  /** Starts a browser; it is closed after the test. */
  readonly launch: (options?: LaunchOptions) => Promise<TestBrowser>;
}

export const test = base.extend<Fixtures>({
  site: async ({ onTestFinished }, use) => {
    const site = await openSite();
    onTestFinished(() => site.close());
    await use(site);
  },
  launch: async ({ onTestFinished }, use) => {
    await use(async (options = {}) => {
      const browser = await TestBrowser.launch(options);
      onTestFinished(() => browser.running.close());
      return browser;
    });
  },
});
