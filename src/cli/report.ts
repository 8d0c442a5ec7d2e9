/** What a command prints about a failure, and texts of the page made fit for a terminal. */
import type { Failure } from '../base/index.ts';

/** One line on stderr; the exit code of work that failed. */
export function reportFailure({ message }: Failure): number {
  process.stderr.write(`pageflame: ${printable(message)}\n`);
  return 1;
}

/** A file may name anything: nothing that a terminal would obey is printed. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '·');
}
