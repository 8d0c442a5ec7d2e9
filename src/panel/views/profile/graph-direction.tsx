/** Which way a flame graph is turned. In: the choice as a signal, a name for its group of radios. Out: another choice. */
import type { Signal } from '@preact/signals';
import type { GraphShown } from '../../state/profile/graph-view.ts';

const SHOWN: readonly { readonly id: GraphShown; readonly name: string; readonly means: string }[] = [
  {
    id: 'top-down',
    name: 'Top-down',
    means:
      'Wide as total: what a function took with all that it called; free at its right is what it took itself',
  },
  {
    id: 'bottom-up',
    name: 'Bottom-up',
    means: 'Wide as self: what each function took itself, and who called it then',
  },
  { id: 'sandwich', name: 'Sandwich', means: 'Of one function: who calls it, and what it calls' },
];

interface GraphDirectionProps {
  readonly shown: Signal<GraphShown>;
  /** Unique in the page. */
  readonly name: string;
}

export function GraphDirection({ shown, name: group }: GraphDirectionProps) {
  return (
    <fieldset class="segments">
      <legend class="for-readers">Direction</legend>
      {SHOWN.map(({ id, name, means }) => (
        <label key={id} title={means}>
          <input
            type="radio"
            name={group}
            checked={shown.value === id}
            onChange={() => {
              shown.value = id;
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
