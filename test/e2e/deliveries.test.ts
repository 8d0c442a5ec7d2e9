/** Deliveries in the real browser, whatever is killed on the way: each part arrives once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import type { RunningServer } from '../backends/stand-ins/http.ts';
import { startPyroscopeStandIn } from '../backends/stand-ins/pyroscope.ts';
import { buildBackend } from '../builders/backends.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import { type MoodyBackend, startMoodyBackend } from './harness/moody-backend.ts';
import { RecorderProbe } from './harness/recorder.ts';
import { openScreen, openViewer, putIntoStorage, readDeliveries, recordBusyPage } from './harness/sending.ts';

let extension: LoopbackExtension;
let pyroscope: RunningServer;
const proxies: MoodyBackend[] = [];
beforeAll(async () => {
  extension = copyForLoopback();
  pyroscope = await startPyroscopeStandIn();
});
afterAll(async () => {
  extension.remove();
  await Promise.all([pyroscope, ...proxies].map((server) => server.stop()));
});

async function startProxy(share: number, seed?: number): Promise<MoodyBackend> {
  const proxy = await startMoodyBackend(pyroscope.url, share, seed);
  proxies.push(proxy);
  return proxy;
}

describe('whatever happens on the way', () => {
  const COUNT = 8;

  async function order(page: Page, url: string, recording: string, count = COUNT): Promise<void> {
    // One database each has been opened by the panel itself.
    await openScreen(page, 'Deliveries');
    await page
      .locator('.sending')
      .getByText(/Nothing has been sent|to Grafana/)
      .first()
      .waitFor();
    const backends = Array.from({ length: count }, (_, index) =>
      buildBackend('pyroscope', url, {
        destination: { id: `backend-${index}`, labels: { copy: `n${index}` } },
      }),
    );
    const orders = backends.map(({ destination: { id } }) => ({
      kind: 'send' as const,
      recording,
      name: 'busy',
      destination: id,
      age: 'ad-hoc' as const,
      byRule: false,
      orderedAt: Date.now(),
    }));
    await putIntoStorage(page, { backends, orders });
  }

  test('all arrives once through a proxy that fails 30 %, with all of ours killed', {
    timeout: 220_000,
  }, async ({ site, launch }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    const backend = await startProxy(0.3, 5);
    const probe = await RecorderProbe.open(browser);
    const page = await recordBusyPage(browser);
    const { id } = await browser.recorded();
    await order(page, backend.url, id);
    await poll('the first to arrive', () => (backend.taken.size > 2 ? true : null));
    await probe.killWorker();
    // The page that sends dies with it; an alarm brings both back.
    await page.evaluate(() => chrome.offscreen.closeDocument());
    await poll(
      'all to arrive',
      async () => {
        const { states, shipments } = await readDeliveries(page);
        const isAll = shipments.length === COUNT && states.every(({ state }) => state === 'delivered');
        return isAll ? true : null;
      },
      100,
    );
    expect(backend.counts.lost + backend.counts.cut).toBeGreaterThan(0);
    // Chrome itself would send what breaks off on a used connection once more.
    const posts = backend.requests.filter(({ path }) => path.includes('Push'));
    expect(new Set(posts.map(({ connection }) => connection))).toEqual(new Set(['close']));
    const { states } = await readDeliveries(page);
    expect([...backend.taken.values()].filter((times) => times !== 1)).toEqual([]);
    expect(backend.taken.size).toBe(states.length);
    await takeScreenshot(page, 'send-many');
  });

  test('what was being sent when the browser was killed arrives once after its restart', {
    timeout: 220_000,
  }, async ({ site, launch }) => {
    const profile = mkdtempSync(join(tmpdir(), 'pageflame-restart-'));
    try {
      const url = `${site.origin}/busy.html`;
      const first = await launch({ extension: extension.path, url, profile });
      const backend = await startProxy(0);
      const page = await recordBusyPage(first);
      const { id } = await first.recorded();
      let open = (): void => undefined;
      backend.hold = new Promise((resolve) => {
        open = resolve;
      });
      await order(page, backend.url, id, 3);
      await poll('something to be under way', () => (backend.requests.length > 2 ? true : null));
      await first.running.kill();
      open();
      await poll('what was under way to be taken', () => (backend.taken.size > 0 ? true : null));
      const second = await launch({ extension: extension.path, url, profile });
      const viewer = await openViewer(second);
      await poll(
        'all to arrive',
        async () => {
          const { states, shipments } = await readDeliveries(viewer);
          const isAll = shipments.length === 3 && states.every(({ state }) => state === 'delivered');
          return isAll ? true : null;
        },
        90,
      );
      const { states } = await readDeliveries(viewer);
      expect([...backend.taken.values()].filter((times) => times !== 1)).toEqual([]);
      expect(backend.taken.size).toBe(states.length);
      await second.running.close();
    } finally {
      rmSync(profile, { recursive: true, force: true });
    }
  });
});
