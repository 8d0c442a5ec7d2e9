/**
 * Threads by process and thread id. JavaScript keeps them (threads.ts there) and is asked once for each.
 * In: ids. Out: rows of the thread table.
 */
import { newThread } from './outside.ts';
import { makePairMap, numberKey } from './pair-map.ts';

const rows = makePairMap(1024);
let lastPid: f64 = NaN;
let lastTid: f64 = NaN;
let lastRow: i32 = -1;

export function threadRow(pid: f64, tid: f64): i32 {
  if (pid === lastPid && tid === lastTid) return lastRow;
  let row = rows.find(numberKey(pid), numberKey(tid));
  if (row < 0) {
    row = newThread(pid, tid);
    rows.add(row);
  }
  lastPid = pid;
  lastTid = tid;
  lastRow = row;
  return row;
}
