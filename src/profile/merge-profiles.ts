/**
 * Several profiles as one: all threads of a file together.
 * In: profiles of one unit, at least one; with `roots`, what stands outermost in each. Out: a profile with the samples of
 * all of them, in order of time; it is called as the first one is.
 */
import { ensure } from '../base/index.ts';
import { sortByTime } from './formats/sample-rows.ts';
import { ProfileBuilder } from './profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from './stack-profile.ts';

export function mergeProfiles(
  profiles: readonly StackProfile[],
  roots: readonly string[] | null = null,
): StackProfile {
  const first = ensure(profiles[0], 'there is a profile to merge');
  if (profiles.length === 1 && roots === null) return first;
  const builder = new ProfileBuilder();
  for (const [i, profile] of profiles.entries()) {
    const name = roots?.[i];
    const root = name === undefined ? -1 : builder.stack(-1, builder.frame({ name, kind: 'other' }));
    addProfile(builder, profile, root);
  }
  const { thread, type, unit, startUnixMillis, labels } = first;
  const start = Math.min(...profiles.map(({ range }) => range.start));
  const end = Math.max(...profiles.map(({ range }) => range.end));
  return sortByTime(builder.settle({ thread, type, unit, startUnixMillis, labels, range: { start, end } }));
}

function addProfile(
  builder: ProfileBuilder,
  { frames, stacks, samples, strings }: StackProfile,
  root: number,
): void {
  const frameRows = Int32Array.from({ length: frames.length }, (_, row) =>
    builder.frame({
      name: strings[frames.name[row]],
      url: strings[frames.url[row]],
      line: frames.line[row],
      column: frames.column[row],
      kind: FRAME_KINDS[frames.kind[row]],
    }),
  );
  const stackRows = new Int32Array(stacks.length);
  for (let row = 0; row < stacks.length; row++) {
    const prefix = stacks.prefix[row] < 0 ? root : stackRows[stacks.prefix[row]];
    stackRows[row] = builder.stack(prefix, frameRows[stacks.frame[row]]);
  }
  for (let i = 0; i < samples.length; i++)
    builder.samples.add({
      stack: samples.stack[i] < 0 ? root : stackRows[samples.stack[i]],
      weight: samples.weight[i],
      category: samples.category[i],
      time: samples.time[i],
      line: samples.line[i],
    });
}
