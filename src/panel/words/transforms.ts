/** Transforms of a profile as breadcrumbs name them. Pure. */
import { unreachable } from '../../base/index.ts';
import type { ProfileTransform } from '../../profile/index.ts';
import { CATEGORY_NAMES } from './categories.ts';
import { shortenMiddle } from './format.ts';

const MOST_CHARACTERS = 40;
const short = (name: string): string => shortenMiddle(name, MOST_CHARACTERS);

export function nameTransform(transform: ProfileTransform): string {
  switch (transform.kind) {
    case 'focus-function':
      return `Focus: ${short(transform.function.name)}`;
    case 'focus-subtree':
      return `Focus here: ${short(transform.path.at(-1)?.name ?? '')}`;
    case 'focus-category':
      return `Only ${CATEGORY_NAMES[transform.category]}`;
    case 'merge-function':
      return `Merge: ${short(transform.function.name)}`;
    case 'collapse-function':
      return `Collapse: ${short(transform.function.name)}`;
    case 'collapse-recursion':
      return transform.function === null ? 'No recursion' : `No recursion: ${short(transform.function.name)}`;
    case 'collapse-source':
      return `Collapse file: ${short(transform.url.replace(/^.*\/(?=[^/])/, ''))}`;
    case 'drop-function':
      return `Drop: ${short(transform.function.name)}`;
    default:
      return unreachable(transform);
  }
}
