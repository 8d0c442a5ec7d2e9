/**
 * The handle between chart and details: drag it, or focus it and press up and down. In: the height of what is under
 * it, as a signal. Out: the same, between the limits. The caller keeps it.
 */
import type { Signal } from '@preact/signals';

/** CSS pixels. */
export const DETAILS_HEIGHT = { least: 60, most: 640 } as const;

/** Where nobody has chosen yet: a share of the window, and no more than tables and flame graph need to be read. */
export const usualDetailsHeight = (windowHeight: number): number => clamp(Math.min(280, windowHeight * 0.32));

const KEY_STEP = 20;

function clamp(height: number): number {
  return Math.round(Math.min(DETAILS_HEIGHT.most, Math.max(DETAILS_HEIGHT.least, height)));
}

export function Splitter({ height }: { readonly height: Signal<number> }) {
  const onPointerDown = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const handle = event.currentTarget;
    const from = event.clientY + height.peek();
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent): void => {
      height.value = clamp(from - move.clientY);
    };
    const onEnd = (): void => {
      handle.removeEventListener('pointermove', onMove);
      handle.removeEventListener('lostpointercapture', onEnd);
    };
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('lostpointercapture', onEnd);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP };
    if (!(event.key in steps)) return;
    event.preventDefault();
    height.value = clamp(height.peek() + steps[event.key]);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved.
    <div
      class="splitter"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the details"
      aria-valuemin={DETAILS_HEIGHT.least}
      aria-valuemax={DETAILS_HEIGHT.most}
      aria-valuenow={height.value}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
