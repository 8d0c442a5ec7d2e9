/**
 * Long lists of an answer cross to the other thread in parts, each a message of its own: to read one with a hundred thousand
 * texts at once would hold the panel's thread for tenths of a second.
 * In: an answer, or what of it came. Out: the answer with those lists empty, and their parts; the answer whole again.
 * Lists are looked for where answers have them: in plain objects, some levels deep. Columns are no lists: they move.
 */

/** Labels, texts, requests: a part is read in 1 ms to some. */
const PART_ITEMS = 1_000;
const MOST_LEVELS = 3;

/** Some of a list, in order: the next of what stands at `path` of the answer. */
export interface ListPart {
  readonly path: string;
  readonly items: readonly unknown[];
}

const SEPARATOR = '/';

export function takeApart<T>(answer: T): { readonly bare: T; readonly parts: readonly ListPart[] } {
  const parts: ListPart[] = [];
  return { bare: strip(answer, '', parts), parts };
}

function strip<T>(value: T, path: string, parts: ListPart[]): T {
  if (Array.isArray(value) && value.length > PART_ITEMS) {
    for (let from = 0; from < value.length; from += PART_ITEMS)
      parts.push({ path, items: value.slice(from, from + PART_ITEMS) });
    return [] as T;
  }
  if (!isPlain(value) || path.split(SEPARATOR).length > MOST_LEVELS) return value;
  const before = parts.length;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    strip(inner, path === '' ? key : `${path}${SEPARATOR}${key}`, parts),
  ]);
  // What holds no long list is itself.
  return parts.length === before ? value : (Object.fromEntries(entries) as T);
}

/** The parts of one answer as they come. */
export class PartGatherer {
  readonly #lists = new Map<string, unknown[]>();

  take({ path, items }: ListPart): void {
    const list = this.#lists.get(path) ?? [];
    for (const item of items) list.push(item);
    this.#lists.set(path, list);
  }

  /** Puts them where they stood: into `bare`, which has come over and is nobody else's. */
  complete<T>(bare: T): T {
    for (const [path, list] of this.#lists) {
      if (path === '') return list as T;
      const keys = path.split(SEPARATOR);
      const last = keys.pop() ?? '';
      const holder = keys.reduce<unknown>((at, key) => (isPlain(at) ? at[key] : undefined), bare);
      if (isPlain(holder)) holder[last] = list;
    }
    return bare;
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
