/** What is asked about the source code of an open trace, and what is answered. Types only. */
import type { TimeRange } from '../../analysis/index.ts';
import type { Failure, SliceIndex, ThreadIndex } from '../../base/index.ts';
import type { SourcePlace } from '../../flame/index.ts';
import type { KeptSource } from '../../recording/index.ts';

/** One script, however often it was compiled. */
export interface ScriptFacts {
  readonly url: string;
  /** As the script names it, made whole; '' where it names none, or none that the trace tells. */
  readonly sourceMapUrl: string;
  readonly hasText: boolean;
}

/** `file` and `server`: from the user's disk, or fetched on his wish. */
export type TextOrigin = 'recording' | 'source-map' | 'file' | 'server';

/** What is known of a file of code. */
export interface SourceText {
  /** UTF-8; null where nobody has it: neither the user gave it, nor does the recording or a map hold it. */
  readonly text: Uint8Array<ArrayBuffer> | null;
  readonly from: TextOrigin | null;
  /** The script that the file became part of, and where in it; null for a script itself. */
  readonly generated: SourcePlace | null;
  /** null where the trace tells nothing of it. */
  readonly script: ScriptFacts | null;
  readonly isMapped: boolean;
  /** Scripts whose functions ran, that name a source map on a server and have none yet. */
  readonly unmapped: readonly ScriptFacts[];
}

export interface SourceTimesQuestion {
  readonly url: string;
  readonly thread: ThreadIndex;
  readonly range: TimeRange;
  /** Only what runs in this slice; null for all. */
  readonly within: SliceIndex | null;
  /** As in ProfileScope. */
  readonly type: string;
}

export interface MapQuestion {
  /** Of the script. A file whose name, or what it says of itself, is that of another script of the trace is for that. */
  readonly url: string;
  /** Of the file; '' for what was fetched, which is for no other script. */
  readonly name: string;
  /** JSON; null takes the script's map away. */
  readonly map: string | null;
  /** Where the map was fetched from, for sources named relative to it; '' for a dropped one. */
  readonly mapUrl: string;
  /** A place whose name is wanted. */
  readonly place: SourcePlace;
}

/** The text of a file of code, which goes before what the recording or a map holds. */
export interface TextQuestion {
  readonly url: string;
  /** null takes it away. */
  readonly text: string | null;
  /** '' for a dropped one. */
  readonly fetchedFrom: string;
}

/** Whether what was given is kept; what is not in the library is kept nowhere. */
export interface Keeping {
  /** What was taken away, or has been replaced; null where there was nothing. */
  readonly taken: KeptSource | null;
  /** It will be there when the recording is opened again. */
  readonly isKept: boolean;
  /** Why the library could not keep it; null where it could, and where there is nothing to keep it with. */
  readonly keepFailure: Failure | null;
}

export interface MapAnswer extends Keeping {
  /** Whose map it is. */
  readonly script: string;
  /** Functions of the trace that have another name or place now. */
  readonly functions: number;
  /** What `place` is called now. */
  readonly place: SourcePlace;
}
