/**
 * The window that the chart shows, on the overview strip: veils beside it, its frame, a handle at either edge, the button
 * that makes a breadcrumb of it. In: the strip's props, its element. Out: the viewport, by keys on the handles.
 * It moves with every frame of the chart, so its place goes past the components: parts that are as wide as the strip are
 * moved by shares of it (overview.css), and nothing is rendered or laid out for it.
 */
import { computed, effect, type Signal, useComputed } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TimeRange } from '../../../analysis/index.ts';
import { clampViewport, formatTick, layOutTicks, makeGrid } from '../../../flame/index.ts';
import { measuresFor } from '../measures.ts';
import type { CanvasSize } from '../paint/canvas-size.ts';
import type { OverviewStripProps } from '../props.ts';
import { placeButton } from './overview-button.ts';
import { type Edge, pressHandleKey } from './overview-gestures.ts';
import { tellMoment } from './overview-words.ts';

/** Of a window that takes more of the strip than this no breadcrumb is made. */
const NARROWER = 0.98;

interface OverviewWindowProps {
  readonly latest: Signal<OverviewStripProps>;
  readonly size: Signal<CanvasSize>;
  readonly root: { readonly current: HTMLElement | null };
}

export function OverviewWindow({ latest, size, root }: OverviewWindowProps) {
  useLayoutEffect(
    () =>
      effect(() => {
        const { viewport, bounds } = latest.value;
        const { start, end } = viewport.value;
        // Of a moment there is no part to be looked at.
        if (bounds.end <= bounds.start) moveParts(root.current, 0, 1);
        else moveParts(root.current, shareOf(start, bounds), shareOf(end, bounds));
      }),
    [latest, root],
  );
  return (
    <>
      <Measured latest={latest} />
      <i class="overview-veil before" />
      <i class="overview-veil after" />
      <i class="overview-grip" />
      <Handle latest={latest} edge="start" />
      <Handle latest={latest} edge="end" />
      <ZoomButton latest={latest} size={size} root={root} />
    </>
  );
}

/** Both 0 to 1. */
function moveParts(root: HTMLElement | null, from: number, to: number): void {
  const places: readonly (readonly [part: string, transform: string])[] = [
    ['.overview-veil.before', `translateX(${(from - 1) * 100}%)`],
    ['.overview-veil.after', `translateX(${to * 100}%)`],
    ['.overview-grip', `translateX(${from * 100}%) scaleX(${to - from})`],
    ['.overview-rail.start', `translateX(${from * 100}%)`],
    ['.overview-rail.end', `translateX(${to * 100}%)`],
  ];
  for (const [part, transform] of places) {
    const element = root?.querySelector<HTMLElement>(part) ?? null;
    if (element !== null) element.style.transform = transform;
  }
}

type PartProps = Pick<OverviewWindowProps, 'latest'>;

function Measured({ latest }: PartProps) {
  const { measured, bounds } = latest.value;
  const marked = measured.value;
  if (marked === null) return null;
  return (
    <i
      class="overview-measured"
      style={{
        left: percent(shareOf(marked.start, bounds)),
        right: percent(1 - shareOf(marked.end, bounds)),
      }}
    />
  );
}

function ZoomButton({ latest, size, root }: OverviewWindowProps) {
  const isThere = useComputed(() => {
    const { viewport, bounds } = latest.value;
    const shown = shareOf(viewport.value.end, bounds) - shareOf(viewport.value.start, bounds);
    return bounds.end > bounds.start && shown < NARROWER;
  });
  const isShown = isThere.value;
  useLayoutEffect(() => {
    if (!isShown) return;
    const ruler = computed(() => rulerOf(latest.value, size.value));
    return effect(() => {
      const { viewport, bounds } = latest.value;
      const { start, end } = viewport.value;
      const { width } = ruler.value;
      const rail = root.current?.querySelector<HTMLElement>('.overview-rail.middle') ?? null;
      if (rail === null || width === 0) return;
      const middle = ((shareOf(start, bounds) + shareOf(end, bounds)) / 2) * width;
      rail.style.transform = `translateX(${(placeButton(middle, ruler.value) / width) * 100}%)`;
    });
  }, [latest, size, root, isShown]);
  if (!isShown) return null;
  return (
    <span class="overview-rail middle">
      <button
        type="button"
        class="overview-zoom"
        aria-label="Zoom the overview into what is shown"
        title="Zoom the overview into what is shown (Z)"
        onClick={() => latest.peek().onZoomInto()}
      >
        <span aria-hidden="true">+</span>
      </button>
    </span>
  );
}

function rulerOf({ bounds, origin }: OverviewStripProps, { width, ratio, textGrowth }: CanvasSize) {
  const measures = measuresFor(ratio, textGrowth);
  const whole = clampViewport(bounds, bounds);
  const grid = makeGrid(whole.start, whole, Math.max(1, width));
  return { width, measures, ticks: layOutTicks(grid, origin, measures.tick) };
}

function Handle({ latest, edge }: PartProps & { readonly edge: Edge }) {
  const handle = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const stops = [
      effect(() => {
        const { viewport, scheduler } = latest.value;
        // While the picture moves nobody hears more than the handle that is held.
        viewport.value;
        if (scheduler.idle.value || document.activeElement === handle.current)
          describeHandle(handle.current, edge, latest.value);
      }),
      effect(() => describeBounds(handle.current, latest.value)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [latest, edge]);
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    const { bounds } = latest.peek();
    const width = event.currentTarget.closest('.overview-strip')?.clientWidth ?? 1;
    const microsPerPixel = (bounds.end - bounds.start) / width;
    const { code, ctrlKey } = event;
    if (!pressHandleKey(latest.peek(), edge, { code, ctrlKey, microsPerPixel })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class={`overview-rail ${edge}`}>
      <div
        ref={handle}
        class="overview-handle"
        data-edge={edge}
        role="slider"
        tabIndex={0}
        aria-label={edge === 'start' ? 'Start of what is shown' : 'End of what is shown'}
        aria-valuenow={0}
        onFocus={() => describeHandle(handle.current, edge, latest.peek())}
        onKeyDown={onKeyDown}
      />
    </span>
  );
}

/** What the strip shows at the handle is told while it has the focus: nobody hears it otherwise. */
function describeHandle(handle: HTMLElement | null, edge: Edge, props: OverviewStripProps): void {
  const { viewport, origin, content } = props;
  const moment = viewport.value[edge];
  if (handle === null) return;
  handle.ariaValueNow = inMillis(moment - origin);
  handle.ariaValueText = formatTick(moment - origin, 100);
  if (document.activeElement === handle) handle.setAttribute('aria-description', tellMoment(content, moment));
}

function describeBounds(handle: HTMLElement | null, { bounds, origin }: OverviewStripProps): void {
  if (handle === null) return;
  handle.ariaValueMin = inMillis(bounds.start - origin);
  handle.ariaValueMax = inMillis(bounds.end - origin);
}

const inMillis = (micros: number): string => `${Math.round(micros / 1e3)}`;

function shareOf(time: number, { start, end }: TimeRange): number {
  return end > start ? Math.min(1, Math.max(0, (time - start) / (end - start))) : time > start ? 1 : 0;
}

const percent = (share: number): string => `${share * 100}%`;
