/** Sending in the real browser, the less common ways: what is old, what knows no time, another way, two windows, HTTP/2. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { poll } from '../../scripts/browser.mjs';
import type { RunningServer } from '../backends/stand-ins/http.ts';
import { startPyroscopeStandIn } from '../backends/stand-ins/pyroscope.ts';
import { takeScreenshot, test } from './harness/browser.ts';
import { type KeepingProxy, readPush, startKeepingProxy } from './harness/keeping-proxy.ts';
import { copyForLoopback, type LoopbackExtension } from './harness/loopback-extension.ts';
import {
  addBackend,
  fillIn,
  openScreen,
  openViewer,
  readAllStorage,
  readDeliveries,
  recordBusyPage,
} from './harness/sending.ts';

const PYROSCOPE = 'Grafana Pyroscope';
const TRACE = new URL('../../../shared/traces/ss-69-simple.json.gz', import.meta.url);
const HOUR = 3_600_000;

let extension: LoopbackExtension;
let pyroscope: RunningServer;
let folder: string;
const servers: RunningServer[] = [];
const keep = async <T extends RunningServer>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  servers.push(server);
  return server;
};
beforeAll(async () => {
  extension = copyForLoopback();
  pyroscope = await keep(startPyroscopeStandIn());
  folder = mkdtempSync(join(tmpdir(), 'pageflame-ways-'));
});
afterAll(async () => {
  extension.remove();
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(servers.map((server) => server.stop()));
});

const pushes = ({ kept }: KeepingProxy) => kept.filter(({ path }) => path.endsWith('/Push'));
const uploads = ({ kept }: KeepingProxy) => kept.filter(({ path }) => path.endsWith('/Upload'));
const ready = (page: Page) => page.locator('.sending .primary-button:enabled');

async function allDelivered(page: Page, count: number): Promise<void> {
  await poll(
    'all to be delivered',
    async () => {
      const { states } = await readDeliveries(page);
      return states.length === count && states.every(({ state }) => state === 'delivered') ? true : null;
    },
    60,
  );
}

describe('a file that is old, and knows no time', () => {
  test('has the time at which it was written; goes ad hoc once, or with a new time and its own in recorded_at', {
    timeout: 120_000,
  }, async ({ launch }) => {
    const file = join(folder, 'simple.json.gz');
    copyFileSync(TRACE, file);
    const writtenAt = Math.floor((Date.now() - 3 * HOUR) / 1_000) * 1_000;
    utimesSync(file, writtenAt / 1_000, writtenAt / 1_000);
    const browser = await launch({ extension: extension.path });
    const proxy = await keep(startKeepingProxy(pyroscope.url));
    const page = await openViewer(browser);
    await addBackend(page, { product: PYROSCOPE, url: proxy.url });
    await page.keyboard.press('Escape');
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('.flame-chart').waitFor();
    await openScreen(page, 'Send');
    await ready(page).waitFor();
    await page.getByText('if it had ended when the file was written').waitFor();
    await page.getByText('It is over an hour old').waitFor();
    const preview = page.locator('.send-preview');
    expect(await preview.textContent()).toContain('/adhocprofiles.v1.AdHocProfileService/Upload');
    await takeScreenshot(page, 'send-old');
    await ready(page).click();
    await page.locator('.deliveries').getByText('delivered', { exact: true }).waitFor();
    const count = uploads(proxy).length;
    expect(count).toBeGreaterThan(0);
    const names = uploads(proxy).map(({ body }) => String(JSON.parse(new TextDecoder().decode(body)).name));
    expect(new Set(names).size).toBe(count);
    // Once more: the store is asked, and has it.
    await openScreen(page, 'Send');
    await ready(page).click();
    await poll(
      'the store to be asked',
      () => (proxy.kept.some(({ path }) => path.endsWith('/List')) ? true : null),
      40,
    );
    await allDelivered(page, count);
    expect(uploads(proxy)).toHaveLength(count);

    await openScreen(page, 'Send');
    await ready(page).waitFor();
    await page.getByLabel('Send it with the time of now').check();
    await preview.getByText('recorded_at', { exact: true }).waitFor();
    await preview.getByText('Links from traces will not find it').waitFor();
    await ready(page).waitFor();
    await takeScreenshot(page, 'send-restamped');
    await ready(page).click();
    await poll('what has a new time', () => (pushes(proxy).length >= count ? true : null));
    const { length } = (await readDeliveries(page)).states;
    await allDelivered(page, length);
    for (const { body } of pushes(proxy)) {
      const recorded = Date.parse(readPush(body).labels.recorded_at);
      // It ended when it was written, and lasts some seconds.
      expect(writtenAt - recorded).toBeGreaterThanOrEqual(0);
      expect(writtenAt - recorded).toBeLessThan(60_000);
    }
    await page.locator('.deliveries').getByText('recorded_at').first().waitFor();
    expect(await page.locator('.deliveries').textContent()).not.toContain('It waited until');
  });
});

describe('what leaves', () => {
  test('is what the preview says, text by text; refused, it goes another way', {
    timeout: 120_000,
  }, async ({ site, launch }) => {
    const browser = await launch({
      extension: extension.path,
      url: `${site.origin}/busy.html?token=s3cret#frag`,
    });
    const [proxy, other] = [
      await keep(startKeepingProxy(pyroscope.url)),
      await keep(startKeepingProxy(pyroscope.url)),
    ];
    proxy.refusal = { status: 403, body: 'this team may not write' };
    const page = await recordBusyPage(browser);
    await addBackend(page, { product: PYROSCOPE, url: proxy.url });
    await openScreen(page, 'Send');
    await ready(page).click();
    const line = page.locator('.deliveries > li').first();
    await line.getByText('403: this team may not write').waitFor();
    const refused = pushes(proxy).length;
    await addBackend(page, { product: PYROSCOPE, url: other.url });
    await openScreen(page, 'Deliveries');
    await line.getByRole('button', { name: 'Send another way…' }).click();
    await page.getByLabel(new RegExp(new URL(other.url).host)).check();
    await ready(page).waitFor();
    const told = await page.locator('.send-requests > li').evaluateAll((items) =>
      items.map((item) => ({
        head: item.querySelector('.send-labels')?.textContent ?? '',
        texts: [...item.querySelectorAll('ul li')].map(({ textContent }) => textContent),
      })),
    );
    await ready(page).click();
    await page.locator('.deliveries').getByText('delivered', { exact: true }).waitFor();
    const sent = pushes(other).map(({ body }) => readPush(body));
    const shown = sent.map(({ labels, texts }) => ({
      head: Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
      texts: texts.filter((text) => text !== ''),
    }));
    const sorted = <T>(list: readonly T[]): string[] => list.map((one) => JSON.stringify(one)).sort();
    expect(sorted(shown)).toEqual(sorted(told));
    expect(JSON.stringify(sent)).not.toMatch(/s3cret|frag/);
    expect(pushes(proxy)).toHaveLength(refused);
    // What was refused stays there until its user deals with it.
    const parked = page.locator('.deliveries > li').filter({ hasText: 'this team may not write' });
    await parked.getByRole('button', { name: 'Forget' }).waitFor();
    await takeScreenshot(page, 'send-another-way');
    // The way back, for a ticket.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Copied.').waitFor();
    await takeScreenshot(page, 'links-of-a-load');
  });
});

describe('a backend', () => {
  test('half filled in is there again; a deleted one keeps what is queued; two windows agree', {
    timeout: 120_000,
  }, async ({ site, launch }) => {
    const browser = await launch({ extension: extension.path, url: `${site.origin}/busy.html` });
    const page = await recordBusyPage(browser);
    await openScreen(page, 'Backends');
    await page.getByRole('button', { name: 'Add a backend' }).click();
    const proxy = await keep(startKeepingProxy(pyroscope.url));
    proxy.refusal = { status: 503, body: 'closed for today' };
    await fillIn(page, { product: PYROSCOPE, url: proxy.url, token: 'secret-4711' });
    await openScreen(page, 'Deliveries');
    await page.keyboard.press('Escape');
    await openScreen(page, 'Backends');
    expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(proxy.url);
    expect(await page.locator('input[type=password]').inputValue()).toBe('secret-4711');
    expect(await readAllStorage(page)).not.toContain('secret-4711');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByText('None yet').waitFor();

    const second = await openViewer(browser);
    await openScreen(second, 'Backends');
    await page.bringToFront();
    await addBackend(page, { product: PYROSCOPE, url: proxy.url });
    await second.getByText(new URL(proxy.url).host).waitFor();
    await openScreen(page, 'Send');
    await ready(page).click();
    await page.getByText('503: closed for today').first().waitFor();
    // What is kept for one address is not for another.
    await openScreen(page, 'Backends');
    await second.getByText(/shipment to it not there yet/).waitFor();
    await second.bringToFront();
    await second.getByRole('button', { name: /^Delete Grafana/ }).click();
    await page.bringToFront();
    await page.getByText('None yet').waitFor({ timeout: 20_000 });
    await openScreen(page, 'Deliveries');
    await page.getByText('This backend has been deleted').waitFor();
    await page.getByText('waits for you').waitFor();
    await page.getByRole('button', { name: 'Send another way…' }).waitFor();
    const { states } = await readDeliveries(page);
    expect(states.length).toBeGreaterThan(0);
    expect(states.some(({ state }) => state === 'delivered')).toBe(false);
    await takeScreenshot(page, 'send-deleted-backend');
    await page.getByRole('button', { name: 'Forget' }).click();
    await page.getByText('Nothing has been sent').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Forget' }).click();
    await poll('it to be forgotten', async () =>
      (await readDeliveries(page)).states.length === 0 ? true : null,
    );
  });
});

describe('over HTTP/2', () => {
  test('what breaks off on a used connection is sent once by Chrome, and asked for by us', {
    timeout: 120_000,
  }, async ({ site, launch }) => {
    const browser = await launch({
      extension: extension.path,
      url: `${site.origin}/busy.html`,
      args: ['--ignore-certificate-errors'],
    });
    const read = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
    const taken = new Map<string, number>();
    let cuts = 0;
    const server = createSecureServer({ key: read('key.pem'), cert: read('certificate.pem') });
    server.on('request', async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts);
      const { url: path = '/', method = 'GET' } = request;
      const answer = await fetch(pyroscope.url + path, {
        method,
        headers: { 'content-type': String(request.headers['content-type']) },
        ...(method === 'POST' ? { body } : {}),
      });
      const said = Buffer.from(await answer.arrayBuffer());
      if (path.endsWith('/Push') && answer.ok && body.length > 100) {
        const key = body.toString('base64');
        taken.set(key, (taken.get(key) ?? 0) + 1);
        // Taken; the answer is lost with the connection, which has been used before.
        if (taken.get(key) === 1 && cuts < 2) {
          cuts++;
          request.stream.session?.destroy();
          return;
        }
      }
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(said);
    });
    server.on('sessionError', () => undefined);
    const sessions = new Set<{ destroy(): void }>();
    server.on('session', (session) => sessions.add(session));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await recordBusyPage(browser);
    await addBackend(page, { product: PYROSCOPE, url });
    await openScreen(page, 'Send');
    await ready(page).click();
    await poll('something to be delivered', async () =>
      (await readDeliveries(page)).states.length > 0 ? true : null,
    );
    const { states } = await readDeliveries(page);
    await allDelivered(page, states.length);
    expect(cuts).toBe(2);
    expect([...taken.values()].filter((times) => times !== 1)).toEqual([]);
    expect(taken.size).toBe(states.length);
    for (const session of sessions) session.destroy();
    server.close();
  });
});
