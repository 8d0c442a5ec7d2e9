/**
 * Which page each shared trace is about: our rules beside DevTools' main frame.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPageLoad } from '../../../src/analysis/index.ts';
import { readTraceFile, SHARED } from '../../builders/shared-traces.ts';

const names = readdirSync(join(SHARED, 'oracles')).filter(
  (name) => name.endsWith('.json') && name !== 'category-map.json',
);

describe.each(names)('%s', (name) => {
  const oracle = JSON.parse(readFileSync(join(SHARED, 'oracles', name), 'utf8'));
  test('its main thread is on the main frame that DevTools finds', async () => {
    const tables = await readTraceFile(join(SHARED, 'traces', oracle.trace));
    const page = findPageLoad(tables);
    const at = page.mainThread;
    const ours = at < 0 ? null : `${tables.threads.pid[at]}:${tables.threads.tid[at]}`;
    const theirs = oracle.threads
      .filter((thread: { onMainFrame: boolean }) => thread.onMainFrame)
      .map((thread: { pid: number; tid: number }) => `${thread.pid}:${thread.tid}`);
    const others = oracle.threads
      .filter((thread: { onMainFrame: boolean }) => !thread.onMainFrame)
      .map((thread: { pid: number; tid: number }) => `${thread.pid}:${thread.tid}`);
    const on = [...page.onMainFrame].map((row) => `${tables.threads.pid[row]}:${tables.threads.tid[row]}`);
    expect(on).toEqual(expect.arrayContaining(theirs));
    expect(on.filter((thread) => others.includes(thread))).toEqual([]);
    if (theirs.length > 0) expect(theirs).toContain(ours);
  });
});
