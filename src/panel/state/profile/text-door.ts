/**
 * Texts of tables on their way out: to the clipboard, or as a file to the browser's downloads.
 * In: the outside, and where what came of it is told. Out: two actions that never fail silently.
 */
import type { Signal } from '@preact/signals';
import type { Outside } from '../doors.ts';

export interface TextDoor {
  /** `what`: what is told to be copied, as `The table`. */
  readonly copy: (text: string, what: string) => Promise<void>;
  readonly saveText: (text: string, file: { readonly name: string; readonly what: string }) => void;
}

export function createTextDoor(outside: Pick<Outside, 'copy' | 'download'>, said: Signal<string>): TextDoor {
  return {
    async copy(text, what) {
      const isCopied = await outside.copy(text);
      said.value = isCopied ? `${what} copied.` : 'The browser did not let us write to the clipboard.';
    },
    saveText(text, { name, what }) {
      outside.download(name, new Blob([text], { type: 'text/plain' }));
      said.value = `${what} is in ${name}, among the browser's downloads.`;
    },
  };
}
