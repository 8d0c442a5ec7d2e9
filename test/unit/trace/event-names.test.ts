/** The table of names that changed: each known to what it is for, and the same in docs/trace-events.md. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { classOfName, TASK_NAMES, titleOfEvent } from '../../../src/analysis/index.ts';
import { EVENT_NAMES, namesOf } from '../../../src/trace/index.ts';

test('docs/trace-events.md has the same rows', () => {
  const text = readFileSync(new URL('../../../docs/trace-events.md', import.meta.url), 'utf8');
  const versions = ({ from, to }: { from: number | null; to: number | null }): string =>
    from === null && to === null
      ? ''
      : from === null
        ? ` (to ${to})`
        : to === null
          ? ` (from ${from})`
          : ` (${from}–${to})`;
  for (const [kind, names] of Object.entries(EVENT_NAMES)) {
    const words = names.map((name) => `\`${name.name}\`${versions(name)}`);
    expect(text).toContain(`| ${kind} | ${words[0]} | ${words.slice(1).join(', ')} |`);
  }
});

test('what is one thing has one title, and one category where it has any', () => {
  for (const kind of ['task', 'style'] as const) {
    expect(new Set(namesOf(kind).map(titleOfEvent)).size).toBe(1);
  }
  for (const kind of ['style', 'pre-paint'] as const) {
    const categories = namesOf(kind).flatMap((name) => classOfName(name)?.category ?? []);
    expect(new Set(categories).size).toBe(1);
  }
  expect([...TASK_NAMES]).toEqual(namesOf('task'));
});

test('versions of one thing do not overlap, newest first', () => {
  for (const names of Object.values(EVENT_NAMES)) {
    for (const [at, name] of names.entries()) {
      const newer = names[at - 1];
      if (newer?.from != null && name.to !== null && name.name !== 'TracingStartedInPage') {
        expect(name.to).toBeLessThan(newer.from);
      }
    }
  }
});
