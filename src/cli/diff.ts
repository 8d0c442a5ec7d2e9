/**
 * `pageflame diff A B`: what changed on the main thread from A to B, function by function, the largest change of self
 * time first.
 * In: two files of any kind that `top` takes, how many rows. Out: a table, or with --json one array and nothing else on
 * stdout; exit code 0, or 1 with one line on stderr. Milliseconds have three decimals; after less before. What the same
 * function is: profile/align-profiles.ts.
 */
import { type Result, succeed } from '../base/index.ts';
import { diffProfiles, functionOf } from '../profile/index.ts';
import type { ProfileScope } from './open-profiles.ts';
import { printable, reportFailure } from './report.ts';
import { asMillis, openTimes } from './top.ts';

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly count: number;
  readonly scope: ProfileScope;
  readonly json: boolean;
  readonly sourceMaps: string | null;
}

export interface DiffRow {
  readonly function: string;
  /** '' where the source tells none: browser work, V8's own functions. */
  readonly url: string;
  /** 1-based; 0 unknown. Of the after side, where it has the function. */
  readonly line: number;
  readonly selfBeforeMs: number;
  readonly selfAfterMs: number;
  readonly selfDeltaMs: number;
  readonly totalBeforeMs: number;
  readonly totalAfterMs: number;
  readonly totalDeltaMs: number;
}

export interface DiffTable {
  /** What the main thread took in all. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly rows: readonly DiffRow[];
}

export async function runDiff(options: DiffOptions): Promise<number> {
  const table = await tabulateDiff(options);
  if (!table.ok) return reportFailure(table.failure);
  process.stdout.write(
    options.json ? `${JSON.stringify(table.value.rows, null, 1)}\n` : formatDiff(table.value),
  );
  return 0;
}

export async function tabulateDiff({
  before,
  after,
  count,
  scope,
  sourceMaps,
}: DiffOptions): Promise<Result<DiffTable>> {
  const one = await openTimes(before, { scope, sourceMaps });
  if (!one.ok) return one;
  const other = await openTimes(after, { scope, sourceMaps });
  if (!other.ok) return other;
  const { length, frame, self, total, weights, pair } = diffProfiles(one.value, other.value);
  const order = Array.from({ length }, (_, row) => row).sort(
    (a, b) =>
      Math.abs(self.delta[b]) - Math.abs(self.delta[a]) ||
      Math.abs(total.delta[b]) - Math.abs(total.delta[a]) ||
      a - b,
  );
  const rows = order.slice(0, count).map((row): DiffRow => {
    const { name, url, line } = functionOf(pair.after, frame[row]);
    return {
      function: name,
      url,
      line,
      selfBeforeMs: asMillis(self.before[row]),
      selfAfterMs: asMillis(self.after[row]),
      selfDeltaMs: asMillis(self.delta[row]),
      totalBeforeMs: asMillis(total.before[row]),
      totalAfterMs: asMillis(total.after[row]),
      totalDeltaMs: asMillis(total.delta[row]),
    };
  });
  return succeed({ beforeMs: asMillis(weights.before), afterMs: asMillis(weights.after), rows });
}

const signed = (millis: number): string => `${millis > 0 ? '+' : ''}${millis.toFixed(3)}`;

function formatDiff({ beforeMs, afterMs, rows }: DiffTable): string {
  const sum = `${beforeMs.toFixed(3)} ms before, ${afterMs.toFixed(3)} ms after: ${signed(afterMs - beforeMs)} ms\n`;
  const names = ['self ± ms', 'before', 'after', 'total ± ms'];
  const head = `${names.map((name) => name.padStart(12)).join('')}  function\n`;
  const lines = rows.map(({ url, line, ...row }) => {
    const figures = [
      signed(row.selfDeltaMs),
      row.selfBeforeMs.toFixed(3),
      row.selfAfterMs.toFixed(3),
      signed(row.totalDeltaMs),
    ];
    const mark = row.totalBeforeMs === 0 ? ' (new)' : row.totalAfterMs === 0 ? ' (gone)' : '';
    const where = url === '' ? '' : `  ${url}${line === 0 ? '' : `:${line}`}`;
    return `${figures.map((figure) => figure.padStart(12)).join('')}  ${printable(row.function + mark + where)}\n`;
  });
  return sum + head + lines.join('');
}
