/** Notes in words. In: a note, where times count from. Out: what it is on, in a line. */
import { formatDuration, titleOfEvent } from '../../flame/index.ts';
import type { Annotation, SliceAnchor } from '../../recording/index.ts';
import { formatSince } from './format.ts';

/** As the chart calls the slice. */
export const nameAnchor = ({ name }: SliceAnchor): string =>
  name === '' ? '(anonymous)' : titleOfEvent(name);

/** `On Layout at 120 ms`, `On 12 ms from 1.2 s`, `From Layout to Paint at 120 ms`. */
export function nameNote(note: Annotation, origin: number): string {
  switch (note.kind) {
    case 'label':
      return `On ${nameAnchor(note.on)} at ${formatSince(note.on.start - origin)}`;
    case 'range':
      return `On ${formatDuration(note.end - note.start)} from ${formatSince(note.start - origin)}`;
    case 'link':
      return `From ${nameAnchor(note.from)} to ${nameAnchor(note.to)} at ${formatSince(note.from.start - origin)}`;
  }
}
