/**
 * One HTTP exchange with a backend.
 * In: a request. Out: the answer, or what is known of why there is none: `unsent` (the server got nothing of it) or
 * `lost` (it may have). Never throws for what the network does.
 * Redirects are not followed and cookies not sent: credentials go to the address that the user gave, nowhere else.
 */
import { type Failure, makeFailure } from '../../base/index.ts';
import type { Credentials, Destination } from '../contract.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Seconds or a date in `Retry-After`, as ms from now; null without one. */
  readonly retryAfterMillis: number | null;
  /** `grpc-status` and `grpc-message`, where an answer has nothing but them. */
  readonly grpcHeaders: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer>;
}

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: WireAnswer }
  | { readonly kind: 'unsent'; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly failure: Failure };

export interface Wire {
  readonly fetch: typeof fetch;
  readonly timeoutMillis: number;
}

/** A push to Pyroscope answers after half a second; a minute is a server in trouble. */
export const DEFAULT_WIRE: Wire = {
  fetch: (...request) => globalThis.fetch(...request),
  timeoutMillis: 60_000,
};

export async function exchange(wire: Wire, request: WireRequest): Promise<Exchange> {
  const { method, url, headers = {}, body } = request;
  const subject = addressOf(url);
  const timeout = AbortSignal.timeout(wire.timeoutMillis);
  try {
    const response = await wire.fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal: timeout,
    });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      const detail = response.headers.get('location') ?? '';
      return { kind: 'unsent', failure: makeFailure('backend-redirects', { subject, detail }) };
    }
    return {
      kind: 'answered',
      answer: {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        retryAfterMillis: readRetryAfter(response.headers.get('retry-after')),
        grpcHeaders: [...response.headers].filter(([name]) => name.startsWith('grpc-')),
        body: new Uint8Array(await response.arrayBuffer()),
      },
    };
  } catch (error) {
    if (timeout.aborted) return { kind: 'lost', failure: makeFailure('backend-silent', { subject }) };
    return explain(error, subject);
  }
}

/** Scheme, host and path: neither user info nor a query, which may hold secrets. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? '' : pathname);
}

/** `base` with `path` behind its own. */
export function joinUrl(base: string, path: string): string {
  const url = new URL(base);
  return url.origin + url.pathname.replace(/\/+$/, '') + path;
}

/** Headers that say who asks. */
export function authHeaders(
  { tenant }: Pick<Destination, 'tenant'>,
  credentials: Credentials,
): Record<string, string> {
  return {
    ...(tenant === null ? {} : { 'X-Scope-OrgID': tenant }),
    ...(credentials.kind === 'bearer' ? { Authorization: `Bearer ${credentials.token}` } : {}),
    ...(credentials.kind === 'basic'
      ? {
          Authorization: `Basic ${encodeBase64(new TextEncoder().encode(`${credentials.user}:${credentials.password}`))}`,
        }
      : {}),
  };
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x2000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

/** The answer's body as text, at most `length` characters: the server's own words. */
export function wordsOf({ body }: WireAnswer, length = 2_000): string {
  return new TextDecoder()
    .decode(body.subarray(0, length * 4))
    .slice(0, length)
    .trim();
}

function readRetryAfter(value: string | null): number | null {
  if (value === null) return null;
  const millis = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(millis) ? Math.max(0, millis) : null;
}

/** Node's words, and Chrome's (browser-wire.ts). A browser's `fetch` by itself tells only that it failed. */
const CAUSES: readonly (readonly [RegExp, 'unsent' | 'lost', Failure['code']])[] = [
  [/^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/, 'unsent', 'backend-refused-connection'],
  [/^(ENOTFOUND|EAI_AGAIN|ERR_NAME_\w+)$/, 'unsent', 'backend-unknown-host'],
  [/^(UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'unsent', 'backend-unreachable'],
  [
    /^ERR_(ADDRESS_\w+|INTERNET_DISCONNECTED|CONNECTION_(TIMED_OUT|FAILED)|UNSAFE_PORT|BLOCKED_\w+|PROXY_\w+)$/,
    'unsent',
    'backend-unreachable',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^EPROTO$|^ERR_SSL_(PROTOCOL_ERROR|VERSION\w+|WRONG_VERSION\w+|PACKET\w+|UNRECOGNIZED\w+)$/,
    'unsent',
    'backend-tls',
  ],
  // Not of a greeting: what had been sent before may have been read.
  [/^ERR_SSL/, 'lost', 'backend-tls'],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_|ERR_(CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_\w+|INVALID_HTTP_RESPONSE|CONTENT_\w+|INCOMPLETE_\w+|UPLOAD_\w+|HTTP2_\w+|QUIC_\w+)$)/,
    'lost',
    'backend-cut',
  ],
];

function explain(error: unknown, subject: string): Exchange {
  const { code, message } = rootOf(error);
  const known = CAUSES.find(([pattern]) => pattern.test(code));
  const detail = [code, message].filter((part) => part !== '').join(': ');
  if (known === undefined)
    return { kind: 'lost', failure: makeFailure('backend-unreachable', { subject, detail }) };
  return { kind: known[1], failure: makeFailure(known[2], { subject, detail }) };
}

/** `fetch` wraps what happened; an address with several IPs has several causes. */
function rootOf(error: unknown): { code: string; message: string } {
  let at: unknown = error;
  for (let depth = 0; depth < 4; depth++) {
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else if (at instanceof Error && at.cause instanceof Error) at = at.cause;
    else break;
  }
  if (!(at instanceof Error)) return { code: '', message: String(at) };
  const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
  return { code, message: at.message };
}
