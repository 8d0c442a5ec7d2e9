/**
 * What the canvas components take and tell. Types only. State that others may read or write (what is visible, what is
 * selected) is a signal owned by the caller; everything else is a plain prop.
 */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Milestone, TimeRange } from '../../analysis/index.ts';
import type { Micros, SliceIndex } from '../../base/index.ts';
import type { SearchMatches } from '../../engine/client.ts';
import type { Chart, HideRule, TrackChoices } from '../../flame/index.ts';
import type { FrameScheduler } from './frame-scheduler.ts';
import type { OverviewContent } from './overview-painter.ts';
import type { ThemeName } from './theme.ts';

interface TimeAxisProps {
  /** The visible range; written by zoom and pan, never wider than the bounds. Shared by chart and overview. */
  readonly viewport: Signal<TimeRange>;
  /** A range measured by Shift+drag or picked on the overview; null for none. */
  readonly measured: Signal<TimeRange | null>;
  /** Where times count from: navigation start, else the trace's start. */
  readonly origin: Micros;
  readonly milestones: readonly Milestone[];
  readonly theme: ThemeName;
  /** One for all canvases of a page: they paint in the same frame. */
  readonly scheduler: FrameScheduler;
}

export interface FlameChartProps extends TimeAxisProps {
  readonly chart: Chart;
  /** Row in the slice table; null for none. May be set from outside: `reveal` it then through the viewport. */
  readonly selection: Signal<SliceIndex | null>;
  /** Collapsed tracks and whether empty ones show. Start with `initialTrackChoices(chart)`. */
  readonly tracks: Signal<TrackChoices>;
  /** What a search found; null while nothing is searched. */
  readonly matches: ReadonlySignal<SearchMatches | null>;
  /** What key 0 and a double click on nothing show: the page window, then the whole trace. */
  readonly home: TimeRange;
  /** What the user took out of the chart; left out where nothing can be. */
  readonly hidden?: Signal<readonly HideRule[]>;
  /** Given: a flame graph. */
  readonly graph?: GraphLook;
  /** Called after the user's own selecting (click, keys), not after `selection` is set from outside. */
  readonly onSelect?: (slice: SliceIndex | null) => void;
}

/** What makes a flame graph of the flame chart: x is weight, and the boxes are nodes of a call tree. */
export interface GraphLook {
  /** For screen readers. */
  readonly name: string;
  /** Roots at the bottom. */
  readonly upward: boolean;
  /** What the shares are of. */
  readonly whole: number;
  /** `34.1 ms`. */
  readonly tell: (weight: number) => string;
  /** Keys of its own, before the chart's; answers whether the press was one. */
  readonly onKey: (code: string, shift: boolean, box: number) => boolean;
}

export interface OverviewStripProps extends TimeAxisProps {
  /** What the lanes show; axis, milestones and brush are there before it. */
  readonly content: OverviewContent;
  /** The whole of what can be brushed: the trace, or the breadcrumb that is looked at. */
  readonly bounds: TimeRange;
  /** Shows in the strip only what the chart shows; false where that is all there is. */
  readonly onZoomInto: () => boolean;
  /** Back to the breadcrumb before; false where there is none. */
  readonly onStepOut: () => boolean;
}
