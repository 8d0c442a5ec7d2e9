/**
 * Plain values → debug annotations: what arguments.ts reads, written.
 * In: an event's arguments as JSON gives them. Out: fields of the TrackEvent at hand.
 *  - Names of arguments are given by number (interned), names within them as text, as Chrome writes them.
 *  - What no annotation can say is JSON text: null, empty objects and lists, texts with halves of characters, values nested
 *    deeper than {@link DEEPEST}.
 */
import type { WireWriter } from '../../base/index.ts';
import type { Args } from '../event.ts';

/** arguments.ts reads a little deeper. */
const DEEPEST = 48;
const TWO_63 = 2 ** 63;
const HALF = /\p{Surrogate}/u;

/** Halves of characters cannot be told in UTF-8; JSON text escapes them. */
export const hasNoHalves = (text: string): boolean => !HALF.test(text);

/** `iidOf` tells the number of an argument's name. `asJson`: the value of `data` is written as JSON text. */
export function writeArguments(
  out: WireWriter,
  args: Args,
  { iidOf, asJson }: { readonly iidOf: (name: string) => number; readonly asJson: boolean },
): void {
  for (const [name, value] of Object.entries(args)) {
    // 4 debug_annotations
    const annotation = out.open(4);
    out.number(1, iidOf(name));
    if (asJson && name === 'data') out.text(9, JSON.stringify(value));
    else writeValue(out, value, 0);
    out.close(annotation);
  }
}

function writeValue(out: WireWriter, value: unknown, depth: number): void {
  if (typeof value === 'string' && hasNoHalves(value)) out.text(6, value);
  else if (typeof value === 'number') writeNumber(out, value);
  else if (typeof value === 'boolean') out.choice(2, Number(value));
  else if (depth < DEEPEST && Array.isArray(value) && value.length > 0) {
    for (const item of value) {
      // 12 array_values
      const at = out.open(12);
      writeValue(out, item, depth + 1);
      out.close(at);
    }
  } else if (depth < DEEPEST && isFilled(value)) {
    for (const [name, inner] of Object.entries(value)) {
      // 11 dict_entries
      const at = out.open(11);
      out.text(10, name);
      writeValue(out, inner, depth + 1);
      out.close(at);
    }
    // 9 legacy_json_value
  } else out.text(9, JSON.stringify(value) ?? 'null');
}

function isFilled(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

/** Whole numbers of 64 bits, all others as doubles. */
function writeNumber(out: WireWriter, value: number): void {
  if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) >= TWO_63) out.double(5, value);
  else if (Number.isSafeInteger(value)) out.choice(4, value);
  // 3 uint_value, 4 int_value
  else out.bigint(value < 0 ? 4 : 3, BigInt(value));
}
