/**
 * A profile with its samples under groups: by category, by the address, domain or party of the script that a sample ran
 * in or for, by the frame that the thread worked for. Browser work counts for the script that caused it: the nearest function below it on the stack that has an
 * address. Also: a profile without what encloses one slice.
 * In: a profile. Out: a profile of as many samples, whose stacks begin (`root`) or end (`leaf`) with their group's frame;
 * a call tree has the groups as roots then, top-down or bottom-up.
 */
import { CATEGORIES } from '../analysis/index.ts';
import { FRAME_KINDS, StackInterner, type StackProfile } from '../profile/index.ts';

export type Grouping = 'none' | 'category' | 'url' | 'domain' | 'party' | 'frame';

/** What time is grouped under that no script caused. */
export const NO_SCRIPT = '(no script)';
/** What time is grouped under that is told of no frame. */
export const NO_FRAME = '(no frame told)';

export interface GroupOptions {
  readonly by: Exclude<Grouping, 'none'>;
  readonly at: 'root' | 'leaf';
  /** The name of an address's group (for all but `category` and `frame`). */
  readonly nameOf: (url: string) => string;
  /** The frame of a time (for `frame`), asked in ascending order; '' unknown. */
  readonly frameAt: (time: number) => string;
}

/** The frame rows from `firstGroup` on are groups: a category's own key, or what `nameOf` says. */
export interface GroupedProfile {
  readonly profile: StackProfile;
  readonly firstGroup: number;
}

export function groupProfile(profile: StackProfile, options: GroupOptions): GroupedProfile {
  const { samples, stacks, frames } = profile;
  const groups = new GroupFrames(frames.length);
  const isByStack = options.by !== 'category' && options.by !== 'frame';
  const groupOfStack = isByStack ? groupsByUrl(profile, options, groups) : null;
  const unstacked = isByStack ? groups.frameOf(NO_SCRIPT) : -1;
  const out = new StackInterner();
  const place = options.at === 'root' ? underRoots(profile, out) : beforeLeaves(profile, out);
  const stack = new Int32Array(samples.length);
  for (let sample = 0; sample < samples.length; sample++) {
    const own = samples.stack[sample];
    const group =
      groupOfStack === null
        ? groups.frameOf(
            options.by === 'frame'
              ? options.frameAt(samples.time[sample]) || NO_FRAME
              : (CATEGORIES[samples.category[sample]] ?? 'system'),
          )
        : own < 0
          ? unstacked
          : groupOfStack[own];
    stack[sample] = place(own, group);
  }
  return {
    firstGroup: frames.length,
    profile: {
      ...profile,
      ...withFrames(profile, groups.names),
      stacks: stacks.length === 0 && out.length === 0 ? stacks : out.settle(),
      samples: { ...samples, stack },
    },
  };
}

/** Stacks without their `depth` outermost frames; time that is no deeper belongs to no stack. */
export function stripOutermost(profile: StackProfile, depth: number): StackProfile {
  if (depth === 0) return profile;
  const { stacks, samples } = profile;
  const out = new StackInterner();
  const depthOf = new Int32Array(stacks.length);
  const newOf = new Int32Array(stacks.length).fill(-1);
  for (let s = 0; s < stacks.length; s++) {
    const prefix = stacks.prefix[s];
    depthOf[s] = prefix < 0 ? 0 : depthOf[prefix] + 1;
    if (depthOf[s] >= depth) newOf[s] = out.intern(prefix < 0 ? -1 : newOf[prefix], stacks.frame[s]);
  }
  const stack = samples.stack.map((own) => (own < 0 ? -1 : newOf[own]));
  return { ...profile, stacks: out.settle(), samples: { ...samples, stack } };
}

class GroupFrames {
  readonly names: string[] = [];
  readonly #rows = new Map<string, number>();
  readonly #first: number;

  constructor(first: number) {
    this.#first = first;
  }

  frameOf(name: string): number {
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const row = this.#first + this.names.push(name) - 1;
    this.#rows.set(name, row);
    return row;
  }
}

/** By stack row: the group of the nearest script. */
function groupsByUrl(
  { stacks, frames, strings }: StackProfile,
  { nameOf }: GroupOptions,
  groups: GroupFrames,
): Int32Array {
  const groupOfUrl = new Map<number, number>();
  const group = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const url = frames.url[stacks.frame[s]];
    if (strings[url] === '') {
      group[s] = stacks.prefix[s] < 0 ? groups.frameOf(NO_SCRIPT) : group[stacks.prefix[s]];
      continue;
    }
    let known = groupOfUrl.get(url);
    if (known === undefined) {
      known = groups.frameOf(nameOf(strings[url]));
      groupOfUrl.set(url, known);
    }
    group[s] = known;
  }
  return group;
}

type Place = (stack: number, group: number) => number;

/** `group;main;f`: each stack once per group that it has samples of. */
function underRoots({ stacks }: StackProfile, out: StackInterner): Place {
  const known = new Map<number, number>();
  const path: number[] = [];
  return (stack, group) => {
    let at = stack;
    let row = out.intern(-1, group);
    while (at >= 0) {
      const found = known.get(group * stacks.length + at);
      if (found !== undefined) {
        row = found;
        break;
      }
      path.push(at);
      at = stacks.prefix[at];
    }
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      row = out.intern(row, stacks.frame[next]);
      known.set(group * stacks.length + next, row);
    }
    return row;
  };
}

/** `main;f;group`: seen from its leaf, the group comes first. */
function beforeLeaves({ stacks }: StackProfile, out: StackInterner): Place {
  const newOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    newOf[s] = out.intern(stacks.prefix[s] < 0 ? -1 : newOf[stacks.prefix[s]], stacks.frame[s]);
  }
  return (stack, group) => out.intern(stack < 0 ? -1 : newOf[stack], group);
}

function withFrames(
  { strings, frames }: StackProfile,
  names: readonly string[],
): Pick<StackProfile, 'strings' | 'frames'> {
  const length = frames.length + names.length;
  const grow = (column: Int32Array): Int32Array => {
    const grown = new Int32Array(length);
    grown.set(column);
    return grown;
  };
  const name = grow(frames.name);
  const kind = new Uint8Array(length).fill(FRAME_KINDS.indexOf('other'));
  kind.set(frames.kind);
  for (let group = 0; group < names.length; group++) name[frames.length + group] = strings.length + group;
  const rest = { url: grow(frames.url), line: grow(frames.line), column: grow(frames.column) };
  return { strings: [...strings, ...names], frames: { length, name, ...rest, kind } };
}
