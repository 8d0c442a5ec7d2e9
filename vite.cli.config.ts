/**
 * Builds the command line into dist/cli/main.js for Node. Everything of ours and of the small libraries goes in;
 * `playwright` stays outside, because it brings files of its own beside its code.
 */
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { traceKernel } from './scripts/vite/kernel.ts';
import { chromeTarget, versionDefine } from './scripts/vite/manifest.ts';
import { vitalsSource } from './scripts/vite/vitals-source.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  publicDir: false,
  plugins: [
    vitalsSource(chromeTarget()),
    traceKernel(),
    {
      name: 'pageflame:executable',
      writeBundle: () => chmodSync(path('./dist/cli/main.js'), 0o755),
    },
  ],
  define: versionDefine(),
  ssr: { noExternal: true, external: ['playwright'] },
  build: {
    ssr: path('./src/cli/main.ts'),
    outDir: path('./dist/cli'),
    emptyOutDir: true,
    target: 'node20.19',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      output: { entryFileNames: 'main.js', codeSplitting: false, banner: '#!/usr/bin/env node' },
    },
  },
});
