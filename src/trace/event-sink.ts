/** Who takes a reader's events: the builder of the tables, or a writer of another form. Types only. */
import type { StringTable } from '../base/index.ts';
import type { DataText, EventRecord, KeepArgs, ReadArgs } from './event.ts';
import type { Kernel } from './kernel.ts';
import type { Diagnostics } from './tables.ts';
import type { ThreadCollector } from './threads.ts';

export interface EventSink {
  readonly strings: StringTable;
  readonly threads: ThreadCollector;
  readonly diagnostics: Diagnostics;
  /** Arguments of every event are wanted; else of those alone that the tables need. */
  readonly wantsAllArguments?: boolean;
  /** Takes events of its own out of the source, where there is one: those do not come by `add`. */
  readonly kernel?: Kernel;
  add(event: EventRecord, readArgs: ReadArgs, data?: DataText, keepArgs?: KeepArgs): void;
  addMalformed(): void;
  addSkipped(): void;
}
