/**
 * Changes to what a profile shows, each a pure step from profile to profile; undo is a shorter list.
 * In: a profile, a list of {@link ProfileTransform}s (plain data: they are kept and sent as JSON). Out: a profile with
 * the same frames and range, fewer or other stacks, fewer samples. Functions are named by what they are, not by row, so
 * that a list holds for another range or another recording; one that is not there changes nothing, but focus on it
 * leaves nothing.
 */
import { CATEGORIES, type Category } from '../analysis/index.ts';
import { unreachable } from '../base/index.ts';
import { StackInterner } from './profile-builder.ts';
import { FRAME_KINDS, type FrameKind, type StackProfile } from './stack-profile.ts';

/** A function by its own facts. */
export interface FunctionRef {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export type ProfileTransform =
  /** Only what runs in the function; its callers go. */
  | { readonly kind: 'focus-function'; readonly function: FunctionRef }
  /**
   * Only what runs below one node of the tree, named by its path: from the root (top-down), or from the leaf
   * (`inverted`: of the bottom-up tree).
   */
  | { readonly kind: 'focus-subtree'; readonly path: readonly FunctionRef[]; readonly inverted: boolean }
  | { readonly kind: 'focus-category'; readonly category: Category }
  /** The function goes; its time and its callees are its caller's; where nobody called it, {@link NO_FUNCTION}'s. */
  | { readonly kind: 'merge-function'; readonly function: FunctionRef }
  /** What the function calls goes; its time is the function's. */
  | { readonly kind: 'collapse-function'; readonly function: FunctionRef }
  /** A function that calls itself, also by way of others, is one call. null: every function. */
  | { readonly kind: 'collapse-recursion'; readonly function: FunctionRef | null }
  /** Calls of one script among themselves are one frame. */
  | { readonly kind: 'collapse-source'; readonly url: string }
  /** Time in the function goes, with all that it calls. */
  | { readonly kind: 'drop-function'; readonly function: FunctionRef };

export function applyTransforms(
  profile: StackProfile,
  transforms: readonly ProfileTransform[],
): StackProfile {
  return transforms.reduce(applyTransform, profile);
}

/** The facts of a frame row. */
export function functionOf({ frames, strings }: StackProfile, frame: number): FunctionRef {
  return {
    name: strings[frames.name[frame]],
    url: strings[frames.url[frame]],
    line: frames.line[frame],
    column: frames.column[frame],
  };
}

/** The frame row of a function; -1 where the profile has no such. */
export function findFunction({ frames, strings }: StackProfile, ref: FunctionRef): number {
  for (let row = 0; row < frames.length; row++) {
    if (
      frames.line[row] === ref.line &&
      frames.column[row] === ref.column &&
      strings[frames.name[row]] === ref.name &&
      strings[frames.url[row]] === ref.url
    )
      return row;
  }
  return -1;
}

/** Samples of such a stack are dropped. */
const DROPPED = -2;

/** What becomes of a stack, given what became of its prefix (-1 where it has none). */
type Rewrite = (stack: number, prefix: number, stacks: StackInterner) => number;

function applyTransform(profile: StackProfile, transform: ProfileTransform): StackProfile {
  const { frame, prefix } = profile.stacks;
  switch (transform.kind) {
    case 'focus-function': {
      const focus = findFunction(profile, transform.function);
      return rewrite(profile, (s, above, out) =>
        above >= 0 || frame[s] === focus ? out.intern(Math.max(above, -1), frame[s]) : DROPPED,
      );
    }
    case 'focus-subtree': {
      const path = transform.path.map((ref) => findFunction(profile, ref));
      return transform.inverted ? focusCallers(profile, path) : focusPath(profile, path);
    }
    case 'focus-category':
      return keepCategory(profile, CATEGORIES.indexOf(transform.category));
    case 'merge-function': {
      const merged = findFunction(profile, transform.function);
      const left = rewrite(profile, (s, above, out) =>
        frame[s] === merged ? above : out.intern(above, frame[s]),
      );
      return nameUnstacked(left, true);
    }
    case 'collapse-function': {
      const collapsed = findFunction(profile, transform.function);
      const inside = new Uint8Array(frame.length);
      return rewrite(profile, (s, above, out) => {
        if (prefix[s] >= 0 && inside[prefix[s]] === 1) {
          inside[s] = 1;
          return above;
        }
        inside[s] = frame[s] === collapsed ? 1 : 0;
        return out.intern(above, frame[s]);
      });
    }
    case 'collapse-recursion': {
      const { function: ref } = transform;
      return collapseRecursion(profile, ref === null ? null : findFunction(profile, ref));
    }
    case 'collapse-source':
      return collapseSource(profile, transform.url);
    case 'drop-function': {
      const dropped = findFunction(profile, transform.function);
      return rewrite(profile, (s, above, out) =>
        above === DROPPED || frame[s] === dropped ? DROPPED : out.intern(above, frame[s]),
      );
    }
    default:
      return unreachable(transform);
  }
}

function rewrite(profile: StackProfile, becomes: Rewrite): StackProfile {
  const { stacks } = profile;
  const out = new StackInterner();
  const newOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    newOf[s] = becomes(s, stacks.prefix[s] < 0 ? -1 : newOf[stacks.prefix[s]], out);
  }
  return withStacks(profile, out, newOf);
}

function withStacks(profile: StackProfile, stacks: StackInterner, newOf: Int32Array): StackProfile {
  const { samples } = profile;
  const stackOf = (i: number): number => (samples.stack[i] < 0 ? -1 : newOf[samples.stack[i]]);
  return { ...profile, stacks: stacks.settle(), samples: pick(samples, stackOf) };
}

/** The samples whose stack is not {@link DROPPED}. */
function pick(samples: StackProfile['samples'], stackOf: (i: number) => number): StackProfile['samples'] {
  const stack = new Int32Array(samples.length);
  const rows = new Int32Array(samples.length);
  let length = 0;
  for (let i = 0; i < samples.length; i++) {
    const next = stackOf(i);
    if (next === DROPPED) continue;
    stack[length] = next;
    rows[length++] = i;
  }
  const kept = rows.subarray(0, length);
  return {
    length,
    stack: stack.slice(0, length),
    weight: Float64Array.from(kept, (i) => samples.weight[i]),
    category: Uint8Array.from(kept, (i) => samples.category[i]),
    time: Float64Array.from(kept, (i) => samples.time[i]),
    line: Int32Array.from(kept, (i) => samples.line[i]),
  };
}

function focusPath(profile: StackProfile, path: readonly number[]): StackProfile {
  const { frame, prefix } = profile.stacks;
  /** How many frames of the path a stack has gone along; all of them: it is the node, or below it. */
  const gone = new Int32Array(frame.length);
  return rewrite(profile, (s, above, out) => {
    const before = prefix[s] < 0 ? 0 : gone[prefix[s]];
    if (before === path.length) {
      gone[s] = before;
      return out.intern(above, frame[s]);
    }
    const fits = before >= 0 && frame[s] === path[before];
    gone[s] = fits ? before + 1 : -1;
    return gone[s] === path.length ? out.intern(-1, frame[s]) : DROPPED;
  });
}

/** Samples that end with `path` (leaf first), seen from its last frame: what lies below that goes. */
function focusCallers(profile: StackProfile, path: readonly number[]): StackProfile {
  const { stacks } = profile;
  const same = new StackInterner();
  const ownOf = new Int32Array(stacks.length);
  const newOf = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    ownOf[s] = same.intern(stacks.prefix[s] < 0 ? -1 : ownOf[stacks.prefix[s]], stacks.frame[s]);
    let at = s;
    let step = 0;
    while (step < path.length - 1 && at >= 0 && stacks.frame[at] === path[step]) {
      at = stacks.prefix[at];
      step++;
    }
    newOf[s] = at >= 0 && step === path.length - 1 && stacks.frame[at] === path[step] ? ownOf[at] : DROPPED;
  }
  return withStacks(profile, same, newOf);
}

function keepCategory(profile: StackProfile, category: number): StackProfile {
  const { samples } = profile;
  return {
    ...profile,
    samples: pick(samples, (i) => (samples.category[i] === category ? samples.stack[i] : DROPPED)),
  };
}

function collapseRecursion(profile: StackProfile, only: number | null): StackProfile {
  const { frame } = profile.stacks;
  return rewrite(profile, (s, above, out) => {
    if (only !== null && frame[s] !== only) return out.intern(above, frame[s]);
    for (let at = above; at >= 0; at = out.prefixOf(at)) if (out.frameOf(at) === frame[s]) return at;
    return out.intern(above, frame[s]);
  });
}

function collapseSource(profile: StackProfile, url: string): StackProfile {
  const { frames, strings } = profile;
  const urlRow = strings.indexOf(url);
  if (urlRow < 0 || url === '') return profile;
  const row = frames.length;
  const name = url.replace(/[?#].*$/s, '').replace(/^.*\/(?=[^/])/s, '') || url;
  const grown = withFrame(profile, { name, url: urlRow, kind: 'js' });
  const { frame } = profile.stacks;
  return rewrite(grown, (s, above, out) => {
    if (frames.url[frame[s]] !== urlRow) return out.intern(above, frame[s]);
    return above >= 0 && out.frameOf(above) === row ? above : out.intern(above, row);
  });
}

/** What stands where no function does. */
const NO_FUNCTION = '(no function)';

/**
 * Samples without a stack under a frame that says so, so that every view shows them and adds up to all. `always`: frame and
 * stack are there where no sample needs them, too, so that two profiles of one table of frames and stacks stay that.
 */
export function nameUnstacked(profile: StackProfile, always = false): StackProfile {
  const { samples, stacks } = profile;
  if (!always && !samples.stack.some((stack) => stack < 0)) return profile;
  const none = Math.max(0, profile.strings.indexOf(''));
  const known = findFunction(profile, { name: NO_FUNCTION, url: '', line: 0, column: 0 });
  const grown = known < 0 ? withFrame(profile, { name: NO_FUNCTION, url: none, kind: 'other' }) : profile;
  return {
    ...grown,
    stacks: {
      length: stacks.length + 1,
      frame: append(stacks.frame, known < 0 ? profile.frames.length : known),
      prefix: append(stacks.prefix, -1),
    },
    samples: { ...samples, stack: samples.stack.map((stack) => (stack < 0 ? stacks.length : stack)) },
  };
}

interface NewFrame {
  readonly name: string;
  /** Its string row. */
  readonly url: number;
  readonly kind: FrameKind;
}

/** With one frame more, at the end. */
function withFrame(profile: StackProfile, { name, url, kind }: NewFrame): StackProfile {
  const { frames, strings } = profile;
  const kinds = new Uint8Array(frames.length + 1);
  kinds.set(frames.kind);
  kinds[frames.length] = FRAME_KINDS.indexOf(kind);
  return {
    ...profile,
    strings: [...strings, name],
    frames: {
      length: frames.length + 1,
      name: append(frames.name, strings.length),
      url: append(frames.url, url),
      line: append(frames.line, 0),
      column: append(frames.column, 0),
      kind: kinds,
    },
  };
}

function append(column: Int32Array, value: number): Int32Array {
  const longer = new Int32Array(column.length + 1);
  longer.set(column);
  longer[column.length] = value;
  return longer;
}
