/**
 * Whoever has the kernel scan events and files none of them: all that it is asked for is strings.
 * In: the kernel's questions. Out: rows of a string table of its own.
 */
import { StringTable } from '../../base/index.ts';
import type { KernelAnswers } from '../kernel.ts';

export class StringsAlone implements KernelAnswers {
  readonly strings = new StringTable();

  intern(text: string): number {
    return this.strings.intern(text);
  }

  textOf(row: number): string {
    return this.strings.get(row);
  }

  newThread = nothingIsFiled;
  traitsOfName = nothingIsFiled;
  look = nothingIsFiled;
  takeCounter = nothingIsFiled;
  stepName = nothingIsFiled;
  profileOf = nothingIsFiled;
  takeSlices = nothingIsFiled;
  endTakenSlice = nothingIsFiled;
  takeAsyncSlices = nothingIsFiled;
}

function nothingIsFiled(): never {
  throw new Error('Pageflame bug: a scan files events');
}
