/**
 * Events → the raw tables: where the event at hand (event.ts) belongs by its phase.
 * In: events in file order, whatever their phase. Out: rows of slices, ends and async slices; events whose arguments the
 * tables need go to JavaScript. Dirty data is counted.
 */
import { addAsyncBegin, addAsyncEnd, addAsyncInstant } from './async-slices.ts';
import { countBadTime, countUnknownPhase } from './counts.ts';
import {
  argsAreData,
  argsFrom,
  argsTo,
  category,
  duration,
  endsAround,
  id,
  name,
  PHASE_ASYNC_BEGIN,
  PHASE_ASYNC_END,
  PHASE_ASYNC_FINISH_OLD,
  PHASE_ASYNC_INSTANT,
  PHASE_ASYNC_PAST_OLD,
  PHASE_ASYNC_START_OLD,
  PHASE_ASYNC_STEP_OLD,
  PHASE_BEGIN,
  PHASE_COMPLETE,
  PHASE_COUNTER,
  PHASE_END,
  PHASE_FLOW_END,
  PHASE_FLOW_START,
  PHASE_FLOW_STEP,
  PHASE_INSTANT,
  PHASE_INSTANT_OLD,
  PHASE_MARK,
  PHASE_MEMORY_DUMP,
  PHASE_METADATA,
  phase,
  pid,
  setDuration,
  setName,
  tid,
  time,
} from './event.ts';
import {
  addFlow,
  addStagedFlows,
  dropFlows,
  FLOW_END,
  FLOW_OF_NEXT,
  FLOW_START,
  FLOW_STEP,
  stagedFlows,
} from './flows.ts';
import { isJson } from './json-check.ts';
import { readJsonCounters } from './json-counters.ts';
import { readJsonLink } from './json-links.ts';
import { hasLink, tellLink } from './links.ts';
import { allocate } from './memory.ts';
import { look, stepName, takeCounter } from './outside.ts';
import { hasCounters, tellCounters } from './packet-counters.ts';
import { readProfileChunk } from './profile-chunk.ts';
import { addBegin, addComplete, addEnd, addInstant } from './raw-slices.ts';
import { threadRow } from './threads.ts';
import {
  TRAIT_CHUNK,
  TRAIT_COUNTERS,
  TRAIT_LINK,
  TRAIT_LOOK,
  TRAIT_TELLS_NAME,
  TRAIT_UMA,
  traitsOf,
} from './traits.ts';

/** No clock gets here: 2^53 microseconds are 285 years. */
export const LAST_TIME: f64 = 9007199254740991;

export let eventCount: u32 = 0;
/** Of the events that count for the trace's bounds: as DevTools' MetaHandler takes them. */
export let boundsStart: f64 = Infinity;
export let boundsEnd: f64 = -Infinity;

/** Events by phase: a count for each ASCII code. */
export const phaseCounts: usize = allocate(256 << 2);

/** Counts an entry that is in no table. */
export function countEvent(): void {
  eventCount++;
}

/** Whether the arguments of the event at hand are JSON. */
export function argsAreJson(): bool {
  return isJson(argsFrom, argsTo);
}

/** Takes the event at hand. */
export function takeEvent(): void {
  eventCount++;
  countPhase();
  take();
  if (stagedFlows !== 0) dropFlows();
}

function countPhase(): void {
  const at = phaseCounts + ((<usize>phase & 0xff) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function take(): void {
  if (phase !== PHASE_METADATA && !(abs(time) <= LAST_TIME)) {
    countBadTime();
    return;
  }
  if (duration > LAST_TIME) {
    countBadTime();
    setDuration(NaN);
  }
  const traits = traitsOf(name);
  if ((traits & TRAIT_LOOK) !== 0) showArguments(traits);
  else if (
    category > 0 &&
    (traitsOf(category) & TRAIT_LOOK) !== 0 &&
    phase !== PHASE_ASYNC_END &&
    phase !== PHASE_END
  )
    look();
  file(traits);
}

function showArguments(traits: u32): void {
  const isMetadata = phase === PHASE_METADATA;
  if (((traits & TRAIT_TELLS_NAME) !== 0) !== isMetadata) return;
  if ((traits & TRAIT_CHUNK) !== 0 && argsFrom !== 0 && readProfileChunk(argsFrom, argsTo, argsAreData))
    return;
  if ((traits & TRAIT_LINK) !== 0) showLink();
  else if (hasCounters()) tellCounters();
  else if ((traits & TRAIT_COUNTERS) === 0 || phase === PHASE_COUNTER || !tellJsonCounters()) look();
}

/** Only slices and instants are links. */
function showLink(): void {
  const isSlice = phase === PHASE_COMPLETE || phase === PHASE_BEGIN;
  if (!isSlice && phase !== PHASE_INSTANT && phase !== PHASE_INSTANT_OLD) return;
  if (hasLink() || (argsFrom !== 0 && !argsAreData && readJsonLink(argsFrom, argsTo))) tellLink();
  else look();
}

/** The numbers in the arguments of the event at hand, where they are JSON of the usual shape. */
function tellJsonCounters(): bool {
  return argsFrom !== 0 && !argsAreData && readJsonCounters(argsFrom, argsTo);
}

function file(traits: u32): void {
  switch (phase) {
    case PHASE_COMPLETE:
      widenBounds(traits);
      addComplete(threadRow(pid, tid));
      keepFlows();
      return;
    case PHASE_BEGIN:
      widenBounds(traits);
      addBegin(threadRow(pid, tid));
      keepFlows();
      return;
    case PHASE_END:
      widenBounds(traits);
      addEnd(threadRow(pid, tid));
      return;
    case PHASE_INSTANT:
      widenBounds(traits);
      addInstant(threadRow(pid, tid));
      keepFlows();
      return;
    case PHASE_INSTANT_OLD:
    case PHASE_MARK:
      addInstant(threadRow(pid, tid));
      keepFlows();
      return;
    case PHASE_ASYNC_BEGIN:
    case PHASE_ASYNC_START_OLD:
      addAsyncBegin();
      return;
    case PHASE_ASYNC_END:
    case PHASE_ASYNC_FINISH_OLD:
      addAsyncEnd();
      return;
    case PHASE_ASYNC_STEP_OLD:
    case PHASE_ASYNC_PAST_OLD:
      nameStep();
      addAsyncInstant();
      return;
    case PHASE_ASYNC_INSTANT:
      addAsyncInstant();
      return;
    case PHASE_FLOW_START:
      addFlow(threadRow(pid, tid), id, FLOW_START);
      return;
    case PHASE_FLOW_STEP:
      addFlow(threadRow(pid, tid), id, FLOW_STEP);
      return;
    case PHASE_FLOW_END:
      addFlow(threadRow(pid, tid), id, endsAround ? FLOW_END : FLOW_END | FLOW_OF_NEXT);
      return;
    case PHASE_MEMORY_DUMP:
      takeCounter();
      return;
    case PHASE_COUNTER:
      if (!tellJsonCounters()) takeCounter();
      return;
    default:
      if (!isFiledNowhere(phase)) countUnknownPhase();
  }
}

/** A step bears the name of its whole event; its own is in its arguments. */
function nameStep(): void {
  const step = stepName();
  if (step > 0) setName(step);
}

function keepFlows(): void {
  if (stagedFlows !== 0) addStagedFlows(threadRow(pid, tid));
}

/** Phases that no table holds: M P N O D V c ( ) */
function isFiledNowhere(code: i32): bool {
  switch (code) {
    case PHASE_METADATA:
    case 0x50:
    case 0x4e:
    case 0x4f:
    case 0x44:
    case 0x56:
    case 0x63:
    case 0x28:
    case 0x29:
      return true;
    default:
      return false;
  }
}

function widenBounds(traits: u32): void {
  if (time === 0 || (traits & TRAIT_UMA) !== 0) return;
  if (time < boundsStart) boundsStart = time;
  const end = duration > 0 ? time + duration : time;
  if (end > boundsEnd) boundsEnd = end;
}
