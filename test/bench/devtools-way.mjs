/**
 * How DevTools records, over the protocol: its categories, a gzip stream of JSON, read to its end.
 * In: a session to a page. Out: the trace's bytes as they came.
 */
import { gunzipSync } from 'node:zlib';

/** The Performance panel of Chrome 156 with its default settings; screenshots, as there, are a category. */
export const DEVTOOLS_CATEGORIES = [
  '-*',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'disabled-by-default-devtools.timeline.stack',
  'v8.execute',
  'v8',
  'cppgc',
  'disabled-by-default-v8.inspector',
  'disabled-by-default-v8.cpu_profiler',
  'disabled-by-default-v8.cpu_profiler.hires',
  'blink.user_timing',
  'blink.console',
  'loading',
  'navigation',
  'rail',
  'disabled-by-default-layout_shift.debug',
  'disabled-by-default-lighthouse',
  'disabled-by-default-devtools.target-rundown',
  'disabled-by-default-devtools.v8-source-rundown',
  'disabled-by-default-devtools.v8-source-rundown-sources',
  'disabled-by-default-devtools.screenshot',
];

/**
 * @param {import('playwright').CDPSession} session
 * @param {'json' | 'proto'} [format] `proto` is what our recorder asks for.
 * @param {readonly string[]} [categories]
 */
export async function startTracing(session, format = 'json', categories = DEVTOOLS_CATEGORIES) {
  await session.send('Tracing.start', {
    transferMode: 'ReturnAsStream',
    streamCompression: 'gzip',
    streamFormat: format,
    traceConfig: {
      recordMode: 'recordUntilFull',
      traceBufferSizeInKb: 1_200_000,
      includedCategories: [...categories],
    },
  });
}

/**
 * @param {import('playwright').CDPSession} session
 * @returns {Promise<Buffer>} Inflated.
 */
export async function endTracing(session) {
  /** @type {Promise<{ stream?: string }>} */
  const completed = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  const { stream } = await completed;
  if (stream === undefined) throw new Error('the trace has no stream');
  const pieces = [];
  for (let eof = false; !eof; ) {
    const read = await session.send('IO.read', { handle: stream, size: 1 << 20 });
    pieces.push(Buffer.from(read.data, read.base64Encoded ? 'base64' : 'utf8'));
    eof = read.eof;
  }
  await session.send('IO.close', { handle: stream });
  return gunzipSync(Buffer.concat(pieces));
}
