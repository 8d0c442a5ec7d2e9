/** Diagnostics with every count at 0: where a builder starts. */
import type { Diagnostics } from './tables.ts';

export function noDiagnostics(): Diagnostics {
  return {
    cutOff: 0,
    malformedEvents: 0,
    endsWithoutBegin: 0,
    endsOfOtherSlice: 0,
    beginsWithoutEnd: 0,
    overlappingSlices: 0,
    badTimes: 0,
    negativeDurations: 0,
    unmatchedAsync: 0,
    orphanSamples: 0,
    malformedProfileChunks: 0,
    unknownPhases: 0,
    droppedPackets: 0,
    packetsWithoutState: 0,
  };
}
