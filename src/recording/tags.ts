/**
 * The tags that a recording has of itself, and what a user's are put on.
 * In: a recording. Out: names → values, each of few values: a tag becomes a label in a backend, where every value is a
 * series. The user's own go before the automatic ones.
 */
import type { Recording } from './recording.ts';

export type Tags = Readonly<Record<string, string>>;

type Tagged = Pick<
  Recording,
  'url' | 'browser' | 'viewport' | 'options' | 'pageVersion' | 'siteTags' | 'tags'
>;

/** Automatic tags, the site's, the user's: the later go first. One without a value takes away what came before. */
export function tagsOf(recording: Tagged): Tags {
  const tags = { ...automaticTags(recording), ...recording.siteTags, ...recording.tags };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}

export function automaticTags({
  url,
  browser,
  viewport,
  options,
  pageVersion,
}: Omit<Tagged, 'siteTags' | 'tags'>): Tags {
  const { name, version } = splitBrowser(browser);
  return {
    service_name: serviceOf(url),
    page: pagePattern(url),
    browser: name,
    browser_version: version,
    ...(viewport === null ? {} : { viewport: viewportClass(viewport.width) }),
    cpu_throttle: options.cpuThrottling === 1 ? 'none' : `${options.cpuThrottling}x`,
    network: options.networkThrottling ?? 'none',
    cache: options.coldCache ? 'cold' : 'warm',
    ...(pageVersion === null ? {} : { page_version: pageVersion }),
  };
}

/** The site: its host, with the port where it is not the usual one. */
export function serviceOf(url: string): string {
  if (!URL.canParse(url)) return 'page';
  const { host, protocol } = new URL(url);
  return host || protocol.replace(':', '');
}

/**
 * The path with what differs from page to page of one kind taken out: `/product/4711/reviews` → `/product/:id/reviews`.
 * Numbers, hashes, UUIDs and long mixtures of letters and digits count as ids.
 */
export function pagePattern(url: string): string {
  if (!URL.canParse(url)) return '/';
  const { pathname, protocol } = new URL(url);
  if (!/^(https?|file):$/.test(protocol)) return '/';
  const parts = pathname.split('/').map((part) => (isId(part) ? ':id' : part));
  return parts.slice(0, 8).join('/') || '/';
}

function isId(part: string): boolean {
  const [stem] = part.split('.', 1);
  if (/^\d+$/.test(stem) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(stem)) return true;
  if (/^[0-9a-f]{12,}$/i.test(stem) && /\d/.test(stem)) return true;
  // A slug has words; an id of 16 and more has digits all through it.
  return stem.length >= 16 && !/[-_]/.test(stem) && (stem.match(/\d/g) ?? []).length >= 4;
}

function splitBrowser(browser: string): { name: string; version: string } {
  const [name, version = ''] = browser.split('/', 2);
  return { name: name || 'unknown', version: version.split('.', 1)[0] || 'unknown' };
}

/** Widths at which most sites change their layout. */
function viewportClass(width: number): string {
  if (width < 600) return 'phone';
  return width < 1024 ? 'tablet' : 'desktop';
}
