/**
 * Where the bench finds and keeps things, and how it gets what it needs: the peers' packages, our core as one file for
 * Node, traces of a given size.
 * In: nothing. Out: paths; everything made lies in a folder of the system's temporary folder, outside git, and is made
 * once. Delete that folder to begin anew.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { launchBrowser } from '../../scripts/browser.mjs';
import { findChromium } from '../../src/cli/find-chromium.mjs';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

export const ROOT = path('../..');
export const HERE = path('.');
export const CACHE = join(tmpdir(), 'pageflame-bench');
/** The trace that everything generated is made of. */
export const BUSY_PAGE = path('../../../shared/traces/busy-page.json.gz');

/** Installs the peers (test/bench/package.json) when they are missing. */
export function installPeers() {
  if (existsSync(join(HERE, 'node_modules/.package-lock.json'))) return;
  console.log('bench: installing the peers (npm install in test/bench)');
  const { status } = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd: HERE,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error('the peers could not be installed');
}

/**
 * One of the bench's TypeScript files with all of ours that it uses, as one file for Node.
 * @param {'core' | 'recording' | 'profiles' | 'views' | 'push'} name
 * @param {string} [folder]
 * @returns {Promise<string>} The file.
 */
export async function buildForNode(name, folder = join(CACHE, name)) {
  await build({
    configFile: path('./vite.config.ts'),
    root: ROOT,
    build: { ssr: path(`./${name}.ts`), outDir: folder },
  });
  return join(folder, `${name}.mjs`);
}

/**
 * The extension from its sources, beside dist/, which somebody may be building.
 * @returns {Promise<string>} Its folder.
 */
export async function buildExtension() {
  const folder = join(CACHE, 'extension');
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn', build: { outDir: folder } });
  return folder;
}

/** @returns {string} The executable of a Chromium that takes unpacked extensions. */
export function provideChromium() {
  const found = findChromium();
  if (found === null) throw new Error('no Chromium: run `npm run setup`');
  return found.path;
}

/** @param {string} extension The extension's folder. */
export const launch = (extension, url = 'about:blank') =>
  launchBrowser({ executable: provideChromium(), extension, url, headless: true });
