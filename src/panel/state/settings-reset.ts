/**
 * All settings at their defaults, and the way back.
 * In: the settings, the notices. Out: what was before, for as long as it can be brought back. Tags stay as they are: they
 * are the user's own words, no choices.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { DEFAULT_SETTINGS, type Settings } from '../../settings/index.ts';
import type { Notices } from './notices.ts';

export interface SettingsReset {
  readonly canUndo: ReadonlySignal<boolean>;
  readonly reset: (now: Settings) => void;
  /** False where there is nothing to bring back. */
  readonly undo: () => boolean;
}

const NOTICE = 'settings-reset';

export function createSettingsReset(
  change: (make: (settings: Settings) => Settings) => Promise<void>,
  notices: Pick<Notices, 'show' | 'dismiss'>,
): SettingsReset {
  const before = signal<Settings | null>(null);
  return {
    canUndo: computed(() => before.value !== null),
    reset(now) {
      before.value = now;
      void change(({ tags }) => ({ ...DEFAULT_SETTINGS, tags }));
      notices.show({
        key: NOTICE,
        tone: 'info',
        message: 'All settings are at their defaults.',
        detail: '',
        advice: { label: 'Undo', action: 'undo-settings' },
      });
    },
    undo() {
      const mine = before.peek();
      if (mine === null) return false;
      before.value = null;
      notices.dismiss(NOTICE);
      void change(({ tags }) => ({ ...mine, tags }));
      return true;
    },
  };
}
