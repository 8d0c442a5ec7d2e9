/** The kernel's door: what src/trace/kernel.ts may call. */
export {
  ASYNC_STAGE_ROWS,
  asyncCategory,
  asyncCount,
  asyncDetail,
  asyncDuration,
  asyncFlags,
  asyncId,
  asyncName,
  asyncPid,
  asyncStart,
  pairAsync,
  startAsync,
  writeAsync,
} from './async-slices.ts';
export { setInputEnd, skipSpace, skipString, skipValue, textEnd, textStart } from './bytes.ts';
export { addCounter, counterCount, stageCounters } from './counters.ts';
export * from './counts.ts';
export {
  argsFrom,
  argsTo,
  category,
  duration,
  id,
  idIsLocal,
  largestOffset,
  name,
  offset,
  phase,
  pid,
  setData,
  setEndsAround,
  setEvent,
  setId,
  setOrigin,
  setTraceId,
  tellEvent,
  tid,
  time,
  told,
  traceId,
} from './event.ts';
export {
  FLOW_STAGE_ROWS,
  flowCategory,
  flowCount,
  flowDetail,
  flowKey,
  flowName,
  flowStep,
  flowThread,
  flowTime,
  stageFlowOf,
  stageFlows,
} from './flows.ts';
export {
  callCount,
  frameCount,
  rawSliceCount,
  sampleCount,
  stackCount,
  stageFrames,
  stageSamples,
  stageStacks,
} from './hand-out.ts';
export { layCalls, startCalls } from './js-calls.ts';
export { isJson } from './json-check.ts';
export { addLink, linkCount, stageLinks } from './links.ts';
export { allocate } from './memory.ts';
export {
  clearStaged,
  stagedCategory,
  stagedCount,
  stagedId,
  stagedName,
  stagedOffset,
  stagedPhase,
  stagedPid,
  stagedTid,
  stagedTime,
} from './packet-async.ts';
export { packetFrom, packetOffset, packetTo, readPackets } from './packets.ts';
export { settleSome, startPairing, startThread } from './pair-ends.ts';
export { setSeed } from './pair-map.ts';
export { settleProfile, sortSamples, startProfile, startSamples } from './profiles.ts';
export {
  addNode,
  addSample,
  addTraceStack,
  beginChunk,
  endChunk,
  findEnd,
  placesAreShort,
  profileEnd,
  samplesOfProfile,
  setCode,
  startEnd,
} from './raw-profiles.ts';
export { groupSome, startGrouping } from './raw-slices.ts';
export {
  dropUnended,
  dropUnread,
  eventFrom,
  foundEntry,
  foundPhase,
  moveTo,
  nextEvent,
  position,
  readEvents,
  received,
  reserve,
  sourceLength,
  unread,
} from './read-events.ts';
export { scanEvent } from './scan-event.ts';
export {
  clockOf,
  forgetAsyncTracks,
  rowTable,
  sequenceRow,
  setClock,
  setJoinedCategory,
  setKeys,
  setSequence,
  setTraceClock,
  setTrack,
  setWriter,
} from './sequences.ts';
export { flushSlices, sliceCount, startTree, writeSlices } from './slice-tree.ts';
export {
  STAGE_ROWS,
  stageCategory,
  stageDepth,
  stageDetail,
  stageDuration,
  stageFlags,
  stageName,
  stageParent,
  stageStart,
  stageSubtreeEnd,
  stageThread,
} from './stage.ts';
export {
  argsAreJson,
  boundsEnd,
  boundsStart,
  countEvent,
  eventCount,
  phaseCounts,
  takeEvent,
} from './take-event.ts';
export { longestTurn, passedRows, TURN_ROWS } from './turns.ts';
export { setWords } from './words.ts';
