/**
 * What a backend is to us, and what leaves for it. Types only; times are Unix ms unless they say otherwise.
 *
 *   recording ─ plan ─▶ parcels (one request each, whole and redacted) ─ queue ─▶ backend
 *
 * A parcel holds no secret: credentials are put on when it is sent, and go to the destination's origin only.
 */
import type { LoadFacts } from '../analysis/index.ts';
import type { TraceContext } from '../base/index.ts';
import type { StackProfile } from '../profile/index.ts';

export const BACKEND_KINDS = ['pyroscope', 'parca', 'otlp', 'otlp-traces'] as const;
export type BackendKind = (typeof BACKEND_KINDS)[number];

export interface Destination {
  readonly id: string;
  readonly kind: BackendKind;
  /** Base address; our paths are put behind its own. */
  readonly url: string;
  /** Where traces can be asked for (Jaeger's query port); null where they can only be written. */
  readonly queryUrl: string | null;
  /** `X-Scope-OrgID`; null for none. */
  readonly tenant: string | null;
  /** Put on everything that is sent there. */
  readonly labels: Labels;
  readonly redaction: Redaction;
  /** Pyroscope groups by function name alone: `with-file` makes them differ by file. */
  readonly frameNames: 'bare' | 'with-file';
}

/** What is taken out of everything that leaves for a destination. */
export interface Redaction {
  readonly queryStrings: boolean;
  readonly fragments: boolean;
  readonly userInfo: boolean;
  /** Regular expressions; a part of a path that one matches whole becomes `:redacted`. */
  readonly pathParts: readonly string[];
  readonly titles: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

export const NO_CREDENTIALS: Credentials = { kind: 'none' };

/** What can be sent of a recording, or of a range of it. */
export interface Cargo {
  /** The recording's id, or what stands for a file without one: the same cargo has the same ids on every try. */
  readonly seed: string;
  /** What failures and ad-hoc uploads call it. */
  readonly name: string;
  /** `cpu`, `wall` and `samples` profiles, per thread. */
  readonly profiles: readonly StackProfile[];
  /** Becomes a trace; null where there is no page load. */
  readonly load: LoadFacts | null;
  /** The server's trace that the page says it belongs to. What `load` has of its response goes before it. */
  readonly serverTrace: TraceContext | null;
  /** Unix ms at the trace's time 0. */
  readonly unixMillisAtZero: number;
  /** The recording's tags: they become labels. */
  readonly tags: Labels;
  readonly vitals: readonly CargoVital[];
  readonly title: string;
  readonly userAgent: string;
}

export interface CargoVital {
  /** LCP, CLS, INP, FCP, TTFB. */
  readonly name: string;
  /** ms, or CLS's score. */
  readonly value: number;
  readonly rating: string;
}

/** What one request carries. pprof and bodies as they go over the wire: gzip. */
export type ParcelContent =
  | { readonly kind: 'pyroscope'; readonly labels: Labels; readonly pprof: Uint8Array }
  /** The name is the store's only handle on it: no two have one. */
  | { readonly kind: 'pyroscope-adhoc'; readonly name: string; readonly pprof: Uint8Array }
  | { readonly kind: 'parca'; readonly labels: Labels; readonly pprof: Uint8Array }
  | { readonly kind: 'otlp'; readonly body: Uint8Array }
  | { readonly kind: 'otlp-traces'; readonly body: Uint8Array };

/** How the backend can be asked whether a parcel is there. */
export type Proof =
  | {
      readonly kind: 'pyroscope';
      readonly profileType: string;
      readonly selector: string;
      readonly spanId: string;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'pyroscope-adhoc'; readonly name: string }
  | { readonly kind: 'parca'; readonly query: string; readonly start: number; readonly end: number }
  | { readonly kind: 'trace'; readonly traceId: string; readonly spanId: string };

export interface Parcel {
  /** The same for the same content: a parcel that is queued twice is one. */
  readonly id: string;
  readonly content: ParcelContent;
  /** null at write-only backends. */
  readonly proof: Proof | null;
  /** What a person calls it: `cpu of main, part 1 of 2`. */
  readonly title: string;
  /** Bytes before compression: what rate limits count. */
  readonly plainBytes: number;
  /** When what it tells of happened. */
  readonly time: number;
  /** The backend takes it no later than this; null: at any time. */
  readonly takenUntil: number | null;
}
