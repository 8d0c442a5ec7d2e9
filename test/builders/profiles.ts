/** Stack profiles for tests, by hand and in short. */
import { categoryNumber } from '../../src/analysis/index.ts';
import {
  type FrameFacts,
  ProfileBuilder,
  type ProfileHead,
  type StackProfile,
} from '../../src/profile/index.ts';

/** `root;…;leaf` → weight, whatever the category. */
export function foldProfile({ samples, stacks, frames, strings }: StackProfile): Record<string, number> {
  const folded: Record<string, number> = {};
  for (let i = 0; i < samples.length; i++) {
    const names: string[] = [];
    for (let at = samples.stack[i]; at >= 0; at = stacks.prefix[at])
      names.unshift(strings[frames.name[stacks.frame[at]]]);
    const key = names.join(';');
    folded[key] = (folded[key] ?? 0) + samples.weight[i];
  }
  return folded;
}

/**
 * A profile of folded stacks: `{ 'main;render': 5 }`. A frame is `name`, `name@url` or `name@url:line`; browser work is
 * written `[Layout]`. One sample per entry, in order of time.
 */
export function profileOf(
  folded: Readonly<Record<string, number>>,
  head: Partial<ProfileHead> = {},
): StackProfile {
  const builder = new ProfileBuilder();
  let time = 0;
  for (const [path, weight] of Object.entries(folded)) {
    let stack = -1;
    let category = categoryNumber('system');
    for (const text of path.split(';')) {
      const facts = frameOf(text);
      category = categoryNumber(facts.kind === 'browser' ? 'rendering' : 'scripting');
      stack = builder.stack(stack, builder.frame(facts));
    }
    builder.samples.add({ stack, weight, time, category });
    time += weight;
  }
  return builder.settle({
    thread: { name: 'CrRendererMain', pid: 1, tid: 2, role: 'main' },
    type: 'cpu',
    unit: 'microseconds',
    range: { start: 0, end: time },
    startUnixMillis: null,
    labels: {},
    ...head,
  });
}

function frameOf(text: string): FrameFacts {
  const browser = /^\[(.*)\]$/.exec(text);
  if (browser !== null) return { name: browser[1], kind: 'browser' };
  const [, name, url, line] = /^([^@]*)(?:@(.*?))?(?::(\d+))?$/.exec(text) ?? [];
  return { name, url: url ?? '', line: Number(line ?? 0), kind: 'js' };
}
