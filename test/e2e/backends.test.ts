/** Backends and deliveries in the real browser: added by hand, tested, sent by button and by rule, whatever is killed. */
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import { addressOfNobody, type RunningServer, serve } from '../backends/stand-ins/http.ts';
import { startParcaStandIn } from '../backends/stand-ins/parca.ts';
import { startPyroscopeStandIn } from '../backends/stand-ins/pyroscope.ts';
import { findBarriers } from './harness/axe.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import { startMoodyBackend } from './harness/moody-backend.ts';
import {
  addBackend,
  fillIn,
  openScreen,
  openViewer,
  readAllStorage,
  readDeliveries,
  recordBusyPage,
  testConnection,
} from './harness/sending.ts';

const PYROSCOPE = 'Grafana Pyroscope';
const TOKEN = 'secret-token-4711';

let extension: LoopbackExtension;
const servers: RunningServer[] = [];
const keep = async <T extends RunningServer>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  servers.push(server);
  return server;
};
let pyroscope: RunningServer;
beforeAll(async () => {
  extension = copyForLoopback();
  pyroscope = await keep(startPyroscopeStandIn());
});
afterAll(async () => {
  extension.remove();
  await Promise.all(servers.map((server) => server.stop()));
});

/** Names of functions that the backend has of a service. */
async function functionsAt(url: string, service: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/querier.v1.QuerierService/SelectMergeStacktraces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      profileTypeID: 'process_cpu:cpu:nanoseconds:cpu:nanoseconds',
      labelSelector: `{service_name="${service}"}`,
      start: Date.now() - 3_600_000,
      end: Date.now() + 60_000,
    }),
  });
  const { flamegraph } = (await answer.json()) as { flamegraph?: { names?: string[] } };
  return flamegraph?.names ?? [];
}

const delivered = (page: Page, count: number, seconds = 60): Promise<true> =>
  poll(
    `${count} parts to arrive`,
    async () => {
      const { states } = await readDeliveries(page);
      return states.length >= count && states.every(({ state }) => state === 'delivered') ? true : null;
    },
    seconds,
  );

describe('adding a backend', () => {
  test('tests the connection, and says exactly what is wrong, in the server’s words', async ({ launch }) => {
    const browser = await launch({ extension: extension.path });
    const page = await openViewer(browser);
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    const parca = await keep(startParcaStandIn());
    const tenants = await keep(startPyroscopeStandIn({ tenants: true }));
    const gateway = (status: number, headers = {}): Promise<RunningServer> =>
      keep(serve(() => ({ status, type: 'text/plain', body: 'wrong token, friend', headers })));
    const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
    const tls = createTlsServer({ key: read('key.pem'), cert: read('certificate.pem') }, (_, response) => {
      response.end();
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const cases: readonly (readonly [url: string, says: RegExp, tenant?: string])[] = [
      ['localhost:4040', /is no address of a backend/],
      [await addressOfNobody(), /connection was refused.*ERR_CONNECTION_REFUSED/],
      [
        `https://127.0.0.1:${(tls.address() as AddressInfo).port}`,
        /No secure connection.*ERR_CERT_AUTHORITY_INVALID/,
      ],
      [pyroscope.url.replace('http:', 'https:'), /No secure connection.*ERR_SSL_PROTOCOL_ERROR/],
      [(await gateway(401)).url, /does not accept the credentials.*401: wrong token, friend/],
      [`${pyroscope.url}/some/path`, new RegExp(`no backend at that path.*it is at ${pyroscope.url}`)],
      [parca.url, /another product.*it is Parca/],
      [(await gateway(200)).url, /another product/],
      [(await gateway(302, { Location: 'http://127.0.0.1:1/' })).url, /sends elsewhere/],
      [(await gateway(503)).url, /takes no more for now.*503: wrong token, friend/],
      [tenants.url, /takes nothing for this tenant, or for none.*unauthenticated: no org id/],
      [tenants.url, /answers and takes what Pageflame would send.*nothing is there twice/, 'team-a'],
      [pyroscope.url, /answers and takes what Pageflame would send.*nothing is there twice/],
    ];
    const said: string[] = [];
    for (const [url, says, tenant = ''] of cases) {
      await fillIn(page, { product: PYROSCOPE, url, tenant });
      const words = await testConnection(page);
      said.push(words);
      expect(words, url).toMatch(says);
      if (/credentials/.test(words)) await takeScreenshot(page, 'backend-refused');
    }
    await new Promise((resolve) => tls.close(resolve));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(`${PYROSCOPE} at ${new URL(pyroscope.url).host}`).waitFor();
  });

  test('asks for the origin alone, and takes a no', async ({ launch }) => {
    const browser = await launch();
    const page = await openViewer(browser);
    // No test can press Chrome's own prompt: it is answered for the user, with no.
    await page.evaluate(() => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      const request = async (wanted: unknown): Promise<boolean> => {
        asked.push(wanted);
        return false;
      };
      // Chrome's own `browser` is what the extension says.
      for (const name of ['chrome', 'browser'])
        if (name in globalThis) Object.assign(Reflect.get(globalThis, name).permissions, { request });
    });
    let visits = 0;
    const server = await keep(
      serve(() => {
        visits++;
        return { status: 200 };
      }),
    );
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    await fillIn(page, { product: PYROSCOPE, url: `${server.url}/base`, token: TOKEN });
    expect(await testConnection(page)).toMatch(/leave for that address was not given/);
    expect(await page.evaluate('asked')).toEqual([{ origins: [`${server.url}/*`] }]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Chrome has no leave to reach it').waitFor();
    expect(visits).toBe(0);
    const manifest = await page.evaluate(() => chrome.runtime.getManifest());
    expect(manifest.host_permissions ?? []).toEqual([]);
  });

  test('works in the DevTools panel, where Esc closes the dialog alone', async ({ site, launch }) => {
    const browser = await launch({
      extension: extension.path,
      url: `${site.origin}/plain.html`,
      devtools: { dock: 'bottom' },
    });
    const panel = await browser.openPanel();
    await openScreen(panel, 'Backends');
    await panel.getByRole('button', { name: 'Add a backend' }).click();
    await fillIn(panel, { product: PYROSCOPE, url: await addressOfNobody() });
    expect(await testConnection(panel)).toMatch(/ERR_CONNECTION_REFUSED/);
    await fillIn(panel, { product: PYROSCOPE, url: pyroscope.url });
    expect(await testConnection(panel)).toMatch(/answers and takes/);
    await takeScreenshot(browser.devtools, 'backend-devtools');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByText('By button only').waitFor();
    await browser.devtools.keyboard.press('Escape');
    await panel.locator('dialog.sending').waitFor({ state: 'detached' });
  });

  test('changes and deletes it, with a way back; secrets are never shown again', async ({ launch }) => {
    const browser = await launch({ extension: extension.path });
    const page = await openViewer(browser);
    await addBackend(page, { product: PYROSCOPE, url: pyroscope.url, token: TOKEN });
    await page.getByText('Token. By button only.').waitFor();
    await page.getByRole('button', { name: /^Change Grafana/ }).click();
    expect(await page.locator('input[type=password]').inputValue()).toBe('');
    await page.getByLabel('Tenant').fill('team-b');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('tenant team-b').waitFor();
    await page.getByRole('button', { name: /^Delete Grafana/ }).click();
    await page.getByText('None yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('tenant team-b').waitFor();
    await page.getByText('Token. By button only.').waitFor();
    await page.getByRole('button', { name: /^Delete Grafana/ }).click();
    await page.waitForTimeout(11_000);
    expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toContain(
      'pageflame-backends',
    );
    await page.reload();
    await openScreen(page, 'Backends');
    await page.getByText('None yet').waitFor();
  });

  test('refuses what cannot work, says why, and goes there', async ({ launch }) => {
    const browser = await launch({ extension: extension.path });
    const page = await openViewer(browser);
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    await fillIn(page, { product: PYROSCOPE, url: 'http://me:secret@127.0.0.1:4040' });
    await page.getByLabel('Send new recordings there by themselves').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('It cannot be kept so').waitFor();
    await page.getByText('Name a site or a tag').first().waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid')))
      .toBe('true');
  });
});

describe('sending by the button', () => {
  test('shows what leaves, delivers it once, and leads there', async ({ site, launch }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html?token=abc` });
    const backend = await keep(startMoodyBackend(pyroscope.url, 0));
    const page = await recordBusyPage(browser);
    await addBackend(page, { product: PYROSCOPE, url: backend.url, token: TOKEN });
    await openScreen(page, 'Send');
    await page
      .getByRole('button', { name: 'Send', exact: true })
      .and(page.locator('.primary-button:enabled'))
      .waitFor();
    const preview = page.locator('.send-preview');
    const text = (await preview.textContent()) ?? '';
    expect(text).toMatch(/\d+ requests? to http:\/\/127\.0\.0\.1:\d+\/push\.v1\.PusherService\/Push/);
    expect(text).toContain('service_name');
    expect(text).toMatch(/with something left out/);
    expect(await findBarriers(page, 'dialog.sending')).toEqual([]);
    await takeScreenshot(page, 'send-preview');
    expect(backend.requests).toEqual([]);
    await page.locator('.primary-button:enabled').click();
    const line = page.locator('.deliveries > li');
    await line.getByText('delivered', { exact: true }).waitFor();
    await takeScreenshot(page, 'send-delivered');
    expect(await line.getByRole('link', { name: 'Look at it in Pyroscope' }).getAttribute('href')).toContain(
      backend.url,
    );
    expect([...backend.taken.values()].every((times) => times === 1)).toBe(true);
    expect(backend.taken.size).toBeGreaterThan(0);
    const names = await functionsAt(pyroscope.url, new URL(site.origin).host);
    expect(names).toEqual(expect.arrayContaining(['total']));
    expect(names.length).toBeGreaterThan(5);
    const sentBefore = backend.taken.size;
    // Once more: it is asked for, and not sent.
    await openScreen(page, 'Send');
    await page.locator('.primary-button:enabled').click();
    await page.waitForTimeout(3_000);
    expect([...backend.taken.values()]).toEqual(Array(sentBefore).fill(1));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Recordings, shown/ }).click();
    await page.locator('.sent-mark', { hasText: 'sent' }).waitFor();
  });

  test('parks what is refused, with the server’s words, and sends it at a wish', async ({ site, launch }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    let isOpen = false;
    const moody = await keep(startMoodyBackend(pyroscope.url, 0));
    const door = await keep(
      serve(async ({ path, body, headers, method }) => {
        if (!isOpen) return { status: 403, type: 'text/plain', body: 'this team may not write' };
        const type = String(headers['content-type']);
        const answer = await fetch(moody.url + path, {
          method,
          headers: { 'content-type': type },
          body: Buffer.from(body),
        });
        return { status: answer.status, type: 'application/json', body: await answer.text() };
      }),
    );
    const page = await recordBusyPage(browser);
    await addBackend(page, { product: PYROSCOPE, url: door.url });
    await openScreen(page, 'Send');
    await page.locator('.primary-button:enabled').click();
    const line = page.locator('.deliveries > li');
    await line.getByText('403: this team may not write').waitFor();
    await line.getByText(/parts? not sent/).waitFor();
    await page.getByRole('alert').filter({ hasText: 'has not arrived' }).waitFor({ state: 'attached' });
    await takeScreenshot(page, 'send-parked');
    expect(await findBarriers(page, 'dialog.sending')).toEqual([]);
    isOpen = true;
    await line.getByRole('button', { name: 'Retry' }).click();
    await line.getByText('delivered', { exact: true }).waitFor();
    expect([...moody.taken.values()].every((times) => times === 1)).toBe(true);
    await line.getByRole('button', { name: 'Take off the list' }).click();
    await page.getByText('Nothing has been sent').waitFor();
  });
});

describe('by rule', () => {
  test('a new recording goes with no panel open', async ({ site, launch }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    const backend = await keep(startMoodyBackend(pyroscope.url, 0));
    const page = await openViewer(browser);
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    await fillIn(page, { product: PYROSCOPE, url: backend.url });
    await page.getByLabel('Send new recordings there by themselves').check();
    await page.getByLabel('Sites').fill('127.0.0.1');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('By itself: 127.0.0.1.').waitFor();
    await page.close();
    await browser.page.bringToFront();
    await browser.press('busy.html');
    // The viewer opens by itself; it is not what sends.
    await (await browser.viewer()).close();
    await browser.recorded();
    await poll('the profiles', () => (backend.taken.size > 0 ? true : null), 60);
    const later = await openViewer(browser);
    await delivered(later, 1);
    expect([...backend.taken.values()].every((times) => times === 1)).toBe(true);
    await openScreen(later, 'Deliveries');
    await later.getByText('by its rule').waitFor();
    // Nothing is due: the page that sends goes.
    await poll('the offscreen document to go', async () =>
      (await later.evaluate(() => chrome.offscreen.hasDocument())) ? null : true,
    );
    expect(await later.evaluate(() => chrome.alarms.getAll())).toEqual([]);
  });
});

describe('secrets', () => {
  test('are in their own store alone, and go to their backend alone, redirects or not', async ({
    site,
    launch,
  }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    const seen: (string | undefined)[] = [];
    const other = await keep(
      serve(({ headers }) => {
        seen.push(headers.authorization);
        return { status: 200, type: 'application/json', body: '{}' };
      }),
    );
    const gateway = await keep(serve(() => ({ status: 307, headers: { Location: `${other.url}/else` } })));
    const said: string[] = [];
    browser.running.context.on('console', (message) => said.push(message.text()));
    const page = await recordBusyPage(browser);
    // Every message between contexts of the extension, and every channel.
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      chrome.runtime.onMessage.addListener((message) => {
        heard.push(JSON.stringify(message));
      });
      const send = chrome.runtime.sendMessage.bind(chrome.runtime);
      chrome.runtime.sendMessage = ((message: unknown) => {
        heard.push(JSON.stringify(message));
        return send(message);
      }) as typeof chrome.runtime.sendMessage;
      for (const name of ['pageflame-backends-changes', 'pageflame-deliveries-changes'])
        new BroadcastChannel(name).onmessage = ({ data }) => heard.push(JSON.stringify(data));
    });
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    await fillIn(page, { product: PYROSCOPE, url: gateway.url, user: 'me', password: TOKEN });
    expect(await testConnection(page)).toMatch(/sends elsewhere/);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('User and password. By button only.').waitFor();
    await openScreen(page, 'Send');
    await page.locator('.primary-button:enabled').click();
    await page
      .locator('.deliveries > li')
      .getByText(/sends elsewhere/)
      .waitFor();
    expect(seen).toEqual([]);
    const basic = Buffer.from(`me:${TOKEN}`).toString('base64');
    const heard = (await page.evaluate('heard')) as string[];
    expect(heard.length).toBeGreaterThan(1);
    for (const secret of [TOKEN, basic]) {
      expect(heard.join('\n')).not.toContain(secret);
      expect(said.join('\n')).not.toContain(secret);
      expect(await readAllStorage(page)).not.toContain(secret);
      expect(await page.content()).not.toContain(secret);
    }
  });
});

describe('the look', () => {
  test('wide and narrow, light and dark, without barriers', async ({ launch }) => {
    const browser = await launch({ extension: extension.path });
    const page = await openViewer(browser);
    await addBackend(page, { product: PYROSCOPE, url: pyroscope.url });
    for (const [width, theme] of [
      [1_200, 'light'],
      [400, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(
        (chosen) => chrome.storage.local.set({ settings: { version: 1, theme: chosen } }),
        theme,
      );
      await openScreen(page, 'Backends');
      expect(await findBarriers(page, 'dialog.sending')).toEqual([]);
      await takeScreenshot(page, `backends-${theme}-${width}`);
      await page.getByRole('button', { name: 'Add a backend' }).click();
      await page.getByLabel('Sign in with').selectOption('User and password');
      await page.getByLabel('Send new recordings there by themselves').check();
      await page.getByRole('button', { name: 'Add a label' }).click();
      expect(await findBarriers(page, 'dialog.sending')).toEqual([]);
      const overflow = await page.evaluate(() => {
        const dialog = document.querySelector('dialog[open]');
        const edge = (dialog?.getBoundingClientRect().right ?? 0) + 1;
        return [...(dialog?.querySelectorAll('*') ?? [])]
          .filter((element) => element.getBoundingClientRect().right > edge)
          .map((element) => element.className);
      });
      expect(overflow).toEqual([]);
      await takeScreenshot(page, `backend-form-${theme}-${width}`);
      await page.getByRole('button', { name: 'Cancel', exact: true }).scrollIntoViewIfNeeded();
      await takeScreenshot(page, `backend-form-${theme}-${width}-end`);
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    }
  });
});
