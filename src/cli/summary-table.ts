/**
 * A summary as text for people: the same figures as the JSON.
 * In: a file's summary. Out: lines with a final line feed. Names from the page are printed without control characters.
 */
import { CATEGORIES, type Summary } from '../analysis/index.ts';
import { printable } from './report.ts';

/** What `--json` prints: the summary, and which file it is of. */
export type FileSummary = { readonly file: string } & Summary;

export function formatSummary(summary: FileSummary): string {
  const lines = [
    printable(summary.file),
    `  ${summary.format === 'json' ? 'trace-event JSON' : 'Perfetto'}, ${count(summary.events)} events, ${count(summary.samples)} samples, ${millis(summary.durationMs)}`,
    '',
    ...mainThreadLines(summary),
    '',
    ...threadLines(summary),
    ...pairs('Milestones, ms from navigation start', summary.milestones),
    ...pairs('Web vitals', summary.vitals),
    `Requests: ${summary.requests.count}, ${count(summary.requests.bytes)} bytes`,
    ...diagnosticLines(summary),
  ];
  return `${lines.join('\n')}\n`;
}

function mainThreadLines(summary: FileSummary): string[] {
  const { mainThread, categories, window } = summary;
  if (mainThread === null || categories === null) return ['No page: the trace names no main thread.'];
  const total = (window.endMicros - window.startMicros) / 1000;
  const rows = CATEGORIES.flatMap((category) => {
    const value = categories[category];
    if (value === undefined) return [];
    const share = total > 0 ? (value / total) * 100 : 0;
    return [`  ${category.padEnd(12)}${millis(value).padStart(14)}${`${share.toFixed(1)} %`.padStart(9)}`];
  });
  return [
    `Main thread ${mainThread.pid}:${mainThread.tid}  ${printable(mainThread.url ?? '')}`,
    ...rows,
    `  ${'total'.padEnd(12)}${millis(total).padStart(14)}`,
  ];
}

/** More are of no use on a terminal; the JSON has all. */
const THREADS_SHOWN = 20;

/** The busiest first, by the ids that `--thread` takes. */
function threadLines({ threads }: FileSummary): string[] {
  if (threads.length === 0) return [];
  const busy = threads
    .map(({ pid, tid, name, url, categories: { idle: _, ...own } }) => ({
      id: `${pid}:${tid}`,
      words: [name, url].filter((text) => text !== null).join('  '),
      millis: Object.values(own).reduce((sum, value) => sum + value, 0),
    }))
    .sort((a, b) => b.millis - a.millis);
  const left = busy.length - THREADS_SHOWN;
  return [
    'Threads, busy time:',
    ...busy
      .slice(0, THREADS_SHOWN)
      .map(
        ({ id, words, millis: own }) => `  ${id.padEnd(16)}${millis(own).padStart(14)}  ${printable(words)}`,
      ),
    ...(left > 0 ? [`  and ${left} more, which --json lists`] : []),
    '',
  ];
}

function pairs(title: string, figures: Readonly<Record<string, number | null>> | object): string[] {
  const known = Object.entries(figures).filter(([, value]) => value !== null);
  if (known.length === 0) return [`${title}: not known`];
  return [`${title}: ${known.map(([name, value]) => `${name} ${value}`).join(', ')}`];
}

function diagnosticLines(summary: FileSummary): string[] {
  const found = Object.entries(summary.diagnostics).filter(([, value]) => value > 0);
  return found.length === 0
    ? []
    : [`Odd data: ${found.map(([name, value]) => `${name} ${value}`).join(', ')}`];
}

const millis = (value: number): string => `${value.toFixed(3)} ms`;
const count = (value: number): string => value.toLocaleString('en');
