/**
 * One page recorded both ways. A trusted session (the command line's) also traces the browser and GPU processes, the
 * extension's does not: which thread is the page's, and where its load begins, must not depend on that.
 */
import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { findPageLoad, type PageLoad } from '../../src/analysis/index.ts';
import { ensure } from '../../src/base/index.ts';
import { Engine } from '../../src/engine/index.ts';
import { THREAD_ROLES, type TraceTables } from '../../src/trace/index.ts';
import { test } from './harness/browser.ts';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

async function read(name: string, file: Blob): Promise<{ tables: TraceTables; page: PageLoad }> {
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name, file });
  if (!opened.ok) throw new Error(opened.failure.message);
  return ensure(engine.traceOf(opened.value.open), 'an open trace');
}

const roles = ({ threads }: TraceTables): Set<string> =>
  new Set(Array.from(threads.role, (role) => THREAD_ROLES[role]));

/** What the tables would hold had only renderers been traced. */
function onlyRenderers(tables: TraceTables): TraceTables {
  const { threads } = tables;
  const renderers = new Set(threads.pid.filter((_, row) => THREAD_ROLES[threads.role[row]] === 'main'));
  return { ...tables, marks: tables.marks.filter((mark) => renderers.has(mark.pid)) };
}

/** What both must agree on. */
function facts({ page, tables }: { page: PageLoad; tables: TraceTables }) {
  return {
    url: page.url,
    role: THREAD_ROLES[tables.threads.role[page.mainThread]],
    onMainFrame: page.onMainFrame.has(page.mainThread),
    milestones: page.milestones.map(({ name }) => name).sort(),
    beginsAtNavigation: page.window?.start === page.milestones[0].time,
    endsWithTrace: page.window?.end === tables.bounds.end,
  };
}

test('the page and its window are the same with and without the browser process', async ({
  site,
  launch,
}) => {
  const url = `${site.origin}/busy.html`;
  const browser = await launch({ url });
  await browser.press(site.origin);
  const untrusted = await read(
    'extension',
    new Blob([new Uint8Array(await browser.traceOf(await browser.recorded()))]),
  );

  const folder = await mkdtemp(join(tmpdir(), 'pageflame-both-'));
  try {
    const path = join(folder, 'both.pageflame');
    await promisify(execFile)(process.execPath, [CLI, 'record', url, '-o', path]);
    const trusted = await read('command line', await openAsBlob(path));
    expect(roles(trusted.tables)).toContain('browser');
    expect(roles(untrusted.tables)).not.toContain('browser');
    expect(facts(trusted)).toEqual(facts(untrusted));
    expect(facts(trusted)).toMatchObject({ url, role: 'main', onMainFrame: true, beginsAtNavigation: true });

    const tables = onlyRenderers(trusted.tables);
    expect(tables.marks.length).toBeLessThan(trusted.tables.marks.length);
    const alone = findPageLoad(tables);
    expect(alone.mainThread).toBe(trusted.page.mainThread);
    expect(alone.window).toEqual(trusted.page.window);
  } finally {
    await rm(folder, { recursive: true });
  }
});
