/**
 * Addresses of scripts → the names of the groups that they belong to.
 * In: an address, and that of the page. Out: `shop.example` for the page's own and its subdomains' (first party), the
 * registrable domain of everybody else. Refuses nothing: what is no address of a server is grouped by its kind.
 */
import { getDomain } from 'tldts';
import type { Grouping } from '../../flame/index.ts';

const EXTENSIONS = 'Extensions';
/** V8's own name for modules that came as bytes: nothing tells from where. */
const MODULES = 'WebAssembly';
const UNKNOWN = '(no address)';

/**
 * The name of an address's group. `scriptOf`: where a source file was part of a script, whose address that has: parties
 * are of those who serve, not of those who wrote.
 */
export function groupNamer(
  by: Grouping,
  pageUrl: string,
  scriptOf: (url: string) => string = (url) => url,
): (url: string) => string {
  if (by === 'domain') return (url) => hostOf(scriptOf(url)) ?? kindOf(scriptOf(url));
  if (by === 'url') return (url) => url.replace(/#.*$/s, '');
  const own = siteOf(pageUrl);
  return (source) => {
    const url = scriptOf(source);
    if (/^(chrome|moz)-extension:/.test(url)) return EXTENSIONS;
    const site = siteOf(url);
    if (site === null) return kindOf(url);
    return site === own ? `First party: ${site}` : `Third party: ${site}`;
  };
}

const kindOf = (url: string): string => (/^wasm:/i.test(url) ? MODULES : UNKNOWN);

/** Tells whether an address is of another site than the page; what has no site, and what is an extension's, is not. */
export function thirdPartyTest(pageUrl: string): (url: string) => boolean {
  const nameOf = thirdPartyNamer(pageUrl);
  return (url) => nameOf(url) !== null;
}

/** The site of an address where it is another than the page's; null where it is the same, none, or an extension's. */
export function thirdPartyNamer(pageUrl: string): (url: string) => string | null {
  const own = siteOf(pageUrl);
  return (url) => {
    const site = /^(chrome|moz)-extension:/.test(url) ? null : siteOf(url);
    return own === null || site === own ? null : site;
  };
}

/** The registrable domain; the host itself where it has none (`localhost`, an IP address). */
function siteOf(url: string): string | null {
  const host = hostOf(url);
  return host === null ? null : (getDomain(host, { allowPrivateDomains: true }) ?? host);
}

function hostOf(url: string): string | null {
  const address = url.replace(/^blob:/, '');
  if (!URL.canParse(address)) return null;
  const { protocol, hostname } = new URL(address);
  return protocol === 'wasm:' ? null : hostname || null;
}
