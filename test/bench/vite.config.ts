/**
 * Builds what the bench runs of ours into one file for Node, as vite.cli.config.ts builds the command line. The entry
 * and the folder come from places.mjs.
 */
import { defineConfig } from 'vite';
import { traceKernel } from '../../scripts/vite/kernel.ts';
import { chromeTarget, versionDefine } from '../../scripts/vite/manifest.ts';
import { vitalsSource } from '../../scripts/vite/vitals-source.ts';

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [vitalsSource(chromeTarget()), traceKernel()],
  define: versionDefine(),
  ssr: { noExternal: true, external: ['playwright'] },
  build: {
    emptyOutDir: true,
    target: 'node20.19',
    minify: false,
    rolldownOptions: { output: { entryFileNames: '[name].mjs', codeSplitting: false } },
  },
});
