/**
 * A name for each profile's thread that no other thread among them has.
 * In: profiles. Out: a name per profile; profiles of one thread share theirs. `CrRendererMain`, and where several threads
 * are called so, `CrRendererMain 812:1`.
 */
import type { StackProfile } from '../stack-profile.ts';

export function nameThreads(profiles: readonly StackProfile[]): string[] {
  const keyOf = ({ thread }: StackProfile): string => `${thread.pid}:${thread.tid}`;
  const holders = new Map<string, Set<string>>();
  for (const profile of profiles) {
    const { name } = profile.thread;
    holders.set(name, (holders.get(name) ?? new Set()).add(keyOf(profile)));
  }
  return profiles.map((profile) => {
    const { name } = profile.thread;
    const isShared = (holders.get(name)?.size ?? 0) > 1;
    if (name === '') return `Thread ${keyOf(profile)}`;
    return isShared ? `${name} ${keyOf(profile)}` : name;
  });
}
