/** A browser's storage area in memory: what one context sets, all hear of. */
import type { SettingsArea } from '../../src/settings/index.ts';

export class MemoryArea implements SettingsArea {
  readonly values = new Map<string, unknown>();
  /** Given: everything fails with these words. */
  refusal: string | null = null;
  readonly #listeners = new Set<(changes: Record<string, { readonly newValue?: unknown }>) => void>();
  readonly onChanged = {
    addListener: (listener: (changes: Record<string, { readonly newValue?: unknown }>) => void): void => {
      this.#listeners.add(listener);
    },
  };

  async get(key: string): Promise<Record<string, unknown>> {
    if (this.refusal !== null) throw new Error(this.refusal);
    return this.values.has(key) ? { [key]: this.values.get(key) } : {};
  }

  async set(values: Record<string, unknown>): Promise<void> {
    if (this.refusal !== null) throw new Error(this.refusal);
    for (const [key, newValue] of Object.entries(values)) {
      this.values.set(key, structuredClone(newValue));
      for (const listener of this.#listeners) listener({ [key]: { newValue } });
    }
  }
}
