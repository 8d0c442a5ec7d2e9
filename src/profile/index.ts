/** The door of profile/: stack profiles, call trees over them, and their file formats. */

export { alignProfiles, fileWithoutHashes, type ProfilePair } from './align-profiles.ts';
export {
  buildCallTree,
  buildSandwich,
  type CallTree,
  type CallTreeOptions,
  type SiblingOrder,
} from './call-tree.ts';
export { cutProfile, dropIdle, hasIdle, hasTimes } from './cut-profile.ts';
export {
  type Change,
  type CompareBy,
  diffPair,
  diffProfiles,
  type ProfileDiff,
  weightOf,
} from './diff-profiles.ts';
export { type FileTimes, type FunctionTime, type PlaceTimes, tellFileTimes } from './file-times.ts';
export { type ChromeTraceSource, writeChromeTrace } from './formats/chrome-trace.ts';
export { readCpuProfile, writeCpuProfile } from './formats/cpu-profile.ts';
export { readFirefox } from './formats/firefox.ts';
export { type FoldedOptions, readFolded, writeFolded } from './formats/folded.ts';
export { gunzip, gzip, isGzip, LARGEST_PROFILE } from './formats/gzip.ts';
export { type RewriteText, rewriteStrings, type TextKind } from './formats/json-strings.ts';
export { type OtlpOptions, writeOtlp } from './formats/otlp.ts';
export { readOtlpJson } from './formats/otlp-json.ts';
export { readOtlp } from './formats/otlp-reader.ts';
export { rewritePacketStrings } from './formats/packet-strings.ts';
export { readPerfScript } from './formats/perf-script.ts';
export { type PprofOptions, writePprof } from './formats/pprof.ts';
export { readPprof } from './formats/pprof-reader.ts';
export {
  PROFILE_FORMATS,
  type ProfileDiagnostics,
  type ProfileFormat,
  type ReadProfiles,
} from './formats/read-profiles.ts';
export { readSpeedscope, writeSpeedscope } from './formats/speedscope.ts';
export { type SvgOptions, writeSvg } from './formats/svg.ts';
export { nameThreads } from './formats/thread-names.ts';
export { samplingInterval } from './formats/units.ts';
export { type FunctionTable, type LineTable, tabulateFunctions, tabulateLines } from './function-table.ts';
export { mapTables } from './mapped-tables.ts';
export { mergeProfiles } from './merge-profiles.ts';
export { buildPairTree, type NodeWeights, type PairTree } from './pair-tree.ts';
export {
  type FrameFacts,
  NO_CATEGORY,
  ProfileBuilder,
  type ProfileHead,
  StackInterner,
} from './profile-builder.ts';
export { profileOfRange } from './range-profile.ts';
export { looksLikeProfile, type ProfileFile, readProfile } from './read-profile.ts';
export {
  applySourceMaps,
  bestMap,
  type FoundMap,
  namesOfMap,
  readSourceMap,
  type ScriptMap,
} from './source-maps.ts';
export * from './stack-profile.ts';
export {
  applyTransforms,
  type FunctionRef,
  findFunction,
  functionOf,
  nameUnstacked,
  type ProfileTransform,
} from './transforms.ts';
