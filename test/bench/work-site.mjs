/**
 * Pages for the bench on a free port of the loopback: `/work?turns=N`, which does N small pieces of work of all kinds
 * and then says so in its title; `/scripts?kb=N`, which loads N kB of functions and calls each once; and the files of
 * test/fixtures/pages.
 * In: nothing. Out: the origin, and how to stop.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const PAGES = new URL('../fixtures/pages/', import.meta.url);

/** Each turn is a task of its own: a message, a function, a style change, a layout, and now and then a timer. */
const WORK = `<!doctype html><meta charset="utf-8"><title>Working</title>
<style>main div { display: inline-block; width: 30px }</style><main></main>
<script>
const main = document.querySelector('main');
for (let index = 0; index < 40; index++) main.append(Object.assign(document.createElement('div'), { textContent: index }));
const turns = Number(new URL(location.href).searchParams.get('turns'));
const { port1, port2 } = new MessageChannel();
let turn = 0;
function layOut() { main.style.width = 400 + (turn % 50) + 'px'; return main.offsetHeight; }
function compute() { let sum = 0; for (let step = 0; step < 2000; step++) sum += Math.sqrt(step); return sum; }
function work() {
  compute();
  layOut();
  if (turn % 8 === 0) setTimeout(compute, 0);
  if (++turn < turns) port2.postMessage(0);
  else { performance.mark('done'); document.title = 'Done'; }
}
port1.onmessage = work;
addEventListener('load', () => port2.postMessage(0));
</script>`;

/** @type {(kilobytes: number) => string} */
const loadScripts = (kilobytes) =>
  `<!doctype html><meta charset="utf-8"><title>Working</title><h1>Scripts</h1>
<script src="/script.js?kb=${kilobytes}"></script><script>performance.mark('done'); document.title = 'Done';</script>`;

/**
 * Functions of about 1 kB each, no two alike, each called once.
 * @type {(kilobytes: number) => string}
 */
function writeScript(kilobytes) {
  const lines = ['let total = 0;'];
  for (let index = 0; index < kilobytes; index++) {
    const terms = Array.from(
      { length: 24 },
      (_, term) => `  sum${index} += Math.sqrt(value * ${index + term});`,
    );
    lines.push(
      `function step${index}(value) {`,
      `  let sum${index} = ${index};`,
      ...terms,
      `  return sum${index};`,
      '}',
    );
    lines.push(`total += step${index}(${index});`);
  }
  return lines.join('\n');
}

/** @returns {Promise<{ origin: string, close: () => Promise<void> }>} */
export async function openWorkSite() {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const kilobytes = Number(searchParams.get('kb'));
    const isScript = pathname.endsWith('.js');
    /** @type {Record<string, () => string>} */
    const made = {
      '/work': () => WORK,
      '/scripts': () => loadScripts(kilobytes),
      '/script.js': () => writeScript(kilobytes),
    };
    const body = made[pathname]?.() ?? (await readFile(new URL(`.${pathname}`, PAGES)).catch(() => null));
    const type = isScript ? 'text/javascript' : 'text/html';
    response.writeHead(body === null ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    response.end(body ?? '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  const close = () =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${address.port}`, close };
}
