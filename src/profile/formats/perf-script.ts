/**
 * The text of `perf script` (Linux), read only.
 *
 *   node  812/815  4021.481: 10101010 cpu-clock:u:          a sample: command, pid/tid, seconds, period, event
 *           55d0a1b2 LazyCompile:~render app.js:12+0x4f (/tmp/perf-812.map)   frames, innermost first
 *           7f12ab34 __libc_start_main+0x80 (/usr/lib/libc.so.6)
 *     start.c:31                                                                with -F +srcline, after its frame
 *
 * In: text, of any choice of these fields. Out: a profile per command and thread, weight = the period where every sample tells one, else one each.
 * V8's names (`LazyCompile:*render app.js:12`) are told apart into name, file and line. Kept: names, modules as files,
 * times; with `-F +srcline`, the line that each frame was at. Lost: addresses of functions that have a name, and other
 * fields that perf was asked for.
 */
import { type FrameFacts, ProfileBuilder } from '../profile-builder.ts';
import type { StackProfile } from '../stack-profile.ts';
import { noDiagnostics, type ReadProfiles } from './read-profiles.ts';

const SOURCE_LINE = /^\s+(\S.*):(\d+)$/;
/** What perf says instead where it does not know. */
const NO_SOURCE = /^\s+(?:\?\?:\d+|\[.*\]\[[0-9a-f]+\]|\S+\[[0-9a-f]+\])$/;
const V8_NAME =
  /^(?:LazyCompile|Function|Script|Eval|JS):[*~^+]?([^\s]*)(?:\s+(.*?)(?::(\d+)(?::(\d+))?)?)?$/;

interface Frame {
  readonly address: string;
  readonly symbol: string;
  readonly module: string;
  /** Where it was, if perf was asked for that. */
  source: { readonly file: string; readonly line: number } | null;
}

interface Sample {
  readonly key: string;
  /** NaN where perf was not asked for it. */
  readonly time: number;
  readonly period: number;
  /** Innermost first. */
  readonly frames: Frame[];
}

/** null where no line of the text begins a sample. */
export function readPerfScript(text: string): ReadProfiles | null {
  const diagnostics = noDiagnostics();
  const samples: Sample[] = [];
  let current: Sample | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      current = null;
      continue;
    }
    const sample = readHead(line);
    if (sample !== null) {
      samples.push(sample);
      current = sample;
    } else if (current === null || !addLine(current, line)) diagnostics.malformed++;
  }
  // Folded stacks may look like heads without a time.
  if (!samples.some(({ time, frames }) => !Number.isNaN(time) || frames.length > 0)) return null;
  const isWeighted = samples.every(({ period }) => period > 0);
  const byKey = new Map<string, Sample[]>();
  for (const sample of samples) {
    const own = byKey.get(sample.key);
    if (own === undefined) byKey.set(sample.key, [sample]);
    else own.push(sample);
  }
  const profiles = Array.from(byKey, ([key, own]) => buildThread(key, own, isWeighted));
  return { format: 'perf-script', profiles, diagnostics };
}

/** `comm pid[/tid] [[cpu]] [time:] [period] [event:]`; the command may hold spaces. No word is looked at twice. */
function readHead(line: string): Sample | null {
  if (/^\s/.test(line)) return null;
  const words = line.split(/\s+/);
  if (words.at(-1) === '') words.pop();
  for (let at = 1; at < words.length; at++) {
    const [ids, pid, tid = pid] = /^(-?\d+)(?:\/(-?\d+))?$/.exec(words[at]) ?? [];
    const rest = ids === undefined ? null : readEvent(words, at + 1);
    if (rest === null) continue;
    const { time, period, event } = rest;
    return { key: [words.slice(0, at).join(' '), pid, tid, event].join('\n'), time, period, frames: [] };
  }
  return null;
}

/** What stands behind the ids, from word `at` on. */
function readEvent(
  words: readonly string[],
  at: number,
): { readonly time: number; readonly period: number; readonly event: string } | null {
  let next = at;
  if (/^\[\d+\]$/.test(words[next] ?? '')) next++;
  const [, seconds] = /^(\d+\.\d+):$/.exec(words[next] ?? '') ?? [];
  if (seconds !== undefined) next++;
  const [period] = /^\d+$/.exec(words[next] ?? '') ?? [];
  if (period !== undefined) next++;
  // `-F comm,tid,time,ip,sym` says no more.
  if (next === words.length && (seconds !== undefined || period === undefined))
    return { time: Number(seconds ?? Number.NaN) * 1e6, period: Number(period ?? 0), event: '' };
  const [, event] = /^([^:].*):$/.exec(words[next] ?? '') ?? [];
  return event === undefined
    ? null
    : { time: Number(seconds ?? Number.NaN) * 1e6, period: Number(period ?? 0), event };
}

/** Whether it is a frame of the sample, or the line that its last frame was at. */
function addLine({ frames }: Sample, line: string): boolean {
  const frame = readCall(line.trim());
  if (frame !== null) {
    frames.push(frame);
    return true;
  }
  if (NO_SOURCE.test(line)) return true;
  const [, file, number] = SOURCE_LINE.exec(line) ?? [];
  const last = frames.at(-1);
  if (file === undefined || last === undefined) return false;
  last.source = { file, line: Number(number) };
  return true;
}

/** `address symbol[+offset] [(module)]`: what is in the last brackets, behind a space, is the module. */
function readCall(text: string): Frame | null {
  const [, address] = /^([0-9a-f]+)\s/.exec(text) ?? [];
  if (address === undefined) return null;
  const rest = text.slice(address.length).trim();
  const from = rest.endsWith(')') ? openingOf(rest) : -1;
  if (from < 1 || rest[from - 1] !== ' ') return { address, symbol: rest, module: '', source: null };
  return { address, symbol: rest.slice(0, from).trim(), module: rest.slice(from + 1, -1), source: null };
}

/** Where the bracket opens that the text ends with; modules hold brackets, too: `(/tmp/app (deleted))`. -1: nowhere. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) return at;
  }
  return -1;
}

function buildThread(key: string, samples: readonly Sample[], isWeighted: boolean): StackProfile {
  const [command, pid, tid, event] = key.split('\n');
  const builder = new ProfileBuilder();
  const isTimed = samples.every(({ time }) => !Number.isNaN(time));
  const ordered = isTimed ? samples.toSorted((one, other) => one.time - other.time) : samples;
  // Clock events count nanoseconds; others count what they say.
  const isTime = isWeighted && /clock/.test(event);
  let total = 0;
  for (const { time, period, frames } of ordered) {
    let stack = -1;
    for (const frame of frames.toReversed()) stack = builder.stack(stack, builder.frame(readFrame(frame)));
    const weight = isTime ? period / 1000 : isWeighted ? period : 1;
    builder.samples.add({ stack, weight, time, line: frames[0]?.source?.line ?? 0 });
    total += weight;
  }
  const start = isTimed ? ordered[0].time : 0;
  const last = ordered[ordered.length - 1].time + (isTime ? ordered[ordered.length - 1].period / 1000 : 0);
  return builder.settle({
    thread: { name: command, pid: Number(pid), tid: Number(tid), role: 'other' },
    type: isTime ? 'cpu' : isWeighted ? event : 'samples',
    unit: isTime ? 'microseconds' : 'count',
    range: { start, end: isTimed ? last : total },
    startUnixMillis: null,
    labels: {},
  });
}

function readFrame({ address, symbol, module, source }: Frame): FrameFacts {
  const bare = symbol.replace(/\+0x[0-9a-f]+$/, '');
  const [, name, url, line, column] = V8_NAME.exec(bare) ?? [];
  if (name !== undefined) {
    const place = { line: Number(line ?? 0), column: Number(column ?? 0) };
    return { name: name || '(anonymous)', url: url ?? '', ...place, kind: 'js' };
  }
  const known = bare === '[unknown]' ? `0x${address}` : bare;
  // What perf says of a call that the compiler laid into its caller is no module.
  const file = module === '[unknown]' || module === 'inlined' ? '' : module;
  return { name: known, url: source?.file ?? file, kind: 'native' };
}
