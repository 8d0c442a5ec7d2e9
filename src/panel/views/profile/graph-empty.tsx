/**
 * Where a flame graph has nothing to show: that there is nothing, and the way back where a transform left nothing.
 * In: the transforms, what is said without any. Out: a sentence, and a button beside it.
 */
import type { Signal } from '@preact/signals';
import type { ProfileTransform } from '../../../profile/index.ts';
import { nameTransform } from '../../words/transforms.ts';

interface GraphEmptyProps {
  readonly transforms: Signal<readonly ProfileTransform[]>;
  /** `Nothing ran on this thread in this range.` */
  readonly words: string;
}

export function GraphEmpty({ transforms, words }: GraphEmptyProps) {
  const last = transforms.value.at(-1);
  if (last === undefined) return <p class="graph-empty quiet">{words}</p>;
  return (
    <p class="graph-empty quiet">
      With these changes nothing is left in this range.{' '}
      <button
        type="button"
        class="link-button"
        title="Backspace, in the row above or in the graph"
        onClick={() => {
          transforms.value = transforms.peek().slice(0, -1);
        }}
      >
        Take “{nameTransform(last)}” back
      </button>
    </p>
  );
}
