/**
 * What the canvas components take and tell. Types only. State that others may read or write (what is visible, what is
 * selected) is a signal owned by the caller; everything else is a plain prop.
 */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Milestone, TimeRange } from '../../analysis/index.ts';
import type { Micros, SliceIndex } from '../../base/index.ts';
import type { SearchMatches } from '../../engine/client.ts';
import type { Chart, HideRule, SliceMarks, TrackChoices } from '../../flame/index.ts';
import type { FrameScheduler } from './frame-scheduler.ts';
import type { OuterCommand } from './input/chart-key-table.ts';
import type { OverviewContent } from './overview/overview-painter.ts';
import type { CanvasSize } from './paint/canvas-size.ts';
import type { ChartOverlay, ChartScene, PictureSource } from './paint/scene.ts';
import type { ThemeName } from './paint/theme.ts';

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
  /** Whose slices are, and which were forced; null until it is known. */
  readonly marks?: ReadonlySignal<SliceMarks | null>;
  /** Whether third parties stand back. */
  readonly dims?: ReadonlySignal<boolean>;
  /** Of the page; `version` counts up when there are more. Left out where there are none. */
  readonly pictures?: PagePictures | undefined;
  /** Painted over the boxes; null for nothing. */
  readonly overlay?: ReadonlySignal<ChartOverlay | null>;
  /** Does what is not the chart's own to do; false where it cannot be done now. */
  readonly onCommand?: (command: OuterCommand, view: ChartHandle, at: ClientPoint | null) => boolean;
  /** The overview's breadcrumbs, for keys. */
  readonly crumbs?: { readonly zoomInto: () => boolean; readonly stepOut: () => boolean };
  /** Shows what can be done to a track; false where nothing is shown. */
  readonly onTrackMenu?: (key: string, view: ChartHandle, at: ClientPoint) => boolean;
  /** Called once, in the frame that shows the first picture. */
  readonly onPainted?: () => void;
  /** Given: a flame graph. */
  readonly graph?: GraphLook;
  /** Called after the user's own selecting (click, keys), not after `selection` is set from outside. */
  readonly onSelect?: (slice: SliceIndex | null) => void;
}

/** Pictures of the page as they are read. */
export interface PagePictures extends PictureSource {
  /** Counts up when there are more. */
  readonly version: ReadonlySignal<number>;
  /** As `get`, but asks for nothing. */
  readonly peek: PictureSource['get'];
  /** For an `img`; null until it is read, '' where it cannot be shown. */
  readonly addressOf: (picture: number) => string | null;
}

/** Somewhere on the page, CSS pixels. */
export interface ClientPoint {
  readonly x: number;
  readonly y: number;
}

/** What a chart can be asked by those who do for it what is not its own to do. */
export interface ChartHandle {
  readonly props: ReadonlySignal<FlameChartProps>;
  /** -1 for none. */
  readonly selectedBox: number;
  readonly announcement: Signal<string>;
  readonly select: (box: number) => void;
  readonly reveal: (box: number) => void;
  readonly fit: (range: TimeRange) => void;
  readonly rangeOfBox: (box: number) => TimeRange;
  /** Where a box is seen, CSS pixels of the page; null where it is out of sight. */
  readonly placeOf: (box: number) => ClientPoint | null;
  /** All that a picture needs, as it is seen now; null before the first layout. */
  readonly scene: () => ChartScene | null;
  /** Device pixels. */
  readonly size: ReadonlySignal<CanvasSize>;
  readonly focus: () => void;
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
  /** Of a comparison: what each side took; they stand in the place of total and self. Left out elsewhere. */
  readonly tellBox?: (box: number) => readonly (readonly [name: string, figure: string])[];
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
