/**
 * A button that opens a menu: arrow keys, Home and End walk it, Enter chooses, Esc and a click elsewhere close it.
 * In: what the button says, the entries. Out: the chosen entry's `onChoose`. The browser's own popover does the
 * layering and the dismissing; CSS anchors it under its button.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

export interface MenuEntry {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly onChoose: () => void;
  readonly disabled?: boolean;
  /** Given: one of several of which one is chosen. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly startsGroup?: boolean;
}

interface MenuProps {
  /** Unique in the page. */
  readonly id: string;
  /** For screen readers, where the button's content does not say it. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly buttonClass: string;
  readonly entries: readonly MenuEntry[];
  readonly title?: string;
}

/** What can be chosen, in order. */
export const itemsOf = (menu: HTMLElement): HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])'),
];

/** Moves the focus as the key says; false where it is no such key. */
export function focusNeighbour(menu: HTMLElement, key: string): boolean {
  const items = itemsOf(menu);
  const here = items.findIndex((item) => item.matches(':focus'));
  const target: Record<string, number> = {
    ArrowDown: (here + 1) % items.length,
    ArrowUp: (here - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (!(key in target)) return false;
  items[target[key]]?.focus();
  return true;
}

export function Menu({ id, label, button, buttonClass, entries, title }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  // A long list is made when it is asked for, not whenever something around it changes.
  const [isOpen, setOpen] = useState(false);
  const isOpening = (event: Event): boolean => event instanceof ToggleEvent && event.newState === 'open';
  const onBeforeToggle = (event: Event): void => {
    if (isOpening(event)) setOpen(true);
  };
  const onToggle = (event: Event): void => {
    // Not before: the browser gives the focus back while there still is something that has it.
    if (!isOpening(event)) setOpen(false);
    if (!isOpening(event) || menu.current === null) return;
    const items = itemsOf(menu.current);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (menu.current === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Tab') menu.current.hidePopover();
    else if (focusNeighbour(menu.current, event.key)) event.preventDefault();
  };
  const choose = (entry: MenuEntry): void => {
    if (entry.disabled === true) return;
    menu.current?.hidePopover();
    entry.onChoose();
  };
  return (
    <>
      <button
        type="button"
        id={`${id}-button`}
        class={buttonClass}
        popovertarget={id}
        aria-haspopup="menu"
        aria-label={label}
        title={title}
      >
        {button}
      </button>
      <div
        id={id}
        ref={menu}
        class="menu"
        popover="auto"
        role="menu"
        aria-labelledby={`${id}-button`}
        onBeforeToggle={onBeforeToggle}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
      >
        {isOpen && entries.map((entry) => <Item key={entry.key} entry={entry} onChoose={choose} />)}
      </div>
    </>
  );
}

interface ItemProps {
  readonly entry: MenuEntry;
  readonly onChoose: (entry: MenuEntry) => void;
}

function Item({ entry, onChoose }: ItemProps) {
  const shared = {
    type: 'button',
    'aria-disabled': entry.disabled === true,
    class: entry.startsGroup === true ? 'starts-group' : '',
    tabIndex: -1,
    onClick: () => onChoose(entry),
  } as const;
  return entry.checked === undefined ? (
    <button role="menuitem" {...shared}>
      {entry.label}
    </button>
  ) : (
    <button role="menuitemradio" aria-checked={entry.checked} {...shared}>
      {entry.label}
    </button>
  );
}
