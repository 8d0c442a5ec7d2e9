/** dist/extension as Chrome takes it: no warning, no error, nothing that its Content Security Policy would refuse. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'oxc-parser';
import { expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { test } from './harness/browser.ts';
import { copyForLoopback, LOOPBACK } from './harness/loopback-extension.ts';

const DIST = fileURLToPath(new URL('../../dist/extension', import.meta.url));
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface ExtensionInfo {
  readonly id: string;
  readonly version: string;
  readonly state: string;
  readonly errorCollection: { readonly isActive: boolean };
  readonly manifestErrors: readonly unknown[];
  readonly runtimeErrors: readonly unknown[];
  readonly installWarnings?: readonly string[];
}

test('loads unpacked without a warning or an error', async ({ launch }) => {
  const { page, running } = await launch();
  await page.goto('chrome://extensions');
  // What chrome://extensions itself shows, asked as it asks. It collects warnings in developer mode only, as it loads.
  await page.evaluate('chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })');
  await page.evaluate(`chrome.developerPrivate.reload('${running.extensionId}', { failQuietly: true })`);
  const ask = async (): Promise<ExtensionInfo | undefined> => {
    const all = await page.evaluate<readonly ExtensionInfo[]>('chrome.developerPrivate.getExtensionsInfo()');
    return all.find(({ id, errorCollection }) => id === running.extensionId && errorCollection.isActive);
  };
  const loaded = await poll('the extension to load again', ask);
  const viewer = await running.context.newPage();
  await viewer.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await viewer.getByText('or drop a trace here').waitFor();
  expect(await ask()).toMatchObject({
    state: 'ENABLED',
    version: JSON.parse(read('package.json')).version,
    manifestErrors: [],
    runtimeErrors: [],
  });
  expect(loaded.installWarnings ?? []).toStrictEqual([]);
});

test('holds what the manifest at the top says, and no script in a page', () => {
  const built = JSON.parse(readFileSync(`${DIST}/manifest.json`, 'utf8'));
  expect(built).toStrictEqual({
    ...JSON.parse(read('manifest.json')),
    version: JSON.parse(read('package.json')).version,
  });
  // Leave to reach a backend is asked for by its own origin, when it is added.
  expect(built.host_permissions).toBeUndefined();
  expect(built.optional_host_permissions).toStrictEqual(['http://*/*', 'https://*/*']);
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(^|\/)_/.test(file))).toStrictEqual([]);
  const pages = files.filter((file) => file.endsWith('.html'));
  expect(pages).toEqual(
    expect.arrayContaining(['panel.html', 'viewer.html', 'devtools.html', 'delivery.html']),
  );
  for (const page of pages) {
    const html = readFileSync(`${DIST}/${page}`, 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|<style|javascript:|https?:\/\//i);
  }
});

test('is tested with leave for the loopback in a copy that is otherwise the same', ({ onTestFinished }) => {
  const copy = copyForLoopback();
  onTestFinished(copy.remove);
  const files = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
      .sort();
  expect(files(copy.path)).toStrictEqual(files(DIST));
  for (const file of files(DIST)) {
    const [shipped, tested] = [DIST, copy.path].map((folder) => readFileSync(folder + file));
    if (file !== '/manifest.json') expect(tested.equals(shipped), file).toBe(true);
    else
      expect(JSON.parse(String(tested))).toStrictEqual({
        ...JSON.parse(String(shipped)),
        host_permissions: LOOPBACK,
      });
  }
});

/** Scripts that a page loads before anything runs: its own, what they import, and what those do. */
function scriptsAtStart(page: string): string[] {
  const html = readFileSync(join(DIST, page), 'utf8');
  const waiting = [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map(([, script]) => script);
  const found = new Set<string>();
  for (let script = waiting.pop(); script !== undefined; script = waiting.pop()) {
    if (found.has(script)) continue;
    found.add(script);
    const { module } = parseSync(script, readFileSync(join(DIST, script), 'utf8'));
    const requests = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
    for (const { moduleRequest } of requests)
      if (moduleRequest != null) waiting.push(join(script, '..', moduleRequest.value));
  }
  return [...found];
}

test.for(['panel.html', 'viewer.html'])('%s loads at most 80 kB of script at its start', (page) => {
  const scripts = scriptsAtStart(page);
  expect(scripts.length).toBeGreaterThan(1);
  const bytes = scripts.map((script) => gzipSync(readFileSync(join(DIST, script))).length);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(80_000);
});
