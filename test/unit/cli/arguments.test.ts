/** The command line's arguments: what they ask for, and what is wrong usage. */
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.ts';
import { COMMAND_NAMES, helpOf } from '../../../src/cli/usage.ts';

const summary = { file: 'a.json', json: false, eventsOnly: false, from: null, to: null };

test.each([
  [['--help'], { name: 'help', of: null }],
  [['-h'], { name: 'help', of: null }],
  [['help', 'export'], { name: 'help', of: 'export' }],
  [['summary', '--help'], { name: 'help', of: 'summary' }],
  [['--version'], { name: 'version' }],
  [['summary', 'a.json'], { name: 'summary', options: summary }],
  [
    ['summary', '--json', 'a.json', '--events-only'],
    { name: 'summary', options: { ...summary, json: true, eventsOnly: true } },
  ],
  [
    ['summary', 'a.json', '--from', '12.5', '--to', '99999999999.25'],
    { name: 'summary', options: { ...summary, from: 12.5, to: 99999999999.25 } },
  ],
  [['summary', 'a.json', '--from=-3'], { name: 'summary', options: { ...summary, from: -3 } }],
  [
    ['summary', '--', '--odd-name.json'],
    { name: 'summary', options: { ...summary, file: '--odd-name.json' } },
  ],
  [
    ['record', 'https://shop.example/'],
    {
      name: 'record',
      options: { url: 'https://shop.example/', output: null, preset: 'standard', tags: {}, push: null },
    },
  ],
  [
    ['record', '-o', 'x.pageflame', 'http://a/'],
    {
      name: 'record',
      options: { url: 'http://a/', output: 'x.pageflame', preset: 'standard', tags: {}, push: null },
    },
  ],
  [
    ['record', 'http://a/', '--preset', 'light'],
    { name: 'record', options: { url: 'http://a/', output: null, preset: 'light', tags: {}, push: null } },
  ],
])('%j', (args, command) => {
  expect(readArguments(args)).toStrictEqual(command);
});

test.each([
  [[], 'a command is missing'],
  [['sumary', 'a.json'], "'sumary' is no command"],
  [['summary'], 'summary takes one file'],
  [['summary', ''], 'summary takes one file'],
  [['summary', 'a', 'b'], 'summary takes one file'],
  [['summary', 'a', '--jsn'], "Unknown option '--jsn'"],
  [['summary', 'a', '--json=yes'], "Option '--json' does not take an argument"],
  [['summary', 'a', '--from', '1e3'], '--from and --to take microseconds, such as 1234567.5'],
  [['summary', 'a', '--to', 'end'], '--from and --to take microseconds, such as 1234567.5'],
  [['summary', 'a', '--from', '2', '--to', '1'], '--from lies after --to'],
  [['record'], 'record takes one URL'],
  [['record', 'http://a/', 'http://b/'], 'record takes one URL'],
  [['record', 'http://a/', '-o'], "Option '-o, --output <value>' argument missing"],
  [['record', 'http://a/', '-o', ''], '-o names no file'],
  [['record', 'http://a/', '-o', '-'], '-o names no file'],
  [['record', 'http://a/', '--tag', 'env'], "--tag takes name=value, not 'env'"],
  [['record', 'http://a/', '--preset', 'heavy'], '--preset takes standard, light, detailed'],
  [
    ['record', 'shop.example'],
    "'shop.example' is no address to record: give a whole one, such as https://shop.example/",
  ],
  [
    ['record', 'localhost:3000'],
    "'localhost:3000' is no address to record: give a whole one, such as https://shop.example/",
  ],
  [
    ['record', 'http://'],
    "'http://' is no address to record: give a whole one, such as https://shop.example/",
  ],
  [
    ['record', 'javascript:alert(1)'],
    "'javascript:alert(1)' is no address to record: give a whole one, such as https://shop.example/",
  ],
])('%j is wrong usage', (args, reason) => {
  const of = COMMAND_NAMES.find((name) => name === args[0]) ?? null;
  expect(readArguments(args)).toStrictEqual({ name: 'wrong-usage', of, reason });
});

test('the help of a command is its part of the whole', () => {
  for (const name of COMMAND_NAMES) {
    const [, ...own] = helpOf(name).split('\n\n')[0].split('\n');
    expect(own[0]).toMatch(new RegExp(`^  pageflame ${name} `));
    expect(helpOf(null)).toContain(own.join('\n'));
    expect(own.filter((line) => line.startsWith('  pageflame'))).toHaveLength(1);
  }
});
