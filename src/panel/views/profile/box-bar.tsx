/**
 * What stands under a flame graph: the selected box in words, and what can be done to it by buttons that name their keys.
 * In: its chart, its figures as words, what the graph's own buttons are. Out: a bar; pressing a transform hands its key on,
 * so that button and key do the same.
 */
import type { ComponentChildren } from 'preact';
import type { Chart } from '../../../flame/index.ts';
import { TRANSFORM_KEYS, type TransformKey } from '../../state/profile/graph-keys.ts';
import { describeSource } from '../../words/places.ts';

interface BoxBarProps {
  readonly chart: Chart;
  readonly box: number;
  /** `var(--change-3)`; without it there is no swatch. */
  readonly swatch?: string;
  /** `total 3.2 ms (4 %)`. */
  readonly figures: readonly string[];
  /** The graph's own buttons, before the transforms. */
  readonly children: ComponentChildren;
  readonly onTransform: (key: TransformKey) => void;
}

export function BoxBar({ chart, box, swatch, figures, children, onTransform }: BoxBarProps) {
  const { text, source } = chart.labels[chart.boxes.label[box]];
  return (
    <div class="box-bar">
      <p class="box-facts">
        {swatch !== undefined && <i class="swatch" style={{ background: swatch }} />} <strong>{text}</strong>{' '}
        {figures.map((figure) => (
          <span key={figure} class="number">
            {figure}{' '}
          </span>
        ))}
        {source !== null && (
          <span class="code quiet" title={source.url}>
            {describeSource(source)}
          </span>
        )}
      </p>
      <div class="box-actions">
        {children}
        {TRANSFORM_KEYS.filter(({ kind }) => kind !== 'collapse-source' || source !== null).map((key) => (
          <BoxButton key={key.kind} title={`${key.does} (${key.keys})`} onPress={() => onTransform(key)}>
            {key.name}
          </BoxButton>
        ))}
      </div>
    </div>
  );
}

interface BoxButtonProps {
  /** With its key. */
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onPress: () => void;
}

export function BoxButton({ title, children, onPress }: BoxButtonProps) {
  return (
    <button type="button" class="tool" title={title} onClick={onPress}>
      {children}
    </button>
  );
}

/** Opens the sandwich of the box's function. */
export function SandwichButton({ onPress }: Pick<BoxButtonProps, 'onPress'>) {
  return (
    <BoxButton title="Who calls it, and what it calls (3)" onPress={onPress}>
      Sandwich
    </BoxButton>
  );
}
