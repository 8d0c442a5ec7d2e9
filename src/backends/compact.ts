/**
 * A profile without the stacks, frames and texts that none of its samples uses: what a piece of a profile carries.
 * In: a profile whose samples were thinned out. Out: the same samples over tables of their own.
 */
import { FRAME_KINDS, ProfileBuilder, type StackProfile } from '../profile/index.ts';

export function compactProfile(profile: StackProfile): StackProfile {
  const { frames, stacks, strings, samples, ...head } = profile;
  const builder = new ProfileBuilder();
  const rows = new Int32Array(stacks.length).fill(-1);
  const used = markUsed(profile);
  // A stack's prefix comes before it.
  for (let row = 0; row < stacks.length; row++) {
    if (used[row] === 0) continue;
    const frame = stacks.frame[row];
    const prefix = stacks.prefix[row];
    const frameRow = builder.frame({
      name: strings[frames.name[frame]],
      url: strings[frames.url[frame]],
      line: frames.line[frame],
      column: frames.column[frame],
      kind: FRAME_KINDS[frames.kind[frame]],
    });
    rows[row] = builder.stack(prefix < 0 ? -1 : rows[prefix], frameRow);
  }
  const compact = builder.settle(head);
  const stack = samples.stack.map((row) => (row < 0 ? -1 : rows[row]));
  return { ...compact, samples: { ...samples, stack } };
}

function markUsed({ stacks, samples }: StackProfile): Uint8Array {
  const used = new Uint8Array(stacks.length);
  for (const stack of samples.stack) {
    for (let row = stack; row >= 0 && used[row] === 0; row = stacks.prefix[row]) used[row] = 1;
  }
  return used;
}
