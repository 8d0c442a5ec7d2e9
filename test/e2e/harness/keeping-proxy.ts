/**
 * A proxy before a backend that keeps what was sent, byte for byte.
 * In: the backend. Out: its address; the bodies of every POST; what each push held.
 */
import { gunzipSync } from 'node:zlib';
import { type RunningServer, serve } from '../../backends/stand-ins/http.ts';
import { readFields, textOf } from '../../backends/stand-ins/wire.ts';

export interface KeptRequest {
  readonly path: string;
  readonly body: Uint8Array;
}

export interface KeepingProxy extends RunningServer {
  readonly kept: readonly KeptRequest[];
  /** Answered instead of the backend's own; null passes on. May be changed. */
  refusal: { readonly status: number; readonly body: string } | null;
}

export async function startKeepingProxy(server: string): Promise<KeepingProxy> {
  const kept: KeptRequest[] = [];
  const proxy = await serve(async ({ method, path, body, headers }) => {
    if (method === 'POST') kept.push({ path, body });
    if (keeping.refusal !== null) return { ...keeping.refusal, type: 'text/plain' };
    const type = String(headers['content-type'] ?? '');
    const answer = await fetch(server + path, {
      method,
      headers: { 'content-type': type },
      ...(method === 'POST' ? { body: Buffer.from(body) } : {}),
    });
    return {
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  });
  const keeping: KeepingProxy = { ...proxy, kept, refusal: null };
  return keeping;
}

export interface Push {
  readonly labels: Readonly<Record<string, string>>;
  /** Of the pprof, as it went over the wire. */
  readonly bytes: number;
  /** Every text in the pprof. */
  readonly texts: readonly string[];
}

/** What one `PusherService/Push` held. */
export function readPush(body: Uint8Array): Push {
  const [series] = readFields(body);
  const fields = readFields(series.bytes);
  const labels = fields
    .filter(({ number }) => number === 1)
    .map(({ bytes }) => readFields(bytes).map((part) => textOf(part.bytes)));
  const [sample] = fields.filter(({ number }) => number === 2);
  const [pprof] = readFields(sample.bytes);
  return {
    labels: Object.fromEntries(labels.map(([name = '', value = '']) => [name, value])),
    bytes: pprof.bytes.length,
    texts: readFields(new Uint8Array(gunzipSync(pprof.bytes)))
      .filter(({ number }) => number === 6)
      .map(({ bytes }) => textOf(bytes)),
  };
}
