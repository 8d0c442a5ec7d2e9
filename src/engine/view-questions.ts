/**
 * What the aggregated views ask of an open recording, and what they get. Types only. Times are microseconds on the
 * trace's own clock.
 */
import type { Category, TimeRange } from '../analysis/index.ts';
import type { SliceIndex, ThreadIndex } from '../base/index.ts';
import type { Grouping } from '../flame/index.ts';
import type {
  CallTree,
  FunctionRef,
  ProfileFrames,
  ProfileTransform,
  SiblingOrder,
} from '../profile/index.ts';

/** The part of a recording that a view is of. */
export interface ProfileScope {
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  /** Only what runs in this slice; null for all of the range. */
  readonly within: SliceIndex | null;
  /** Of a trace `cpu`, `wall` or `samples`; of a file what it calls its weights (WeightChoice). */
  readonly type: string;
  readonly jsOnly: boolean;
  readonly transforms: readonly ProfileTransform[];
}

export interface TreeQuestion {
  readonly scope: ProfileScope;
  readonly inverted: boolean;
  readonly group: Grouping;
}

/** The frames that a tree is of, as columns and the texts that they name. */
export interface NamedFrames {
  readonly strings: readonly string[];
  readonly frames: ProfileFrames;
}

export interface TreeAnswer extends NamedFrames {
  /** Siblings in order of weight, the heaviest first. */
  readonly tree: CallTree;
  /** Frames from this row on are groups. */
  readonly firstGroup: number;
  /** By frame row: what the function took with all that it called, however often it stands in the tree. */
  readonly totals: Float64Array;
}

/** `callers` and `callees` are the two sides of a sandwich, of one function. */
export type GraphShape =
  | { readonly kind: 'top-down' | 'bottom-up' }
  | { readonly kind: 'callers' | 'callees'; readonly function: FunctionRef };

export interface GraphQuestion {
  readonly scope: ProfileScope;
  readonly shape: GraphShape;
  readonly order: SiblingOrder;
}

/** Slices of one function, or of one kind of browser work. */
export interface OccurrenceQuestion {
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  readonly function: FunctionRef;
}

export interface Occurrences {
  readonly count: number;
  /** null where there is none: of V8's `(program)`, of a group. */
  readonly longest: SliceIndex | null;
}

export interface EventQuestion {
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  readonly within: SliceIndex | null;
  /** Shorter ones are left out. */
  readonly least: number;
  /** null for all. */
  readonly categories: readonly Category[] | null;
  /** A part of the name or address, in any case; '' for all. */
  readonly text: string;
  readonly order: 'start' | 'total' | 'self' | 'name' | 'source';
  /** The last first, the least first, Z first. */
  readonly reversed: boolean;
  readonly group: EventGrouping;
}

/** `activity`: by name. */
export type EventGrouping = Grouping | 'activity';

export interface EventList {
  /** Slice rows in the order asked for, group by group. */
  readonly slices: Int32Array<ArrayBuffer>;
  /** null where they are in none. */
  readonly groups: EventGroups | null;
}

/** The one with most time of its own first. */
export interface EventGroups {
  /** A category's own key; what scripts' addresses are grouped by; an event's title. */
  readonly names: readonly string[];
  /** Group `g` has the slices [first[g], first[g + 1]). */
  readonly first: Int32Array;
  /** Microseconds that its slices took themselves. */
  readonly self: Float64Array;
}
