/**
 * What can be opened beside traces, what is told of it at once, and what is asked of two open things together. Types
 * only. A *document* is a trace, or a file (or a backend's answer) that holds profiles and nothing else: of those there
 * are threads and kinds of weight, and times only where the file tells them.
 */
import type { TimeRange } from '../analysis/index.ts';
import type { Brand, ThreadIndex } from '../base/index.ts';
import type { Chart } from '../flame/index.ts';
import type {
  CompareBy,
  NodeWeights,
  ProfileDiagnostics,
  ProfileFormat,
  ProfileTransform,
  SiblingOrder,
  StackProfile,
  WeightUnit,
} from '../profile/index.ts';
import type { RecordingId } from '../recording/index.ts';
import type { GraphShape, NamedFrames, ProfileScope } from './view-questions.ts';

/** Where a recording is read from. */
export type Source =
  | { readonly kind: 'library'; readonly id: RecordingId }
  /** A `.pageflame` file, or a trace: JSON or Perfetto, gzip or plain. */
  | { readonly kind: 'file'; readonly name: string; readonly file: Blob };

/** Names one open document until it is closed. */
export type OpenId = Brand<number, 'OpenId'>;

/** A file of any kind, a recording of the library, profiles that are at hand already, or in parts. */
export type DocumentSource =
  | Source
  /** Files of profiles that are one in parts: what adds up to it. */
  | { readonly kind: 'parts'; readonly name: string; readonly files: readonly Blob[] }
  | {
      readonly kind: 'profiles';
      readonly name: string;
      readonly format: ProfileFormat;
      readonly profiles: readonly StackProfile[];
    };

/** A kind of weight that a thread has. */
export interface WeightChoice {
  /** What {@link ProfileScope} calls it. */
  readonly id: string;
  readonly name: string;
  readonly unit: WeightUnit;
}

export interface ProfileThread {
  readonly thread: ThreadIndex;
  readonly title: string;
  /** At least one; what is looked at first stands first. */
  readonly weights: readonly WeightChoice[];
}

export interface OpenedProfiles {
  readonly open: OpenId;
  readonly format: ProfileFormat;
  /** At least one. */
  readonly threads: readonly ProfileThread[];
  /** null where no sample tells its time: there is no chart then. */
  readonly bounds: TimeRange | null;
  readonly functions: number;
  readonly samples: number;
  /** Unix ms of the first moment; null where the file does not tell. */
  readonly startUnixMillis: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly diagnostics: Readonly<ProfileDiagnostics>;
}

/** One side of a comparison. */
export interface ComparedSide {
  readonly open: OpenId;
  readonly scope: ProfileScope;
}

export interface CompareScope {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly by: CompareBy;
  /** Of both, when they have been laid over each other. */
  readonly transforms: readonly ProfileTransform[];
}

/** A column before and after, in the profiles' unit, as measured. */
export interface ColumnPair {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Every function that took anything on either side, in no order. */
export interface FunctionChanges extends NamedFrames {
  readonly length: number;
  /** Row in the frames. */
  readonly frame: Int32Array;
  readonly self: ColumnPair;
  readonly total: ColumnPair;
  readonly weights: { readonly before: number; readonly after: number };
  readonly unit: WeightUnit;
}

export interface CompareGraphQuestion {
  readonly scope: CompareScope;
  readonly shape: GraphShape;
  readonly order: SiblingOrder;
  /** The side that boxes are as wide as. */
  readonly wide: 'before' | 'after';
}

export interface ComparedGraph {
  /** Coloured by change; a box's `slice` is its row in the columns of {@link ComparedGraph.before}. */
  readonly chart: Chart;
  readonly before: NodeWeights;
  /** Its `weight` is that of the whole side, of callers and callees of one function, too. */
  readonly after: NodeWeights;
  readonly unit: WeightUnit;
}

/** Files that hold stack profiles. */
export const PROFILE_FILE_FORMS = ['pprof', 'otlp', 'speedscope', 'folded', 'cpuprofile', 'svg'] as const;
export type ProfileFileForm = (typeof PROFILE_FILE_FORMS)[number];

export interface ProfileFileQuestion {
  readonly form: ProfileFileForm;
  /** What the file is called in itself. */
  readonly title: string;
  readonly scope: ProfileScope;
  /** `scope`: what it says, transforms and all. `all`: every thread and kind of weight that the document has, whole. */
  readonly what: 'scope' | 'all';
}
