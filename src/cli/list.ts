/**
 * `pageflame list FILE FUNCTION`: time per source line of a function on the main thread.
 * In: a file, a function's name. Out: a table, or with --json one array and nothing else on stdout; exit code 0, or 1
 * with one line on stderr. All functions of that name count, each file by itself. V8 tells which line ran for the
 * innermost function alone: what a function spent in others is counted at the line where it begins.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { type StackProfile, tabulateLines } from '../profile/index.ts';
import type { ProfileScope } from './open-profiles.ts';
import { printable, reportFailure } from './report.ts';
import { asMillis, openTimes } from './top.ts';

export interface ListOptions {
  readonly file: string;
  readonly functionName: string;
  readonly scope: ProfileScope;
  readonly json: boolean;
  readonly sourceMaps: string | null;
}

export interface ListRow {
  readonly url: string;
  /** 1-based; 0 unknown. */
  readonly line: number;
  readonly selfMs: number;
  readonly totalMs: number;
}

export async function runList(options: ListOptions): Promise<number> {
  const rows = await tabulateList(options);
  if (!rows.ok) return reportFailure(rows.failure);
  process.stdout.write(options.json ? `${JSON.stringify(rows.value, null, 1)}\n` : formatList(rows.value));
  return 0;
}

export async function tabulateList({
  file,
  functionName,
  scope,
  sourceMaps,
}: ListOptions): Promise<Result<ListRow[]>> {
  const profiles = await openTimes(file, { scope, sourceMaps });
  if (!profiles.ok) return profiles;
  const { time } = profiles.value;
  const rows = Array.from(framesByUrl(time, functionName), ([url, frames]): ListRow[] => {
    const table = tabulateLines(time, frames);
    return Array.from(table.line, (line, row) => ({
      url,
      line,
      selfMs: asMillis(table.self[row]),
      totalMs: asMillis(table.total[row]),
    }));
  }).flat();
  return rows.length === 0 ? fail(makeFailure('no-such-function', { subject: functionName })) : succeed(rows);
}

function framesByUrl({ frames, strings }: StackProfile, name: string): Map<string, Set<number>> {
  const byUrl = new Map<string, Set<number>>();
  for (let frame = 0; frame < frames.length; frame++) {
    if (strings[frames.name[frame]] !== name) continue;
    const url = strings[frames.url[frame]];
    byUrl.set(url, (byUrl.get(url) ?? new Set()).add(frame));
  }
  return byUrl;
}

function formatList(rows: readonly ListRow[]): string {
  let url: string | null = null;
  let text = '';
  for (const row of rows) {
    if (row.url !== url) text += `${printable(row.url || '(no file)')}\n`;
    url = row.url;
    const line = row.line === 0 ? '?' : String(row.line);
    text += `${line.padStart(9)}${row.selfMs.toFixed(3).padStart(12)}${row.totalMs.toFixed(3).padStart(12)}\n`;
  }
  return `${'line'.padStart(9)}${'self ms'.padStart(12)}${'total ms'.padStart(12)}\n${text}`;
}
