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

export const USAGE = `Usage:
  pageflame record URL [-o FILE] [--preset standard|light|detailed] [--tag NAME=VALUE]…
                   [--push --to BASEURL --kind … as for push]
      Loads URL in a headless Chromium, records the load, and writes it as a .pageflame file; then sends it.
      Prints the file's path as the last line.
      --tag              kept with the recording; becomes a label when it is sent
      --preset           light: no JavaScript samples, no filmstrip, costs the load least;
                         detailed: script texts and what made styles and layouts invalid, too
  pageflame summary FILE [--json] [--from MICROS --to MICROS] [--events-only]
      Says where the time of a recording or trace went: .pageflame, Perfetto, or trace-event JSON, gzip or plain.
      --json             one JSON object on stdout and nothing else
      --from, --to       the window in trace timestamps (µs); the whole trace by default
      --events-only      leaves V8's samples out
  pageflame push FILE --to BASEURL --kind pyroscope|parca|otlp|otlp-traces [--label NAME=VALUE]…
                 [--tenant T] [--time ISO] [--thread main|PID:TID|all] [--from MICROS --until MICROS]
                 [--ask URL] [--restamp] [--file-names] [--source-maps DIR|FILE] [--preview]
      Sends the profiles of a recording or trace (otlp-traces: its page load as a trace) to a backend, and says where to
      look at it. Secrets: PAGEFLAME_PUSH_TOKEN, or PAGEFLAME_PUSH_USER and PAGEFLAME_PUSH_PASSWORD.
      --time             when the recording began, for files that do not say
      --from, --until    the part that is sent, in trace timestamps (µs); of profiles only, as is --thread
      --ask              where Jaeger is asked what has arrived, such as http://127.0.0.1:16686
      --restamp          with the time of sending, where Pyroscope calls the recording too old (else: ad hoc upload)
      --file-names       function names carry their file (app.js:render), for Pyroscope
      --preview          shows all that would leave, and sends nothing
  pageflame export FILE --format pprof|otlp|speedscope|folded|cpuprofile|trace|pftrace|svg
                 [--thread main|PID:TID|all] [--type cpu|wall] [--from MICROS --to MICROS] [--js-only]
                 [--source-maps DIR|FILE] -o OUT
      Writes a recording, trace or profile as a file of another tool's format (docs/profiles.md). Prints OUT.
      --thread           main for cpuprofile, folded and svg, all for the others, unless said
      --type             cpu: without idle time (default); wall: with it
      --js-only          JavaScript frames alone; work of the browser counts for the function that caused it
      --source-maps      names, files and lines as the authors wrote them
  pageflame top FILE [-n 20] [--json] [--source-maps DIR|FILE]
      The functions, and work of the browser, that took most of the main thread.
  pageflame diff BEFORE AFTER [-n 20] [--json] [--source-maps DIR|FILE]
      What changed on the main thread by function, the largest change first; lines may have moved.
  pageflame list FILE FUNCTION [--json] [--source-maps DIR|FILE]
      Time per source line of a function on the main thread.
  pageflame find ID [FILE]…
      Which recording a trace id, a span id, an address that holds one, or a pageflame: link leads back to; of FILEs, or
      of the working folder's.
  pageflame --help | --version

Exit codes: 0 done, 1 the work failed (one line on stderr), 2 wrong usage.
PAGEFLAME_CHROMIUM names the browser to record with.
`;

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | { readonly name: 'record'; readonly options: RecordOptions }
  | { readonly name: 'push'; readonly options: PushOptions }
  | { readonly name: 'summary'; readonly options: SummaryOptions }
  | { readonly name: 'export'; readonly options: ExportOptions }
  | { readonly name: 'top'; readonly options: TopOptions }
  | { readonly name: 'diff'; readonly options: DiffOptions }
  | { readonly name: 'list'; readonly options: ListOptions }
  | { readonly name: 'find'; readonly options: FindOptions }
  | { readonly name: 'wrong-usage'; readonly reason: string };

const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsConfig['options'];

export function readArguments(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h') return { name: 'help' };
  if (name === '--version') return { name: 'version' };
  try {
    if (name === 'record') return readRecord(rest);
    if (name === 'push') return readPush(rest);
    if (name === 'summary') return readSummary(rest);
    if (name === 'export') return settle(readExport(rest), (options) => ({ name, options }));
    if (name === 'diff') return settle(readDiff(rest), (options) => ({ name, options }));
    if (name === 'top') return settle(readTop(rest), (options) => ({ name, options }));
    if (name === 'list') return settle(readList(rest), (options) => ({ name, options }));
    if (name === 'find') return readFind(rest);
  } catch (error) {
    // parseArgs throws for unknown options and missing values, with a sentence that says which.
    if (error instanceof TypeError && 'code' in error) return wrong(firstSentence(error.message));
    throw error;
  }
  return wrong(name === undefined ? 'a command is missing' : `'${name}' is no command`);
}

function settle<T>(read: Read<T>, make: (options: T) => Command): Command {
  if (read === 'help') return { name: 'help' };
  return 'wrong' in read ? wrong(read.wrong) : make(read.options);
}

function readRecord(args: string[]): Command {
  const options = {
    ...HELP,
    ...PUSH_OPTIONS,
    output: { type: 'string', short: 'o' },
    preset: { type: 'string' },
    tag: { type: 'string', multiple: true },
    push: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return { name: 'help' };
  const [url, ...others] = positionals;
  if (url === undefined || others.length > 0) return wrong('record takes one URL');
  if (!/^(https?|file|data):/i.test(url) || !URL.canParse(url))
    return wrong(`'${url}' is no address to record: give a whole one, such as https://shop.example/`);
  if (values.output === '') return wrong('-o names no file');
  const preset = PRESET_NAMES.find((name) => name === (values.preset ?? 'standard'));
  if (preset === undefined) return wrong(`--preset takes ${PRESET_NAMES.join(', ')}`);
  const tags = readPairs('tag', values.tag ?? []);
  if (typeof tags === 'string') return wrong(tags);
  const target = values.push === true ? readPushTarget(values) : null;
  if (typeof target === 'string') return wrong(target);
  const stray = Object.keys(PUSH_OPTIONS).find((option) => Object.hasOwn(values, option));
  if (target === null && stray !== undefined) return wrong(`--${stray} goes with --push`);
  return { name: 'record', options: { url, output: values.output ?? null, preset, tags, push: target } };
}

function readPush(args: string[]): Command {
  const { values, positionals } = parseArgs({
    args,
    options: { ...HELP, ...PUSH_OPTIONS },
    allowPositionals: true,
  });
  if (values.help) return { name: 'help' };
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return wrong('push takes one file');
  const target = readPushTarget(values);
  return typeof target === 'string' ? wrong(target) : { name: 'push', options: { ...target, file } };
}

function readFind(args: string[]): Command {
  const { values, positionals } = parseArgs({ args, options: HELP, allowPositionals: true });
  if (values.help) return { name: 'help' };
  const [wanted, ...files] = positionals;
  if (wanted === undefined || wanted.trim() === '')
    return wrong('find takes a trace id or a pageflame: link, and files');
  return { name: 'find', options: { wanted, files } };
}

function readSummary(args: string[]): Command {
  const options = {
    ...HELP,
    json: { type: 'boolean' },
    'events-only': { type: 'boolean' },
    from: { type: 'string' },
    to: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return { name: 'help' };
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return wrong('summary takes one file');
  const range = readRange(values);
  if ('wrong' in range) return wrong(range.wrong);
  const json = values.json ?? false;
  return { name: 'summary', options: { file, json, eventsOnly: values['events-only'] ?? false, ...range } };
}

const firstSentence = (message: string): string => message.split(/\. |\n/, 1)[0];

const wrong = (reason: string): Command => ({ name: 'wrong-usage', reason });
