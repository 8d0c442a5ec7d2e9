/**
 * `pageflame summary FILE`: one trace or recording in numbers.
 * In: a file that the reader knows, a window (the whole trace unless given). Out: a table for people, or with --json
 * one JSON object and nothing else on stdout. Exit code 0, or 1 with one line on stderr.
 */
import { summarize, type TraceVitals } from '../analysis/index.ts';
import { ensure, type Failure, fail, type Micros, makeFailure, type Result, succeed } from '../base/index.ts';
import { Engine } from '../engine/index.ts';
import { makeTemporarySpool } from '../engine/opening/spool-file.node.ts';
import type { Recording } from '../recording/index.ts';
import { nameOfFile, openFile } from './open-file.ts';
import { readProfileFile } from './open-profiles.ts';
import { reportFailure } from './report.ts';
import { type FileSummary, formatSummary } from './summary-table.ts';
import { isOutside, rangeOutside, windowOf } from './window.ts';

export interface SummaryOptions {
  readonly file: string;
  readonly json: boolean;
  readonly eventsOnly: boolean;
  /** Trace timestamps; null is the trace's own first or last event. */
  readonly from: Micros | null;
  readonly to: Micros | null;
}

export async function runSummary(options: SummaryOptions): Promise<number> {
  const summary = await summarizeFile(options);
  if (!summary.ok) return reportFailure(summary.failure);
  process.stdout.write(
    options.json ? `${JSON.stringify(summary.value, null, 1)}\n` : formatSummary(summary.value),
  );
  return 0;
}

/** The summary of a file, or why there is none. */
export async function summarizeFile(options: SummaryOptions): Promise<Result<FileSummary>> {
  const blob = await openFile(options.file);
  if (!blob.ok) return blob;
  const engine = new Engine({ library: null, makeSpool: makeTemporarySpool });
  const name = nameOfFile(options.file);
  const opened = await engine.open({ kind: 'file', name, file: blob.value });
  if (!opened.ok) return fail((await refuseProfile(blob.value, name)) ?? opened.failure);
  const trace = ensure(engine.traceOf(opened.value.open), 'what was opened just now is open');
  const { tables, classes, page, recording } = trace;
  const window = windowOf(options, tables.bounds);
  if (isOutside(window, tables.bounds)) return fail(rangeOutside(name, tables.bounds));
  const summary = summarize({
    tables,
    classes,
    page,
    window,
    jsCalls: !options.eventsOnly,
    measuredVitals: recording === null ? null : vitalsOf(recording),
  });
  return succeed({ file: options.file, ...summary });
}

/** What is no trace may be a profile, of which others can tell more. */
async function refuseProfile(file: Blob, subject: string): Promise<Failure | null> {
  const profiles = await readProfileFile(file, subject);
  return profiles.ok && profiles.value !== null ? makeFailure('profile-not-summed', { subject }) : null;
}

function vitalsOf({ vitals }: Recording): TraceVitals {
  return {
    lcp: vitals.LCP?.value ?? null,
    cls: vitals.CLS?.value ?? null,
    inp: vitals.INP?.value ?? null,
    fcp: vitals.FCP?.value ?? null,
    ttfb: vitals.TTFB?.value ?? null,
  };
}
