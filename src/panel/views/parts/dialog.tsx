/**
 * A modal dialog of the browser, which keeps the focus and gives it back: title, a button that closes it, what is in it.
 * In: whether it is open. Out: `onClose` when its user wants it closed, by the button, Esc or the browser's own gesture;
 * it goes when `isOpen` does. Its content is there only while it is open.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** Classes beside its own. */
  readonly kind?: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ id, title, kind = '', isOpen, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!isOpen) return undefined;
    element?.showModal();
    // Also where the whole dialog leaves the page: an element that is only taken away gives no focus back.
    return () => element?.close();
  }, [isOpen]);
  // Not `close`, which is told a moment later, when it may have been asked for again.
  const onCancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={dialog} class={`help ${kind}`.trim()} aria-labelledby={`${id}-title`} onCancel={onCancel}>
      <header>
        <h1 id={`${id}-title`}>{title}</h1>
        <button type="button" class="tool" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {isOpen && children}
    </dialog>
  );
}
