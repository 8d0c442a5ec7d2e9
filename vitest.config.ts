/**
 * Three projects: `unit` (test/unit, Node, parallel, fast), `backends` (test/backends, against real servers where they
 * are built and stand-ins where there are none) and `e2e` (test/e2e, real Chromium with dist/extension, one
 * file after the other: Chrome traces for one at a time and the figures would disturb each other).
 */
import { defineConfig } from 'vitest/config';
import { realServersBuilt } from './scripts/backend-servers.mjs';
import { traceKernel } from './scripts/vite/kernel.ts';
import { versionDefine } from './scripts/vite/manifest.ts';
import { vitalsSource } from './scripts/vite/vitals-source.ts';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: versionDefine(),
  plugins: [vitalsSource('chrome120'), traceKernel()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          environment: 'node',
          // Seconds are enough; a machine that is busy with other work takes longer.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'backends',
          include: ['test/backends/**/*.test.ts'],
          exclude: realServersBuilt() ? [] : ['test/backends/real/**'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: realServersBuilt() ? [] : ['test/e2e/real-*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A real browser may lose a start or a focus to other work of the machine. What passes at a second try only
          // is told at the end of the run (scripts/test.mjs), and is to be mended.
          retry: 1,
        },
      },
    ],
  },
});
