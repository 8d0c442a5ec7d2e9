/**
 * Serves the demo page of `npm start` from scripts/demo on a free port of the loopback.
 * In: that folder, and a catalogue that is made here. Out: the page's address, and how to stop.
 * Each answer waits a little, as the network would make it, so that the recording looks like a real load.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const FOLDER = new URL('./demo/', import.meta.url);
/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
};
/** ms; the catalogue is the slow one. */
const DELAYS = { file: 25, catalogue: 120 };
const WALKS = 4000;

/** @returns {Promise<{ url: string, close: () => Promise<void> }>} */
export async function serveDemo() {
  const catalogue = JSON.stringify(makeCatalogue());
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const isCatalogue = pathname === '/catalogue.json';
    const body = isCatalogue ? catalogue : await readFileOf(pathname);
    await new Promise((resolve) => setTimeout(resolve, isCatalogue ? DELAYS.catalogue : DELAYS.file));
    const type = TYPES[extname(pathname) || '.html'] ?? 'application/octet-stream';
    const timing = isCatalogue ? 'db;desc="catalogue";dur=96' : 'file;dur=1';
    response.writeHead(body === null ? 404 : 200, { 'content-type': type, 'server-timing': timing });
    response.end(body ?? 'Not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the demo page has no port');
  const close = () =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

/** @type {(pathname: string) => Promise<Buffer | null>} */
async function readFileOf(pathname) {
  const file = new URL(`.${pathname === '/' ? '/index.html' : pathname}`, FOLDER);
  return file.href.startsWith(FOLDER.href) ? readFile(file).catch(() => null) : null;
}

/** The same walks at every start. */
function makeCatalogue() {
  const places = [
    'Cinder',
    'Heron',
    'Larch',
    'Slate',
    'Juniper',
    'Raven',
    'Tarn',
    'Alder',
    'Quartz',
    'Lowen',
  ];
  const shapes = ['Ridge', 'Saddle', 'Gully', 'Traverse', 'Loop', 'Ridgeway', 'Pass', 'Terrace'];
  const words =
    'wind stone meadow path snow light cairn river larch lantern bread boots rain hut summit sheep fog gate map slow'.split(
      ' ',
    );
  let state = 7;
  const pick = (/** @type {number} */ count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return Array.from({ length: WALKS }, (_, number) => ({
    name: `${places[pick(places.length)]} ${shapes[pick(shapes.length)]} ${number + 1}`,
    kilometres: 4 + pick(24),
    climb: 100 + pick(1900),
    hours: 2 + pick(9),
    picture: pick(6),
    story: `${Array.from({ length: 24 }, () => words[pick(words.length)]).join(' ')}.`,
  }));
}
