/** The book of backends: what is kept, what is checked, and where the secrets are. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationBook, newBackend, originPatterns } from '../../../src/backends/index.ts';
import { buildBackend } from '../../builders/backends.ts';

const TOKEN = 'secret-token-4711';
let book: DestinationBook;
beforeEach(() => {
  book = new DestinationBook();
});
afterEach(async () => {
  await book.close();
  const database = await openDB('pageflame-backends');
  for (const store of database.objectStoreNames) await database.clear(store);
  database.close();
});

async function listed() {
  const contents = await book.list();
  if (!contents.ok) throw new Error(contents.failure.message);
  return contents.value;
}

describe('the book of backends', () => {
  it('keeps what was put, over a restart, in the order of addresses', async () => {
    const second = buildBackend('pyroscope', 'http://b.example:4040', { destination: { tenant: 'team-a' } });
    await book.put(second, null);
    await book.put(buildBackend('parca', 'http://a.example'), null);
    await book.close();
    book = new DestinationBook();
    const { backends } = await listed();
    expect(backends.map(({ destination }) => destination.url)).toEqual([
      'http://a.example',
      'http://b.example:4040',
    ]);
    expect(backends[1]).toEqual(second);
  });

  it('hands secrets out apart, for one backend', async () => {
    const mine = buildBackend('pyroscope', 'http://a.example');
    await book.put(mine, { kind: 'bearer', token: TOKEN });
    const contents = await listed();
    expect(JSON.stringify(contents)).not.toContain(TOKEN);
    expect(contents.backends[0].auth).toBe('bearer');
    expect(await book.credentialsOf(mine.destination.id)).toEqual({
      ok: true,
      value: { kind: 'bearer', token: TOKEN },
    });
    expect(await book.credentialsOf('another')).toEqual({ ok: true, value: { kind: 'none' } });
  });

  it('keeps the secrets of a backend that is edited, changes them at a wish, and lets them go with it', async () => {
    const mine = buildBackend('pyroscope', 'http://a.example');
    const { id } = mine.destination;
    await book.put(mine, { kind: 'basic', user: 'me', password: TOKEN });
    await book.put({ ...mine, grafana: { base: 'http://g.example', datasource: 'p' } }, null);
    expect((await listed()).backends[0]).toMatchObject({ auth: 'basic', grafana: { datasource: 'p' } });
    await book.put(mine, { kind: 'none' });
    expect((await listed()).backends[0].auth).toBe('none');
    await book.put(mine, { kind: 'bearer', token: TOKEN });
    await book.remove(id);
    expect((await listed()).backends).toEqual([]);
    expect(await book.credentialsOf(id)).toEqual({ ok: true, value: { kind: 'none' } });
  });

  it('does not keep a backend without the secrets that it is said to have', async () => {
    const one = buildBackend('pyroscope', 'http://127.0.0.1:4040', { auth: 'bearer' });
    const { id } = one.destination;
    await book.put(one, { kind: 'bearer', token: 'secret' });
    await book.remove(id);
    expect(await book.put(one, null)).toMatchObject({ ok: false, failure: { code: 'backend-gone' } });
    expect(await book.list()).toMatchObject({ value: { backends: [] } });
  });

  it('names what is stored and cannot be used, and leaves it', async () => {
    await book.put(buildBackend('parca', 'http://a.example'), null);
    const database = await openDB('pageflame-backends');
    await database.put('backends', { destination: { id: 'x', kind: 'graphite' } }, 'x');
    // Under another's name.
    await database.put('backends', buildBackend('parca', 'http://evil.example'), 'y');
    database.close();
    const contents = await listed();
    expect(contents.backends).toHaveLength(1);
    expect(contents.refused).toEqual(['x', 'y']);
  });

  it('tells other contexts of a change', async () => {
    const other = new DestinationBook();
    const heard = new Promise<void>((resolve) => other.listen(resolve));
    await book.put(buildBackend('parca', 'http://a.example'), null);
    await heard;
    await other.close();
  });
});

describe('the leave that a backend needs', () => {
  it('is for its own origins, with their ports, and nothing wider', () => {
    const at = (url: string, queryUrl: string | null = null) => originPatterns({ url, queryUrl });
    expect(at('https://pyroscope.example/base/path?token=1')).toEqual(['https://pyroscope.example/*']);
    expect(at('http://127.0.0.1:4040')).toEqual(['http://127.0.0.1:4040/*']);
    expect(at('http://u:p@host.example:4318', 'http://host.example:16686/jaeger')).toEqual([
      'http://host.example:4318/*',
      'http://host.example:16686/*',
    ]);
    expect(at('http://a.example/x', 'http://a.example/y')).toEqual(['http://a.example/*']);
    expect(at('localhost:4040')).toEqual([]);
    expect(at('file:///etc/passwd')).toEqual([]);
  });

  it('is none for a backend that has no address yet', () =>
    expect(originPatterns(newBackend('a', 'parca').destination)).toEqual([]));
});
