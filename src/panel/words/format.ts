/**
 * Numbers → the words that people read: durations, times of day, bytes, counts, addresses.
 * In: microseconds, milliseconds, bytes or counts, as each name says. Out: short text, never more than three
 * significant digits unless the name says `Exact`. Refuses nothing: a number that is not finite reads as an en dash.
 */
import type { Micros, Millis, UnixMillis } from '../../base/index.ts';

const THIN_SPACE = '\u2009';
const NO_BREAK_SPACE = '\u00a0';
export const UNKNOWN = '–';

/** `1 204 388`, with thin spaces. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return UNKNOWN;
  const whole = String(Math.abs(Math.round(count)));
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return count <= -0.5 ? `−${grouped}` : grouped;
}

/** Three significant digits, no trailing zeros, whole part never shortened: `0.123`, `3.2`, `1 204`. */
export function formatSignificant(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return UNKNOWN;
  if (size >= 100) return formatCount(value);
  const decimals = size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(decimals))).replace('-', '−');
}

/** `4 µs`, `3.2 ms`, `1.25 s`. */
export function formatDuration(micros: Micros): string {
  if (!Number.isFinite(micros)) return UNKNOWN;
  const size = Math.abs(micros);
  if (size === 0) return `0${NO_BREAK_SPACE}ms`;
  // 999.5 and up would round to a thousand of the smaller unit.
  if (size < 999.5) return `${formatSignificant(micros)}${NO_BREAK_SPACE}µs`;
  if (size < 999_500) return `${formatSignificant(micros / 1_000)}${NO_BREAK_SPACE}ms`;
  return `${formatSignificant(micros / 1_000_000)}${NO_BREAK_SPACE}s`;
}

/** Every digit that was measured, in milliseconds: `1 204.357 ms`. */
export function formatDurationExact(micros: Micros): string {
  if (!Number.isFinite(micros)) return UNKNOWN;
  return `${formatMillisExact(micros / 1_000)}${NO_BREAK_SPACE}ms`;
}

/** Milliseconds to the microsecond, without a unit: `1 204.357`. */
export function formatMillisExact(millis: Millis): string {
  if (!Number.isFinite(millis)) return UNKNOWN;
  const [whole, decimals] = Math.abs(millis).toFixed(3).split('.');
  const shown = `${formatCount(Number(whole))}.${decimals}`;
  return millis < 0 && Number(shown.replaceAll(THIN_SPACE, '')) !== 0 ? `−${shown}` : shown;
}

/** `42 %`, `0.4 %`; 0 where the whole is 0. */
export function formatShare(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)}${NO_BREAK_SPACE}%`;
}

/** `812 B`, `3.2 kB`, `65 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(value) : formatSignificant(value)}${NO_BREAK_SPACE}${units[unit]}`;
}

/** A running clock: `3.4 s`, from a minute `1:05`. */
export function formatElapsed(millis: Millis): string {
  const seconds = Math.max(0, millis) / 1_000;
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)}${NO_BREAK_SPACE}s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** `14:02` today, `20 Nov 14:02` this year, `20 Nov 2025 14:02` before; in the reader's own time zone. */
export function formatMoment(time: UnixMillis, now: UnixMillis): string {
  const clock = CLOCK.format(time);
  if (DAY_AND_YEAR.format(time) === DAY_AND_YEAR.format(now)) return clock;
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return `${(sameYear ? DAY : DAY_AND_YEAR).format(time)} ${clock}`;
}

/** `shop.example/cart`: what tells one page from another. The text itself where it is no address. */
export function formatPage(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  if (host === '') return url.slice(0, 80);
  if (!/^https?:$/.test(protocol)) return `${protocol}//${host}${pathname}`;
  return pathname === '/' ? host : `${host}${pathname}`;
}

/** Ellipsis in the middle, for paths: their beginning and their end both tell. */
export function shortenMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}

/** `1 recording`, `2 recordings`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
