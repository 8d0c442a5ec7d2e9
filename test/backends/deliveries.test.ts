/**
 * A thousand deliveries through a proxy that fails 30 % of the time: each is there exactly once, although the servers
 * count what is sent twice twice.
 */
import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect, NO_CREDENTIALS, parca, pyroscope } from '../../src/backends/index.ts';
import type { StackProfile } from '../../src/profile/index.ts';
import { buildDestination } from '../builders/cargo.ts';
import { foldRounded, readOne, take } from './answers.ts';
import {
  COUNT,
  type RushResult,
  rush,
  seedOf,
  storeInDatabase,
  storeInFolder,
  weightOf,
} from './deliveries.ts';
import { FAILURES } from './failing-proxy.ts';
import { newService, openParca, openPyroscope } from './servers.ts';

const EVERY_ONE_ONCE = Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [seedOf(i), weightOf(i)]));
const HOUR = 3_600_000;

describe('1 000 deliveries', () => {
  it('to Pyroscope, of the command line’s queue on disk', async () => {
    const server = await openPyroscope();
    const service = newService();
    const folder = mkdtempSync(join(tmpdir(), 'pageflame-rush-'));
    const openStore = storeInFolder(folder);
    expectAllArrived(await rush({ kind: 'pyroscope', server: server.url, service, openStore }));
    rmSync(folder, { recursive: true });
    const to = connect(buildDestination('pyroscope', server.url), NO_CREDENTIALS);
    const pprof = await pyroscope.fetchPprofs(to, {
      profileType: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds',
      selector: pyroscope.selectorOf({ service_name: service }),
      start: Date.now() - HOUR,
      end: Date.now() + HOUR,
    });
    expectOnce(readOne(take(pprof)));
    await server.stop();
  }, 600_000);

  it('to Parca, of the extension’s database', async () => {
    const server = await openParca();
    const service = newService();
    const openStore = storeInDatabase;
    expectAllArrived(await rush({ kind: 'parca', server: server.url, service, openStore }));
    const to = connect(buildDestination('parca', server.url), NO_CREDENTIALS);
    const query = `process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta${pyroscope.selectorOf({ service_name: service })}`;
    const pprof = await parca.fetchPprofs(to, { query, start: Date.now() - HOUR, end: Date.now() + HOUR });
    expectOnce(readOne(take(pprof)));
    await server.stop();
  }, 600_000);
});

function expectAllArrived({ deliveries, counts }: RushResult): void {
  expect(deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);
  expect(deliveries.filter(({ mayBeTwice }) => mayBeTwice)).toEqual([]);
  expect(deliveries).toHaveLength(COUNT);
  // Each kind of failure was met, and often.
  for (const kind of FAILURES) expect(counts[kind]).toBeGreaterThan(COUNT / 25);
}

function expectOnce(profile: StackProfile): void {
  expect(foldRounded(profile)).toEqual(EVERY_ONE_ONCE);
}
