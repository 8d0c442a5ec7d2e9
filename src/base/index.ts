export { assert, ensure, unreachable } from './assert.ts';
export {
  type Brand,
  type FrameIndex,
  frameIndex,
  type Micros,
  type Millis,
  type SliceIndex,
  type StackIndex,
  type StringIndex,
  sliceIndex,
  stackIndex,
  stringIndex,
  type ThreadIndex,
  threadIndex,
  type UnixMillis,
} from './brand.ts';
export { Column, float64Column, int32Column, uint8Column } from './columns.ts';
export { type Failure, type FailureCode, type FailureFacts, failureCodes, makeFailure } from './failure.ts';
export { inTime } from './in-time.ts';
export {
  type Header,
  parseServerTiming,
  parseTraceparent,
  readServerTrace,
  readVersionHeader,
  readVersionMeta,
  type TraceContext,
  VERSION_METAS,
} from './response-facts.ts';
export { fail, type Result, succeed } from './result.ts';
export { lowerBound, upperBound } from './search.ts';
export { sortInSteps } from './stepped-sort.ts';
export { StringTable } from './string-table.ts';
export { nextTurn, runFor, runThrough, type Steps, takeTurns } from './turns.ts';
export { type Chain, WireWriter } from './wire-writer.ts';
