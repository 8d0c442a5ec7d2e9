/**
 * Builds the extension into dist/extension: pages, service worker, engine worker, manifest, icons. Loads unpacked.
 * The room src/panel is Vite's root, because a page's place in the build is its place under the root.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { traceKernel } from './scripts/vite/kernel.ts';
import { chromeTarget, extensionManifest, versionDefine } from './scripts/vite/manifest.ts';
import { vitalsSource } from './scripts/vite/vitals-source.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const target = chromeTarget();

export default defineConfig({
  root: path('./src/panel'),
  publicDir: path('./public'),
  // Relative addresses: the pages' own address holds the extension's id.
  base: './',
  plugins: [
    // Preact through the React plugin: all it does to our code in a build is the automatic JSX transform, here with
    // Preact's runtime, so no React is needed. Its Fast Refresh (development server only) patches React's renderer,
    // which Preact is not; we never run that server, because an extension loads from files (`vite build --watch`).
    // `@preact/preset-vite` would bring Babel and prefresh for that server, which we could not use either.
    react({ jsxImportSource: 'preact' }),
    vitalsSource(target),
    traceKernel(),
    extensionManifest(),
  ],
  define: versionDefine(),
  worker: { format: 'es', plugins: () => [traceKernel()] },
  build: {
    outDir: path('./dist/extension'),
    emptyOutDir: true,
    target,
    sourcemap: true,
    // A panel is ready sooner with a third of the code to parse; the maps beside it are for whoever reads or reviews it.
    minify: true,
    // Its polyfill would go into every entry, the service worker's too, and touches `document`; Chrome needs none.
    modulePreload: false,
    // Inlined `data:` assets would need holes in the Content Security Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        background: path('./src/extension/background.ts'),
        notice: path('./src/extension/notice.ts'),
        delivery: path('./src/extension/delivery-page.ts'),
        panel: path('./src/panel/panel.html'),
        viewer: path('./src/panel/viewer.html'),
        devtools: path('./src/panel/devtools.html'),
      },
      output: {
        // The manifest names the service worker, and two pages of public/ their scripts; everything else is found
        // through its page. Chrome refuses files whose name begins with `_`, which bundlers give to their helpers.
        entryFileNames: ({ name }) =>
          ['background', 'notice', 'delivery'].includes(name) ? '[name].js' : 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/chunk-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
