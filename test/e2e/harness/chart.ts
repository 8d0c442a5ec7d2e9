/**
 * The flame chart in a viewer or in the panel, and what tests ask of it. What is visible is read where a screen reader
 * reads it: the overview's two handles.
 */
import type { Frame, Locator, Page } from 'playwright';
import { expect } from 'vitest';

/** Milliseconds: a pixel's worth of 100 ms, at the widest. */
export const PIXEL = 0.15;

/** What a machine that does other work as well may take for it. */
export const SLOW = { timeout: 15_000 };

export class ChartOnPage {
  /** Where mouse and keys are: the viewer, or the DevTools window. */
  readonly page: Page;
  readonly frame: Page | Frame;
  readonly root: Locator;
  readonly overview: Locator;
  /** Milliseconds: the overview's whole width. */
  readonly length: number;

  constructor(page: Page, frame: Page | Frame = page, length = 100) {
    this.page = page;
    this.frame = frame;
    this.length = length;
    this.root = frame.locator('.flame-chart');
    this.overview = frame.locator('.overview-strip');
  }

  /** Nothing waits to be painted. */
  async rest(): Promise<void> {
    await this.frame.locator('.flame-chart[data-idle="true"]').waitFor();
  }

  /** Milliseconds from navigation start that the chart shows from and to. */
  async visible(): Promise<[number, number]> {
    await this.rest();
    const handles = await this.overview.getByRole('slider').all();
    const texts = await Promise.all(handles.map((handle) => handle.getAttribute('aria-valuetext')));
    const [start, end] = texts.map((text) => Number(text?.replace(/[^\d.-]/g, '')));
    return [start, end];
  }

  /** Waits until it shows that range: jumps take their time. */
  async shows(range: readonly [number, number], within = PIXEL): Promise<void> {
    await expect
      .poll(async () => {
        const [start, end] = await this.visible();
        return Math.max(Math.abs(start - range[0]), Math.abs(end - range[1]));
      }, SLOW)
      .toBeLessThanOrEqual(within);
  }

  /** Where on the page the chart shows `millis`, in row `row` of the first track. */
  async at(millis: number, row: number): Promise<[number, number]> {
    const [start, end] = await this.visible();
    const box = await this.frame.locator('.flame-chart-canvas').boundingBox();
    if (box === null) throw new Error('the chart is not laid out');
    const x = box.x + ((millis - start) / (end - start)) * box.width;
    return [x, box.y + 36 + 20 + row * 18 + 9];
  }

  async moveTo(millis: number, row: number): Promise<void> {
    await this.page.mouse.move(...(await this.at(millis, row)));
    await this.rest();
  }

  async clickOn(millis: number, row: number): Promise<void> {
    await this.page.mouse.click(...(await this.at(millis, row)));
    await this.rest();
  }

  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(...from);
    await mouse.down();
    await mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await mouse.move(...to);
    await mouse.up();
    await this.rest();
  }

  /** Shift+drag from one time to another. */
  async measure(from: number, to: number, row = 0): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.down('Shift');
    await this.drag(await this.at(from, row), await this.at(to, row));
    await keyboard.up('Shift');
  }

  /** Where on the page the overview shows `millis`; `y` from its top. */
  async onOverview(millis: number, y: number): Promise<[number, number]> {
    const box = await this.overview.boundingBox();
    if (box === null) throw new Error('the overview is not laid out');
    return [box.x + (millis / this.length) * box.width, box.y + y];
  }

  async spoken(): Promise<string> {
    await this.rest();
    return (await this.root.locator('[aria-live]').textContent())?.replaceAll('\u00a0', ' ') ?? '';
  }

  /** Waits until it is said: some things are done elsewhere first. */
  async says(words: string | RegExp): Promise<void> {
    await expect.poll(() => this.spoken(), SLOW).toMatch(words);
  }
}

export interface SavedFile {
  readonly name: string;
  readonly type: string;
  /** Of the bytes as latin1. */
  readonly bytes: string;
}

/** Collects what the page hands to the browser's downloads from now on, instead of downloading it. */
export async function collectDownloads(frame: Page | Frame): Promise<() => Promise<SavedFile[]>> {
  await frame.evaluate(() => {
    const saved: Promise<SavedFile>[] = [];
    Object.assign(globalThis, { testDownloads: saved });
    HTMLAnchorElement.prototype.click = function take() {
      const name = this.download;
      const read = async (): Promise<SavedFile> => {
        const blob = await (await fetch(this.href)).blob();
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return {
          name,
          type: blob.type,
          bytes: Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''),
        };
      };
      saved.push(read());
    };
  });
  return () => frame.evaluate(() => Promise.all(Reflect.get(globalThis, 'testDownloads')));
}
