/** The details pane says what the trace holds about the selected slice: a recording of ours, opened as a file. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ensure, type SliceIndex, sliceIndex } from '../../src/base/index.ts';
import { Engine } from '../../src/engine/index.ts';
import { takeScreenshot, test } from './harness/browser.ts';

const TRACE = fileURLToPath(new URL('../fixtures/traces/known-costs.pftrace.gz', import.meta.url));
/** Pixels from the top of a track's name to its first row, and from row to row. */
const HEADER = 20;
const ROW = 18;

/** Where the longest slice of that name stands, and what the engine says about it in Node. */
async function findLongest(name: string) {
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: 'costs', file: await openAsBlob(TRACE) });
  if (!opened.ok) throw new Error(opened.failure.message);
  const { open, pageWindow, bounds, mainThread } = opened.value;
  const { slices, strings } = ensure(engine.traceOf(open), 'an open trace').tables;
  let longest = -1;
  for (let row = 0; row < slices.length; row++) {
    if (strings.get(slices.name[row]) !== name || slices.thread[row] !== mainThread) continue;
    if (longest < 0 || slices.duration[row] > slices.duration[longest]) longest = row;
  }
  const slice: SliceIndex = sliceIndex(longest);
  const details = await engine.details(open, slice);
  const said = await engine.arguments(open, slice);
  if (!details.ok || !said.ok) throw new Error(`no ${name}`);
  const { start, end } = pageWindow ?? bounds;
  const middle = details.value.start + details.value.total / 2;
  const [initiator] = details.value.initiators;
  return {
    share: (middle - start) / (end - start),
    row: details.value.path.length,
    said: said.value,
    initiator,
  };
}

test('a slice of our own recording says what Chrome wrote at its begin and its end', async ({ launch }) => {
  const { share, row, said, initiator } = await findLongest('Layout');
  const { running } = await launch();
  const page = await running.context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('input[type=file]').setInputFiles(TRACE);
  await page.locator('.flame-chart[data-idle="true"]').waitFor();
  const canvas = ensure(await page.locator('.flame-chart-canvas').boundingBox(), 'a canvas');
  const main = page.locator('.flame-chart').getByRole('button', { name: /^Main\b/ });
  const name = ensure(await main.boundingBox(), 'the main thread');
  await page.mouse.click(canvas.x + share * canvas.width, name.y + HEADER + row * ROW + ROW / 2);
  const pane = page.getByRole('tabpanel');
  await pane.getByRole('heading', { name: 'Layout' }).waitFor();
  expect(said.facts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Objects to lay out', 'Objects in all', 'Scope', 'Root']),
  );
  for (const { name, text } of said.facts) {
    const fact = pane.locator('.said dt', { hasText: name }).locator('+ dd');
    await fact.waitFor();
    expect(await fact.textContent()).toBe(text);
  }
  const all = pane.locator('.all-arguments');
  await all.getByText('All arguments').click();
  await all.getByText('dirtyObjects:').waitFor();
  await all.getByText('layoutRoots').waitFor();
  await takeScreenshot(page, 'slice-arguments');
  // Who made the layout necessary: a way to go there, and from there back.
  await pane
    .getByRole('region', { name: 'Initiated by' })
    .getByRole('button', { name: initiator.text })
    .click();
  await pane.getByRole('heading', { name: initiator.text }).waitFor();
  await pane
    .getByRole('region', { name: 'Initiates' })
    .getByRole('button', { name: 'Layout' })
    .first()
    .click();
  await pane.getByRole('heading', { name: 'Layout' }).waitFor();
  expect(errors).toEqual([]);
});
