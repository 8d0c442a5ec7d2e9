/** Says that the chart does not show all, and takes it back. Nothing where it shows all. */
import type { Signal } from '@preact/signals';
import type { HideRule } from '../../../flame/index.ts';
import { countOf } from '../../words/format.ts';

export function HiddenBar({ hidden }: { readonly hidden: Signal<readonly HideRule[]> }) {
  const rules = hidden.value;
  if (rules.length === 0) return null;
  return (
    <div class="search-bar">
      <p role="status">
        {countOf(rules.length, 'hiding', 'hidings')} in the chart. Numbers and tables still count what is
        hidden.
      </p>
      <button
        type="button"
        class="plain-button"
        onClick={() => {
          hidden.value = rules.slice(0, -1);
        }}
      >
        Undo the last
      </button>
      <button
        type="button"
        class="plain-button"
        onClick={() => {
          hidden.value = [];
        }}
      >
        Show all
      </button>
    </div>
  );
}
