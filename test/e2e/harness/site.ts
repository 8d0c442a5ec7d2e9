/**
 * The fixture pages on two sites: http://127.0.0.1 and http://localhost, the same port. Chrome takes them for different
 * sites, so a navigation or a frame from one to the other means another renderer process.
 * In: test/fixtures/pages, and the answers below that no file can give. Out: a server on a free port of the loopback.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { makeNoisyPng, makePdf } from './files.ts';

const PAGES = new URL('../../fixtures/pages/', import.meta.url);
/** A page whose script is minified into one line, its source map beside it. */
const BUNDLE = new URL('../../fixtures/minified-bundle.json', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface Site {
  /** `http://127.0.0.1:PORT`, and the other site. */
  readonly origin: string;
  readonly otherOrigin: string;
  /** Paths asked for so far, oldest first. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** What the page `/told` says that its server's trace is. */
export const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

type Answer = (response: ServerResponse, url: URL) => void | Promise<void>;

const html = (response: ServerResponse, status: number, title: string): void => {
  response.writeHead(status, { 'content-type': TYPES['.html'] });
  response.end(`<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>`);
};

/** What no file can give. Everything else is a file of test/fixtures/pages, or 404. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/empty': (response) => {
    response.writeHead(204, { 'server-timing': 'db;dur=53' });
    response.end();
  },
  '/favicon.ico': (response) => void response.writeHead(204).end(),
  '/500': (response) => html(response, 500, 'Broken'),
  /** Answers after `?ms=`. */
  '/slow': async (response, url) => {
    await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get('ms') ?? 1000)));
    html(response, 200, 'Slow');
  },
  /** A document that begins and never ends: its load event never fires. */
  '/endless': (response) => {
    response.writeHead(200, { 'content-type': TYPES['.html'] });
    response.write(`<!doctype html><title>Endless</title><h1>Endless</h1>${' '.repeat(2048)}`);
  },
  '/endless.png': (response) => {
    response.writeHead(200, { 'content-type': 'image/png' });
    response.write('\x89PNG');
  },
  /** A document whose answer never begins. */
  '/silent': () => undefined,
  /** Closes the connection in the middle of the document. */
  '/torn': (response) => {
    response.writeHead(200, { 'content-type': TYPES['.html'], 'content-length': '100000' });
    response.write('<!doctype html><title>Torn</title><h1>Torn</h1>');
    setTimeout(() => response.destroy(), 50);
  },
  '/across': (response, url) => {
    const host = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    response.writeHead(302, { location: `http://${host}:${url.port}/busy.html` });
    response.end();
  },
  '/big.png': (response) => {
    response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' });
    response.end(makeNoisyPng(3000, 2000));
  },
  /**
   * Counts to a large number, and says in its title how many ms that took: the least of several times, which other work
   * of the machine did not get into. Loads a script that the browser may keep.
   */
  '/counting': (response) => {
    response.writeHead(200, { 'content-type': TYPES['.html'] });
    response.end(`<!doctype html><title>Counting</title><script src="/kept.js"></script><script>
      let least = Infinity; let sum = 0;
      for (let time = 0; time < 4; time++) {
        const begin = performance.now();
        for (let index = 0; index < 2e7; index++) sum += index % 7;
        least = Math.min(least, performance.now() - begin);
      }
      document.title = Math.round(least) + ' ms to ' + sum;</script>`);
  },
  '/kept.js': (response) => {
    response.writeHead(200, { 'content-type': TYPES['.js'], 'cache-control': 'max-age=3600' });
    response.end('globalThis.kept = true;');
  },
  /** Names its server's trace and its version: `?by=markup` in meta tags, else in headers. */
  '/told': (response, url) => {
    const byMarkup = url.searchParams.get('by') === 'markup';
    const told = byMarkup
      ? {}
      : { 'server-timing': `traceparent;desc="${TRACEPARENT}"`, 'x-version': '2.3.0' };
    response.writeHead(200, { 'content-type': TYPES['.html'], ...told });
    const metas = `<meta name="Version" content="2.4.0"><meta name="traceparent" content="${TRACEPARENT}">`;
    response.end(`<!doctype html><title>Told</title>${byMarkup ? metas : ''}<h1>Told</h1>`);
  },
  '/chart': (response) => {
    response.writeHead(200, { 'content-type': TYPES['.html'] });
    response.end(`<!doctype html><meta charset="utf-8"><title>Chart</title>
      <script>
        function inline() { const end = performance.now() + 15; while (performance.now() < end); }
        inline();
      </script><script src="/chart.min.js"></script>`);
  },
  '/chart.min.js': async (response) => {
    response.writeHead(200, { 'content-type': TYPES['.js'] });
    response.end((await readBundle()).script);
  },
  /** For anybody, so that a page of the extension may read it where no test can answer Chrome's own question. */
  '/chart.min.js.map': async (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    response.end(JSON.stringify((await readBundle()).map));
  },
  '/document.pdf': (response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.end(makePdf('Pageflame'));
  },
};

export interface MinifiedBundle {
  readonly script: string;
  readonly map: { readonly sourcesContent: readonly string[] };
}

export async function readBundle(): Promise<MinifiedBundle> {
  return JSON.parse(await readFile(BUNDLE, 'utf8')) as MinifiedBundle;
}

export async function openSite(): Promise<Site> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '/');
    void answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fixture server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    otherOrigin: `http://localhost:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const special = ANSWERS[url.pathname];
  if (special !== undefined) return special(response, url);
  const path = url.pathname.startsWith('/single-page/') ? '/single-page.html' : url.pathname;
  const type = TYPES[extname(path)];
  const file = new URL(`.${path}`, PAGES);
  const inside = file.href.startsWith(PAGES.href);
  const bytes = inside && type !== undefined ? await readFile(file).catch(() => null) : null;
  if (bytes === null) return html(response, 404, 'Not found');
  response.writeHead(200, { 'content-type': type, 'server-timing': 'file;dur=1.5' });
  response.end(bytes);
}
