/** Tabs as ARIA describes them: arrow keys walk them. In: their names, which one is open. Out: another one. */
import type { Signal } from '@preact/signals';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly name: string;
}

interface TabStripProps<Id extends string> {
  readonly tabs: readonly Tab<Id>[];
  readonly tab: Signal<Id>;
  /** Id of the element that shows what is open. */
  readonly pane: string;
}

export function TabStrip<Id extends string>({ tabs, tab, pane }: TabStripProps<Id>) {
  const here = tab.value;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    const index = tabs.findIndex(({ id }) => id === here);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    tab.value = next.id;
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
      {tabs.map(({ id, name }) => (
        <button
          type="button"
          key={id}
          id={`tab-${id}`}
          role="tab"
          class="tab"
          aria-selected={id === here}
          aria-controls={pane}
          tabIndex={id === here ? 0 : -1}
          onClick={() => {
            tab.value = id;
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
