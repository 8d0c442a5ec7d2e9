/**
 * What recordings call the browser: as it names itself to pages.
 * In: what `navigator.userAgentData` answers when it is asked for {@link BRAND_HINTS}; only pages of a secure origin have it.
 * Out: `Google Chrome/156.0.8078.79`, `Chromium/…`, `Microsoft Edge/…`; null where it names none.
 */

export const BRAND_HINTS: readonly string[] = ['fullVersionList'];

/** What every browser of this family calls itself beside its own name. */
const FAMILY = 'Chromium';
/** The same without a window. */
const WINDOWLESS = 'HeadlessChrome';

export function nameOfBrowser(answer: unknown): string | null {
  const list = fieldOf(answer, 'fullVersionList');
  const brands = (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
    const name = fieldOf(entry, 'brand');
    const version = fieldOf(entry, 'version');
    // One of the list is made up, to keep programs from relying on it: it alone contains "Not".
    return typeof name === 'string' && typeof version === 'string' && !/not/i.test(name)
      ? [{ name, version }]
      : [];
  });
  const own = brands.find(({ name }) => name !== FAMILY && name !== WINDOWLESS) ?? brands[0];
  if (own === undefined) return null;
  return `${own.name === WINDOWLESS ? FAMILY : own.name}/${own.version}`;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
