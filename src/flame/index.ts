export type {
  BoxColumns,
  BoxLabel,
  Chart,
  CpuOverview,
  LongestForest,
  SourcePlace,
  Track,
  TrackChoices,
} from './chart.ts';
