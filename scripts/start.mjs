/**
 * `npm start [-- URL]`: the whole way once. Installs what is missing, builds, opens a browser with Pageflame in it and
 * DevTools on its panel, presses the real toolbar button, and shows where the load of URL went (a page of ours where
 * none is given). Without a display it does the same headless.
 * Out: a table on stdout; out/recording.pageflame, out/summary.json (of the page window, as the panel shows it) and
 * out/panel.png. Exit code 0, or 1 with a sentence.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain, SetupProblem, setUp } from './setup.mjs';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const OUT = path('out');
const RECORDING = 'recording.pageflame';
/** A load of a minute, and reading it. */
const RECORDING_SECONDS = 120;

await runMain(async () => {
  const asked = readAddress(process.argv.slice(2));
  const executable = setUp();
  build();
  const headless = !hasDisplay();
  if (headless) console.log('start: no display, so the browser runs headless');
  // These need the packages that setUp() has just provided.
  const { launchBrowser } = await import('./browser.mjs');
  const { serveDemo } = await import('./demo-site.mjs');
  const demo = asked === null ? await serveDemo() : null;
  const extension = path('dist/extension');
  const running = await launchBrowser({
    executable,
    extension,
    headless,
    devtools: { dock: 'bottom', height: headless ? 740 : 560 },
    // Nobody looks at the page above it, but at the picture of the panel.
    args: headless ? ['--window-size=1440,1000'] : [],
  });
  const interrupted = new Promise((resolve) => process.once('SIGINT', resolve));
  try {
    await Promise.race([showLoad(running, asked ?? demo?.url ?? 'about:blank', headless), interrupted]);
  } finally {
    await running.close();
    await demo?.close();
  }
});

/**
 * @param {readonly string[]} args
 * @returns {string | null}
 */
function readAddress(args) {
  if (args.length === 0) return null;
  const [text] = args;
  const address = /^[a-z][a-z0-9+.-]*:\/\/|^data:/i.test(text) ? text : `https://${text}`;
  if (args.length > 1 || !URL.canParse(address)) throw new SetupProblem('Usage: npm start [-- URL]');
  return address;
}

function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function build() {
  console.log('start: building');
  const vite = path('node_modules/vite/bin/vite.js');
  for (const config of ['vite.config.ts', 'vite.cli.config.ts']) {
    const args = [vite, 'build', '--logLevel', 'warn', '--config', path(config)];
    const { status } = spawnSync(process.execPath, args, { cwd: path('.'), stdio: 'inherit' });
    if (status !== 0) throw new SetupProblem(`${config} does not build.`);
  }
}

/**
 * Records and shows the load; with a display, until the browser is closed.
 * @param {import('./browser.mjs').RunningBrowser} running
 * @param {string} url
 * @param {boolean} headless
 */
async function showLoad(running, url, headless) {
  const closed = running.exited.then(() => {
    throw new SetupProblem('The browser was closed before the load was shown.');
  });
  await Promise.race([recordAndShow(running, url), closed]);
  if (headless) return;
  console.log('start: close the browser to end');
  await running.exited;
}

/**
 * @param {import('./browser.mjs').RunningBrowser} running
 * @param {string} url
 */
async function recordAndShow(running, url) {
  const { openPanel, pressToolbarButton } = await import('./browser.mjs');
  const panel = await openPanel(running);
  const page = running.context.pages().find((each) => !/^(devtools|chrome-extension):/.test(each.url()));
  if (page === undefined) throw new SetupProblem('The page was closed.');
  // Its user would press the button once the page is there. One that never comes to rest is recorded all the same.
  await page.goto(url, { waitUntil: 'networkidle', timeout: 10_000 }).catch(() => undefined);
  console.log(`start: pressing the toolbar button on ${page.url()}`);
  await pressToolbarButton(running, (url) => !/^(devtools|chrome-extension):/.test(url));
  await waitForChart(panel);

  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT);
  await (await panel.frameElement()).screenshot({ path: join(OUT, 'panel.png') });
  await saveRecording(running, panel);
  summarize();
  console.log('start: wrote out/recording.pageflame, out/summary.json and out/panel.png');
}

/**
 * Waits until the panel has drawn the recording, or says why it cannot.
 * @param {import('playwright').Frame} panel
 */
async function waitForChart(panel) {
  const chart = panel.locator('.flame-chart[data-idle="true"]');
  const refusal = panel.locator('[role="alert"]');
  await chart
    .or(refusal)
    .first()
    .waitFor({ timeout: RECORDING_SECONDS * 1000 });
  if (await refusal.isVisible()) throw new SetupProblem((await refusal.textContent()) ?? '');
}

/**
 * Presses the panel's own Save button, then that of its dialog, and takes what is downloaded.
 * @param {import('./browser.mjs').RunningBrowser} running
 * @param {import('playwright').Frame} panel
 */
async function saveRecording({ browser }, panel) {
  const { poll } = await import('./browser.mjs');
  const folder = mkdtempSync(join(OUT, 'download-'));
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await panel.locator('.toolbar').getByRole('button', { name: /^Save/ }).click();
  await panel
    .getByRole('dialog', { name: 'Save' })
    .getByRole('button', { name: 'Save', exact: true })
    .click();
  const file = await poll('the recording to be saved', () =>
    readdirSync(folder).find((name) => name.endsWith('.pageflame')),
  );
  await session.send('Browser.setDownloadBehavior', { behavior: 'default' });
  await session.detach();
  renameSync(join(folder, file), join(OUT, RECORDING));
  rmSync(folder, { recursive: true });
}

/** Prints the breakdown of the page window and writes it as JSON. */
function summarize() {
  const { pageWindow } = JSON.parse(runCli(['summary', RECORDING, '--json']));
  const window =
    pageWindow === null ? [] : [`--from=${pageWindow.startMicros}`, `--to=${pageWindow.endMicros}`];
  writeFileSync(join(OUT, 'summary.json'), runCli(['summary', RECORDING, '--json', ...window]));
  console.log(`\n${runCli(['summary', RECORDING, ...window])}`);
}

/**
 * @param {readonly string[]} args
 * @returns {string}
 */
function runCli(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path('dist/cli/main.js'), ...args], {
    cwd: OUT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new SetupProblem(stderr.trim());
  return stdout;
}
