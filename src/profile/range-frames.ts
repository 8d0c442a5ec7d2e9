/**
 * Frames of a trace → frames of a profile, each asked for once.
 * In: rows of the trace's tables. Out: rows of the profile's. Browser work has the title of its event as name, a
 * function its bare name; V8's own outermost frames, `(program)` and its like, are no functions.
 */
import { ANONYMOUS, titleOfEvent } from '../analysis/index.ts';
import type { TraceTables } from '../trace/index.ts';
import type { ProfileBuilder } from './profile-builder.ts';

/** What V8 does where it runs no function, in its own words. */
export const IDLE = '(idle)';
export const PROGRAM = '(program)';
export const GC = '(garbage collector)';
const META = new Set([IDLE, PROGRAM, GC]);

export class RangeFrames {
  readonly #tables: TraceTables;
  readonly #builder: ProfileBuilder;
  /** Row + 1 by string row, and by frame row; 0 not yet. */
  readonly #ofEvent: Int32Array;
  readonly #ofFunction: Int32Array;

  constructor(tables: TraceTables, builder: ProfileBuilder) {
    this.#tables = tables;
    this.#builder = builder;
    this.#ofEvent = new Int32Array(tables.strings.length);
    this.#ofFunction = new Int32Array(tables.frames.length);
  }

  /** The frame of browser work, by the string row of its event's name. */
  ofEvent(name: number): number {
    const known = this.#ofEvent[name];
    if (known > 0) return known - 1;
    const title = titleOfEvent(this.#tables.strings.get(name));
    const row = this.#builder.frame({ name: title, kind: 'browser' });
    this.#ofEvent[name] = row + 1;
    return row;
  }

  /** The frame of a function, by its row in the trace's frames. */
  ofFunction(frame: number): number {
    const known = this.#ofFunction[frame];
    if (known > 0) return known - 1;
    const { frames, strings } = this.#tables;
    const name = strings.get(frames.functionName[frame]) || ANONYMOUS;
    const url = strings.get(frames.url[frame]);
    const row =
      url === '' && META.has(name)
        ? this.meta(name)
        : this.#builder.frame({
            name,
            url,
            // V8 counts from 0, -1 unknown.
            line: frames.line[frame] + 1,
            column: frames.column[frame] + 1,
          });
    this.#ofFunction[frame] = row + 1;
    return row;
  }

  meta(name: string): number {
    return this.#builder.frame({ name, kind: 'other' });
  }
}
