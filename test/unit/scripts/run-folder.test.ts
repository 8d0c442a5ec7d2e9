/** The folder of one run of the tests: its own, and those of runs that are over are gone. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRunFolder } from '../../../scripts/run-folder.mjs';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'pageflame-runs-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

test('deletes what killed runs left, and nothing else', () => {
  for (const name of ['pageflame-run-7', 'pageflame-run-8', 'pageflame-run-notes', 'pageflame-bench'])
    mkdirSync(join(parent, name));
  writeFileSync(join(parent, 'pageflame-run-7', 'profile'), 'left');
  const { path, remove } = openRunFolder({ parent, pid: 9, isRunning: (pid) => pid === 8 });
  const isThere = (name: string): boolean => existsSync(join(parent, name));
  expect(path).toBe(join(parent, 'pageflame-run-9'));
  expect(isThere('pageflame-run-7')).toBe(false);
  expect(
    ['pageflame-run-8', 'pageflame-run-9', 'pageflame-run-notes', 'pageflame-bench'].every(isThere),
  ).toBe(true);
  writeFileSync(join(path, 'file'), 'mine');
  remove();
  expect(isThere('pageflame-run-9')).toBe(false);
});

test('takes the place of a run that had the same number, and knows that it runs itself', () => {
  mkdirSync(join(parent, `pageflame-run-${process.pid}`, 'old'), { recursive: true });
  expect(existsSync(join(openRunFolder({ parent }).path, 'old'))).toBe(false);
  openRunFolder({ parent, pid: 1_999_999_999 });
  expect(existsSync(join(parent, `pageflame-run-${process.pid}`)), 'of a process that is there').toBe(true);
});
