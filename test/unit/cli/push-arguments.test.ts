/** What `push` is told of the part that it sends. */
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.ts';

const push = (...args: string[]) =>
  readArguments(['push', 'a.json', '--to', 'http://127.0.0.1:4040', '--kind', 'pyroscope', ...args]);

test('all of it, unless told', () => {
  expect(push()).toMatchObject({
    name: 'push',
    options: { thread: 'all', range: { from: null, to: null } },
  });
});

test('a thread and a range', () => {
  expect(push('--thread', '12:34', '--from', '10', '--until', '20.5')).toMatchObject({
    options: { thread: { pid: 12, tid: 34 }, range: { from: 10, to: 20.5 } },
  });
});

test.each([
  [['--thread', 'some'], '--thread takes main, all, or PID:TID as `pageflame summary` lists them'],
  [['--from', '2', '--until', '1'], '--from lies after --until'],
  [['--from', 'x'], '--from and --until take microseconds, such as 1234567.5'],
  [
    ['--kind', 'otlp-traces', '--from', '1'],
    '--thread, --from and --until go with profiles: a trace is of the whole load',
  ],
  [['--time', '5'], '--time takes a moment such as 2026-03-01T14:02:33Z'],
  [['--time', '2026-13-01'], '--time takes a moment such as 2026-03-01T14:02:33Z'],
  [
    ['--to', 'http://127.0.0.1:4040/?tenant=a'],
    'give the address of a backend without what begins with ? or #: paths are added to its end',
  ],
  [['--label', 'x'], "--label takes name=value, not 'x'"],
])('%j is wrong usage', (args, reason) =>
  expect(push(...args)).toEqual({ name: 'wrong-usage', of: 'push', reason }),
);
