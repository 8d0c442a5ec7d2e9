/**
 * Values over time, as they are read: the numbers in the arguments of counter events.
 * In: a number and its name, of the event at hand. Out: rows in file order, handed out in batches.
 */
import { name as eventName, pid, tid, time } from './event.ts';
import { makeRows } from './memory.ts';
import { STAGE_ROWS, stageCategory, stageDetail, stageDuration, stageParent, stageStart } from './stage.ts';
import { threadRow } from './threads.ts';
import { TRAIT_COUNTERS, traitsOf } from './traits.ts';

/** Of all of a process: what counter events and memory dumps say, whoever writes them. */
const OF_PROCESS: i32 = -1;

@unmanaged
class Counter {
  time: f64;
  pid: f64;
  value: f64;
  name: i32;
  thread: i32;
}

const counters = makeRows<Counter>();

export function addCounter(name: i32, value: f64): void {
  const counter = counters.push();
  counter.time = time;
  counter.pid = pid;
  counter.value = value;
  counter.name = name;
  // `UpdateCounters` tells of the V8 isolate that its thread runs: a worker's is not its page's.
  counter.thread = (traitsOf(eventName) & TRAIT_COUNTERS) !== 0 ? threadRow(pid, tid) : OF_PROCESS;
}

export function counterCount(): u32 {
  return counters.length;
}

/** Counters: time, process and value as the start, duration and detail of slices are; name and thread as their category
 * and parent. */
export function stageCounters(from: u32): u32 {
  const count = min(counters.length - from, STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const counter = counters.at(from + i);
    store<f64>(stageStart + (i << 3), counter.time);
    store<f64>(stageDuration + (i << 3), counter.pid);
    store<f64>(stageDetail + (i << 3), counter.value);
    store<i32>(stageCategory + (i << 2), counter.name);
    store<i32>(stageParent + (i << 2), counter.thread);
  }
  return count;
}
