/**
 * Starts and ends the trace. In: a session. Out: a stream handle that `IO.read` can read.
 * The trace is asked for as a stream of Perfetto protobuf: about ten times quicker to hand over than JSON.
 */
import { fail, type Millis, makeFailure, type Result, succeed } from '../base/index.ts';
import type { CaptureOptions, TraceFormat } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { lookAtStream, type Packing } from './drain.ts';
import type { TraceStream } from './notes.ts';
import { tracingFailure } from './protocol-failures.ts';
import { readText } from './protocol-values.ts';
import { includedCategories } from './trace-categories.ts';

/** As DevTools' Performance panel: 1.2 GB. Chrome's own default (200 MB) is full after seconds of a busy page. */
export const BUFFER_SIZE_KB = 1_200_000;
/** Chrome reports the buffer's fill this often: our heartbeat, which wakes a service worker that was killed. */
const HEARTBEAT_MILLIS = 500;
/** Chrome writes the whole trace into the stream before it says that it is complete: seconds at the very most. */
const COMPLETE_MILLIS: Millis = 120_000;
/**
 * Later than this something keeps Chrome: it packs (gzips) a stream in a task of its lowest priority, and runs none of
 * those before some page of the session has loaded and come to rest (seen: a browser whose first page never ends
 * loading never completes a trace; a small window with any page in it ends that). A plain stream comes at once.
 */
const STALLED_MILLIS: Millis = 2_500;
/** A crashed renderer keeps Chrome from completing the trace until it is there again (seen). */
const CRASHED_MILLIS: Millis = 1_500;
/** A trace whose buffer's fill is not reported for so long has been asked to end. */
const SILENT_MILLIS: Millis = 4 * HEARTBEAT_MILLIS;
/** How long a revived service worker waits for the event that its predecessor may have had already. */
const MISSED_MILLIS: Millis = 1_000;
/** Handles are small numbers, counted up from the browser's start. */
const HANDLE_MAX = 1_000;

/** Starts tracing. `ours`: a predecessor may have started it already; then "already started" is what was wanted. */
export async function startTracing(
  commands: Commands,
  subject: string,
  params: Omit<StartParams, 'format'>,
  { ours, noteFormat }: { readonly ours: boolean; noteFormat(format: TraceFormat): Promise<void> },
): Promise<Result<void>> {
  const start = async (format: TraceFormat): Promise<Result<void>> => {
    await noteFormat(format);
    const started = await commands.send('Tracing.start', startParams({ ...params, format }));
    if (started.ok) return succeed(undefined);
    if (started.failure.code !== 'command-refused') return started;
    const failure = tracingFailure(started.failure.detail, subject);
    return ours && failure.code === 'tracing-busy' ? succeed(undefined) : fail(failure);
  };
  const started = await start('perfetto');
  return !started.ok && started.failure.code === 'tracing-refused' ? start('json') : started;
}

interface StartParams {
  readonly options: CaptureOptions;
  readonly packing: Packing;
  readonly format: TraceFormat;
}

function startParams({ options, packing, format }: StartParams): CdpParams {
  return {
    transferMode: 'ReturnAsStream',
    streamCompression: packing,
    streamFormat: format === 'perfetto' ? 'proto' : 'json',
    bufferUsageReportingInterval: HEARTBEAT_MILLIS,
    traceConfig: {
      recordMode: 'recordUntilFull',
      traceBufferSizeInKb: BUFFER_SIZE_KB,
      includedCategories: includedCategories(options),
    },
  };
}

/**
 * Starting V8's profiler stops the world once; a call that does nothing makes that happen now, before the load, as
 * DevTools does (https://crbug.com/1358602). It matters to no one whether the page answers.
 */
export async function warmProfiler(commands: Commands): Promise<void> {
  await commands.send('Runtime.evaluate', {
    expression: '(async function(){ await 1; })()',
    throwOnSideEffect: true,
  });
}

export interface TraceEnd {
  readonly commands: Commands;
  readonly subject: string;
  /** Resolves with the parameters of `Tracing.tracingComplete`. */
  readonly completed: Promise<Result<CdpParams>>;
  readonly askedFor: TraceFormat;
  readonly packing: Packing;
  /** A predecessor may have ended it, and may even have heard that it is complete. */
  readonly resumed: boolean;
  /** Resolves with the second report of the buffer's fill: the first may be of before the end. */
  readonly secondBeat: Promise<Result<null>>;
  /** The renderer has crashed. */
  readonly crashed: boolean;
  /**
   * Chrome has been asked to end it: what is done to the page from now on is not in the trace. `now`: it ends just now,
   * and not since a predecessor's days.
   */
  onAsked(now: boolean): void;
  /** Chrome takes its time: see {@link STALLED_MILLIS}. */
  onStalled(): void;
}

export async function endTracing(end: TraceEnd): Promise<Result<TraceStream>> {
  const { commands, subject, askedFor, resumed, crashed } = end;
  const state = resumed ? await stateOfTrace(end) : 'records';
  if (state === 'records') {
    const asked = await commands.send('Tracing.end');
    const refused = !asked.ok && asked.failure.code === 'command-refused';
    if (refused) return fail(makeFailure('stream-broken', { subject, detail: asked.failure.detail }));
    if (!asked.ok) return asked;
  }
  end.onAsked(state === 'records');
  if (state === 'over') return findMissedStream(end);
  if (crashed) {
    const completed = await completion(end, CRASHED_MILLIS);
    if (completed.ok || commands.isOver(completed.failure)) return streamOf(completed, askedFor);
    await commands.send('Page.reload');
  }
  return streamOf(await completion(end, COMPLETE_MILLIS), askedFor);
}

/**
 * How far a predecessor came. It must not be tried out: Chrome takes a second `Tracing.end` while it still writes the
 * trace, and then the browser was gone (three times of three in our tests, never without it; why is not known). While it writes, it takes a marker; afterwards it refuses one.
 */
async function stateOfTrace(end: TraceEnd): Promise<'records' | 'ends' | 'over'> {
  const { commands, subject, completed, secondBeat } = end;
  const silent = makeFailure('stream-broken', { subject, detail: 'no sign of the trace' });
  const records = secondBeat.then(() => succeed<'records' | 'ends'>('records'));
  const ends = completed.then(() => succeed<'records' | 'ends'>('ends'));
  const heard = await commands.wait(Promise.race([records, ends]), SILENT_MILLIS, silent);
  if (heard.ok) return heard.value;
  const marked = await commands.send('Tracing.recordClockSyncMarker', { syncId: 'pageflame' });
  return marked.ok ? 'ends' : 'over';
}

async function completion(
  { commands, subject, completed, onStalled }: TraceEnd,
  limit: Millis,
): Promise<Result<CdpParams>> {
  const late = makeFailure('stream-broken', { subject, detail: `no tracingComplete within ${limit} ms` });
  const stalled = setTimeout(onStalled, STALLED_MILLIS);
  const complete = await commands.wait(completed, limit, late);
  clearTimeout(stalled);
  return complete;
}

function streamOf(completed: Result<CdpParams>, askedFor: TraceFormat): Result<TraceStream> {
  if (!completed.ok) return completed;
  const { value } = completed;
  // Chrome ignores a format that it does not know (seen): what it says here is what counts.
  const said = readText(value, 'traceFormat');
  const format = said === 'json' ? 'json' : said === 'proto' ? 'perfetto' : askedFor;
  return succeed({ handle: readText(value, 'stream'), format, dataLoss: value.dataLossOccurred === true });
}

/**
 * The trace ended while nobody listened: the event has come, or comes now, or went to a service worker that was killed
 * before it could note it. Then the one handle that can be read as what we ask for is ours: recordings close theirs.
 */
async function findMissedStream(end: TraceEnd): Promise<Result<TraceStream>> {
  const { commands, subject, askedFor, packing } = end;
  const completed = await completion(end, MISSED_MILLIS);
  if (completed.ok || commands.isOver(completed.failure)) return streamOf(completed, askedFor);
  for (let number = 1; number <= HANDLE_MAX; number++) {
    const handle = String(number);
    const seen = await lookAtStream(commands, handle, { packing, format: askedFor });
    if (!seen.ok) return seen;
    if (seen.value === 'ours') return succeed({ handle, format: askedFor, dataLoss: null });
  }
  return fail(makeFailure('stream-broken', { subject, detail: 'no stream handle answers' }));
}
