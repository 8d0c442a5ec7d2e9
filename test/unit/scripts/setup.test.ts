/** The setup script's sentences about the browser that it is given. It runs as a newcomer runs it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SETUP = fileURLToPath(new URL('../../../scripts/setup.mjs', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pageflame-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs setup with PAGEFLAME_CHROMIUM naming a program that says it is `version`. */
function setUpWith(version: string): { code: number | null; said: string; browser: string } {
  const browser = join(folder, 'browser');
  writeFileSync(browser, `#!/bin/sh\necho '${version}'\n`);
  chmodSync(browser, 0o755);
  const env = { ...process.env, PAGEFLAME_CHROMIUM: browser };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SETUP], { encoding: 'utf8', env });
  return { code: status, said: stdout + stderr, browser };
}

test.each([
  'Chromium 156.0.8078.79 built on Debian',
  'Google Chrome for Testing 159.0.8154.6',
  'Google Chrome 136.0.7103.1',
])('%s is used', (version) => {
  const { code, said, browser } = setUpWith(version);
  expect(said).toContain(`setup: browser: ${version}, ${browser} (found in PAGEFLAME_CHROMIUM)`);
  expect(code).toBe(0);
});

test('a browser that is too old is refused with the version that is needed', () => {
  const { code, said } = setUpWith('Chromium 90.0.4430.212');
  expect(said).toMatch(/is Chromium 90\.0\.4430\.212; Pageflame needs \d+ or newer/);
  expect(said).toContain('which is no browser that can be used');
  expect(code).toBe(1);
});

test('branded Chrome is refused, with how to load the extension by hand', () => {
  const { code, said } = setUpWith('Google Chrome 150.0.1.2');
  expect(said).toContain('since version 137 it ignores --load-extension');
  expect(said).toMatch(/chrome:\/\/extensions.*Load unpacked.*dist\/extension/s);
  expect(code).toBe(1);
});
