export { type ReadTraceOptions, readTrace } from './read-trace.ts';
export * from './tables.ts';
