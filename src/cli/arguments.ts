/**
 * What the command line asks for.
 * In: arguments. Out: one command with its options, or why they are wrong usage (exit code 2). Starts nothing.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { PRESET_NAMES } from '../recording/index.ts';
import type { DiffOptions } from './diff.ts';
import type { ExportOptions } from './export.ts';
import type { FindOptions } from './find.ts';
import type { ListOptions } from './list.ts';
import { type Read, readDiff, readExport, readList, readRange, readTop } from './profile-arguments.ts';
import type { PushOptions } from './push.ts';
import { PUSH_OPTIONS, readPairs, readPushTarget } from './push-arguments.ts';
import type { RecordOptions } from './record.ts';
import type { SummaryOptions } from './summary.ts';
import type { TopOptions } from './top.ts';
import { COMMAND_NAMES, type CommandName } from './usage.ts';
import { STDOUT } from './write-output.ts';

export type Command =
  | { readonly name: 'help'; readonly of: CommandName | null }
  | { readonly name: 'version' }
  | { readonly name: 'record'; readonly options: RecordOptions }
  | { readonly name: 'push'; readonly options: PushOptions }
  | { readonly name: 'summary'; readonly options: SummaryOptions }
  | { readonly name: 'export'; readonly options: ExportOptions }
  | { readonly name: 'top'; readonly options: TopOptions }
  | { readonly name: 'diff'; readonly options: DiffOptions }
  | { readonly name: 'list'; readonly options: ListOptions }
  | { readonly name: 'find'; readonly options: FindOptions }
  | { readonly name: 'wrong-usage'; readonly of: CommandName | null; readonly reason: string };

const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsConfig['options'];

export function readArguments(args: readonly string[]): Command {
  const [first, ...rest] = args;
  if (first === '--help' || first === '-h') return { name: 'help', of: null };
  if (first === 'help') return { name: 'help', of: COMMAND_NAMES.find((each) => each === rest[0]) ?? null };
  if (first === '--version') return { name: 'version' };
  const of = COMMAND_NAMES.find((each) => each === first);
  if (of === undefined)
    return {
      name: 'wrong-usage',
      of: null,
      reason: first === undefined ? 'a command is missing' : `'${first}' is no command`,
    };
  const read = readCommand(of, rest);
  if (read === 'help') return { name: 'help', of };
  return 'wrong' in read ? { name: 'wrong-usage', of, reason: read.wrong } : read.options;
}

function readCommand(name: CommandName, args: string[]): Read<Command> {
  try {
    switch (name) {
      case 'record':
        return settle(readRecord(args), (options) => ({ name, options }));
      case 'push':
        return settle(readPush(args), (options) => ({ name, options }));
      case 'summary':
        return settle(readSummary(args), (options) => ({ name, options }));
      case 'export':
        return settle(readExport(args), (options) => ({ name, options }));
      case 'diff':
        return settle(readDiff(args), (options) => ({ name, options }));
      case 'top':
        return settle(readTop(args), (options) => ({ name, options }));
      case 'list':
        return settle(readList(args), (options) => ({ name, options }));
      case 'find':
        return settle(readFind(args), (options) => ({ name, options }));
    }
  } catch (error) {
    // parseArgs throws for unknown options and missing values, with a sentence that says which.
    if (error instanceof TypeError && 'code' in error) return { wrong: firstSentence(error.message) };
    throw error;
  }
}

function settle<T>(read: Read<T>, make: (options: T) => Command): Read<Command> {
  return read === 'help' || 'wrong' in read ? read : { options: make(read.options) };
}

function readRecord(args: string[]): Read<RecordOptions> {
  const options = {
    ...HELP,
    ...PUSH_OPTIONS,
    output: { type: 'string', short: 'o' },
    preset: { type: 'string' },
    tag: { type: 'string', multiple: true },
    push: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [url, ...others] = positionals;
  if (url === undefined || others.length > 0) return { wrong: 'record takes one URL' };
  if (!/^(https?|file|data):/i.test(url) || !URL.canParse(url))
    return { wrong: `'${url}' is no address to record: give a whole one, such as https://shop.example/` };
  if (values.output === '' || values.output === STDOUT) return { wrong: '-o names no file' };
  const preset = PRESET_NAMES.find((name) => name === (values.preset ?? 'standard'));
  if (preset === undefined) return { wrong: `--preset takes ${PRESET_NAMES.join(', ')}` };
  const tags = readPairs('tag', values.tag ?? []);
  if (typeof tags === 'string') return { wrong: tags };
  const target = values.push === true ? readPushTarget(values) : null;
  if (typeof target === 'string') return { wrong: target };
  const stray = Object.keys(PUSH_OPTIONS).find((option) => Object.hasOwn(values, option));
  if (target === null && stray !== undefined) return { wrong: `--${stray} goes with --push` };
  return { options: { url, output: values.output ?? null, preset, tags, push: target } };
}

function readPush(args: string[]): Read<PushOptions> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...HELP, ...PUSH_OPTIONS },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return { wrong: 'push takes one file' };
  const target = readPushTarget(values);
  return typeof target === 'string' ? { wrong: target } : { options: { ...target, file } };
}

function readFind(args: string[]): Read<FindOptions> {
  const { values, positionals } = parseArgs({ args, options: HELP, allowPositionals: true });
  if (values.help) return 'help';
  const [wanted, ...files] = positionals;
  if (wanted === undefined || wanted.trim() === '')
    return { wrong: 'find takes a trace id or a pageflame: link, and files' };
  return { options: { wanted, files } };
}

function readSummary(args: string[]): Read<SummaryOptions> {
  const options = {
    ...HELP,
    json: { type: 'boolean' },
    'events-only': { type: 'boolean' },
    from: { type: 'string' },
    to: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return { wrong: 'summary takes one file' };
  const range = readRange(values);
  if ('wrong' in range) return { wrong: range.wrong };
  const json = values.json ?? false;
  return { options: { file, json, eventsOnly: values['events-only'] ?? false, ...range } };
}

const firstSentence = (message: string): string => message.split(/\. |\n/, 1)[0];
