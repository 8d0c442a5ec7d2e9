/**
 * The recorder's notes as they change. In: changes. Out: the notes, saved in the order of their changes, and word to
 * whoever watches. A change counts at once; its promise resolves when it is saved.
 */
import type { UnixMillis } from '../base/index.ts';
import type { RecorderMemory, RecorderNotes } from './notes.ts';

/** More happenings than this (a page that reloads itself for ever) tell nobody anything. */
const HAPPENINGS_MAX = 100;

export class Notebook {
  readonly #memory: RecorderMemory;
  readonly #onChange: () => void;
  #notes: RecorderNotes;
  #saved: Promise<void> = Promise.resolve();

  constructor(memory: RecorderMemory, notes: RecorderNotes, onChange: () => void) {
    this.#memory = memory;
    this.#notes = notes;
    this.#onChange = onChange;
  }

  get notes(): RecorderNotes {
    return this.#notes;
  }

  change(changes: Partial<RecorderNotes>): Promise<void> {
    this.#notes = { ...this.#notes, ...changes };
    this.#onChange();
    return this.#save(this.#notes);
  }

  /** `name` happened on the page at `at` (Unix ms). */
  addHappening(name: string, at: UnixMillis): void {
    const { happenings, startedAt } = this.#notes;
    if (startedAt === null || happenings.length >= HAPPENINGS_MAX) return;
    void this.change({ happenings: [...happenings, { name, atMillis: at - startedAt }] });
  }

  /** The recording has ended: nothing must be remembered. */
  forget(): Promise<void> {
    return this.#save(null);
  }

  #save(notes: RecorderNotes | null): Promise<void> {
    this.#saved = this.#saved.then(() => this.#memory.save(notes));
    return this.#saved;
  }
}
