/**
 * Finds a browser that takes unpacked extensions: Chromium or Chrome for Testing.
 * In: the environment and the usual places of each system. Out: the executable's path and where it was found; or null.
 * Refuses: Google Chrome and Edge, which ignore `--load-extension` since 137, unless PAGEFLAME_CHROMIUM names one.
 * Plain JavaScript, because scripts/setup.mjs needs it before anything is installed or built.
 */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {{ path: string, from: string }} FoundChromium */

const NAMES = ['chromium', 'chromium-browser', 'chrome-for-testing'];
const BRANDED_NAMES = ['google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {FoundChromium | null}
 */
export function findChromium(env = process.env) {
  if (env.PAGEFLAME_CHROMIUM)
    return isProgram(env.PAGEFLAME_CHROMIUM)
      ? { path: env.PAGEFLAME_CHROMIUM, from: 'PAGEFLAME_CHROMIUM' }
      : null;
  return (
    first(onPath(NAMES, env), 'PATH') ??
    first(usualPlaces(env), 'its usual place') ??
    first(playwrightCache(env), "Playwright's cache")
  );
}

/**
 * Google Chrome or Edge where one is installed: it can use Pageflame only when loaded by hand.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null}
 */
export function findBrandedChrome(env = process.env) {
  const places = {
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    win32: windowsFolders(env).flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
    linux: ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'],
  };
  return [...onPath(BRANDED_NAMES, env), ...ofThisSystem(places)].find(isProgram) ?? null;
}

/** @type {(paths: readonly string[], from: string) => FoundChromium | null} */
function first(paths, from) {
  const path = paths.find(isProgram);
  return path === undefined ? null : { path, from };
}

/** @type {(names: readonly string[], env: NodeJS.ProcessEnv) => string[]} */
function onPath(names, env) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

/** @type {(env: NodeJS.ProcessEnv) => readonly string[]} */
function usualPlaces(env) {
  return ofThisSystem({
    darwin: ['/Applications', join(homedir(), 'Applications')].flatMap((folder) => [
      join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
      join(folder, 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing'),
    ]),
    win32: windowsFolders(env).map((folder) => join(folder, 'Chromium', 'Application', 'chrome.exe')),
    linux: [
      '/usr/lib/chromium/chromium',
      '/usr/lib64/chromium-browser/chromium-browser',
      '/snap/bin/chromium',
    ],
  });
}

/**
 * The full browsers in Playwright's cache, newest first (its headless shell takes no extensions).
 * @type {(env: NodeJS.ProcessEnv) => string[]}
 */
function playwrightCache(env) {
  const [usual] = ofThisSystem({
    darwin: [join(homedir(), 'Library/Caches/ms-playwright')],
    win32: [join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'ms-playwright')],
    linux: [join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')],
  });
  const cache = env.PLAYWRIGHT_BROWSERS_PATH || usual;
  const revision = (/** @type {string} */ name) => Number(name.replace('chromium-', ''));
  return foldersOf(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => revision(b) - revision(a))
    .flatMap((name) => foldersOf(join(cache, name)).map((inner) => join(cache, name, inner)))
    .flatMap((folder) => [
      join(folder, 'chrome'),
      join(folder, 'chrome.exe'),
      join(folder, 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing'),
      join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
    ]);
}

/** @type {(places: Readonly<Record<'darwin' | 'win32' | 'linux', readonly string[]>>) => readonly string[]} */
function ofThisSystem(places) {
  return process.platform === 'darwin' || process.platform === 'win32'
    ? places[process.platform]
    : places.linux;
}

/** @type {(env: NodeJS.ProcessEnv) => string[]} */
function windowsFolders(env) {
  return [env.LOCALAPPDATA, env.PROGRAMFILES, env['PROGRAMFILES(X86)']].filter(
    (folder) => folder !== undefined,
  );
}

/** @type {(folder: string) => string[]} */
function foldersOf(folder) {
  const entries = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder, { withFileTypes: true })
    : [];
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** @type {(path: string) => boolean} */
function isProgram(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // A file that may not be executed is no browser; the next place may have one.
    return false;
  }
}
