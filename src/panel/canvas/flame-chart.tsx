/**
 * The flame chart: a canvas, a scroller over it that carries the track headers, a hover card, a live region.
 * In: {@link FlameChartProps}. Out: what the user did, through the signals and `onSelect`.
 * `data-idle` on the root is `true` while nothing waits to be painted: tests wait for it.
 */
import { useComputed } from '@preact/signals';
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ChartView } from './chart-view.ts';
import { HoverCard } from './hover-card.tsx';
import { listenToGestures } from './input/chart-gestures.ts';
import { pressKey } from './input/chart-keys.ts';
import { KeyChoice } from './input/key-choice.ts';
import { Pictures } from './paint/pictures.ts';
import { axisHeight } from './panes.ts';
import type { FlameChartProps } from './props.ts';
import { TrackHeaders } from './track-headers.tsx';
import './canvas.css';

export function FlameChart(props: FlameChartProps) {
  const [view] = useState(() => new ChartView(props));
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = useRef<HTMLDivElement>(null);

  const keys = useContext(KeyChoice);
  const wheel = useRef(keys.wheel);

  const pictures = useContext(Pictures);
  useLayoutEffect(() => {
    view.pictures = pictures;
    pictures?.charts.add(view);
    return () => void pictures?.charts.delete(view);
  }, [view, pictures]);
  useLayoutEffect(() => {
    view.props.value = props;
    wheel.current = keys.wheel;
  });
  // Before the browser paints: an effect after that would leave the first frame empty.
  useLayoutEffect(() => {
    if (root.current === null || canvas.current === null || scroller.current === null) return;
    const elements = {
      root: root.current,
      canvas: canvas.current,
      scroller: scroller.current,
      pinned: pinned.current,
    };
    const detach = view.attach(elements);
    const deafen = listenToGestures(view, elements, () => wheel.current);
    return () => {
      deafen();
      detach();
    };
  }, [view]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isGraphs = isPlain && props.graph?.onKey(event.code, event.shiftKey, view.selectedBox) === true;
    if (!isGraphs && !pressKey(view, event, keys.set)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { graph } = props;
  const pinnedHeight = view.scroll.pinnedHeight.value;
  // CSS pixels.
  const axis = axisHeight(view.measures.value) / view.size.value.ratio;
  const idle = useComputed(() => String(props.scheduler.idle.value));
  return (
    <div
      ref={root}
      class={graph === undefined ? 'flame-chart' : 'flame-graph'}
      role="application"
      aria-roledescription={graph === undefined ? 'flame chart' : 'flame graph'}
      aria-label={`${graph?.name ?? 'Flame chart'}: its keys are listed by the question mark`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is walked by its own keys, so it takes focus.
      tabIndex={0}
      data-idle={idle}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} class="flame-chart-canvas" />
      <HoveredFrame view={view} />
      {graph === undefined && (
        <div
          ref={pinned}
          class="flame-chart-pinned"
          tabIndex={-1}
          style={{ top: `${axis}px`, height: `${pinnedHeight}px` }}
        >
          <TrackHeaders view={view} pinned />
        </div>
      )}
      <div
        ref={scroller}
        class="flame-chart-scroller"
        tabIndex={-1}
        style={graph === undefined ? { top: `${axis + pinnedHeight}px` } : undefined}
      >
        {graph === undefined ? <TrackHeaders view={view} pinned={false} /> : <GraphHeight view={view} />}
      </div>
      <TracksAbove view={view} top={axis + pinnedHeight} />
      <HoverCard view={view} />
      <p class="canvas-live" aria-live="polite">
        {view.announcement}
      </p>
    </div>
  );
}

/** Around the box that is pointed at, over the picture and under everything else. */
function HoveredFrame({ view }: { readonly view: ChartView }) {
  const frame = view.hover.value?.frame ?? null;
  if (frame === null) return null;
  const { x, y, width, height } = frame;
  return (
    <i
      class="hovered-frame"
      style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
    />
  );
}

/** Says that there is more above than the chart begins with; the way there. */
function TracksAbove({ view, top }: { readonly view: ChartView; readonly top: number }) {
  const above = view.scroll.above.value;
  if (above === 0) return null;
  return (
    <button
      type="button"
      class="tracks-above"
      style={{ top: `${top + 2}px` }}
      onClick={() => view.scroll.toTop()}
    >
      <span aria-hidden="true">▴ </span>
      {above} <span class="tracks-above-words">{above === 1 ? 'track' : 'tracks'} above</span>
    </button>
  );
}

/** Gives the scroller of a flame graph its range, and begins at the roots. */
function GraphHeight({ view }: { readonly view: ChartView }) {
  const filler = useRef<HTMLDivElement>(null);
  const { height, upward } = view.arrangement.value;
  const { ratio } = view.size.value;
  useLayoutEffect(() => {
    if (upward) filler.current?.scrollIntoView({ block: 'end' });
  }, [upward, height]);
  return <div ref={filler} style={{ height: `${height / ratio}px` }} />;
}
