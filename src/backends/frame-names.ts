/**
 * Function names that carry their file, for backends that group by name alone.
 * In: a profile. Out: the same with `app.js:render` for `render` of `https://shop.example/js/app.js`.
 */
import type { StackProfile } from '../profile/index.ts';

export function nameFramesByFile(profile: StackProfile): StackProfile {
  const { frames, strings } = profile;
  const texts = [...strings];
  const rows = new Map<string, number>();
  const name = Int32Array.from({ length: frames.length }, (_, frame) => {
    const file = fileOf(strings[frames.url[frame]]);
    const own = frames.name[frame];
    if (file === '') return own;
    const text = `${file}:${strings[own]}`;
    let row = rows.get(text);
    if (row === undefined) {
      row = texts.push(text) - 1;
      rows.set(text, row);
    }
    return row;
  });
  return { ...profile, strings: texts, frames: { ...frames, name } };
}

/** The last part of an address's path; its host where the path is empty. */
function fileOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '').replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return (
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? ''
  );
}
