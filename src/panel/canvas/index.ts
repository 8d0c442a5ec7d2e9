export { FlameChart } from './flame-chart.tsx';
export { createFrameScheduler, type FrameScheduler } from './frame-scheduler.ts';
export type { OverviewContent } from './overview-painter.ts';
export { OverviewStrip } from './overview-strip.tsx';
export type { ChartHandle, ClientPoint, FlameChartProps, OverviewStripProps, PagePictures } from './props.ts';
export {
  contrastRatio,
  cssColour,
  type Rgb,
  THEMES,
  type Theme,
  type ThemeName,
  textColourOn,
} from './theme.ts';
