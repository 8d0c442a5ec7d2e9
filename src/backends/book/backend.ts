/**
 * A backend as its user has set it up, without its secrets; what is stored is checked when it is read.
 * In: what is stored. Out: a {@link Backend}, or what of it cannot be used.
 */
import * as v from 'valibot';
import {
  BACKEND_KINDS,
  type BackendKind,
  type Credentials,
  type Destination,
  type Labels,
} from '../contract.ts';
import type { Grafana } from '../links.ts';
import { DEFAULT_REDACTION } from '../redaction.ts';

export interface Backend {
  readonly destination: Destination;
  /** Which new recordings go there by themselves. */
  readonly rule: DeliveryRule;
  /** Where the backend's data is looked at in Grafana; null where nobody does. */
  readonly grafana: Grafana | null;
  /** The kind of its credentials; they themselves lie apart. */
  readonly auth: Credentials['kind'];
}

export interface DeliveryRule {
  readonly isOn: boolean;
  /** Hosts (`shop.example`, with a port where it matters), `*.shop.example` for those under it, `*` for all. */
  readonly sites: readonly string[];
  /** All of them have to be the recording's own. */
  readonly tags: Labels;
}

/** Nothing leaves unless somebody says so. */
export const NO_RULE: DeliveryRule = { isOn: false, sites: [], tags: {} };

const texts = v.array(v.string());
const labels = v.record(v.string(), v.string());

const destination: v.GenericSchema<unknown, Destination> = v.object({
  id: v.string(),
  kind: v.picklist(BACKEND_KINDS),
  url: v.string(),
  queryUrl: v.nullable(v.string()),
  tenant: v.nullable(v.string()),
  labels,
  redaction: v.object({
    queryStrings: v.boolean(),
    fragments: v.boolean(),
    userInfo: v.boolean(),
    pathParts: texts,
    titles: v.boolean(),
  }),
  frameNames: v.picklist(['bare', 'with-file']),
});

const backend: v.GenericSchema<unknown, Backend> = v.object({
  destination,
  rule: v.object({ isOn: v.boolean(), sites: texts, tags: labels }),
  grafana: v.nullable(v.object({ base: v.string(), datasource: v.string() })),
  auth: v.picklist(['none', 'basic', 'bearer']),
});

const credentials: v.GenericSchema<unknown, Credentials> = v.variant('kind', [
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('basic'), user: v.string(), password: v.string() }),
  v.object({ kind: v.literal('bearer'), token: v.string() }),
]);

/** null: it is none that can be used. */
export function readBackend(stored: unknown): Backend | null {
  const parsed = v.safeParse(backend, stored);
  return parsed.success ? parsed.output : null;
}

export function readCredentials(stored: unknown): Credentials | null {
  const parsed = v.safeParse(credentials, stored);
  return parsed.success ? parsed.output : null;
}

/** One that is being set up. */
export function newBackend(id: string, kind: BackendKind): Backend {
  return {
    destination: {
      id,
      kind,
      url: '',
      queryUrl: null,
      tenant: null,
      labels: {},
      redaction: DEFAULT_REDACTION,
      frameNames: 'bare',
    },
    rule: NO_RULE,
    grafana: null,
    auth: 'none',
  };
}

/**
 * What the extension must be allowed to ask so that it reaches the backend: a match pattern per origin, and nothing wider.
 * Addresses that are none have no origin.
 */
export function originPatterns({ url, queryUrl }: Pick<Destination, 'url' | 'queryUrl'>): readonly string[] {
  const origins = [url, queryUrl ?? '']
    .filter((address) => URL.canParse(address))
    .map((address) => new URL(address))
    .filter(({ protocol }) => protocol === 'http:' || protocol === 'https:')
    .map(({ origin }) => `${origin}/*`);
  return [...new Set(origins)];
}
