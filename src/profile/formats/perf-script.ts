/**
 * The text of `perf script` (Linux), read only.
 *
 *   node  812/815  4021.481: 10101010 cpu-clock:u:          a sample: command, pid/tid, seconds, period, event
 *           55d0a1b2 LazyCompile:~render app.js:12+0x4f (/tmp/perf-812.map)   frames, innermost first
 *           7f12ab34 __libc_start_main+0x80 (/usr/lib/libc.so.6)
 *
 * In: text. Out: a profile per command and thread, weight = the period where every sample tells one, else one each.
 * V8's names (`LazyCompile:*render app.js:12`) are told apart into name, file and line. Kept: names, modules as files,
 * times. Lost: addresses, and other fields that perf was asked for.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import type { FrameKind, StackProfile } from '../stack-profile.ts';
import { noDiagnostics, type ReadProfiles } from './read-profiles.ts';

/** `comm pid[/tid] [[cpu]] time: [period] event:`; the command may hold spaces. */
const HEAD = /^(\S.*?)\s+(-?\d+)(?:\/(-?\d+))?\s+(?:\[\d+\]\s+)?(\d+\.\d+):\s+(?:(\d+)\s+)?([^\s:][^\s]*?):/;
const FRAME = /^\s+([0-9a-f]+)\s+(.+?)(?:\s+\(([^)]*)\))?\s*$/;
const V8_NAME =
  /^(?:LazyCompile|Function|Script|Eval|JS):[*~^+]?([^\s]*)(?:\s+(.*?)(?::(\d+)(?::(\d+))?)?)?$/;

interface Sample {
  readonly key: string;
  readonly time: number;
  readonly period: number;
  /** Innermost first. */
  readonly frames: string[][];
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
    const head = HEAD.exec(line);
    if (head !== null) {
      const [, command, pid, tid, seconds, period, event] = head;
      current = {
        key: [command, pid, tid ?? pid, event].join('\n'),
        time: Number(seconds) * 1e6,
        period: Number(period ?? 0),
        frames: [],
      };
      samples.push(current);
      continue;
    }
    const frame = FRAME.exec(line);
    if (frame === null || current === null) diagnostics.malformed++;
    else current.frames.push(frame);
  }
  if (samples.length === 0) return null;
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

function buildThread(key: string, samples: readonly Sample[], isWeighted: boolean): StackProfile {
  const [command, pid, tid, event] = key.split('\n');
  const builder = new ProfileBuilder();
  const ordered = samples.toSorted((one, other) => one.time - other.time);
  // Clock events count nanoseconds; others count what they say.
  const isTime = isWeighted && /clock/.test(event);
  for (const { time, period, frames } of ordered) {
    let stack = -1;
    for (const [, address, symbol, module] of frames.toReversed())
      stack = builder.stack(stack, builder.frame(readFrame(symbol, module ?? '', address)));
    const weight = isTime ? period / 1000 : isWeighted ? period : 1;
    builder.samples.add({ stack, weight, time });
  }
  const last = ordered[ordered.length - 1];
  return builder.settle({
    thread: { name: command, pid: Number(pid), tid: Number(tid), role: 'other' },
    type: isTime ? 'cpu' : isWeighted ? event : 'samples',
    unit: isTime ? 'microseconds' : 'count',
    range: { start: ordered[0].time, end: last.time },
    startUnixMillis: null,
    labels: {},
  });
}

function readFrame(
  symbol: string,
  module: string,
  address: string,
): { name: string; url: string; line: number; column: number; kind: FrameKind } {
  const bare = symbol.replace(/\+0x[0-9a-f]+$/, '');
  const [, name, url, line, column] = V8_NAME.exec(bare) ?? [];
  if (name !== undefined) {
    const place = { line: Number(line ?? 0), column: Number(column ?? 0) };
    return { name: name || '(anonymous)', url: url ?? '', ...place, kind: 'js' };
  }
  const known = bare === '[unknown]' ? `0x${address}` : bare;
  return { name: known, url: module === '[unknown]' ? '' : module, line: 0, column: 0, kind: 'native' };
}
