/** Says what is being read or written for as long as it takes. In: where it is said, the words, the work. */
import type { Signal } from '@preact/signals';

export async function whileFiling<T>(
  filing: Signal<string | null>,
  words: string,
  work: () => Promise<T>,
): Promise<T> {
  filing.value = words;
  try {
    return await work();
  } finally {
    filing.value = null;
  }
}
