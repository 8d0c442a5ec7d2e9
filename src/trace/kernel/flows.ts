/**
 * Flows: what leads from one slice to another. Each of its events is a step; which slice it is of is decided when somebody
 * asks (src/analysis/flows.ts).
 * In: flow events, and slices that are themselves steps of flows. Out: rows in file order, handed out in batches.
 *
 *   JSON, events of their own     s, t, f        tied by category, name and id
 *   JSON, told by slices          flow_in/_out   tied by bind_id
 *   Perfetto                      flow_ids, terminating_flow_ids of slices and instants
 */
import { category, flowNumber, idIsLocal, name, offset, pid, time } from './event.ts';
import { allocate, makeRows } from './memory.ts';
import { joinRows, makePairMap } from './pair-map.ts';

/** As FLOW_* of src/trace/tables.ts: what the step does to its flow, and whose step it is. */
export const FLOW_START: u32 = 1;
export const FLOW_STEP: u32 = 2;
export const FLOW_END: u32 = 4;
/** Of the slice that begins next; of the slice whose event tells it. Else of the slice around it. */
export const FLOW_OF_NEXT: u32 = 8;
export const FLOW_OF_ITSELF: u32 = 16;

/** Stand for category and name where flows have none. */
const BOUND: u64 = u64.MAX_VALUE;
const PERFETTO: u64 = u64.MAX_VALUE - 1;
/** Tells ids that are numbers from those that are string rows. */
const NUMBER: u64 = 1 << 63;

@unmanaged
class Flow {
  time: f64;
  offset: f64;
  key: i32;
  name: i32;
  category: i32;
  thread: u16;
  step: u8;
}

const flows = makeRows<Flow>();
const keys = makePairMap(1024);

/** Chromium gives at most a few; a hostile stream must not make us keep more than it is worth. */
const MOST_STAGED: u32 = 16;
/** Steps of the event at hand: what tells their flows, and FLOW_* bits. */
const stagedFirst: usize = allocate(MOST_STAGED << 3);
const stagedSecond: usize = allocate(MOST_STAGED << 3);
const stagedSteps: usize = allocate(MOST_STAGED);
export let stagedFlows: u32 = 0;

export function dropFlows(): void {
  stagedFlows = 0;
}

/** The event at hand is a step of a Perfetto flow. */
export function stageFlow(id: u64, ends: bool): void {
  stage(PERFETTO, id, ends ? FLOW_END : FLOW_STEP);
}

export function stageFlowOf(high: i32, low: i32, step: u32): void {
  stage(PERFETTO, joinRows(high, low), step);
}

/** It is a step of the flow of this `bind_id`, a string row. */
export function stageBound(id: i32, isIn: bool, isOut: bool): void {
  if (isIn || isOut) stage(BOUND, <u64>id, isIn ? (isOut ? FLOW_STEP : FLOW_END) : FLOW_START);
}

function stage(first: u64, second: u64, step: u32): void {
  if (stagedFlows === MOST_STAGED) return;
  store<u64>(stagedFirst + (stagedFlows << 3), first);
  store<u64>(stagedSecond + (stagedFlows << 3), second);
  store<u8>(stagedSteps + stagedFlows, <u8>step);
  stagedFlows++;
}

function keyOf(first: u64, second: u64): i32 {
  const known = keys.find(first, second);
  if (known >= 0) return known;
  const made = <i32>keys.pairs.length;
  keys.add(made);
  return made;
}

/** The event at hand is a slice or instant: its steps are kept. */
export function addStagedFlows(thread: i32): void {
  for (let i: u32 = 0; i < stagedFlows; i++) {
    const step: u32 = load<u8>(stagedSteps + i);
    const key = keyOf(load<u64>(stagedFirst + (i << 3)), load<u64>(stagedSecond + (i << 3)));
    add(thread, key, step | FLOW_OF_ITSELF);
  }
}

/** The event at hand is a flow event. `id` tells its flow among those of its category and name, if it is no number. */
export function addFlow(thread: i32, id: i32, step: u32): void {
  add(thread, keyOf(joinRows(category, name), flowNumber >= 0 ? NUMBER | <u64>flowNumber : ownId(id)), step);
}

function ownId(id: i32): u64 {
  return idIsLocal ? joinRows(id, <i32>pid) : joinRows(id, -1);
}

function add(thread: i32, key: i32, step: u32): void {
  const flow = flows.push();
  flow.time = time;
  flow.offset = offset;
  flow.key = key;
  flow.name = name;
  flow.category = category;
  flow.thread = <u16>thread;
  flow.step = <u8>step;
}

export function flowCount(): u32 {
  return flows.length;
}

/** Rows of the stage. */
export const FLOW_STAGE_ROWS: u32 = 4096;
export const flowTime: usize = allocate(FLOW_STAGE_ROWS * 8);
export const flowDetail: usize = allocate(FLOW_STAGE_ROWS * 8);
export const flowKey: usize = allocate(FLOW_STAGE_ROWS * 4);
export const flowName: usize = allocate(FLOW_STAGE_ROWS * 4);
export const flowCategory: usize = allocate(FLOW_STAGE_ROWS * 4);
export const flowThread: usize = allocate(FLOW_STAGE_ROWS * 2);
export const flowStep: usize = allocate(FLOW_STAGE_ROWS);

/** Writes the rows from `from` on to the stage, and returns how many. */
export function stageFlows(from: u32): u32 {
  const count = min(flows.length - from, FLOW_STAGE_ROWS);
  for (let i: u32 = 0; i < count; i++) {
    const flow = flows.at(from + i);
    store<f64>(flowTime + (i << 3), flow.time);
    store<f64>(flowDetail + (i << 3), flow.offset);
    store<i32>(flowKey + (i << 2), flow.key);
    store<i32>(flowName + (i << 2), flow.name);
    store<i32>(flowCategory + (i << 2), flow.category);
    store<u16>(flowThread + (i << 1), flow.thread);
    store<u8>(flowStep + i, flow.step);
  }
  return count;
}
