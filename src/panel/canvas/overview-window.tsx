/**
 * The window that the chart shows, on the overview strip: veils beside it, its frame, a handle at either edge, the button
 * that makes a breadcrumb of it. In: the strip's props, its element. Out: the viewport, by keys on the handles.
 * It moves with every frame of the chart, so its place goes past the components into two properties of the strip, from
 * which style alone moves it (overview.css): nothing is rendered or laid out for it.
 */
import { effect, type Signal, useComputed } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TimeRange } from '../../analysis/index.ts';
import { formatTick } from '../../flame/index.ts';
import { type Edge, pressHandleKey } from './overview-gestures.ts';
import { tellMoment } from './overview-words.ts';
import type { OverviewStripProps } from './props.ts';

/** Of a window that takes more of the strip than this no breadcrumb is made. */
const NARROWER = 0.98;

interface OverviewWindowProps {
  readonly latest: Signal<OverviewStripProps>;
  readonly root: { readonly current: HTMLElement | null };
}

export function OverviewWindow({ latest, root }: OverviewWindowProps) {
  useLayoutEffect(
    () =>
      effect(() => {
        const { viewport, bounds } = latest.value;
        const { start, end } = viewport.value;
        root.current?.style.setProperty('--from', `${shareOf(start, bounds)}`);
        root.current?.style.setProperty('--to', `${shareOf(end, bounds)}`);
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
      <ZoomButton latest={latest} />
    </>
  );
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

function ZoomButton({ latest }: PartProps) {
  const isThere = useComputed(() => {
    const { viewport, bounds } = latest.value;
    return shareOf(viewport.value.end, bounds) - shareOf(viewport.value.start, bounds) < NARROWER;
  });
  if (!isThere.value) return null;
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

function Handle({ latest, edge }: PartProps & { readonly edge: Edge }) {
  const handle = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => effect(() => describeHandle(handle.current, edge, latest.value)), [latest, edge]);
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
  const { viewport, bounds, origin, content } = props;
  const moment = viewport.value[edge];
  if (handle === null) return;
  handle.ariaValueMin = inMillis(bounds.start - origin);
  handle.ariaValueMax = inMillis(bounds.end - origin);
  handle.ariaValueNow = inMillis(moment - origin);
  handle.ariaValueText = formatTick(moment - origin, 100);
  if (document.activeElement === handle) handle.setAttribute('aria-description', tellMoment(content, moment));
}

const inMillis = (micros: number): string => `${Math.round(micros / 1e3)}`;

function shareOf(time: number, { start, end }: TimeRange): number {
  return end > start ? Math.min(1, Math.max(0, (time - start) / (end - start))) : time > start ? 1 : 0;
}

const percent = (share: number): string => `${share * 100}%`;
