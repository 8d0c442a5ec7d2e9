/**
 * Async events of a Perfetto stream, on their way to JavaScript, which hands them over by time once all are there
 * (src/trace/perfetto/async-order.ts).
 * In: the event at hand. Out: columns of up to MOST_STAGED events, in file order.
 */
import { category, id, name, offset, phase, pid, tid, time } from './event.ts';
import { allocate } from './memory.ts';

/** JavaScript takes them before there is no room for another call's (src/trace/perfetto/kernel-packets.ts). */
export const MOST_STAGED: u32 = 8192;

export let stagedCount: u32 = 0;
export const stagedTime: usize = allocate(MOST_STAGED << 3);
export const stagedOffset: usize = allocate(MOST_STAGED << 3);
export const stagedPid: usize = allocate(MOST_STAGED << 3);
export const stagedTid: usize = allocate(MOST_STAGED << 3);
export const stagedName: usize = allocate(MOST_STAGED << 2);
export const stagedCategory: usize = allocate(MOST_STAGED << 2);
export const stagedId: usize = allocate(MOST_STAGED << 2);
export const stagedPhase: usize = allocate(MOST_STAGED << 2);

export function stageAsync(): void {
  const row = stagedCount++;
  store<f64>(stagedTime + (row << 3), time);
  store<f64>(stagedOffset + (row << 3), offset);
  store<f64>(stagedPid + (row << 3), pid);
  store<f64>(stagedTid + (row << 3), tid);
  store<i32>(stagedName + (row << 2), name);
  store<i32>(stagedCategory + (row << 2), category);
  store<i32>(stagedId + (row << 2), id);
  store<i32>(stagedPhase + (row << 2), phase);
}

export function clearStaged(): void {
  stagedCount = 0;
}
