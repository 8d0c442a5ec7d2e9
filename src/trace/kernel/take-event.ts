/**
 * Events → the raw tables: where the event at hand (event.ts) belongs by its phase.
 * In: events in file order, whatever their phase. Out: rows of slices, ends and async slices; events whose arguments the
 * tables need go to JavaScript. Dirty data is counted.
 */
import { addAsyncBegin, addAsyncEnd } from './async-slices.ts';
import { countBadTime, countUnknownPhase } from './counts.ts';
import {
  argsAreData,
  argsFrom,
  argsTo,
  category,
  duration,
  name,
  PHASE_ASYNC_BEGIN,
  PHASE_ASYNC_END,
  PHASE_ASYNC_FINISH_OLD,
  PHASE_ASYNC_START_OLD,
  PHASE_BEGIN,
  PHASE_COMPLETE,
  PHASE_COUNTER,
  PHASE_END,
  PHASE_INSTANT,
  PHASE_INSTANT_OLD,
  PHASE_METADATA,
  phase,
  pid,
  setDuration,
  tid,
  time,
} from './event.ts';
import { isJson } from './json-check.ts';
import { readJsonCounters } from './json-counters.ts';
import { readJsonLink } from './json-links.ts';
import { hasLink, tellLink } from './links.ts';
import { look, takeCounter } from './outside.ts';
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
      return;
    case PHASE_BEGIN:
      widenBounds(traits);
      addBegin(threadRow(pid, tid));
      return;
    case PHASE_END:
      widenBounds(traits);
      addEnd(threadRow(pid, tid));
      return;
    case PHASE_INSTANT:
      widenBounds(traits);
      addInstant(threadRow(pid, tid));
      return;
    case PHASE_INSTANT_OLD:
      addInstant(threadRow(pid, tid));
      return;
    case PHASE_ASYNC_BEGIN:
    case PHASE_ASYNC_START_OLD:
      addAsyncBegin();
      return;
    case PHASE_ASYNC_END:
    case PHASE_ASYNC_FINISH_OLD:
      addAsyncEnd();
      return;
    case PHASE_COUNTER:
      if (!tellJsonCounters()) takeCounter();
      return;
    default:
      if (!isFiledNowhere(phase)) countUnknownPhase();
  }
}

/** Phases that no table holds: R n T p s t f M P N O D v V c ( ) */
function isFiledNowhere(code: i32): bool {
  switch (code) {
    case 0x52:
    case 0x6e:
    case 0x54:
    case 0x70:
    case 0x73:
    case 0x74:
    case 0x66:
    case PHASE_METADATA:
    case 0x50:
    case 0x4e:
    case 0x4f:
    case 0x44:
    case 0x76:
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
