/**
 * What a destination's redaction changes of a recording, before anything leaves.
 * In: cargo, what to leave out. Out: how many different texts are changed, and the first of them before and after.
 */
import type { Cargo, Redaction } from './contract.ts';
import { makeRedactor } from './redaction.ts';

export interface RedactionReport {
  /** Different texts that are changed, and that stay as they are. */
  readonly changed: number;
  readonly unchanged: number;
  readonly examples: readonly { readonly before: string; readonly after: string }[];
}

export function reportRedaction(cargo: Cargo, redaction: Redaction, most = 20): RedactionReport {
  const redact = makeRedactor(redaction);
  const { load } = cargo;
  const texts = new Set<string>([
    ...cargo.profiles.flatMap(({ strings, labels }) => [...strings, ...Object.values(labels)]),
    ...Object.values(cargo.tags),
    ...(load === null ? [] : [load.url, ...load.resources.map(({ url }) => url)]),
  ]);
  texts.delete('');
  const examples: { before: string; after: string }[] = [];
  let changed = 0;
  for (const before of texts) {
    const after = redact(before);
    if (after === before) continue;
    changed++;
    if (examples.length < most) examples.push({ before, after });
  }
  return { changed, unchanged: texts.size - changed, examples };
}
