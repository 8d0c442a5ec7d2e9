export { ANONYMOUS, LONG_TASK, titleOfEvent } from '../analysis/index.ts';
export { type ArgumentNode, layOutArguments } from './argument-tree.ts';
export { kindOfArgument } from './argument-units.ts';
export {
  type Arrangement,
  arrangeTracks,
  type LineHeights,
  orderTracks,
  placeOfRow,
  type RowPlace,
  rowsAtY,
  rowsOfLine,
  type Section,
  visibleTracks,
} from './arrangement.ts';
export type {
  BoxColumns,
  BoxLabel,
  Chart,
  CpuOverview,
  ItemTable,
  LongestForest,
  LongestLevel,
  SourcePlace,
  Track,
  TrackChoices,
} from './chart.ts';
export {
  CHANGE_STEPS,
  changeKey,
  changeSign,
  changeStep,
  FILE_KEYS,
  FIRST_CHANGE_KEY,
  FIRST_FILE_KEY,
} from './colour-keys.ts';
export {
  type ColumnExtremes,
  type Counter,
  type CounterSeries,
  formatCounter,
  makeExtremes,
  sampleSeries,
  seriesOfPage,
  splitCounters,
  valueAt,
} from './counters.ts';
export { type OverviewRequest, sumCpuOverTime } from './cpu-overview.ts';
export { boxNear, cullRow, makePieces, type Pieces } from './cull.ts';
export {
  type EventStack,
  MOST_FRAMES,
  NO_STACK,
  type StackFrame,
  tellFacts,
  tellStack,
} from './event-facts.ts';
export type { EventFact } from './fact-words.ts';
export { formatBytes, formatCount, formatDuration, formatExactDuration, formatTick } from './format.ts';
export { layOutGraph, layOutPair } from './graph-layout.ts';
export { makeGrid, narrowGrid, type PixelGrid, timeToX, xToTime } from './grid.ts';
export { type HideRule, hideSlices } from './hidden.ts';
export { ignoreTest } from './ignored.ts';
export { ITEM_NAMES, tellItem } from './item-facts.ts';
export type { ItemNote } from './item-parts.ts';
export { namedBox, spanOfBox } from './item-span.ts';
export { LabelFitter, type MeasureText } from './label-fit.ts';
export { labelOfFrame } from './labels.ts';
export { endOfSlice } from './last-signs.ts';
export { layOutChart, layOutChartInSteps } from './layout.ts';
export { hasLongTasks, longTasksOf, overtimeOfBox, overtimeOfTask } from './long-tasks.ts';
export { buildLongestForest, findLongest } from './longest.ts';
export {
  CUSTOM_COLOURS,
  type CustomColour,
  categoryOfKey,
  keyOfCategory,
  keyOfLook,
  LOOKS,
  type Look,
  lookOfKey,
} from './looks.ts';
export {
  countBefore,
  cullMatches,
  firstMatchFrom,
  type MatchRun,
  matchesOfRow,
  neighbourMatch,
} from './matches.ts';
export { type NetworkOverview, sumRequestsOverTime } from './network-overview.ts';
export {
  type GroupedProfile,
  type Grouping,
  type GroupOptions,
  groupProfile,
  NO_FRAME,
  NO_SCRIPT,
  stripOutermost,
} from './profile-groups.ts';
export { kindOfRequest, REQUEST_KIND_NAMES, REQUEST_KINDS, type RequestKind } from './request-kinds.ts';
export { layOutTicks, roundStep, type Tick } from './ruler.ts';
export {
  type CompiledQuery,
  compileQuery,
  countLabels,
  findBoxes,
  MOST_SEARCHED,
  matchTexts,
  type SearchQuery,
  type SearchTexts,
  searchTextsOf,
} from './search.ts';
export { forcerOf, MARK_FORCED, MARK_THIRD_PARTY, type SliceMarks } from './slice-marks.ts';
export { boundsOfTimeline, layOutTimeline, type TimelineThread } from './timeline-layout.ts';
export {
  bringBackAllTracks,
  bringBackTrack,
  changesOf,
  choicesFrom,
  hideAllOthers,
  hideTrack,
  initialTrackChoices,
  moveTrack,
  NO_TRACK_CHOICES,
  neighboursOf,
  type Placing,
  placeTrack,
  revealTrack,
  type TrackChanges,
  togglePinned,
  toggleTrack,
} from './track-choices.ts';
export { orderThreads, roleOfThread, titleThreads } from './tracks.ts';
export {
  clampViewport,
  easeViewport,
  fitViewport,
  leastSpan,
  MIN_SPAN,
  panViewport,
  revealInViewport,
  sameRange,
  zoomViewport,
} from './viewport.ts';
export {
  boxOfSlice,
  childBoxes,
  parentBox,
  rowOfBox,
  selfTimeOfBox,
  siblingBox,
  trackOfRow,
} from './walk.ts';
export { whyItem } from './why-item.ts';
