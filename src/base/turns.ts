/**
 * Long work on a thread that others wait for: steps, and turns of several steps with a pause between.
 * In: steps that are short by themselves (some milliseconds each). Out: what the last of them returns.
 * Whoever waits hears of progress in each pause, and can give up there.
 */
import type { Millis } from './brand.ts';

/** Yields wherever it may pause. */
export type Steps<T> = Generator<undefined, T>;

/** So long one turn lasts at most, and one step more. */
const TURN_MILLIS: Millis = 30;

export interface Turns {
  readonly signal?: AbortSignal | undefined;
  /** Called in each pause. */
  readonly onPause?: () => void;
  /** How long a turn lasts, where others cannot wait for {@link TURN_MILLIS}. */
  readonly turnMillis?: Millis;
}

/** All steps at one go, for whoever has the thread to himself. */
export function runThrough<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** As far as it comes in that time; undefined where it has not ended by then, and can be gone on with. */
export function runFor<T extends object>(steps: Steps<T>, millis: Millis): T | undefined {
  const end = performance.now() + millis;
  let step = steps.next();
  while (!step.done && performance.now() < end) step = steps.next();
  return step.done ? step.value : undefined;
}

/** undefined: given up. */
export async function takeTurns<T extends object>(
  steps: Steps<T>,
  { signal, onPause, turnMillis = TURN_MILLIS }: Turns,
): Promise<T | undefined> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < turnMillis) continue;
    onPause?.();
    await nextTurn();
    if (signal?.aborted === true) return undefined;
    since = performance.now();
  }
}

/** Lets everything run that waits for the thread. A message, because a browser makes a timer in a timer wait for 4 ms. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      // Named here, so that no garbage collection ends it before its word has come: nobody else holds it.
      port2.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
