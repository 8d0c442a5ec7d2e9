/**
 * Waiting for an answer that may never come. In: a promise and how long it may take. Out: its value, or null when it is late; it
 * is then not listened to any more, and goes on.
 */
import type { Millis } from './brand.ts';

/** null where it takes longer. Rejects as `work` does, in time. */
export async function inTime<T>(work: Promise<T>, millis: Millis): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), millis);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
