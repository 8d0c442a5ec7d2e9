/**
 * A stand-in for Grafana Pyroscope v2.2.1 (v2 storage, default limits): what it takes, refuses and answers is what the
 * real one answered (`../shared/oracles/pyroscope*`); the suite replays every recorded pair against it first.
 * In: HTTP on loopback. Out: Pyroscope's answers. Refuses as Pyroscope does, and whatever it does not know: 404.
 */
import { gunzipSync } from 'node:zlib';
import { type Call, json, type Reply, type RunningServer, serve } from './http.ts';
import { asArray, parseMessage } from './messages.ts';
import { answerIngest } from './pyroscope-ingest.ts';
import { answerOtlp, OTLP_PATH } from './pyroscope-otlp.ts';
import { answerAdHoc, answerQuery, answerRender, QUERIES } from './pyroscope-queries.ts';
import { invalid, PyroscopeStore, Refusal } from './pyroscope-store.ts';
import { readFields, textOf, WireError } from './wire.ts';

export interface PyroscopeOptions {
  /** `-auth.multitenancy-enabled` */
  readonly tenants?: boolean;
  /** Unix ms; the wall clock by default. */
  readonly now?: () => number;
}

export async function startPyroscopeStandIn(options: PyroscopeOptions = {}): Promise<RunningServer> {
  const { tenants = false, now = Date.now } = options;
  const stores = new Map<string, PyroscopeStore>();
  const storeOf = (tenant: string): PyroscopeStore => {
    const store = stores.get(tenant) ?? new PyroscopeStore(now);
    stores.set(tenant, store);
    return store;
  };
  return serve((call) => {
    try {
      const tenant = tenants ? readTenant(call) : 'anonymous';
      return answer(call, storeOf(tenant), now);
    } catch (error) {
      if (error instanceof Refusal) return json(error.status, { code: error.code, message: error.message });
      throw error;
    }
  });
}

const PUSH = '/push.v1.PusherService/Push';
const OPEN_PATHS = new Set(['/ready', '/api/v1/status/buildinfo']);

function answer(call: Call, store: PyroscopeStore, now: () => number): Reply {
  const { method, path } = call;
  if (path === '/ready') return { status: 200, type: 'text/plain', body: 'ready' };
  if (path === '/api/v1/status/buildinfo') {
    const data = {
      version: '',
      revision: '',
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: 'go1.26.8',
    };
    return json(200, { status: 'success', data });
  }
  if (path === '/pyroscope/render' && method === 'GET') return answerRender(call, store, now);
  const posted = path === PUSH || path === '/ingest' || path === OTLP_PATH || QUERIES.has(path);
  if (!posted && !path.startsWith('/adhocprofiles.v1.AdHocProfileService/'))
    return { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };
  if (method !== 'POST') return { status: 405 };
  if (path === '/ingest') return answerIngest(call, store);
  if (path === OTLP_PATH) return answerOtlp(call, store);
  const type = call.headers['content-type'];
  if (type !== 'application/json' && type !== 'application/proto') return { status: 415 };
  if (path === PUSH) return answerPush(call, store, type);
  if (path.startsWith('/adhoc')) return answerAdHoc(call, store, now);
  return answerQuery(call, store, type);
}

/** Pushing needs one tenant; asking may name several. */
function readTenant({ headers, path }: Call): string {
  const tenant = headers['x-scope-orgid'];
  const refuse = (message: string): Refusal => new Refusal(401, 'unauthenticated', message);
  if (OPEN_PATHS.has(path)) return '';
  if (typeof tenant !== 'string' || tenant === '') throw refuse('no org id');
  const odd = /[^a-zA-Z0-9!\-_.*'()|]/.exec(tenant);
  if (odd !== null) throw refuse(`tenant ID '${tenant}' contains unsupported character '${odd[0]}'`);
  if (tenant.includes('|') && (path === PUSH || path === '/ingest')) throw refuse('multiple org IDs present');
  return tenant;
}

interface PushedSeries {
  readonly labels: readonly (readonly [string, string])[];
  readonly profiles: readonly Uint8Array[];
}

function answerPush(call: Call, store: PyroscopeStore, type: string): Reply {
  const series = type === 'application/json' ? readJsonPush(call.body) : readProtoPush(call.body);
  if (series.every(({ profiles }) => profiles.length === 0)) throw invalid('no profiles received');
  // Each series by itself: what is good stays, although the answer is that of what was refused.
  let refused: Refusal | null = null;
  for (const { labels, profiles } of series) {
    for (const profile of profiles) {
      try {
        store.push(labels, profile);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused ??= error;
      }
    }
  }
  if (refused !== null) throw refused;
  return type === 'application/json' ? json(200, {}) : { status: 200, type, body: '' };
}

function readJsonPush(body: Uint8Array): PushedSeries[] {
  const message = parseMessage(body, 'pushv1.PushRequest');
  return asArray(message.series).map((series) => ({
    labels: asArray(series.labels).map(
      (pair) => [String(pair.name ?? ''), String(pair.value ?? '')] as const,
    ),
    profiles: asArray(series.samples).map(
      (sample) => new Uint8Array(Buffer.from(String(sample.rawProfile ?? ''), 'base64')),
    ),
  }));
}

function readProtoPush(body: Uint8Array): PushedSeries[] {
  const zipped = body[0] === 0x1f && body[1] === 0x8b;
  try {
    return readFields(zipped ? new Uint8Array(gunzipSync(body)) : body)
      .filter(({ number }) => number === 1)
      .map(({ bytes }) => {
        const fields = readFields(bytes);
        return {
          labels: fields
            .filter(({ number }) => number === 1)
            .map((pair) => {
              const parts = readFields(pair.bytes);
              const part = (tag: number): string =>
                textOf(parts.find(({ number }) => number === tag)?.bytes ?? new Uint8Array());
              return [part(1), part(2)] as const;
            }),
          profiles: fields
            .filter(({ number }) => number === 2)
            .map(
              (sample) =>
                readFields(sample.bytes).find(({ number }) => number === 1)?.bytes ?? new Uint8Array(),
            ),
        };
      });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw invalid(`unmarshal message: unmarshal into *pushv1.PushRequest: proto: ${error.message}`);
  }
}
