/**
 * `pageflame list FILE FUNCTION`: time per source line of a function on the main thread.
 * In: a file, a function's name. Out: a table, or with --json one array and nothing else on stdout; exit code 0, or 1
 * with one line on stderr. All functions of that name count, each file by itself. V8 tells which line ran for the
 * innermost function alone: what a function spent in others is counted at the line where it begins. A file that weighs no
 * time is told in its own unit.
 */
import { fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { type StackProfile, tabulateLines } from '../profile/index.ts';
import type { ProfileScope } from './open-profiles.ts';
import { printable, reportFailure } from './report.ts';
import { type FigureUnit, figureOf, formatFigure, headOf, openWeights, unitOf } from './top.ts';

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
  readonly unit: FigureUnit;
  readonly self: number;
  readonly total: number;
}

export async function runList(options: ListOptions): Promise<number> {
  const rows = await tabulateList(options);
  if (!rows.ok) return reportFailure(rows.failure);
  process.stdout.write(
    options.json ? `${JSON.stringify(rows.value.map(asJson), null, 1)}\n` : formatList(rows.value),
  );
  return 0;
}

export async function tabulateList({
  file,
  functionName,
  scope,
  sourceMaps,
}: ListOptions): Promise<Result<ListRow[]>> {
  const weights = await openWeights(file, { scope, sourceMaps });
  if (!weights.ok) return weights;
  const { weight } = weights.value;
  const unit = unitOf(weight);
  const rows = Array.from(framesByUrl(weight, functionName), ([url, frames]): ListRow[] => {
    const table = tabulateLines(weight, frames);
    return Array.from(table.line, (line, row) => ({
      url,
      line,
      unit,
      self: figureOf(weight, table.self[row]),
      total: figureOf(weight, table.total[row]),
    }));
  }).flat();
  return rows.length === 0 ? fail(makeFailure('no-such-function', { subject: functionName })) : succeed(rows);
}

const asJson = ({ unit, self, total, ...place }: ListRow): object =>
  unit === 'ms' ? { ...place, selfMs: self, totalMs: total } : { ...place, unit, self, total };

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
  const [{ unit }] = rows;
  let url: string | null = null;
  let text = '';
  for (const row of rows) {
    if (row.url !== url) text += `${printable(row.url || '(no file)')}\n`;
    url = row.url;
    const line = row.line === 0 ? '?' : String(row.line);
    text += `${line.padStart(9)}${formatFigure(row.self, unit).padStart(12)}${formatFigure(row.total, unit).padStart(12)}\n`;
  }
  return `${'line'.padStart(9)}${headOf('self', unit).padStart(12)}${headOf('total', unit).padStart(12)}\n${text}`;
}
