/**
 * What `export`, `top`, `diff` and `list` are told.
 * In: arguments. Out: their options, or a text that says why they are wrong usage.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { DiffOptions } from './diff.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from './export.ts';
import type { ListOptions } from './list.ts';
import type { ProfileScope, ThreadChoice } from './open-profiles.ts';
import type { TopOptions } from './top.ts';

const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsConfig['options'];

/** `help`, a text that says what is wrong, or the options. */
export type Read<T> = 'help' | { readonly wrong: string } | { readonly options: T };

const WHOLE_TRACE: ReadonlySet<ExportFormat> = new Set(['trace', 'pftrace']);
const ONE_THREAD: ReadonlySet<ExportFormat> = new Set(['cpuprofile', 'folded', 'svg']);

export function readExport(args: string[]): Read<ExportOptions> {
  const options = {
    ...HELP,
    format: { type: 'string' },
    thread: { type: 'string' },
    type: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    'js-only': { type: 'boolean' },
    'source-maps': { type: 'string' },
    output: { type: 'string', short: 'o' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return { wrong: 'export takes one file' };
  const format = EXPORT_FORMATS.find((each) => each === values.format);
  if (format === undefined) return { wrong: `--format takes one of ${EXPORT_FORMATS.join(', ')}` };
  if (values.output === undefined || values.output === '')
    return { wrong: 'export needs -o OUT, the file to write' };
  const cuts = (['thread', 'type', 'from', 'to', 'js-only', 'source-maps'] as const).filter(
    (name) => values[name] !== undefined,
  );
  if (WHOLE_TRACE.has(format) && cuts.length > 0)
    return { wrong: `--format ${format} writes the whole trace: --${cuts[0]} does not go with it` };
  const thread = readThread(values.thread ?? (ONE_THREAD.has(format) ? 'main' : 'all'));
  if (thread === null) return { wrong: THREAD_WORDS };
  if (format === 'cpuprofile' && thread === 'all')
    return { wrong: 'a .cpuprofile holds one thread: choose it with --thread main or --thread PID:TID' };
  if (values.type !== undefined && values.type !== 'cpu' && values.type !== 'wall')
    return { wrong: '--type takes cpu or wall' };
  const range = readRange(values);
  if ('wrong' in range) return range;
  return {
    options: {
      file,
      format,
      scope: { thread, ...range, jsOnly: values['js-only'] ?? false },
      type: values.type ?? null,
      sourceMaps: values['source-maps'] ?? null,
      output: values.output,
    },
  };
}

const TABLE_OPTIONS = {
  ...HELP,
  thread: { type: 'string' },
  json: { type: 'boolean' },
  'source-maps': { type: 'string' },
} as const;
const RANGE_OPTIONS = { from: { type: 'string' }, to: { type: 'string' } } as const;
const COUNT_OPTION = { n: { type: 'string', short: 'n' } } as const;

export function readTop(args: string[]): Read<TopOptions> {
  const options = { ...TABLE_OPTIONS, ...RANGE_OPTIONS, ...COUNT_OPTION };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (file === undefined || file === '' || others.length > 0) return { wrong: 'top takes one file' };
  const count = readCount(values.n);
  if (typeof count !== 'number') return count;
  const table = readTable(values);
  return 'wrong' in table ? table : { options: { file, count, ...table } };
}

export function readDiff(args: string[]): Read<DiffOptions> {
  const options = { ...TABLE_OPTIONS, ...COUNT_OPTION };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [before, after, ...others] = positionals;
  if (before === undefined || before === '' || after === undefined || after === '' || others.length > 0)
    return { wrong: 'diff takes two files, before and after' };
  const count = readCount(values.n);
  if (typeof count !== 'number') return count;
  const table = readTable(values);
  if ('wrong' in table) return table;
  if (typeof table.scope.thread === 'object')
    return { wrong: '--thread takes main or all here: ids differ from recording to recording' };
  return { options: { before, after, count, ...table } };
}

export function readList(args: string[]): Read<ListOptions> {
  const options = { ...TABLE_OPTIONS, ...RANGE_OPTIONS };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const [file, functionName, ...others] = positionals;
  if (!file || !functionName || others.length > 0)
    return { wrong: 'list takes one file and the name of one function' };
  const table = readTable(values);
  return 'wrong' in table ? table : { options: { file, functionName, ...table } };
}

function readCount(text = '20'): number | { readonly wrong: string } {
  return /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : { wrong: '-n takes how many functions to show, such as 20' };
}

interface TableValues extends RangeTexts {
  readonly thread?: string | undefined;
  readonly json?: boolean | undefined;
  readonly 'source-maps'?: string | undefined;
}

interface TableOptions {
  readonly scope: ProfileScope;
  readonly json: boolean;
  readonly sourceMaps: string | null;
}

function readTable(values: TableValues): TableOptions | { wrong: string } {
  const thread = readThread(values.thread ?? 'main');
  if (thread === null) return { wrong: THREAD_WORDS };
  const range = readRange(values);
  if ('wrong' in range) return range;
  return {
    scope: { thread, ...range, jsOnly: false },
    json: values.json ?? false,
    sourceMaps: values['source-maps'] ?? null,
  };
}

export const THREAD_WORDS = '--thread takes main, all, or PID:TID as `pageflame summary` lists them';

export function readThread(text: string): ThreadChoice | null {
  if (text === 'main' || text === 'all') return text;
  const [, pid, tid] = /^(-?\d{1,15}):(-?\d{1,15})$/.exec(text) ?? [];
  return pid === undefined ? null : { pid: Number(pid), tid: Number(tid) };
}

interface RangeTexts {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The window of a trace in its own microseconds; null where a side is not given. */
export function readRange(
  values: RangeTexts,
): { wrong: string } | { from: number | null; to: number | null } {
  const [from, to] = [values.from, values.to].map((text) => (text === undefined ? null : readMicros(text)));
  if (Number.isNaN(from) || Number.isNaN(to))
    return { wrong: '--from and --to take microseconds, such as 1234567.5' };
  if (from !== null && to !== null && from > to) return { wrong: '--from lies after --to' };
  return { from, to };
}

/** NaN for what is no plain decimal number. */
const readMicros = (text: string): number => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);
