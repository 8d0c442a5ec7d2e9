/**
 * Numbers and addresses → the words that people read, beside what flame/ has for durations, bytes and counts.
 * In: milliseconds, shares, moments, addresses, as each name says. Out: short text. Refuses nothing: an address that is
 * none stands as it is.
 */
import type { Micros, Millis, UnixMillis } from '../../base/index.ts';
import { formatCount, formatDuration } from '../../flame/index.ts';

const NO_BREAK_SPACE = '\u00a0';
export const UNKNOWN = '–';

/** A moment counted from an origin, as short as a label: `0`, `350 ms`, `−1.2 s`. */
export function formatSince(micros: Micros): string {
  if (Math.abs(micros) < 0.5) return '0';
  return micros < 0 ? `−${formatDuration(-micros)}` : formatDuration(micros);
}

/** Milliseconds without their unit, for columns that name it: `1 204.357`, always three decimals. */
export function formatMillisExact(millis: Millis): string {
  const [whole, decimals] = Math.abs(millis).toFixed(3).split('.');
  const sign = millis < 0 && (Number(whole) !== 0 || Number(decimals) !== 0) ? '−' : '';
  return `${sign}${formatCount(Number(whole))}.${decimals}`;
}

/** Milliseconds without their unit, short: `1 204`, `112`, `3.2`, `0.05`. */
export function formatMillisShort(millis: Millis): string {
  return millis >= 9.95 ? formatCount(millis) : String(Number(millis.toFixed(millis >= 1 ? 1 : 2)));
}

/** `42 %`, `0.4 %`; 0 where the whole is 0. */
export function formatShare(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  return `${percent >= 9.95 || percent === 0 ? Math.round(percent) : percent.toFixed(1)}${NO_BREAK_SPACE}%`;
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
