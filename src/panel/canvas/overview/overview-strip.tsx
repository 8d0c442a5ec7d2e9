/**
 * The overview strip: CPU time by category, requests under way, heap and nodes of the whole trace or of a breadcrumb, and
 * over it the window that the chart shows. In: {@link OverviewStripProps}. Out: the viewport, by drag, handles, wheel and
 * keys; the wish to zoom into the window, or to step out.
 */
import { effect, type Signal, signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clampViewport, makeGrid } from '../../../flame/index.ts';
import { measuresFor } from '../measures.ts';
import { type CanvasSize, makeCanvasSize, observeCanvasSize } from '../paint/canvas-size.ts';
import { CanvasTarget } from '../paint/canvas-target.ts';
import { followForcedColours, type SystemColours, themeOf } from '../paint/forced-colours.ts';
import { makePalette } from '../paint/palette.ts';
import type { OverviewStripProps } from '../props.ts';
import { listenToBrush } from './overview-gestures.ts';
import { layOutLanes } from './overview-lanes.ts';
import { paintOverview } from './overview-painter.ts';
import { OverviewReadout } from './overview-readout.tsx';
import { OverviewWindow } from './overview-window.tsx';
import { describeOverview, tellCounters } from './overview-words.ts';
import './overview.css';

export function OverviewStrip(props: OverviewStripProps) {
  const [latest] = useState(() => signal(props));
  const [size] = useState(makeCanvasSize);
  const pointed = useSignal<number | null>(null);
  const root = useRef<HTMLFieldSetElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    latest.value = props;
  });
  useEffect(() => {
    if (root.current === null || canvas.current === null) return;
    const stop = attachPainter(root.current, canvas.current, { latest, size });
    const deafen = listenToBrush(root.current, () => latest.peek());
    return () => {
      deafen();
      stop();
    };
  }, [latest, size]);
  const idle = useComputed(() => String(latest.value.scheduler.idle.value));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { onZoomInto, onStepOut } = latest.peek();
    const isOurs = event.code === 'KeyZ' ? onZoomInto() : event.code === 'Backspace' ? onStepOut() : false;
    if (!isOurs) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset
      ref={root}
      class="overview-strip"
      data-idle={idle}
      aria-label={describeOverview(props.content)}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        pointed.value = event.clientX;
      }}
      onPointerLeave={() => {
        pointed.value = null;
      }}
    >
      <canvas ref={canvas} class="overview-canvas" />
      <LaneNames latest={latest} size={size} />
      <OverviewWindow latest={latest} size={size} root={root} />
      <OverviewReadout latest={latest} pointed={pointed} root={root} />
    </fieldset>
  );
}

interface PaintedProps {
  readonly latest: Signal<OverviewStripProps>;
  readonly size: Signal<CanvasSize>;
}

/** Paints whenever what the canvas shows has changed; the window is not on it. */
function attachPainter(
  root: HTMLElement,
  canvas: HTMLCanvasElement,
  { latest, size }: PaintedProps,
): () => void {
  const target = new CanvasTarget(canvas);
  const { fontFamily } = getComputedStyle(root);
  const forced = signal<SystemColours | null>(null);
  const paint = (): boolean => {
    const { width, height, ratio, textGrowth } = size.peek();
    if (width === 0 || height === 0) return false;
    const { content, bounds, origin, milestones, theme } = latest.peek();
    const whole = clampViewport(bounds, bounds);
    target.resize(width, height);
    paintOverview(target, {
      content,
      bounds: whole,
      origin,
      milestones,
      grid: makeGrid(whole.start, whole, width),
      palette: makePalette(themeOf(theme, forced.peek())),
      measures: measuresFor(ratio, textGrowth),
      fontFamily,
    });
    return false;
  };
  const { scheduler } = latest.peek();
  const stops = [
    observeCanvasSize(canvas, size),
    followForcedColours(forced),
    scheduler.add(paint),
    effect(() => {
      latest.value;
      size.value;
      forced.value;
      // It never moves: all its lanes at once are too much beside what came with them.
      scheduler.paintApart(paint);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** CSS pixels: names of lower lanes would lie over each other. */
const LEAST_NAMED = 9;

/** What the lanes are, at their right edge; a screen reader hears it from the strip's own name. */
function LaneNames({ latest, size }: PaintedProps) {
  const { height, ratio, textGrowth } = size.value;
  if (height === 0) return null;
  const { network, heap, nodes } = latest.value.content;
  const lanes = layOutLanes(height, measuresFor(ratio, textGrowth), {
    network: network !== null,
    counters: heap !== null || nodes !== null,
  });
  const named = [
    { name: 'CPU', lane: lanes.cpu },
    { name: 'Net', lane: lanes.network },
    { name: tellCounters(heap, nodes), lane: lanes.counters },
  ];
  return (
    <>
      {named.map(
        ({ name, lane }) =>
          lane !== null &&
          lane.height >= LEAST_NAMED * textGrowth * ratio && (
            <span
              key={name}
              class="overview-name"
              aria-hidden="true"
              style={{ top: `${lane.top / ratio}px` }}
            >
              {name}
            </span>
          ),
      )}
    </>
  );
}
