/**
 * Which recordings a text asks for. Pure.
 * In: what was typed: words that must all be found. `env=staging` is a tag and how its value begins, `env=` any value of
 * it; `"two words"` is one. Other words are looked for in title, address, and in tags. Out: the recordings, in their order.
 */
import { type Recording, type Tags, tagsOf } from '../../../recording/index.ts';

export function filterShelf(recordings: readonly Recording[], text: string): readonly Recording[] {
  const words = [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) =>
    word.replaceAll('"', '').toLowerCase(),
  );
  const wanted = words.filter((word) => word !== '');
  if (wanted.length === 0) return recordings;
  return recordings.filter((recording) => {
    const tags = lowerCase(tagsOf(recording));
    const told = [recording.url, recording.title, recording.name].join('\n').toLowerCase();
    return wanted.every((word) => told.includes(word) || hasTag(tags, word));
  });
}

/** A tag as a word of the filter. */
export const wordOfTag = (name: string, value: string): string =>
  /\s/.test(value) ? `${name}="${value}"` : `${name}=${value}`;

function hasTag(tags: readonly (readonly [string, string])[], word: string): boolean {
  const cut = word.indexOf('=');
  if (cut <= 0) return tags.some(([name, value]) => name.includes(word) || value.includes(word));
  const [name, value] = [word.slice(0, cut), word.slice(cut + 1)];
  return tags.some((tag) => tag[0] === name && tag[1].startsWith(value));
}

const lowerCase = (tags: Tags): (readonly [string, string])[] =>
  Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]);
