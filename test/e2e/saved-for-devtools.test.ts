/**
 * A load that the panel recorded (Chrome's protobuf), saved there as JSON, opened in Chrome DevTools' own engine: it finds
 * the page and the same breakdown that the panel shows, whole and with everything left out that can be.
 */
import type { Frame } from 'playwright';
import { describe, expect } from 'vitest';
import { askDevTools, sumCategories } from '../builders/devtools-engine.ts';
import { test } from './harness/browser.ts';
import { collectDownloads } from './harness/chart.ts';

/** Recording, stopping, saving and reading of a small page, on a slow machine. */
const RESULT = { timeout: 60_000 };
/** The panel's words for DevTools' categories. */
const CATEGORIES = {
  Loading: 'loading',
  Scripting: 'scripting',
  Rendering: 'rendering',
  Painting: 'painting',
  System: 'other',
} as const;

/** Category (or Total) → milliseconds. */
async function readBreakdown(panel: Frame): Promise<ReadonlyMap<string, number>> {
  await panel.locator('.breakdown tfoot').waitFor();
  const rows = await panel.locator('.breakdown :is(tbody, tfoot) tr').allInnerTexts();
  return new Map(
    rows.map((row) => {
      const [name, millis] = row.split('\t').map((cell) => cell.trim());
      return [name, Number(millis.replace(/\s/g, ''))];
    }),
  );
}

describe('a recording of the panel, saved as JSON', () => {
  test("DevTools' own engine breaks it down as the panel does", { timeout: 180_000 }, async ({
    site,
    launch,
  }) => {
    const browser = await launch({ url: `${site.origin}/varied.html`, devtools: { dock: 'bottom' } });
    const panel = await browser.openPanel();
    await panel.locator('.primary-button').click();
    await panel.locator('.flame-chart[data-idle="true"]').waitFor(RESULT);
    await panel.getByRole('table').getByText('Total').waitFor();
    expect((await browser.recorded()).trace?.format).toBe('perfetto');
    const shown = await readBreakdown(panel);
    const saved = await collectDownloads(panel);
    for (const leavesOut of [false, true]) {
      await browser.devtools.keyboard.press('Control+s');
      const dialog = panel.getByRole('dialog', { name: 'Save' });
      await dialog.getByRole('radio', { name: /JSON/ }).check();
      if (leavesOut) for (const box of await dialog.getByRole('checkbox').all()) await box.check();
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });
      const file = (await saved()).at(-1);
      expect(file?.name).toMatch(/\.json$/);
      const { mainFrame, mainThread, navigatedAt, entriesOf } = await askDevTools(
        Buffer.from(file?.bytes ?? '', 'latin1').toString(),
      );
      expect(mainFrame).toMatch(/^[0-9A-F]{32}$/);
      if (mainThread === null || navigatedAt === null) throw new Error('DevTools finds no page');
      const range = { start: navigatedAt, end: navigatedAt + (shown.get('Total') ?? 0) * 1000 };
      const sums = await sumCategories(entriesOf(mainThread.pid, mainThread.tid), { range, calls: true });
      for (const [ours, theirs] of Object.entries(CATEGORIES))
        expect(
          sums[theirs] ?? 0,
          `${ours} of ${JSON.stringify([...shown])} ${JSON.stringify(sums)}`,
        ).toBeCloseTo(shown.get(ours) ?? 0, 0);
    }
  });
});
