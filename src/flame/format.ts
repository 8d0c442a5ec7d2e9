/**
 * Numbers as people read them. In: microseconds, bytes, counts. Out: text with its unit, a no-break space before it,
 * narrow no-break spaces between thousands. Labels carry three significant digits, details all of them.
 */

const THOUSANDS = '\u202f';
const BEFORE_UNIT = '\u00a0';

/** `4 µs`, `3.2 ms`, `1.25 s`: at most three significant digits, trailing zeros left out. */
export function formatDuration(micros: number): string {
  return withUnit(micros, [
    ['µs', 1],
    ['ms', 1e3],
    ['s', 1e6],
  ]);
}

/** Every digit that the trace knows, in milliseconds: `1 204.127 ms`. */
export function formatExactDuration(micros: number): string {
  return `${formatDecimals(micros / 1e3, 3)}${BEFORE_UNIT}ms`;
}

/** `812 B`, `14.2 kB`, `1.25 MB` (powers of 1000, as DevTools counts). */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, [
    ['B', 1],
    ['kB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
  ]);
}

/** `1 204`. */
export function formatCount(count: number): string {
  return groupThousands(String(Math.round(count)));
}

/** A point in time counted from `origin`, as exact as a ruler whose ticks are `step` microseconds apart needs it. */
export function formatTick(time: number, step: number): string {
  const [unit, size]: Unit = step >= 1e5 ? ['s', 1e6] : ['ms', 1e3];
  const decimals = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  const value = Math.abs(time) < step / 2 ? 0 : time / size;
  return `${groupThousands(value.toFixed(decimals))}${BEFORE_UNIT}${unit}`;
}

type Unit = readonly [name: string, size: number];

function withUnit(value: number, units: readonly Unit[]): string {
  for (const [index, [name, size]] of units.entries()) {
    const rounded = Number((value / size).toPrecision(3));
    // 999.6 µs rounds to 1 000: that is 1 ms.
    if (Math.abs(rounded) < 1000 || index === units.length - 1) {
      return `${groupThousands(plainDigits(rounded))}${BEFORE_UNIT}${name}`;
    }
  }
  return '';
}

/** No exponent, and nothing below a thousandth. */
function plainDigits(value: number): string {
  return formatPlain(value, 3);
}

function formatDecimals(value: number, decimals: number): string {
  return groupThousands(formatPlain(value, decimals));
}

function formatPlain(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}

function groupThousands(digits: string): string {
  const [whole, fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THOUSANDS);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
