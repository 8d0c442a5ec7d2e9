/**
 * What the number in a box's `colour` stands for, beyond categories and the looks of the page's tracks: how much a
 * function changed between two profiles, or the file that it is from where nobody knows its category. Pure.
 *
 *   below 200   2 × category or look, + 1 for the other shade
 *   200 … 208   much less … the same … much more
 *   209 … 216   files, by their names
 */

export const FIRST_CHANGE_KEY = 200;
/** Steps to either side of "the same". */
export const CHANGE_STEPS = 4;
export const FIRST_FILE_KEY = FIRST_CHANGE_KEY + 2 * CHANGE_STEPS + 1;
export const FILE_KEYS = 8;

/** From these shares of the larger side on a change is of step 1, 2, 3 and 4. */
const CHANGE_FROM = [0.02, 0.1, 0.3, 0.6] as const;
/** Less of the whole is noise, whatever it is of the function. */
const LEAST_OF_WHOLE = 0.001;

/** −4 much less … 0 the same … 4 much more; new and gone are the last steps. `whole`: the larger of both sides'. */
export function changeStep(before: number, after: number, whole: number): number {
  const delta = after - before;
  const larger = Math.max(before, after);
  if (larger <= 0 || Math.abs(delta) < whole * LEAST_OF_WHOLE) return 0;
  const share = Math.abs(delta) / larger;
  const step = CHANGE_FROM.filter((from) => share >= from).length;
  return delta < 0 ? -step + 0 : step;
}

export const changeKey = (step: number): number => FIRST_CHANGE_KEY + CHANGE_STEPS + step;

/** What a box's colour says of its change in a character: `+` more, `−` less; '' the same, and for all other colours. */
export function changeSign(colour: number): '+' | '−' | '' {
  const step = colour - FIRST_CHANGE_KEY - CHANGE_STEPS;
  if (step === 0 || Math.abs(step) > CHANGE_STEPS) return '';
  return step > 0 ? '+' : '−';
}

/** The same for the same file, wherever it is opened. */
export function fileKey(file: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < file.length; i++) hash = Math.imul(hash ^ file.charCodeAt(i), 0x01000193);
  return FIRST_FILE_KEY + (((hash ^ (hash >>> 15)) >>> 0) % FILE_KEYS);
}
