/**
 * What the readers share that look for one event: what is sought, what is found, and which of the events behind a begin
 * is its end.
 * In: the begins and ends of one thread, in file order. Out: the end, told as SliceCollector pairs them (slices.ts).
 */
import type { Args } from './event.ts';

/** One event as the trace has it. */
export interface EventArguments {
  /** Those of the event and, where it has an end of its own, of that: the end's go before the begin's. */
  readonly args: Args;
  /** What else the event says (ids, thread time `tts` and `tdur`): keys and values as Chrome's JSON has them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface SoughtEvent {
  /** Of its first byte in the inflated source. */
  readonly offset: number;
  readonly name: string;
  /** The trace holds its end, if it is one that begins. */
  readonly hasEnd: boolean;
}

/** The open slices behind the begin that is sought, by the string rows of their names. */
export class EndSearch {
  readonly #name: number;
  readonly #open: number[] = [];

  constructor(name: number) {
    this.#name = name;
  }

  begin(name: number): void {
    this.#open.push(name);
  }

  /** Whether this is the end that is sought. `name` is 0 where it has none: it then ends the innermost. */
  end(name: number): boolean {
    const open = this.#open;
    if (name === 0) return open.pop() === undefined;
    const at = open.lastIndexOf(name);
    if (at < 0) return name === this.#name;
    open.length = at;
    return false;
  }
}

/** The arguments of a begin and of its end as one; where both have a name, the end's goes. */
export function mergeArgs(begin: Args, end: Args): Args {
  // Spread copies own properties, `__proto__` as any other.
  return { ...begin, ...end };
}
