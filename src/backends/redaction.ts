/**
 * What is taken out of texts before they leave.
 * In: a text, an address or a profile, and what to leave out. Out: the same without it. Addresses inside other texts
 * (labels, function names, errors) are found and treated alike.
 */
import type { StackProfile } from '../profile/index.ts';
import type { Labels, Redaction } from './contract.ts';

/** What a backend needs not: the rest of an address names the script or page well enough. */
export const DEFAULT_REDACTION: Redaction = {
  queryStrings: true,
  fragments: true,
  userInfo: true,
  pathParts: [],
  titles: true,
};

const HIDDEN = ':redacted';

/** Why a pattern cannot be used; null where it can. */
export function checkPathPattern(pattern: string): string | null {
  try {
    new RegExp(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export type Redact = (text: string) => string;

/** One function for all texts of a delivery; equal texts are worked out once. */
export function makeRedactor(redaction: Redaction): Redact {
  const patterns = redaction.pathParts
    .filter((pattern) => checkPathPattern(pattern) === null)
    .map((pattern) => new RegExp(`^(?:${pattern})$`));
  const known = new Map<string, string>();
  return (text) => {
    let redacted = known.get(text);
    if (redacted === undefined) {
      redacted = redactText(wellFormed(text), redaction, patterns);
      known.set(text, redacted);
    }
    return redacted;
  };
}

/** Half a surrogate pair is no text on the wire: it becomes �. */
const wellFormed = (text: string): string =>
  /\p{Surrogate}/u.test(text) ? new TextDecoder().decode(new TextEncoder().encode(text)) : text;

/**
 * An address with a host. Quotes, braces and bars may stand in one as they are, so it goes on until white space, `"`, `<` or
 * `>`: rather too much is left out behind a `?` than too little.
 */
const ADDRESS = /\b[a-z][a-z0-9+.-]{0,40}:\/\/[^\s"<>]+/gi;
/** Of an address, or of one without its scheme. */
const USER_INFO = /(^|:)\/\/[^/?#\s"<>]*@/g;
/** Whole contents, which may hold white space; and handles that only that page knew. */
const INLINE = /\b(data:[\w.+/-]*)[;,].*$/is;
const BLOB = /\bblob:(https?:\/\/[^/\s"<>]+)[^\s"<>]*/gi;

function redactText(text: string, redaction: Redaction, patterns: readonly RegExp[]): string {
  if (!text.includes(':') && !text.startsWith('/')) return text;
  const whole = text.replace(INLINE, '$1').replace(BLOB, 'blob:$1');
  const bare = redaction.userInfo ? whole.replace(USER_INFO, '$1//') : whole;
  if (bare.startsWith('/')) return redactPath(bare, redaction, patterns);
  return bare.replace(ADDRESS, (url) => redactUrl(url, redaction, patterns));
}

function redactUrl(url: string, redaction: Redaction, patterns: readonly RegExp[]): string {
  const [, host, rest] = /^([^:]+:\/\/[^/?#]*)(.*)$/s.exec(url) ?? ['', url, ''];
  return host + redactPath(rest, redaction, patterns);
}

function redactPath(rest: string, redaction: Redaction, patterns: readonly RegExp[]): string {
  const [, path, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(rest) ?? ['', rest];
  const parts = path
    .split('/')
    .map((part) => (part !== '' && patterns.some((pattern) => pattern.test(part)) ? HIDDEN : part));
  return (
    parts.join('/') +
    (redaction.queryStrings ? '' : (query ?? '')) +
    (redaction.fragments ? '' : (fragment ?? ''))
  );
}

/** Every text of the profile. Frames that have become alike stay apart; writers merge them. */
export function redactProfile(profile: StackProfile, redact: Redact): StackProfile {
  return {
    ...profile,
    thread: { ...profile.thread, name: redact(profile.thread.name) },
    strings: profile.strings.map(redact),
    labels: redactLabels(profile.labels, redact),
  };
}

export function redactLabels(labels: Labels, redact: Redact): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, redact(value)]));
}
