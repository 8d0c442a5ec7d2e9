/** The field that filters a list: what is typed goes to the signal at once. */
import type { Signal } from '@preact/signals';

interface FilterFieldProps {
  readonly text: Signal<string>;
  /** For screen readers: what it filters. */
  readonly label: string;
}

export function FilterField({ text, label }: FilterFieldProps) {
  return (
    <input
      type="search"
      class="text-field filter"
      aria-label={label}
      placeholder="Filter"
      value={text.value}
      onInput={(event) => {
        text.value = event.currentTarget.value;
      }}
    />
  );
}
