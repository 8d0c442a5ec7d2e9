/** Places in sources as people read and copy them. In: an address, line and column, both from 1, 0 for none. Out: text. Pure. */
import type { SourcePlace } from '../../flame/index.ts';

/** `app.js:12:5`, with as much of the path as tells files apart; of WebAssembly the byte in the module, `app.wasm:0x1f4`. */
export function describeSource({ url, line, column }: SourcePlace): string {
  const file = URL.canParse(url) ? fileOf(new URL(url)) : url;
  if (line === 0) return file;
  return `${file}:${describePlace({ url, line, column })}`;
}

/** `12:5`, `12` where no column is told, `0x1f4`. */
export function describePlace({ url, line, column }: SourcePlace): string {
  if (isWebAssembly(url) && line === 1) return `0x${Math.max(0, column - 1).toString(16)}`;
  return column > 0 ? `${line}:${column}` : `${line}`;
}

/** The same with its whole address, as it is copied: `https://a.test/app.js:12:5`; '' where there is none. */
export const describeAddress = (place: SourcePlace): string =>
  place.url === '' || place.line === 0 ? place.url : `${place.url}:${describePlace(place)}`;

/** V8 names modules that came as bytes `wasm://wasm/<name>-<hash>`, those that were streamed by their address. */
export const isWebAssembly = (url: string): boolean =>
  /^wasm:/i.test(url) || (URL.canParse(url) && new URL(url).pathname.endsWith('.wasm'));

function fileOf({ host, pathname, protocol, href }: URL): string {
  if (host === '') return protocol === 'data:' || protocol === 'blob:' ? `${href.slice(0, 40)}…` : href;
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (protocol === 'wasm:') return `wasm ${last || host}`;
  return last === '' ? `${host}${pathname}` : last;
}
