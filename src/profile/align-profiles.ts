/**
 * Two profiles → the same two over one table of frames and stacks, so that they can be compared stack by stack.
 * In: profiles of any source. Out: both with common `strings`, `frames` and `stacks`; samples keep their order.
 *
 * A function is the same by name and address, else by name and file. Lines and columns may move, the hash in a built file's name may change
 * (`app.3f9a.js`), and so may host, query and fragment where nothing fits better; a side that knows no files is matched
 * by name alone. Of several functions of one name in one file (`(anonymous)`) those at the same place are the same; of
 * the others the first is the first, the second the second, where both sides have as many. Where they have not, nobody
 * can tell which is which: they are one function, without a line. Names that carry their file (`app.js:render`, as some
 * backends have them) are those without it. Which profile comes first makes no difference.
 */
import { ProfileBuilder, StackInterner } from './profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from './stack-profile.ts';

export interface ProfilePair {
  readonly before: StackProfile;
  readonly after: StackProfile;
}

export function alignProfiles(before: StackProfile, after: StackProfile): ProfilePair {
  const { rows, builder } = matchFrames(before, after);
  const stacks = new StackInterner();
  const stackOf = [internStacks(before, rows[0], stacks), internStacks(after, rows[1], stacks)];
  const { strings, frames } = builder.settle(before);
  const settled = stacks.settle();
  const place = (profile: StackProfile, newOf: Int32Array): StackProfile => ({
    ...profile,
    strings,
    frames,
    stacks: settled,
    samples: {
      ...profile.samples,
      stack: profile.samples.stack.map((stack) => (stack < 0 ? -1 : newOf[stack])),
    },
  });
  return { before: place(before, stackOf[0]), after: place(after, stackOf[1]) };
}

function internStacks({ stacks }: StackProfile, rows: Int32Array, out: StackInterner): Int32Array {
  const newOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    newOf[s] = out.intern(stacks.prefix[s] < 0 ? -1 : newOf[stacks.prefix[s]], rows[stacks.frame[s]]);
  }
  return newOf;
}

/** A file's name without what changes from build to build: parts that are hashes, query and fragment. */
export function fileWithoutHashes(url: string): string {
  const plain = url.replace(/[?#].*$/s, '');
  const slash = plain.lastIndexOf('/') + 1;
  const name = plain.slice(slash).replace(/[A-Za-z0-9]+/g, (part) => (isHash(part) ? '*' : part));
  return plain.slice(0, slash) + name;
}

const isHash = (part: string): boolean =>
  (part.length >= 6 && /^[0-9a-f]+$/.test(part) && /\d/.test(part)) ||
  (part.length >= 8 && /\d/.test(part) && /[A-Za-z]/.test(part));

/** Of a name that begins with a file (`app.3f9a2b.js:render`). */
function withoutHashOfFile(name: string): string {
  const end = name.indexOf(':');
  return end < 0 ? name : fileWithoutHashes(name.slice(0, end)) + name.slice(end);
}

/** The last part of a path. */
const lastOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

const pathOf = (file: string): string => file.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');

/** How frames may be the same, the surest first; only those that found nobody go on to the next. */
const KEYS: readonly ((name: string, file: string, url: string) => string)[] = [
  (name, _, url) => `${name}\n${url}`,
  (name, file) => `${name}\n${file}`,
  (name, file) => `${name}\n${pathOf(file)}`,
];

interface Matched {
  /** By side: the common row of a frame. */
  readonly rows: readonly [Int32Array, Int32Array];
  readonly builder: ProfileBuilder;
}

type Group = readonly [before: number[], after: number[]];

function matchFrames(before: StackProfile, after: StackProfile): Matched {
  const matcher = new FrameMatcher(before, after);
  for (const keyOf of KEYS) matcher.matchBy(keyOf);
  matcher.matchFileless();
  return matcher.settle();
}

class FrameMatcher {
  readonly #sides: readonly [StackProfile, StackProfile];
  readonly #rows: readonly [Int32Array, Int32Array];
  readonly #files: readonly [readonly string[], readonly string[]];
  readonly #builder = new ProfileBuilder();

  constructor(before: StackProfile, after: StackProfile) {
    this.#sides = [before, after];
    this.#rows = [
      new Int32Array(before.frames.length).fill(-1),
      new Int32Array(after.frames.length).fill(-1),
    ];
    this.#files = [before.strings.map(fileWithoutHashes), after.strings.map(fileWithoutHashes)];
  }

  matchBy(keyOf: (typeof KEYS)[number]): void {
    const key = (side: 0 | 1, row: number): string =>
      keyOf(this.#bareName(side, row), this.#file(side, row), this.#url(side, row));
    for (const group of this.#groups(key)) this.#pair(group);
  }

  /** By name alone, where one side has no file for it; first by those that carry their file. */
  matchFileless(): void {
    const withFile = (side: 0 | 1, row: number): string => {
      const file = lastOf(this.#file(side, row));
      return file === '' ? withoutHashOfFile(this.#name(side, row)) : `${file}:${this.#bareName(side, row)}`;
    };
    for (const keyOf of [withFile, (side: 0 | 1, row: number) => this.#bareName(side, row)]) {
      for (const group of this.#groups(keyOf)) {
        const isFileless = (side: 0 | 1): boolean => group[side].every((row) => this.#file(side, row) === '');
        if (isFileless(0) || isFileless(1)) this.#pair(group);
      }
    }
  }

  /** What found nobody is new, or gone. */
  settle(): Matched {
    for (const side of [0, 1] as const)
      for (let row = 0; row < this.#rows[side].length; row++)
        if (this.#rows[side][row] < 0) this.#place(side, [row], this.#add(side, row));
    return { rows: this.#rows, builder: this.#builder };
  }

  /** Frames still alone that both sides have under one key. */
  #groups(keyOf: (side: 0 | 1, row: number) => string): Group[] {
    const groups = new Map<string, Group>();
    for (const side of [0, 1] as const) {
      for (let row = 0; row < this.#rows[side].length; row++) {
        if (this.#rows[side][row] >= 0) continue;
        const key = keyOf(side, row);
        const group = groups.get(key) ?? [[], []];
        group[side].push(row);
        groups.set(key, group);
      }
    }
    return [...groups.values()].filter(([before, after]) => before.length > 0 && after.length > 0);
  }

  #pair([before, after]: Group): void {
    const atPlace = new Map(before.map((row) => [this.#placeOf(0, row), row]));
    const moved: [number[], number[]] = [[], []];
    for (const row of after) {
      const same = atPlace.get(this.#placeOf(1, row));
      if (same === undefined || this.#rows[0][same] >= 0) moved[1].push(row);
      else this.#join([same], [row], this.#add(1, row));
    }
    moved[0].push(...before.filter((row) => this.#rows[0][row] < 0));
    for (const side of [0, 1] as const) moved[side].sort((one, other) => this.#inOrder(side, one, other));
    if (moved[0].length === moved[1].length) {
      for (const [i, row] of moved[1].entries()) this.#join([moved[0][i]], [row], this.#add(1, row));
    } else if (moved[0].length > 0 && moved[1].length > 0) {
      this.#join(moved[0], moved[1], this.#add(1, moved[1][0], false));
    }
  }

  #join(before: readonly number[], after: readonly number[], common: number): void {
    this.#place(0, before, common);
    this.#place(1, after, common);
  }

  #place(side: 0 | 1, rows: readonly number[], common: number): void {
    for (const row of rows) this.#rows[side][row] = common;
  }

  #add(side: 0 | 1, row: number, hasPlace = true): number {
    const { frames } = this.#sides[side];
    return this.#builder.frame({
      name: this.#name(side, row),
      url: this.#url(side, row),
      line: hasPlace ? frames.line[row] : 0,
      column: hasPlace ? frames.column[row] : 0,
      kind: FRAME_KINDS[frames.kind[row]],
    });
  }

  #name(side: 0 | 1, row: number): string {
    const { strings, frames } = this.#sides[side];
    return strings[frames.name[row]];
  }

  /** Without the file that it may carry. */
  #bareName(side: 0 | 1, row: number): string {
    const name = this.#name(side, row);
    const { strings, frames } = this.#sides[side];
    const prefix = `${lastOf(strings[frames.url[row]].replace(/[?#].*$/s, ''))}:`;
    return prefix.length > 1 && name.startsWith(prefix) ? name.slice(prefix.length) : name;
  }

  #url(side: 0 | 1, row: number): string {
    const { strings, frames } = this.#sides[side];
    return strings[frames.url[row]];
  }

  #file(side: 0 | 1, row: number): string {
    return this.#files[side][this.#sides[side].frames.url[row]];
  }

  #placeOf(side: 0 | 1, row: number): string {
    const { frames } = this.#sides[side];
    return `${frames.line[row]}:${frames.column[row]}:${frames.kind[row]}`;
  }

  #inOrder(side: 0 | 1, one: number, other: number): number {
    const { line, column } = this.#sides[side].frames;
    return line[one] - line[other] || column[one] - column[other] || one - other;
  }
}
