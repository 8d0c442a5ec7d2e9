/**
 * Pictures of flame chart and flame graph, from the Save dialog and by keys: SVG of vectors and texts, PNG of pixels, each
 * with title, axis and legend. Names of the trace are data in both, whatever they hold.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { trace } from '../builders/trace.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { ChartOnPage, collectDownloads, SLOW } from './harness/chart.ts';

const HOSTILE = '</text><script>alert(1)</script>&"\'\u0000';
const TRACE = trace()
  .thread('CrRendererMain', { pid: 1, tid: 2 })
  .navigate('http://shop.example/', 0)
  .slice('RunTask', 0, 60)
  .slice('FunctionCall', 10, 50)
  .profile('0x1', 12, { startTime: 1_012_000 })
  .profileChunk('0x1', 12, {
    nodes: [
      { id: 1, callFrame: { functionName: '(root)', scriptId: 0, url: '' } },
      { id: 2, parent: 1, callFrame: { functionName: HOSTILE, scriptId: 1, url: 'http://ads.example/x.js' } },
    ],
    samples: Array.from({ length: 20 }, () => 2),
    timeDeltas: Array.from({ length: 20 }, (_, at) => (at === 0 ? 0 : 1_900)),
  })
  .slice('UpdateLayoutTree', 20, 30)
  .text();

interface Drawn {
  readonly problem: string;
  readonly title: string;
  readonly texts: readonly string[];
  readonly kinds: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** What a browser makes of SVG text. */
const parse = (page: Page, svg: string): Promise<Drawn> =>
  page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const root = parsed.documentElement;
    return {
      problem: parsed.querySelector('parsererror')?.textContent ?? '',
      title: parsed.querySelector('title')?.textContent ?? '',
      texts: [...parsed.querySelectorAll('text')].map((each) => each.textContent ?? ''),
      kinds: [...new Set([...parsed.querySelectorAll('*')].map(({ tagName }) => tagName))].sort(),
      width: Number(root.getAttribute('width')),
      height: Number(root.getAttribute('height')),
    };
  }, svg);

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

test('of chart and graph hold what is seen, as vectors and as pixels', async ({ launch, onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), 'pageflame-pictures-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'shop.json'), TRACE);
  const { running } = await launch();
  const page = await running.context.newPage();
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('input[type=file]').setInputFiles(join(folder, 'shop.json'));
  const chart = new ChartOnPage(page);
  await chart.rest();
  const saved = await collectDownloads(page);
  const next = async (count: number) => {
    await expect.poll(async () => (await saved()).length, SLOW).toBe(count);
    return (await saved())[count - 1];
  };

  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Save a picture of Flame chart as SVG' }).click();
  const svg = await next(1);
  expect(svg).toMatchObject({ name: 'shop-flame-chart.svg', type: 'image/svg+xml' });
  const text = utf8(svg.bytes);
  expect(text).not.toMatch(/<script|<image|<foreignObject|\son\w+=|href=/);
  const drawn = await parse(page, text);
  expect(drawn.problem).toBe('');
  expect(drawn.title).toBe('Flame chart — shop.json');
  expect(drawn.kinds).toEqual(['desc', 'path', 'rect', 'svg', 'text', 'title']);
  expect(drawn.texts).toEqual(
    expect.arrayContaining([
      'Flame chart — shop.json',
      '▾ Main — http://shop.example/',
      'Task',
      'Function call',
      'Recalculate style',
      HOSTILE.replace('\u0000', ''),
      'Scripting',
      'Rendering',
      'System',
    ]),
  );
  // The ruler.
  expect(drawn.texts.some((words) => /^\d+\sms$/u.test(words))).toBe(true);
  const canvas = await page.locator('.flame-chart-canvas').boundingBox();
  expect(drawn.width).toBe(Math.round(canvas?.width ?? 0));
  expect(drawn.height).toBe(Math.round(canvas?.height ?? 0) + 66);

  await chart.root.focus();
  await page.keyboard.press('p');
  const png = await next(2);
  expect(png).toMatchObject({ name: 'shop-flame-chart.png', type: 'image/png' });
  const bytes = Buffer.from(png.bytes, 'latin1');
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([drawn.width, drawn.height]);

  await page.keyboard.press('2');
  await page.locator('.flame-graph[data-idle="true"]').focus();
  await page.keyboard.press('Shift+P');
  const graph = await next(3);
  expect(graph.name).toBe('shop-flame-graph.svg');
  const seen = await parse(page, utf8(graph.bytes));
  expect(seen.problem).toBe('');
  expect(seen.texts).toEqual(expect.arrayContaining(['Flame graph — shop.json', 'Function call']));

  // As they look: for the reviewer's eyes.
  for (const [name, file] of [
    ['picture-chart', svg],
    ['picture-graph', graph],
  ] as const) {
    await page.setContent(utf8(file.bytes).replace(/^<\?xml[^>]*>/, ''));
    await takeScreenshot(page, name);
  }
});
