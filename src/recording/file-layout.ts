/** What lies where in a `.pageflame` file. In: parts of a recording. Out: entry names. */
import type { TraceFormat } from './recording.ts';

export const RECORDING_ENTRY = 'recording.json';

const TRACE_ENTRIES: Readonly<Record<TraceFormat, string>> = {
  perfetto: 'trace.pftrace.gz',
  json: 'trace.json.gz',
};

export const traceEntry = (format: TraceFormat): string => TRACE_ENTRIES[format];

/** `frames/00000.jpg` is the first picture of the filmstrip. */
export const frameEntry = (index: number): string => `frames/${String(index).padStart(5, '0')}.jpg`;
