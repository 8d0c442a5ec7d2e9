/**
 * Notes on the flame chart in the real browser: made by mouse and keys, listed, changed, deleted and brought back; saved
 * with the recording, there after a reload and in another library by its file; on a bare file kept for the page.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect } from 'vitest';
import { unpackRecording } from '../../src/recording/index.ts';
import { trace } from '../builders/trace.ts';
import { findBarriers } from './harness/axe.ts';
import { type TestBrowser, takeScreenshot, test } from './harness/browser.ts';
import { ChartOnPage, collectDownloads, SLOW } from './harness/chart.ts';

const TRACE = trace()
  .thread('CrRendererMain', { pid: 1, tid: 2 })
  .navigate('http://shop.example/', 0)
  .slice('RunTask', 0, 60)
  .slice('FunctionCall', 10, 50)
  .slice('UpdateLayoutTree', 20, 30)
  .slice('RunTask', 70, 100)
  .text();

async function openFile({ running }: TestBrowser, path: string): Promise<ChartOnPage> {
  const page = await running.context.newPage();
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('input[type=file]').setInputFiles(path);
  const chart = new ChartOnPage(page);
  await chart.rest();
  return chart;
}

const list = (page: Page): Promise<string[]> => page.locator('.notes-pane .note-words').allTextContents();

async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label).fill(text);
  await page.keyboard.press('Enter');
  await page.getByLabel(label).waitFor({ state: 'detached' });
}

describe('notes', () => {
  test('are made by keys and by mouse, listed, changed, deleted with a way back', async ({
    launch,
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-notes-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'trace.json');
    writeFileSync(path, TRACE);
    const chart = await openFile(await launch(), path);
    const { page } = chart;
    // By keys: on a slice that is walked to, on a range, from slice to slice.
    await chart.root.focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'l']) await page.keyboard.press(key);
    await write(page, 'On Recalculate style at 20 ms', 'Why here?');
    expect(await chart.root.evaluate((root) => root === document.activeElement)).toBe(true);
    await chart.measure(62, 68);
    await page.keyboard.press('l');
    await write(page, 'On 6 ms from 62 ms', 'nothing runs');
    await page.keyboard.press('Escape');
    await chart.clickOn(45, 1);
    await page.keyboard.press('k');
    await page.getByText('Link from Function call').waitFor();
    await chart.clickOn(85, 0);
    await page.keyboard.press('k');
    await write(page, 'From Function call to Task at 10 ms', 'waits for');
    // By mouse: the menu of a slice.
    await page.mouse.click(...(await chart.at(15, 1)), { button: 'right' });
    await page.getByRole('menuitem', { name: 'Note on this slice' }).click();
    await write(page, 'On Function call at 10 ms', 'boot');
    await takeScreenshot(page, 'notes-chart');
    // The list.
    await page.getByRole('tab', { name: 'Notes' }).click();
    await page.getByText('notes on it are kept for as long as this page is open').waitFor();
    expect(await list(page)).toEqual(['waits for', 'boot', 'Why here?', 'nothing runs']);
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('0');
    await page.getByRole('button', { name: /^Why here\?/ }).click();
    await chart.says('Recalculate style, 10 ms');
    await page.getByRole('button', { name: 'Change: boot' }).click();
    await write(page, 'On Function call at 10 ms', 'boot, slowly');
    await page.getByRole('button', { name: 'Delete: Why here?' }).click();
    expect(await list(page)).toEqual(['waits for', 'boot, slowly', 'nothing runs']);
    await page.getByRole('button', { name: 'Undo: bring back “Why here?”' }).click();
    await page.getByRole('button', { name: 'Delete: nothing runs' }).click();
    await page.locator('.note-buttons').waitFor();
    await page.keyboard.press('Control+z');
    expect(await list(page)).toEqual(['waits for', 'boot, slowly', 'Why here?', 'nothing runs']);
    // A click on its plate in the chart changes it.
    await chart.root.focus();
    await page.keyboard.press('0');
    await chart.shows([0, 100]);
    const [x, y] = await chart.at(20, 2);
    await page.mouse.click(x + 8, y - 18);
    await page.getByLabel('On Recalculate style at 20 ms').waitFor();
    await page.keyboard.press('Escape');
    // The same file again: they are there, until the page is closed.
    await page.locator('input[type=file]').setInputFiles(path);
    await chart.rest();
    await page.getByRole('tab', { name: 'Notes' }).click();
    await expect.poll(() => list(page), SLOW).toHaveLength(4);
    await page.emulateMedia({ colorScheme: 'dark' });
    await takeScreenshot(page, 'notes-dark');
    await page.setViewportSize({ width: 400, height: 800 });
    await takeScreenshot(page, 'notes-narrow');
  });

  test('are saved with the recording, and travel in its file', async ({ launch, site, onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-notes-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const browser = await launch();
    await browser.page.goto(`${site.origin}/busy.html`);
    await browser.press('busy.html');
    const recording = await browser.recorded();
    const viewer = await browser.viewer();
    const chart = new ChartOnPage(viewer);
    await chart.rest();
    await chart.root.focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'l']) await viewer.keyboard.press(key);
    const field = viewer.locator('#note-text');
    await field.fill('kept');
    await viewer.keyboard.press('Enter');
    await expect
      .poll(async () => (await browser.recordings())[0].notes.annotations.map(({ text }) => text), SLOW)
      .toEqual(['kept']);
    await viewer.reload();
    await chart.rest();
    await viewer.getByRole('tab', { name: 'Notes' }).click();
    await viewer.getByRole('button', { name: /^kept/ }).click();
    expect(await chart.spoken()).not.toBe('');

    const saved = await collectDownloads(viewer);
    await viewer.keyboard.press('Control+s');
    await viewer.getByRole('button', { name: 'Save', exact: true }).last().click();
    await expect.poll(async () => (await saved()).length, SLOW).toBe(1);
    const [file] = await saved();
    const path = join(folder, 'travelled.pageflame');
    writeFileSync(path, file.bytes, 'latin1');
    const unpacked = unpackRecording(new Uint8Array(readFileSync(path)), path);
    expect(unpacked).toMatchObject({ ok: true, value: { recording: { id: recording.id } } });

    const elsewhere = await openFile(await launch(), path);
    await elsewhere.page.getByRole('tab', { name: 'Notes' }).click();
    await expect.poll(() => list(elsewhere.page), SLOW).toEqual(['kept']);
    await elsewhere.page.getByRole('button', { name: /^kept/ }).click();
    await elsewhere.says(/./);
    expect(await elsewhere.page.getByText('is not in this trace').count()).toBe(0);
  });
});
