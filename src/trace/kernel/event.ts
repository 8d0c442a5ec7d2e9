/**
 * The one event on its way from a scanner into the tables, field by field. JavaScript reads and writes them too.
 */

import { allocate } from './memory.ts';

export const PHASE_BEGIN: i32 = 0x42; // B
export const PHASE_END: i32 = 0x45; // E
export const PHASE_COMPLETE: i32 = 0x58; // X
export const PHASE_INSTANT: i32 = 0x49; // I
export const PHASE_INSTANT_OLD: i32 = 0x69; // i
export const PHASE_ASYNC_BEGIN: i32 = 0x62; // b
export const PHASE_ASYNC_END: i32 = 0x65; // e
export const PHASE_ASYNC_INSTANT: i32 = 0x6e; // n
export const PHASE_ASYNC_START_OLD: i32 = 0x53; // S
export const PHASE_ASYNC_FINISH_OLD: i32 = 0x46; // F
export const PHASE_COUNTER: i32 = 0x43; // C
export const PHASE_METADATA: i32 = 0x4d; // M
export const PHASE_MARK: i32 = 0x52; // R
export const PHASE_ASYNC_STEP_OLD: i32 = 0x54; // T
export const PHASE_ASYNC_PAST_OLD: i32 = 0x70; // p
export const PHASE_FLOW_START: i32 = 0x73; // s
export const PHASE_FLOW_STEP: i32 = 0x74; // t
export const PHASE_FLOW_END: i32 = 0x66; // f
export const PHASE_MEMORY_DUMP: i32 = 0x76; // v
/** Stands for a text that is not one letter. */
export const PHASE_OF_NO_KIND: i32 = 0x22; // "

/** ASCII code; 0 where the event gives none. */
export let phase: i32 = 0;
/** String rows; 0 is none. */
export let name: i32 = 0;
export let category: i32 = 0;
export let id: i32 = 0;
/** The id counts within its process only. */
export let idIsLocal: bool = false;
/** Microseconds; NaN where missing or unreadable. */
export let time: f64 = NaN;
export let duration: f64 = NaN;
export let pid: f64 = 0;
export let tid: f64 = 0;
/** `sampleTraceId`; 0 is none. */
export let traceId: f64 = 0;
/** Of its first byte in the inflated source; and of all events so far the largest. */
export let offset: f64 = 0;
export let largestOffset: f64 = 0;
/** Where its arguments lie; 0 where they do not. */
export let argsFrom: usize = 0;
/** Not all of them: only the value of `data`. */
export let argsAreData: bool = false;
export let argsTo: usize = 0;

/** Of a flow's end: it ends in the slice around it, not in the next one. */
export let endsAround: bool = false;
/** A flow's id that is a whole number; -1 for none. It has no string row: there are as many as flows. */
export let flowNumber: f64 = -1;

/** Where `tellEvent` writes: phase, name, category, time, duration, pid, tid, id, idIsLocal, traceId, offset, args. */
export const told: usize = allocate(13 * 8);

/** Writes the event where JavaScript reads it in one go: asking for each field by itself takes it a microsecond. */
export function tellEvent(): void {
  store<f64>(told, <f64>phase);
  store<f64>(told, <f64>name, 8);
  store<f64>(told, <f64>category, 16);
  store<f64>(told, time, 24);
  store<f64>(told, duration, 32);
  store<f64>(told, pid, 40);
  store<f64>(told, tid, 48);
  store<f64>(told, <f64>id, 56);
  store<f64>(told, idIsLocal ? 1 : 0, 64);
  store<f64>(told, traceId, 72);
  store<f64>(told, offset, 80);
  store<f64>(told, <f64>argsFrom, 88);
  store<f64>(told, <f64>argsTo, 96);
}

/** Sets every field back to "not given". */
export function clearEvent(): void {
  phase = 0;
  name = 0;
  category = 0;
  id = 0;
  idIsLocal = false;
  time = NaN;
  duration = NaN;
  pid = 0;
  tid = 0;
  traceId = 0;
  argsFrom = 0;
  argsAreData = false;
  argsTo = 0;
  endsAround = false;
  flowNumber = -1;
}

/** Sets the fields that every event has, from JavaScript; `clearEvent` and the setters below say the rest. */
export function setEvent(code: i32, nameRow: i32, categoryRow: i32, at: f64, length: f64): void {
  clearEvent();
  phase = code;
  name = nameRow;
  category = categoryRow;
  time = at;
  duration = length;
}
/** Whose event it is, and where it is in the source. */
export function setOrigin(process: f64, ofThread: f64, at: f64): void {
  pid = process;
  tid = ofThread;
  setOffset(at);
}

export function setPhase(value: i32): void {
  phase = value;
}
export function setName(row: i32): void {
  name = row;
}
export function setCategory(row: i32): void {
  category = row;
}
export function setId(row: i32, isLocal: bool): void {
  id = row;
  idIsLocal = isLocal;
}
export function setTime(value: f64): void {
  time = value;
}
export function setDuration(value: f64): void {
  duration = value;
}
export function setPid(value: f64): void {
  pid = value;
}
export function setTid(value: f64): void {
  tid = value;
}
export function setTraceId(value: f64): void {
  traceId = value;
}
export function setFlowNumber(value: f64): void {
  flowNumber = value;
}
export function setEndsAround(value: bool): void {
  endsAround = value;
}
export function setOffset(value: f64): void {
  offset = value;
  if (value > largestOffset) largestOffset = value;
}
export function setArgs(from: usize, to: usize): void {
  argsFrom = from;
  argsTo = to;
}
/** Of its arguments only the value of `data` lies there, as JSON. */
export function setData(from: usize, to: usize): void {
  setArgs(from, to);
  argsAreData = true;
}
