/**
 * The ignore list: scripts whose functions the chart does not draw. A modal dialog of the browser; every change counts at
 * once and for all recordings. In: the settings. Out: changes of them.
 */
import type { Signal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { LONGEST_IGNORED, MOST_IGNORED } from '../../../settings/index.ts';
import type { App } from '../../state/app.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useEscape } from '../parts/use-escape.ts';

interface IgnoreListProps {
  readonly app: App;
  readonly isOpen: Signal<boolean>;
}

export function changeIgnored(app: App, make: (patterns: readonly string[]) => readonly string[]): void {
  void app.actions.changeSettings((all) => ({
    ...all,
    chart: { ...all.chart, ignored: [...new Set(make(all.chart.ignored))].slice(0, MOST_IGNORED) },
  }));
}

export function IgnoreList({ app, isOpen }: IgnoreListProps) {
  const close = (): void => {
    isOpen.value = false;
  };
  useEscape(close);
  return (
    <Dialog id="ignore" title="Ignore list" kind="settings ignore-list" isOpen={true} onClose={close}>
      <p class="save-note">
        Functions of these scripts are not drawn in the flame chart, of any recording. A pattern is a part of
        the script’s address; * stands for anything. Numbers and tables still count them.
      </p>
      <Patterns app={app} />
    </Dialog>
  );
}

function Patterns({ app }: { readonly app: App }) {
  const { ignored } = app.outside.settings.current.value.settings.chart;
  /** Taken away last, together. */
  const [gone, setGone] = useState<readonly string[]>([]);
  const drop = (patterns: readonly string[]): void => {
    setGone(patterns);
    changeIgnored(app, (all) => all.filter((one) => !patterns.includes(one)));
  };
  return (
    <>
      <ul class="notes">
        {ignored.map((pattern) => (
          <li key={pattern}>
            <span class="note-words code">{pattern}</span>
            <button
              type="button"
              class="plain-button"
              aria-label={`Draw again: ${pattern}`}
              onClick={() => drop([pattern])}
            >
              Draw again
            </button>
          </li>
        ))}
      </ul>
      {ignored.length === 0 && <p class="quiet">Nothing is ignored.</p>}
      <NewPattern app={app} />
      <p class="setting-buttons">
        <button
          type="button"
          class="plain-button"
          disabled={ignored.length === 0}
          onClick={() => drop(ignored)}
        >
          Ignore nothing
        </button>
        {gone.length > 0 && (
          <button
            type="button"
            class="plain-button"
            onClick={() => {
              // What was added meanwhile stays.
              changeIgnored(app, (all) => [...all, ...gone]);
              setGone([]);
            }}
          >
            Undo
          </button>
        )}
      </p>
    </>
  );
}

function NewPattern({ app }: { readonly app: App }) {
  const input = useRef<HTMLInputElement>(null);
  const add = (event: Event): void => {
    event.preventDefault();
    const pattern = input.current?.value.trim() ?? '';
    if (pattern.replaceAll('*', '') !== '') changeIgnored(app, (all) => [...all, pattern]);
    if (input.current !== null) input.current.value = '';
  };
  return (
    <form class="ignore-form" onSubmit={add}>
      <input
        ref={input}
        class="text-field"
        aria-label="A part of a script’s address"
        placeholder="vendor*.js"
        maxLength={LONGEST_IGNORED}
        spellcheck={false}
        autocomplete="off"
      />
      <button type="submit" class="plain-button">
        Ignore
      </button>
    </form>
  );
}
