/** What a command prints about a failure, and texts of the page made fit for a terminal. */
import type { Failure } from '../base/index.ts';

/** One line on stderr: the sentence, and the refuser's own words; the exit code of work that failed. */
export function reportFailure({ message, detail }: Failure): number {
  const line = detail === '' ? message : `${message} (${detail})`;
  process.stderr.write(`pageflame: ${printable(line.replace(/\s*\n\s*/g, ' '))}\n`);
  return 1;
}

/** A file may name anything: nothing that a terminal would obey is printed. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '·');
}
