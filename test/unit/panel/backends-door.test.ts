/** The panel's door to backends: whom it asks for leave, what it does without, and that it gives it back. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationBook, prepareShipment } from '../../../src/backends/index.ts';
import type { Failure } from '../../../src/base/index.ts';
import { createBackendsDoor, type OriginLeave } from '../../../src/panel/outside/backends-door.ts';
import { buildBackend } from '../../builders/backends.ts';

/** Chrome's permissions, and a user who says yes or no. */
class Leave implements OriginLeave {
  readonly given = new Set<string>();
  readonly asked: (readonly string[])[] = [];
  says = true;
  #listener = (): void => undefined;

  async contains(origins: readonly string[]) {
    return origins.every((origin) => this.given.has(origin));
  }
  async request(origins: readonly string[]) {
    this.asked.push(origins);
    if (this.says) for (const origin of origins) this.given.add(origin);
    return this.says;
  }
  async remove(origins: readonly string[]) {
    for (const origin of origins) this.given.delete(origin);
    return true;
  }
  listen(listener: () => void) {
    this.#listener = listener;
  }
  /** On Chrome's own page. */
  takeBack(origin: string) {
    this.given.delete(origin);
    this.#listener();
  }
}

let book: DestinationBook;
let leave: Leave;
let requests: { url: string; headers: Headers }[];
const failures: Failure[] = [];
beforeEach(() => {
  book = new DestinationBook();
  leave = new Leave();
  requests = [];
});
afterEach(async () => {
  await book.close();
  const database = await openDB('pageflame-backends');
  for (const store of database.objectStoreNames) await database.clear(store);
  database.close();
  expect(failures).toEqual([]);
});

const open = () =>
  createBackendsDoor({
    book,
    leave,
    wire: {
      timeoutMillis: 1_000,
      fetch: async (url, init) => {
        requests.push({ url: String(url), headers: new Headers(init?.headers) });
        return new Response('{"types":[]}', { headers: { 'content-type': 'application/json' } });
      },
    },
    prepare: (question) => prepareShipment(question),
    onFailure: (failure) => failures.push(failure),
  });

const PARCA = buildBackend('parca', 'https://parca.example:7070/base');
const PATTERN = 'https://parca.example:7070/*';

describe('testing a connection', () => {
  it('sends nothing without leave for the origin, and says so', async () => {
    leave.says = false;
    const door = await open();
    expect(await door.allow([PATTERN])).toBe(false);
    const report = await door.test(PARCA, { kind: 'none' });
    expect(report).toMatchObject({ ok: false, failure: { code: 'backend-not-allowed' } });
    expect(report.ok ? '' : report.failure.message).toContain('https://parca.example:7070:');
    expect(requests).toEqual([]);
  });

  it('asks for the origin alone, and then the backend, with the credentials', async () => {
    const door = await open();
    expect(await door.allow([PATTERN])).toBe(true);
    expect(leave.asked).toEqual([[PATTERN]]);
    const report = await door.test(PARCA, { kind: 'bearer', token: 'secret' });
    expect(report).toMatchObject({ ok: true, value: { product: 'Parca' } });
    // Whether it is Parca, and whether it can be asked.
    const types = 'https://parca.example:7070/base/api/profiles/types';
    expect(requests.map(({ url }) => url)).toEqual([types, types]);
    for (const { headers } of requests) expect(headers.get('authorization')).toBe('Bearer secret');
  });

  it('takes the credentials that are kept where none are given', async () => {
    leave.given.add(PATTERN);
    const door = await open();
    await door.put(PARCA, { kind: 'bearer', token: 'kept' });
    await door.test(PARCA, null);
    expect(requests[0].headers.get('authorization')).toBe('Bearer kept');
  });
});

describe('the list', () => {
  it('follows what other pages change, and holds no secret', async () => {
    const door = await open();
    const other = new DestinationBook();
    await other.put(PARCA, { kind: 'bearer', token: 'secret' });
    await expect.poll(() => door.list.value.length).toBe(1);
    expect(JSON.stringify(door.list.value)).not.toContain('secret');
    await other.close();
  });

  it('knows of leave that is taken back on Chrome’s own page, and connects no more', async () => {
    leave.given.add(PATTERN);
    const door = await open();
    await door.put(PARCA, null);
    expect(door.allowed.value).toEqual(new Set([PATTERN]));
    expect(await door.connect(PARCA.destination.id)).toMatchObject({ ok: true });
    leave.takeBack(PATTERN);
    await expect.poll(() => door.allowed.value.size).toBe(0);
    expect(await door.connect(PARCA.destination.id)).toMatchObject({
      ok: false,
      failure: { code: 'backend-not-allowed' },
    });
  });
});

describe('leave', () => {
  it('is given back with the last backend at its origin', async () => {
    leave.given.add(PATTERN);
    const door = await open();
    const second = buildBackend('otlp', 'https://parca.example:7070/otlp');
    await door.put(PARCA, null);
    await door.put(second, null);
    await door.remove(PARCA.destination.id);
    expect(leave.given).toEqual(new Set([PATTERN]));
    await door.remove(second.destination.id);
    expect(leave.given).toEqual(new Set());
  });

  it('is given back when a backend moves to another origin', async () => {
    leave.given.add(PATTERN);
    const door = await open();
    await door.put(PARCA, null);
    const moved = { ...PARCA, destination: { ...PARCA.destination, url: 'https://elsewhere.example' } };
    await door.put(moved, null);
    expect(leave.given).toEqual(new Set());
  });
});
