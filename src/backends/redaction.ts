/**
 * What is taken out of texts before they leave.
 * In: a text, an address or a profile, and what to leave out. Out: the same without it. Addresses inside other texts
 * (labels, function names, errors) are found and treated alike, those without a host as well.
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

/** For the text of a script: addresses with a host alone, because `a?b=c` and `/x#y/` are code there. */
export function makeCodeRedactor(redaction: Redaction): Redact {
  const byPath = (rest: string): string => redactPath(rest, redaction, []);
  return (text) => {
    const bare = redaction.userInfo ? text.replace(USER_INFO, '$1//') : text;
    return bare.replace(ADDRESS, (url) => redactUrl(url, byPath));
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
/** A text that begins with one is taken to be nothing else: what a script calls itself may hold white space. */
const IS_ADDRESS = /^[a-z][a-z0-9+.-]{0,40}:\/\//i;
/** Of an address, or of one without its scheme. */
const USER_INFO = /(^|:)\/\/[^/?#\s"<>]*@/g;
/** Whole contents, which may hold white space; and handles that only that page knew. */
const INLINE = /\b(data:[\w.+/-]*)[;,].*$/is;
const CODE = /\b(javascript:).+$/is;
const BLOB = /\bblob:(null\b|[a-z][a-z0-9+.-]{0,40}:\/\/[^/\s"<>]*)[^\s"<>]*/gi;
/** An address without a host: at the beginning, behind white space or what opens a text. */
const RELATIVE = /(?<=^|[\s"'`(=,;[{|])\.{0,2}\/[^\s"<>]*/g;
/** Behind what is no address by its looks: `app.js?v=3`, `cart?token=3`, `about:blank#3`. */
const QUERY =
  /(?<=[^\s"<>?])\?[^\s"<>?=]*=[^\s"<>]*|(?<=\.[a-z0-9]{1,5})\?[^\s"<>]+|(?<=\babout:\w+)\?[^\s"<>]*/gi;
const FRAGMENT = /(?<=\.(?:[mc]?js|tsx?|jsx|css|svg|x?html?|php|aspx?|jsp)|\babout:\w+)#[^\s"<>]*/gi;
const HAS_ADDRESS = /[:/?#]/;

function redactText(text: string, redaction: Redaction, patterns: readonly RegExp[]): string {
  if (!HAS_ADDRESS.test(text)) return text;
  const whole = text.replace(INLINE, '$1').replace(CODE, '$1').replace(BLOB, 'blob:$1');
  const bare = redaction.userInfo ? whole.replace(USER_INFO, '$1//') : whole;
  const byPath = (rest: string): string => redactPath(rest, redaction, patterns);
  if (/^\.{0,2}\//.test(bare)) return byPath(bare);
  if (IS_ADDRESS.test(bare)) return redactUrl(bare, byPath);
  const rest = bare.replace(ADDRESS, (url) => redactUrl(url, byPath)).replace(RELATIVE, byPath);
  const asked = redaction.queryStrings ? rest.replace(QUERY, '') : rest;
  return redaction.fragments ? asked.replace(FRAGMENT, '') : asked;
}

function redactUrl(url: string, byPath: (rest: string) => string): string {
  const [, host, rest] = /^([^:]+:\/\/[^/?#]*)(.*)$/s.exec(url) ?? ['', url, ''];
  return host + byPath(rest);
}

function redactPath(rest: string, redaction: Redaction, patterns: readonly RegExp[]): string {
  const [, path, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(rest) ?? ['', rest];
  const parts = withoutEncoded(path, redaction)
    .split('/')
    .map((part) => (part !== '' && patterns.some((pattern) => pattern.test(part)) ? HIDDEN : part));
  return (
    parts.join('/') +
    (redaction.queryStrings ? '' : (query ?? '')) +
    (redaction.fragments ? '' : (fragment ?? ''))
  );
}

/** In a path: parameters of its parts (`;jsessionid=3`), and what belongs to an address that is encoded in it. */
const PARAMETERS = /;[^/;=]*=[^/]*/g;
const ENCODED_QUERY = /%(?:25)*3f.*$/is;
const ENCODED_FRAGMENT = /%(?:25)*23.*$/is;
const ENCODED_USER_INFO = /(%(?:25)*3a%(?:25)*2f%(?:25)*2f)(?:(?!%(?:25)*(?:2f|3f|23))[^/])*%(?:25)*40/gi;

function withoutEncoded(path: string, { queryStrings, fragments, userInfo }: Redaction): string {
  if (!/[;%]/.test(path)) return path;
  const named = userInfo ? path.replace(ENCODED_USER_INFO, '$1') : path;
  const asked = queryStrings ? named.replace(PARAMETERS, '').replace(ENCODED_QUERY, '') : named;
  return fragments ? asked.replace(ENCODED_FRAGMENT, '') : asked;
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
