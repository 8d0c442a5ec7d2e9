export {
  inflatedChunks,
  type ReadArgumentsOptions,
  readEventArguments,
  readPicture,
  type TraceBytes,
} from './event-arguments.ts';
export { EVENT_NAMES, type EventName, type EventNameKind, namesOf } from './event-names.ts';
export type { EventArguments } from './event-search.ts';
export { writeJsonEvents } from './json-events.ts';
export { writePacketEvents } from './packet-events.ts';
export { PacketStream } from './perfetto/packet-stream.ts';
export { StateLog } from './perfetto/state-log.ts';
export { type ReadTraceOptions, readTrace } from './read-trace.ts';
export { type CallFrame, stackOfFrame } from './stack-samples.ts';
export * from './tables.ts';
