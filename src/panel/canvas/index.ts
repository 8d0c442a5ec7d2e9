export { FlameChart } from './flame-chart.tsx';
export { createFrameScheduler, type FrameScheduler } from './frame-scheduler.ts';
export type { OverviewContent } from './overview/overview-painter.ts';
export { OverviewStrip } from './overview/overview-strip.tsx';
export {
  contrastRatio,
  cssColour,
  type Rgb,
  THEMES,
  type Theme,
  type ThemeName,
  textColourOn,
} from './paint/theme.ts';
export type { ChartHandle, ClientPoint, FlameChartProps, OverviewStripProps, PagePictures } from './props.ts';
