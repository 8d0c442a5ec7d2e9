/**
 * What was the case at the moment under the pointer, below the overview strip. In: where the pointer is (CSS pixels of
 * the window), null outside. Out: a card that covers nothing of the strip. For eyes alone: what it says, the charts say.
 */
import type { ReadonlySignal } from '@preact/signals';
import { formatDuration } from '../../../flame/index.ts';
import type { OverviewStripProps } from '../props.ts';
import { readOverview } from './overview-words.ts';

interface ReadoutProps {
  readonly latest: ReadonlySignal<OverviewStripProps>;
  readonly pointed: ReadonlySignal<number | null>;
  readonly root: { readonly current: HTMLElement | null };
}

export function OverviewReadout({ latest, pointed, root }: ReadoutProps) {
  const x = pointed.value;
  const box = root.current?.getBoundingClientRect();
  if (x === null || box === undefined || box.width === 0) return null;
  const { bounds, origin, content } = latest.value;
  const time = bounds.start + ((x - box.left) / box.width) * (bounds.end - bounds.start);
  const lines = readOverview(content, time);
  const isLeft = x - box.left < box.width / 2;
  return (
    <div
      class="overview-readout"
      aria-hidden="true"
      style={{
        top: `${box.bottom + 4}px`,
        ...(isLeft ? { left: `${x + 8}px` } : { right: `${document.documentElement.clientWidth - x + 8}px` }),
      }}
    >
      <p class="number">
        <strong>{tellSince(time - origin)}</strong>
      </p>
      <dl>
        {lines.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const tellSince = (micros: number): string =>
  micros < 0 ? `${formatDuration(-micros)} before navigation` : formatDuration(micros);
