/**
 * Files of other profilers in the viewer: every format opens by its content, by choosing and by dropping, with the views
 * that a profile has; they are searched, transformed, copied and saved as other formats, by keys and by mouse.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Download, Locator, Page } from 'playwright';
import { describe, expect } from 'vitest';
import {
  gzip,
  readProfile,
  writeCpuProfile,
  writeFolded,
  writeOtlp,
  writePprof,
  writeSpeedscope,
} from '../../src/profile/index.ts';
import { foldProfile, profileOf } from '../builders/profiles.ts';
import { findBarriers } from './harness/axe.ts';
import { test as base, type TestBrowser, takeScreenshot } from './harness/browser.ts';
import { openViewer } from './harness/sending.ts';

const APP = 'https://shop.example/js/app.js';
const STACKS = {
  [`main@${APP}:1`]: 10_000,
  [`main@${APP}:1;render@${APP}:12`]: 20_000,
  [`main@${APP}:1;render@${APP}:12;paint@https://cdn.ads.test/ads.js:3`]: 5_000,
  '(idle)': 65_000,
};
const MAIN = profileOf(STACKS, { type: 'wall' });
const WORKER = profileOf(
  { 'onmessage@https://shop.example/worker.js:1': 7_000 },
  { type: 'wall', thread: { name: 'DedicatedWorker', pid: 1, tid: 3, role: 'worker' } },
);
/** As profiler.firefox.com saves them, of the first version that shares its tables. */
const FIREFOX = JSON.stringify({
  meta: { preprocessedProfileVersion: 60, interval: 1, categories: [{ name: 'JavaScript' }], startTime: 0 },
  libs: [],
  shared: { stringArray: ['main', 'render', APP] },
  threads: [
    {
      name: 'GeckoMain',
      processName: 'Web Content',
      pid: 5,
      tid: 6,
      samples: { stack: [1, 1, 0], time: [0, 1, 2], length: 3 },
      stackTable: { frame: [0, 1], prefix: [null, 0], category: [0, 0], length: 2 },
      frameTable: { func: [0, 1], length: 2 },
      funcTable: { name: [0, 1], isJS: [true, true], fileName: [2, 2], lineNumber: [1, 12], length: 2 },
    },
  ],
});
const PERF = [
  'node 1 [000] 1.500000: 1000000 cycles:',
  '\t    12 LazyCompile:*render /srv/app.js:12 (/tmp/perf-1.map)',
  '\t    34 main (/usr/bin/node)',
  '',
  'node 1 [000] 1.501000: 1000000 cycles:',
  '\t    34 main (/usr/bin/node)',
  '',
  '',
].join('\n');

const HERMES = JSON.stringify({
  traceEvents: [{ name: 'thread_name', ph: 'M', pid: 1, tid: '2', ts: '0', args: { name: 'mqt_js' } }],
  samples: [1_000, 2_000, 4_000].map((ts) => ({
    cpu: '-1',
    ts: String(ts),
    pid: 1,
    tid: '2',
    weight: '1',
    sf: 3,
  })),
  stackFrames: {
    1: { name: '[root]', category: 'root' },
    2: { name: `main(${APP}:1:1)`, category: 'JavaScript', parent: 1 },
    3: { name: `render(${APP}:12:4)`, category: 'JavaScript', parent: 2 },
  },
});
const HEAP = JSON.stringify({
  head: {
    id: 1,
    callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 },
    selfSize: 0,
    children: [
      {
        id: 2,
        callFrame: { functionName: 'main', url: APP, lineNumber: 0, columnNumber: 0 },
        selfSize: 4_096,
        children: [],
      },
    ],
  },
  samples: [{ size: 4_096, nodeId: 2, ordinal: 1 }],
});
const madeElsewhere = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/profiles/${name}`, import.meta.url))));

const FILES: readonly (readonly [
  name: string,
  words: string,
  hasTimes: boolean,
  write: () => Promise<string | Uint8Array>,
])[] = [
  ['pprof.pb.gz', 'pprof', false, async () => gzip(writePprof([MAIN, WORKER]))],
  ['profile.otlp', 'OpenTelemetry profile', false, async () => writeOtlp([MAIN])],
  [
    'load.speedscope.json',
    'speedscope file',
    true,
    async () => [...writeSpeedscope([MAIN, WORKER])].join(''),
  ],
  ['stacks.folded', 'Folded stacks', false, async () => writeFolded([MAIN])],
  ['node.cpuprofile', 'V8 .cpuprofile', true, async () => writeCpuProfile(MAIN)],
  ['firefox.json', 'Firefox profile', true, async () => FIREFOX],
  ['perf.txt', 'perf script', true, async () => PERF],
  ['hermes.json', 'Hermes profile', true, async () => HERMES],
  ['main.heapprofile', 'V8 .heapprofile', false, async () => HEAP],
  ['go-cpu.pb.gz', 'pprof', false, async () => madeElsewhere('go-cpu.pb.gz')],
  ['perf-srcline.txt', 'perf script', true, async () => madeElsewhere('perf-srcline.txt')],
];

/** What the call tree begins with where it is not `main`. */
const OUTERMOST: Readonly<Record<string, string>> = {
  'go-cpu.pb.gz': 'runtime.main',
  'perf-srcline.txt': '__libc_start_call_main',
};

const graphOf = (page: Page): Locator => page.locator('.flame-graph');
const told = (root: Locator): Locator => root.locator('.canvas-live');
const openTab = (page: Page, name: string): Promise<void> =>
  page.getByRole('tab', { name, exact: true }).click();

async function readNames(page: Page): Promise<readonly string[]> {
  const names = await page.locator('.grid .grid-row .row-name').allInnerTexts();
  return names.map((name) => name.trim());
}

async function bytesOf(download: Download): Promise<Uint8Array> {
  return new Uint8Array(readFileSync(await download.path()));
}

const test = base.extend<{
  viewer: Page;
  open: (name: string, content: string | Uint8Array) => Promise<void>;
  browser: TestBrowser;
}>({
  browser: async ({ launch }, use) => use(await launch()),
  viewer: async ({ browser }, use) => {
    const page = await openViewer(browser);
    page.setDefaultTimeout(15_000);
    await page.setViewportSize({ width: 1300, height: 800 });
    await use(page);
  },
  open: async ({ viewer, onTestFinished }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-files-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await use(async (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      await viewer.locator('input[type=file]').first().setInputFiles(path);
    });
  },
});

describe('a file of another profiler', () => {
  test('opens whatever its format, with the views that it has', async ({ viewer, open }) => {
    for (const [name, words, hasTimes, write] of FILES) {
      // By its content: the name says nothing.
      await open(`file-${FILES.findIndex(([each]) => each === name)}.bin`, await write());
      await viewer.locator('.document-line strong', { hasText: words }).waitFor();
      await graphOf(viewer).waitFor();
      expect(await viewer.locator('.flame-chart').count(), name).toBe(hasTimes ? 1 : 0);
      expect(await viewer.getByText('It tells no times').count(), name).toBe(hasTimes ? 0 : 1);
      const tabs = await viewer.getByRole('tab').allInnerTexts();
      expect(tabs, name).toEqual(['Flame graph', 'Bottom-up', 'Call tree', 'About']);
      await openTab(viewer, 'Call tree');
      await viewer.locator('.grid .grid-row').first().waitFor();
      expect(await readNames(viewer), name).toContain(OUTERMOST[name] ?? 'main');
    }
  });

  test('has times laid out, measured and summed up; threads and weights are chosen', async ({
    viewer,
    open,
  }) => {
    await open('load.speedscope.json', [...writeSpeedscope([MAIN, WORKER])].join(''));
    await viewer.locator('.flame-chart').waitFor();
    expect(await viewer.locator('.document-line').textContent()).toContain('2 threads');
    await openTab(viewer, 'Bottom-up');
    await viewer.locator('.grid .grid-row').first().waitFor();
    expect(await readNames(viewer)).toEqual(['render', 'main', 'paint']);
    await viewer.getByLabel('Weight').selectOption({ label: 'time, idle as well' });
    await expect.poll(() => readNames(viewer)).toEqual(['(idle)', 'render', 'main', 'paint']);
    await viewer.getByLabel('Thread', { exact: true }).selectOption({ label: 'DedicatedWorker' });
    await expect.poll(() => readNames(viewer)).toEqual(['onmessage']);
    await viewer.getByLabel('Thread', { exact: true }).selectOption({ label: 'CrRendererMain' });
    // Zoomed into the first tenth, the tables are of that.
    await viewer.locator('.flame-chart').focus();
    for (let press = 0; press < 12; press++) await viewer.keyboard.press('w');
    await expect.poll(async () => (await readNames(viewer)).length).toBeLessThan(4);
  });

  test('is searched, transformed and walked by keys, and says so', async ({ viewer, open }) => {
    await open('main.pb', writePprof([MAIN]));
    await graphOf(viewer).waitFor();
    await graphOf(viewer).focus();
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(() => told(graphOf(viewer)).textContent()).toMatch(/^main, 35\sms, 100/);
    await viewer.keyboard.press('ArrowDown');
    await expect.poll(() => told(graphOf(viewer)).textContent()).toMatch(/^render, 25\sms/);
    await viewer.keyboard.press('f');
    await viewer.getByRole('navigation', { name: 'Transforms' }).getByText('Focus: render').waitFor();
    await viewer.keyboard.press('Backspace');
    await viewer.getByRole('navigation', { name: 'Transforms' }).waitFor({ state: 'detached' });
    await viewer.keyboard.press('/');
    await viewer.keyboard.type('paint');
    await viewer.getByText('1 box found').waitFor();
    // There is no chart: Enter steps through the graph.
    await viewer.keyboard.press('Enter');
    await expect.poll(() => told(graphOf(viewer)).textContent()).toContain('paint');
    await viewer.keyboard.press('Escape');
  });

  test('is saved as any other format, all of it or what is shown', async ({ viewer, open }) => {
    await open('main.pb.gz', await gzip(writePprof([MAIN, WORKER])));
    await graphOf(viewer).waitFor();
    const save = async (entry: string): Promise<Download> => {
      const started = viewer.waitForEvent('download');
      // The key opens the menu, too.
      await viewer.keyboard.press('Control+s');
      await viewer.getByRole('menuitem', { name: entry }).click();
      return started;
    };
    const folded = await save('All of it as Folded stacks');
    expect(folded.suggestedFilename()).toBe('main.folded');
    expect(new TextDecoder().decode(await bytesOf(folded))).toContain('CrRendererMain;main;render 20000');
    const speedscope = await save('All of it as speedscope');
    const read = await readProfile(await bytesOf(speedscope), 'again');
    expect(read.ok && read.value.kind === 'profiles' ? read.value.profiles.map(foldProfile) : []).toEqual([
      foldProfile(MAIN),
      foldProfile(WORKER),
    ]);
    const started = viewer.waitForEvent('download');
    await viewer.getByRole('button', { name: /what is shown/ }).click();
    await viewer.getByRole('menuitem', { name: 'What is shown as Folded stacks' }).click();
    const shown = await started;
    // Busy time, of the thread that is shown.
    expect(
      new TextDecoder()
        .decode(await bytesOf(shown))
        .trim()
        .split('\n'),
    ).toHaveLength(3);
  });

  test('opens when it is dropped', async ({ viewer }) => {
    const dropped = await viewer.evaluateHandle(
      (text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], 'dropped.folded'));
        return data;
      },
      writeFolded([MAIN]),
    );
    await viewer.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await viewer.locator('.document-line strong', { hasText: 'Folded stacks' }).waitFor();
  });

  test('that is none is refused in words, and what was open stays', async ({ viewer, open }) => {
    await open('stacks.folded', writeFolded([MAIN]));
    await graphOf(viewer).waitFor();
    await open('letter.txt', 'Dear all, this is no profile.');
    await viewer.getByText(/letter\.txt is not a trace, nor a profile/).waitFor();
    await graphOf(viewer).waitFor();
    await open('raw.json', JSON.stringify({ meta: { version: 27 }, libs: [], threads: [] }));
    await viewer.getByText(/raw profile of Firefox/).waitFor();
  });

  test('passes axe, and looks well, light and dark, wide and narrow', async ({ viewer, open }) => {
    await open('node.cpuprofile', writeCpuProfile(MAIN));
    await graphOf(viewer).waitFor();
    await takeScreenshot(viewer, 'profile-file-light');
    expect(await findBarriers(viewer)).toEqual([]);
    for (const tab of ['Bottom-up', 'About']) {
      await openTab(viewer, tab);
      expect(await findBarriers(viewer), tab).toEqual([]);
    }
    await viewer.emulateMedia({ colorScheme: 'dark' });
    await viewer.setViewportSize({ width: 400, height: 800 });
    await openTab(viewer, 'Flame graph');
    await takeScreenshot(viewer, 'profile-file-narrow-dark');
    expect(await findBarriers(viewer)).toEqual([]);
    const overflow = await viewer.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
