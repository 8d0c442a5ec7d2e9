/**
 * The real DevTools panel as the tests of its keys use it: keys pressed as the `?` list shows them, files opened, the panel
 * loaded anew. In: a browser with the panel open. Out: what was pressed, for whoever asks whether a row's keys all were.
 */
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright';
import type { TestBrowser } from './browser.ts';
import { ChartOnPage } from './chart.ts';

/** Recording, stopping, saving and reading of a small page, on a slow machine. */
export const RESULT = { timeout: 60_000 };
const KEY_NAMES: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  PgUp: 'PageUp',
  PgDn: 'PageDown',
};

/** A key of the list as Playwright wants it. */
function pressOf(shown: string): string {
  const parts = shown.split('+').map((part) => KEY_NAMES[part] ?? part);
  const isLetter = /^[A-Z]$/.test(parts.at(-1) ?? '') && !parts.includes('Shift');
  return isLetter ? [...parts.slice(0, -1), parts.at(-1)?.toLowerCase()].join('+') : parts.join('+');
}

export class Stage {
  readonly browser: TestBrowser;
  readonly folder: string;
  readonly done = new Set<string>();
  panel: Frame;

  constructor(browser: TestBrowser, panel: Frame, folder: string) {
    this.browser = browser;
    this.panel = panel;
    this.folder = folder;
  }

  get page(): Page {
    return this.browser.devtools;
  }

  get chart(): ChartOnPage {
    return new ChartOnPage(this.page, this.panel);
  }

  /** A key as the list shows it. */
  async press(shown: string): Promise<void> {
    this.done.add(shown);
    await this.page.keyboard.press(pressOf(shown));
  }

  /** What hands do that the list has a word for. */
  async does(shown: string, hand: () => Promise<void>): Promise<void> {
    this.done.add(shown);
    await hand();
  }

  async shown(): Promise<void> {
    await this.panel.locator('.flame-chart[data-idle="true"]').waitFor(RESULT);
  }

  async reload(): Promise<void> {
    await this.panel.evaluate(() => location.reload());
    await this.page.waitForTimeout(300);
    this.panel = await this.browser.openPanel();
    // So that keys go there again.
    await this.panel.locator('.toolbar button').first().focus();
  }

  /** The trace whose numbers are known. */
  async openTrace(name = 'page.json'): Promise<void> {
    await this.panel.locator('input[type=file]').first().setInputFiles(join(this.folder, name));
    await this.panel.getByRole('heading', { name }).waitFor({ state: 'attached' });
    await this.shown();
    await this.chart.root.focus();
  }

  async openTab(name: string): Promise<void> {
    await this.panel.getByRole('tab', { name, exact: true }).click();
  }

  dialog(name: string | RegExp): Locator {
    return this.panel.getByRole('dialog', { name });
  }

  async opensDialog(shown: string, name: string | RegExp): Promise<void> {
    await this.press(shown);
    await this.dialog(name).waitFor();
    await this.page.keyboard.press('Escape');
    await this.dialog(name).waitFor({ state: 'hidden' });
  }

  focused(): Promise<string> {
    return this.panel.evaluate(() => document.activeElement?.className ?? '');
  }

  /** Which of the recordings in the list is shown; -1 for none. */
  async place(): Promise<number> {
    await this.page.keyboard.press('Alt+ArrowDown');
    const items = this.panel.getByRole('menuitemradio');
    await items.first().waitFor();
    const checked = await items.evaluateAll((all) =>
      all.findIndex((item) => item.getAttribute('aria-checked') === 'true'),
    );
    await this.page.keyboard.press('Escape');
    return checked;
  }
}

/** Presses every key of a row, and shows that each did what the row says. */
export type Proof = (stage: Stage, keys: readonly string[]) => Promise<void>;
