/**
 * The overview strip: the whole trace's CPU time by category, and over it the window that the chart shows.
 * In: {@link OverviewStripProps}. Out: the viewport, by drag, handles, wheel and keys.
 */
import { effect, type Signal, signal, useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TimeRange } from '../../analysis/index.ts';
import { clampViewport, formatTick, makeGrid } from '../../flame/index.ts';
import { makeCanvasSize, observeCanvasSize } from './canvas-size.ts';
import { CanvasTarget } from './draw-target.ts';
import { measuresFor } from './measures.ts';
import { type Edge, listenToBrush, pressHandleKey } from './overview-gestures.ts';
import { paintOverview } from './overview-painter.ts';
import { makePalette } from './palette.ts';
import type { OverviewStripProps } from './props.ts';
import { THEMES } from './theme.ts';
import './canvas.css';

export function OverviewStrip(props: OverviewStripProps) {
  const [latest] = useState(() => signal(props));
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    latest.value = props;
  });
  useEffect(() => {
    if (root.current === null || canvas.current === null) return;
    const stop = attachPainter(root.current, canvas.current, latest);
    const deafen = listenToBrush(root.current, () => latest.peek());
    return () => {
      deafen();
      stop();
    };
  }, [latest]);
  const idle = useComputed(() => String(latest.value.scheduler.idle.value));
  return (
    <div ref={root} class="overview-strip" data-idle={idle}>
      <canvas ref={canvas} class="overview-canvas" />
      <OverviewWindow latest={latest} />
    </div>
  );
}

/** Paints whenever what the canvas shows has changed; the window is not on it. */
function attachPainter(
  root: HTMLElement,
  canvas: HTMLCanvasElement,
  latest: Signal<OverviewStripProps>,
): () => void {
  const target = new CanvasTarget(canvas);
  const size = makeCanvasSize();
  const { fontFamily } = getComputedStyle(root);
  const paint = (): boolean => {
    const { width, height, ratio } = size.peek();
    if (width === 0 || height === 0) return false;
    const { overview, bounds, origin, milestones, theme } = latest.peek();
    const whole = clampViewport(bounds, bounds);
    target.resize(width, height);
    paintOverview(target, {
      overview,
      bounds: whole,
      origin,
      milestones,
      grid: makeGrid(whole.start, whole, width),
      palette: makePalette(THEMES[theme]),
      measures: measuresFor(ratio),
      fontFamily,
    });
    return false;
  };
  const { scheduler } = latest.peek();
  const stops = [
    observeCanvasSize(canvas, size),
    scheduler.add(paint),
    effect(() => {
      latest.value;
      size.value;
      scheduler.invalidate(paint);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Veils beside the visible range, its frame, and a handle at either edge. */
function OverviewWindow({ latest }: { readonly latest: Signal<OverviewStripProps> }) {
  const { viewport, measured, bounds } = latest.value;
  const { start, end } = viewport.value;
  const marked = measured.value;
  const from = shareOf(start, bounds);
  const to = shareOf(end, bounds);
  return (
    <>
      {marked !== null && (
        <i
          class="overview-measured"
          style={{
            left: percent(shareOf(marked.start, bounds)),
            right: percent(1 - shareOf(marked.end, bounds)),
          }}
        />
      )}
      <i class="overview-veil" style={{ left: 0, right: percent(1 - from) }} />
      <i class="overview-veil" style={{ left: percent(to), right: 0 }} />
      <i class="overview-grip" style={{ left: percent(from), right: percent(1 - to) }} />
      <Handle latest={latest} edge="start" at={from} />
      <Handle latest={latest} edge="end" at={to} />
    </>
  );
}

interface HandleProps {
  readonly latest: Signal<OverviewStripProps>;
  readonly edge: Edge;
  /** 0 to 1. */
  readonly at: number;
}

function Handle({ latest, edge, at }: HandleProps) {
  const { viewport, bounds, origin } = latest.value;
  const time = viewport.value[edge] - origin;
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    const width = event.currentTarget.parentElement?.clientWidth ?? 1;
    const microsPerPixel = (bounds.end - bounds.start) / width;
    const { code, ctrlKey } = event;
    if (!pressHandleKey(latest.peek(), edge, { code, ctrlKey, microsPerPixel })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="overview-handle"
      data-edge={edge}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'start' ? 'Start of what is shown' : 'End of what is shown'}
      aria-valuemin={Math.round((bounds.start - origin) / 1e3)}
      aria-valuemax={Math.round((bounds.end - origin) / 1e3)}
      aria-valuenow={Math.round(time / 1e3)}
      aria-valuetext={formatTick(time, 100)}
      style={{ left: percent(at) }}
      onKeyDown={onKeyDown}
    />
  );
}

function shareOf(time: number, { start, end }: TimeRange): number {
  return end > start ? Math.min(1, Math.max(0, (time - start) / (end - start))) : time > start ? 1 : 0;
}

const percent = (share: number): string => `${share * 100}%`;
