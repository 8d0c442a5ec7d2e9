/** What the engine tells of an opened recording, for tests. In: what the test cares about. Out: all else empty. */
import type { OpenedRecording, OpenId, SliceDetails } from '../../src/engine/client.ts';
import { NO_DIAGNOSTICS } from './tables.ts';

export function buildOpenedRecording(changes: Partial<OpenedRecording> = {}): OpenedRecording {
  return {
    open: 1 as OpenId,
    recording: null,
    format: 'json',
    events: 0,
    sampleCount: 0,
    bounds: { start: 0, end: 0 },
    unixMillisAtZero: null,
    url: '',
    mainThread: null,
    pageWindow: null,
    milestones: [],
    threads: [],
    requests: [],
    counters: [],
    phaseCounts: {},
    sourceFailures: [],
    pictures: [],
    vitals: { lcp: null, cls: null, inp: null, fcp: null, ttfb: null },
    diagnostics: NO_DIAGNOSTICS,
    ...changes,
  };
}

/** Of a slice that nobody caused, and that caused nothing. */
export const NO_LINKS: Pick<SliceDetails, 'initiators' | 'initiatorsOf' | 'initiated' | 'initiatedLeftOut'> =
  {
    initiators: [],
    initiatorsOf: null,
    initiated: [],
    initiatedLeftOut: 0,
  };
