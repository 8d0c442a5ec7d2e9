/**
 * The chart's own menu, at the pointer or at the selected slice: all that can be done there, each with its key.
 * In: where it opens, the entries. Out: the chosen one's `onChoose`. The browser's popover does layering and dismissing;
 * Esc closes it in DevTools, too (app-view.tsx).
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ClientPoint } from '../../canvas/index.ts';
import { focusNeighbour, itemsOf } from '../parts/menu.tsx';
import '../../style/chart-menu.css';

export interface ChartMenuEntry {
  readonly label: string;
  /** The key that does the same; '' for none. */
  readonly shown: string;
  readonly onChoose: () => void;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly startsGroup?: boolean;
}

interface ChartMenuProps {
  readonly at: ClientPoint;
  readonly entries: readonly ChartMenuEntry[];
  readonly onClose: () => void;
}

/** CSS pixels that the menu keeps from the window's edges. */
const ROOM = 4;

export function ChartMenu({ at, entries, onClose }: ChartMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return;
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(ROOM, Math.min(at.x, innerWidth - width - ROOM))}px`;
    element.style.top = `${Math.max(ROOM, Math.min(at.y, innerHeight - height - ROOM))}px`;
    itemsOf(element)[0]?.focus();
  }, [at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (menu.current === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Tab') menu.current.hidePopover();
    else if (!focusNeighbour(menu.current, event.key)) return;
    event.preventDefault();
  };
  return (
    <div
      ref={menu}
      class="menu chart-menu"
      popover="auto"
      role="menu"
      aria-label="What can be done here"
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
      onToggle={(event) => {
        if (event instanceof ToggleEvent && event.newState === 'closed') onClose();
      }}
    >
      {entries.map((entry) => (
        <Item
          key={entry.label}
          entry={entry}
          onChoose={() => {
            if (entry.disabled === true) return;
            menu.current?.hidePopover();
            entry.onChoose();
          }}
        />
      ))}
    </div>
  );
}

function Item({ entry, onChoose }: { readonly entry: ChartMenuEntry; readonly onChoose: () => void }) {
  const shared = {
    type: 'button',
    'aria-disabled': entry.disabled === true,
    class: entry.startsGroup === true ? 'starts-group' : '',
    tabIndex: -1,
    onClick: onChoose,
  } as const;
  const words = (
    <>
      <span>{entry.label}</span>
      {entry.shown !== '' && <kbd>{entry.shown}</kbd>}
    </>
  );
  return entry.checked === undefined ? (
    <button role="menuitem" {...shared}>
      {words}
    </button>
  ) : (
    <button role="menuitemcheckbox" aria-checked={entry.checked} {...shared}>
      {words}
    </button>
  );
}
