/** Which way a flame graph is turned. In: the choice as a signal, a name for its group of radios. Out: another choice. */
import type { Signal } from '@preact/signals';
import type { GraphShown } from '../state/graph-view.ts';

const SHOWN: readonly { readonly id: GraphShown; readonly name: string }[] = [
  { id: 'top-down', name: 'Top-down' },
  { id: 'bottom-up', name: 'Bottom-up' },
  { id: 'sandwich', name: 'Sandwich' },
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
      {SHOWN.map(({ id, name }) => (
        <label key={id}>
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
