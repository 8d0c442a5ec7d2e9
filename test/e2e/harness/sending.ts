/**
 * The sending dialog in a page of the extension, as a person uses it; and what lies in the extension's storage.
 * In: a page. Out: what stands there.
 */
import type { Frame, Page } from 'playwright';
import type { Backend, Order, Shipment } from '../../../src/backends/index.ts';
import type { TestBrowser } from './browser.ts';

export interface BackendEntry {
  readonly product: string;
  readonly url: string;
  readonly queryUrl?: string;
  readonly tenant?: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
}

export async function openViewer({ running }: TestBrowser): Promise<Page> {
  const page = await running.context.newPage();
  await page.goto(`chrome-extension://${running.extensionId}/viewer.html`);
  await page.locator('.home').waitFor();
  return page;
}

/** A recording of the fixture page, shown in a viewer. */
export async function recordBusyPage(browser: TestBrowser): Promise<Page> {
  await browser.press('busy.html');
  await browser.recorded();
  const viewer = await browser.viewer();
  await viewer.locator('.flame-chart[data-idle="true"]').waitFor();
  return viewer;
}

export async function openScreen(
  page: Page | Frame,
  screen: 'Send' | 'Deliveries' | 'Backends',
): Promise<void> {
  const dialog = page.locator('dialog.sending');
  if ((await dialog.count()) === 0) await page.getByRole('button', { name: 'Send…' }).click();
  await dialog.getByRole('navigation').getByRole('button', { name: screen }).click();
}

/** Fills in the form for a new backend; the dialog shows it afterwards. */
export async function fillIn(page: Page | Frame, entry: BackendEntry): Promise<void> {
  await page.getByLabel('Product').selectOption(entry.product);
  await page.getByLabel('Address', { exact: true }).fill(entry.url);
  if (entry.queryUrl !== undefined) await page.getByLabel('Asked at').fill(entry.queryUrl);
  if (entry.tenant !== undefined) await page.getByLabel('Tenant').fill(entry.tenant);
  if (entry.token !== undefined) {
    await page.getByLabel('Sign in with').selectOption('Token');
    await page.locator('input[type=password]').fill(entry.token);
  }
  if (entry.user !== undefined) {
    await page.getByLabel('Sign in with').selectOption('User and password');
    await page.getByLabel('User', { exact: true }).fill(entry.user);
    await page.locator('input[type=password]').fill(entry.password ?? '');
  }
}

export async function addBackend(page: Page | Frame, entry: BackendEntry): Promise<void> {
  await openScreen(page, 'Backends');
  await page.getByRole('button', { name: 'Add a backend' }).click();
  await fillIn(page, entry);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Add a backend' }).waitFor();
}

/** What the test of the connection says. */
export async function testConnection(page: Page | Frame): Promise<string> {
  const said = page.locator('.connection-test [role=status]');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await said.locator('p:not(.quiet)').first().waitFor();
  return ((await said.textContent()) ?? '').replace(/\s+/g, ' ');
}

/** Everything in IndexedDB, the secrets' own store apart, and in both kinds of `chrome.storage`, as text. */
export async function readAllStorage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: unknown[] = [
      await chrome.storage.local.get(),
      await chrome.storage.session.get(),
      { ...localStorage },
      { ...sessionStorage },
    ];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        if (store === 'credentials') continue;
        for (const value of await settled(database.transaction(store).objectStore(store).getAll()))
          found.push(value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 60_000)) : value);
      }
      database.close();
    }
    return JSON.stringify(found);
  });
}

/** Puts backends where the book keeps them, and orders where the runner finds them; then wakes it. */
export async function putIntoStorage(
  page: Page,
  { backends = [], orders = [] }: { backends?: readonly Backend[]; orders?: readonly Order[] },
): Promise<void> {
  await page.evaluate(
    async ([book, work]) => {
      const write = (
        name: string,
        store: string,
        values: readonly [unknown, string | null][],
      ): Promise<void> =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const writing = opening.result.transaction(store, 'readwrite');
            for (const [value, key] of values)
              if (key === null) writing.objectStore(store).add(value);
              else writing.objectStore(store).put(value, key);
            writing.oncomplete = () => {
              opening.result.close();
              resolve();
            };
            writing.onerror = () => reject(writing.error);
          };
        });
      await write(
        'pageflame-backends',
        'backends',
        book.map((each) => [each, each.destination.id]),
      );
      await write(
        'pageflame-deliveries',
        'orders',
        work.map((each) => [each, null]),
      );
      new BroadcastChannel('pageflame-backends-changes').postMessage(null);
      await chrome.runtime.sendMessage({ type: 'wake-delivery' });
    },
    [backends, orders] as const,
  );
}

export interface StoredDelivery {
  readonly state: string;
  readonly shipment: string;
  readonly mayBeTwice: boolean;
  readonly tries: number;
}

export async function readDeliveries(
  page: Page,
): Promise<{ readonly states: readonly StoredDelivery[]; readonly shipments: readonly Shipment[] }> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settled(indexedDB.open('pageflame-deliveries'));
    const read = (store: string) => settled(database.transaction(store).objectStore(store).getAll());
    const [states, shipments] = await Promise.all([read('states'), read('shipments')]);
    database.close();
    return { states, shipments };
  });
}
