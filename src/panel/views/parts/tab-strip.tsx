/** Tabs as ARIA describes them: arrow keys, Home and End walk them. In: their names, which one is open. Out: another one. */
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
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const index = tabs.findIndex(({ id }) => id === here);
    const there: Readonly<Record<string, number>> = {
      ArrowRight: (index + 1) % tabs.length,
      ArrowLeft: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = tabs[there[event.key]];
    if (next === undefined) return;
    event.preventDefault();
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
