/** The `?` page: every key. */
import type { Signal } from '@preact/signals';
import type { KeySettings } from '../../../settings/index.ts';
import { listKeys } from '../../state/keys.ts';
import { Dialog } from '../parts/dialog.tsx';

interface KeysProps {
  readonly isMac: boolean;
  readonly keys: KeySettings;
}

interface HelpProps extends KeysProps {
  readonly open: Signal<boolean>;
}

export function Help({ open, ...keys }: HelpProps) {
  const close = (): void => {
    open.value = false;
  };
  return (
    <Dialog id="help" title="Keys" kind="keys-dialog" isOpen={open.value} onClose={close}>
      <Keys {...keys} />
    </Dialog>
  );
}

function Keys({ isMac, keys: chosen }: KeysProps) {
  return (
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
  );
}
