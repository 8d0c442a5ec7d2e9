/**
 * Vite plugin: writes dist/extension/manifest.json from the manifest.json at the top, with package.json's version.
 * In: both files. Out: the manifest, the Vite target that its `minimum_chrome_version` asks for, and the version for the
 * program itself.
 * Refuses: a manifest without `minimum_chrome_version`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const MANIFEST = fileURLToPath(new URL('../../manifest.json', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

const readJson = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'));

/** `chrome` and the oldest version that the manifest lets in, so that nothing newer is written than it runs. */
export function chromeTarget(): string {
  const oldest = readJson(MANIFEST).minimum_chrome_version;
  if (typeof oldest !== 'string') throw new Error('manifest.json names no minimum_chrome_version');
  return `chrome${Number.parseInt(oldest, 10)}`;
}

/** What PAGEFLAME_VERSION stands for in the program: package.json's version. */
export const versionDefine = (): Record<string, string> => ({
  PAGEFLAME_VERSION: JSON.stringify(readJson(PACKAGE).version),
});

export function extensionManifest(): Plugin {
  return {
    name: 'pageflame:manifest',
    apply: 'build',
    buildStart() {
      this.addWatchFile(MANIFEST);
    },
    generateBundle() {
      const manifest = { ...readJson(MANIFEST), version: readJson(PACKAGE).version };
      this.emitFile({
        type: 'asset',
        fileName: 'manifest.json',
        source: `${JSON.stringify(manifest, null, 2)}\n`,
      });
    },
  };
}
