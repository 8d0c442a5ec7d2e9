/** Where a browser is looked for, in which order, and which are passed over. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBrandedChrome, findChromium } from '../../../src/cli/find-chromium.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pageflame-find-'));
  // As if nothing were installed in the usual places: those of Windows are taken from the environment alone.
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function place(path: string, mode = 0o755): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, mode);
  return file;
}

test('nothing anywhere', () => {
  expect(findChromium({ PATH: folder, PLAYWRIGHT_BROWSERS_PATH: join(folder, 'none') })).toBeNull();
});

test('PAGEFLAME_CHROMIUM wins, and where it is wrong nothing else is taken in its place', () => {
  const named = place('mine/browser');
  place('bin/chromium.exe');
  const PATH = join(folder, 'bin');
  expect(findChromium({ PATH, PAGEFLAME_CHROMIUM: named })).toStrictEqual({
    path: named,
    from: 'PAGEFLAME_CHROMIUM',
  });
  expect(findChromium({ PATH, PAGEFLAME_CHROMIUM: join(folder, 'no-such') })).toBeNull();
  expect(findChromium({ PATH, PAGEFLAME_CHROMIUM: folder })).toBeNull();
});

test('the path comes before the usual places, and those before the cache', () => {
  const cached = place('cache/chromium-1200/chrome-win/chrome.exe');
  const env = {
    PATH: join(folder, 'bin'),
    LOCALAPPDATA: join(folder, 'app'),
    PLAYWRIGHT_BROWSERS_PATH: join(folder, 'cache'),
  };
  expect(findChromium(env)).toStrictEqual({ path: cached, from: "Playwright's cache" });
  const usual = place('app/Chromium/Application/chrome.exe');
  expect(findChromium(env)).toStrictEqual({ path: usual, from: 'its usual place' });
  const onPath = place('bin/chromium.exe');
  expect(findChromium(env)).toStrictEqual({ path: onPath, from: 'PATH' });
});

test('files that are no programs are passed over', () => {
  place('one/chromium.exe', 0o644);
  const second = place('two/chromium.exe');
  const PATH = [join(folder, 'one'), '', join(folder, 'two')].join(delimiter);
  // Who is root may execute what anybody may; the first file may be executed by nobody.
  expect(findChromium({ PATH })).toStrictEqual({ path: second, from: 'PATH' });
});

test("the newest full browser of Playwright's cache, never its headless shell", () => {
  place('chromium-999/chrome-linux/chrome');
  const newest = place('chromium-1255/chrome-linux64/chrome');
  place('chromium_headless_shell-1300/chrome-linux/chrome');
  place('firefox-1572/firefox/chrome');
  expect(findChromium({ PATH: '', PLAYWRIGHT_BROWSERS_PATH: folder })?.path).toBe(newest);
});

test('Google Chrome and Edge are found only as what cannot be used', () => {
  const chrome = place('google/Google/Chrome/Application/chrome.exe');
  const env = {
    PATH: '',
    PROGRAMFILES: join(folder, 'google'),
    PLAYWRIGHT_BROWSERS_PATH: join(folder, 'none'),
  };
  expect(findChromium(env)).toBeNull();
  expect(findBrandedChrome(env)).toBe(chrome);
});
