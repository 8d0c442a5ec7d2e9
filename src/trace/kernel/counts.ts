/** Dirty data, counted by kind while events are taken and settled; JavaScript adds the counts to its own. */

export let badTimes: u32 = 0;
export let malformedEvents: u32 = 0;
export let malformedProfileChunks: u32 = 0;
export let unknownPhases: u32 = 0;
export let negativeDurations: u32 = 0;
export let endsWithoutBegin: u32 = 0;
export let endsOfOtherSlice: u32 = 0;
export let beginsWithoutEnd: u32 = 0;
export let overlappingSlices: u32 = 0;
export let unmatchedAsync: u32 = 0;
export let orphanSamples: u32 = 0;

export function countBadTime(): void {
  badTimes++;
}
export function countMalformedEvent(): void {
  malformedEvents++;
}
export function countMalformedChunk(): void {
  malformedProfileChunks++;
}
export function countUnknownPhase(): void {
  unknownPhases++;
}
export function countNegativeDuration(): void {
  negativeDurations++;
}
export function countEndWithoutBegin(): void {
  endsWithoutBegin++;
}
export function countEndOfOtherSlice(): void {
  endsOfOtherSlice++;
}
export function countBeginWithoutEnd(): void {
  beginsWithoutEnd++;
}
export function countOverlappingSlice(): void {
  overlappingSlices++;
}
export function countUnmatchedAsync(): void {
  unmatchedAsync++;
}
export function countOrphanSamples(count: u32): void {
  orphanSamples += count;
}
