/** The `?` page: every key. A modal dialog of the browser: it keeps the focus, and Esc closes it. */
import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { KeySettings } from '../../settings/index.ts';
import { listKeys } from '../state/keys.ts';
import { CloseIcon } from './icons.tsx';

interface HelpProps {
  readonly open: Signal<boolean>;
  readonly isMac: boolean;
  readonly keys: KeySettings;
}

export function Help({ open, isMac, keys: chosen }: HelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = open.value;
  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  const close = (): void => {
    open.value = false;
  };
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <header>
        <h1 id="help-title">Keys</h1>
        <button type="button" class="tool" aria-label="Close" onClick={close}>
          <CloseIcon />
        </button>
      </header>
      <div class="columns">
        {listKeys(isMac, chosen).map(({ group, rows }) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl class="keys">
              {rows.map(({ keys, does }) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
