/**
 * What the bench measures of sending: a thousand recordings through our queue, and the same requests sent bare.
 * In: a trace's bytes, a server, a kind. Out: milliseconds and bytes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classifySlices, collectLoadFacts, findPageLoad } from '../../src/analysis/index.ts';
import { DeliveryFiles } from '../../src/backends/delivery-files.node.ts';
import {
  type BackendKind,
  type Cargo,
  connect,
  DEFAULT_REDACTION,
  DEFAULT_WIRE,
  DeliveryQueue,
  type Destination,
  NO_CREDENTIALS,
  openClient,
  type Parcel,
  planShipment,
  pyroscope,
} from '../../src/backends/index.ts';
import { profileOfRange } from '../../src/profile/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { leastMillis } from './measured-pyroscope.ts';

export { startJaeger } from '../backends/real/servers.ts';
export { startMeasuredPyroscope } from './measured-pyroscope.ts';

/** Requests under way at once: the queue's own width. */
const WIDTH = 16;

export interface PushWork {
  readonly requests: number;
  /** Of one request: over the wire, and before compression. */
  readonly bytes: number;
  readonly plainBytes: number;
  readonly planMillis: number;
  readonly queueMillis: number;
  /** Of Pyroscope, which takes so many bytes in a second: the least that it can take for them. */
  readonly bareMillis: number;
}

export interface PushOptions {
  readonly kind: BackendKind;
  readonly url: string;
  readonly count: number;
}

export async function measurePush(
  bytes: ReadableStream<Uint8Array>,
  { kind, url, count }: PushOptions,
): Promise<PushWork> {
  const cargo = await readCargo(bytes);
  const to: Destination = {
    id: url,
    kind,
    url,
    queryUrl: null,
    tenant: null,
    labels: {},
    redaction: DEFAULT_REDACTION,
    frameNames: 'bare',
  };
  const begin = performance.now();
  const parcels = await planMany(cargo, to, count);
  const planMillis = performance.now() - begin;
  const sum = (of: (parcel: Parcel) => number): number =>
    parcels.reduce((all, parcel) => all + of(parcel), 0);
  const plainBytes = sum((parcel) => parcel.plainBytes);
  const bareMillis =
    kind === 'pyroscope'
      ? leastMillis(parcels.length, plainBytes, WIDTH)
      : await sendBare(await captureRequests(parcels, to));
  const queueMillis = await sendThroughQueue(parcels, to);
  return {
    requests: parcels.length,
    bytes: sum(({ content }) => ('pprof' in content ? content.pprof : content.body).length) / parcels.length,
    plainBytes: plainBytes / parcels.length,
    planMillis,
    queueMillis,
    bareMillis,
  };
}

async function readCargo(bytes: ReadableStream<Uint8Array>): Promise<Cargo> {
  const read = await readTrace(bytes, { subject: 'bench' });
  if (!read.ok) throw new Error(`${read.failure.message} ${read.failure.detail}`);
  const tables = read.value;
  const page = findPageLoad(tables);
  const profile = profileOfRange(tables, classifySlices(tables), {
    thread: page.mainThread,
    range: tables.bounds,
    type: 'cpu',
  });
  return {
    seed: 'bench',
    name: 'bench',
    profiles: [profile],
    load: collectLoadFacts(tables, page),
    serverTrace: null,
    unixMillisAtZero: Date.now() - 60_000 - tables.bounds.start / 1000,
    tags: { service_name: `bench-${crypto.randomUUID().slice(0, 8)}`, page: '/cart' },
    vitals: [],
    title: '',
    userAgent: '',
  };
}

async function planMany(cargo: Cargo, to: Destination, count: number): Promise<Parcel[]> {
  const parcels: Parcel[] = [];
  for (let index = 0; index < count; index++) {
    const plan = await planShipment({ ...cargo, seed: `${cargo.tags.service_name} ${index}` }, to, {
      now: Date.now(),
      age: 'ad-hoc',
    });
    if (!plan.ok) throw new Error(plan.failure.message);
    parcels.push(...plan.value.parcels);
  }
  return parcels;
}

interface Request {
  readonly url: string;
  readonly init: RequestInit;
}

/** What our client would send, taken down instead of sent. */
async function captureRequests(parcels: readonly Parcel[], to: Destination): Promise<Request[]> {
  const requests: Request[] = [];
  const taken = async (url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { method, headers, body } = init;
    requests.push({
      url: String(url),
      init: { ...(method && { method }), ...(headers && { headers }), ...(body && { body }) },
    });
    return new Response('{}', { headers: { 'Content-Type': 'application/json' } });
  };
  const client = openClient(connect(to, NO_CREDENTIALS, { ...DEFAULT_WIRE, fetch: taken }));
  for (const parcel of parcels) await client.send(parcel);
  return requests;
}

async function sendBare(requests: readonly Request[]): Promise<number> {
  const begin = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < requests.length) {
      const { url, init } = requests[next++];
      const answer = await fetch(url, init);
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`the server answered ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return performance.now() - begin;
}

/** Kept on the disk at every step, as the command line does. */
async function sendThroughQueue(parcels: readonly Parcel[], to: Destination): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'pageflame-push-bench-'));
  try {
    const client = openClient(connect(to, NO_CREDENTIALS));
    const store = await DeliveryFiles.open(folder);
    const pace = to.kind === 'pyroscope' ? pyroscope.PYROSCOPE_RATE : null;
    const queue = await DeliveryQueue.open({ store, route: () => ({ client, pace }), width: WIDTH });
    const begin = performance.now();
    await queue.add(parcels, { destination: to.id, shipment: 'bench' });
    await queue.run();
    const took = performance.now() - begin;
    const stuck = queue.list().filter(({ state }) => state !== 'delivered').length;
    if (stuck > 0) throw new Error(`${stuck} did not arrive`);
    return took;
  } finally {
    await rm(folder, { recursive: true });
  }
}
