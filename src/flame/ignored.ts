/**
 * The ignore list: scripts that the user does not want to see. A pattern is a part of an address, in any case; `*` stands
 * for anything. No regular expressions, so that no pattern can take for ever.
 * In: patterns, addresses. Out: whether one of them names the address. Empty patterns name nothing.
 */

/** Tells of addresses whether a pattern names them; remembers what it was asked. */
export function ignoreTest(patterns: readonly string[]): (url: string) => boolean {
  const all = patterns
    .map((pattern) =>
      pattern
        .toLowerCase()
        .split('*')
        .filter((part) => part !== ''),
    )
    .filter((parts) => parts.length > 0);
  const known = new Map<string, boolean>();
  return (url) => {
    if (all.length === 0 || url === '') return false;
    const before = known.get(url);
    if (before !== undefined) return before;
    const text = url.toLowerCase();
    const isNamed = all.some((parts) => holdsInOrder(text, parts));
    known.set(url, isNamed);
    return isNamed;
  };
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
