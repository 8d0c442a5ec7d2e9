/** `export`, `top`, `diff` and `list`: what their arguments ask for, and what is wrong usage. */
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.ts';

const whole = { from: null, to: null, jsOnly: false };
const usual = { file: 'a.json', type: null, sourceMaps: null, output: 'out' };

test.each([
  ['pprof', 'all'],
  ['otlp', 'all'],
  ['speedscope', 'all'],
  ['folded', 'main'],
  ['cpuprofile', 'main'],
  ['svg', 'main'],
  ['trace', 'all'],
  ['pftrace', 'all'],
])('export --format %s: default thread %s', (format, thread) => {
  expect(readArguments(['export', 'a.json', '--format', format, '-o', 'out'])).toStrictEqual({
    name: 'export',
    options: { ...usual, format, scope: { thread, ...whole } },
  });
});

test('every option of export', () => {
  const args =
    'export a.json --format pprof --thread 12:-34 --type wall --from 1.5 --to 9 --js-only --source-maps maps --output out';
  expect(readArguments(args.split(' '))).toStrictEqual({
    name: 'export',
    options: {
      ...usual,
      format: 'pprof',
      scope: { thread: { pid: 12, tid: -34 }, from: 1.5, to: 9, jsOnly: true },
      type: 'wall',
      sourceMaps: 'maps',
    },
  });
});

const main = { thread: 'main', ...whole };
const table = { scope: main, json: false, sourceMaps: null };

test.each([
  [['top', 'a'], { name: 'top', options: { ...table, file: 'a', count: 20 } }],
  [
    ['top', '-n', '3', 'a', '--json'],
    { name: 'top', options: { ...table, file: 'a', count: 3, json: true } },
  ],
  [['list', 'a', '<f>'], { name: 'list', options: { ...table, file: 'a', functionName: '<f>' } }],
  [
    ['list', '--json', '--', 'a', '-f'],
    { name: 'list', options: { ...table, file: 'a', functionName: '-f', json: true } },
  ],
  [
    ['top', 'a', '--thread', '1:2', '--from', '3', '--to', '4.5'],
    {
      name: 'top',
      options: {
        ...table,
        file: 'a',
        count: 20,
        scope: { ...main, thread: { pid: 1, tid: 2 }, from: 3, to: 4.5 },
      },
    },
  ],
  [
    ['list', 'a', 'f', '--thread', 'all', '--from', '3'],
    {
      name: 'list',
      options: { ...table, file: 'a', functionName: 'f', scope: { ...main, thread: 'all', from: 3 } },
    },
  ],
  [
    ['diff', 'a', 'b', '--thread', 'all'],
    {
      name: 'diff',
      options: { ...table, before: 'a', after: 'b', count: 20, scope: { ...main, thread: 'all' } },
    },
  ],
  [['export', '--help'], { name: 'help', of: 'export' }],
  [['top', '-h'], { name: 'help', of: 'top' }],
  [['list', '-h'], { name: 'help', of: 'list' }],
])('%j', (args, command) => {
  expect(readArguments(args)).toStrictEqual(command);
});

const FORMATS = 'pprof, otlp, speedscope, folded, cpuprofile, trace, pftrace, svg';
test.each([
  ['export', 'export takes one file'],
  ['export a b --format svg -o x', 'export takes one file'],
  ['export a -o x', `--format takes one of ${FORMATS}`],
  ['export a --format jfr -o x', `--format takes one of ${FORMATS}`],
  ['export a --format svg', 'export needs -o OUT, the file to write'],
  [
    'export a --format svg -o x --thread 7',
    '--thread takes main, all, or PID:TID as `pageflame summary` lists them',
  ],
  [
    'export a --format cpuprofile -o x --thread all',
    'a .cpuprofile holds one thread: choose it with --thread main or --thread PID:TID',
  ],
  ['export a --format svg -o x --type idle', '--type takes cpu or wall'],
  ['export a --format svg -o x --from 1e3', '--from and --to take microseconds, such as 1234567.5'],
  ['export a --format svg -o x --from 9 --to 3', '--from lies after --to'],
  [
    'export a --format trace -o x --thread main',
    '--format trace writes the whole trace: --thread does not go with it',
  ],
  [
    'export a --format pftrace -o x --js-only',
    '--format pftrace writes the whole trace: --js-only does not go with it',
  ],
  ['top', 'top takes one file'],
  ['top a -n 0', '-n takes how many functions to show, such as 20'],
  ['top a -n many', '-n takes how many functions to show, such as 20'],
  ['list a', 'list takes one file and the name of one function'],
  ['list a b c', 'list takes one file and the name of one function'],
  ['top a --from 9 --to 3', '--from lies after --to'],
  ['diff a b --from 9', "Unknown option '--from'"],
  ['diff a b --thread 1:2', '--thread takes main or all here: ids differ from recording to recording'],
  ['list a b --jsn', "Unknown option '--jsn'"],
])('%s: wrong usage', (line, reason) => {
  expect(readArguments(line.split(' '))).toStrictEqual({
    name: 'wrong-usage',
    of: line.split(' ')[0],
    reason,
  });
});
