/** Cargo, destinations and queues for tests of backends. In: what the test cares about. Out: all else plausible. */
import type { LoadFacts, LoadRequest } from '../../src/analysis/index.ts';
import {
  type BackendKind,
  type Cargo,
  type Clock,
  DEFAULT_REDACTION,
  type Delivery,
  type DeliveryStore,
  type Destination,
  planShipment,
  type ShipmentPlan,
} from '../../src/backends/index.ts';
import type { StackProfile } from '../../src/profile/index.ts';
import { profileOf } from './profiles.ts';

export const APP = 'https://shop.example/js/app.js';
/** The fixture page's three functions, and layout under one of them: microseconds. */
export const FUNCTIONS = {
  [`f1@${APP}:11`]: 10_000,
  [`f1@${APP}:11;f2@${APP}:12`]: 20_000,
  [`f1@${APP}:11;f2@${APP}:12;f3@${APP}:13`]: 30_000,
  [`f1@${APP}:11;[Layout]`]: 5_000,
};

export function buildDestination(
  kind: BackendKind,
  url: string,
  changes: Partial<Destination> = {},
): Destination {
  return {
    id: `${kind} ${url}`,
    kind,
    url,
    queryUrl: null,
    tenant: null,
    labels: {},
    redaction: DEFAULT_REDACTION,
    frameNames: 'bare',
    ...changes,
  };
}

export function buildCargo(changes: Partial<Cargo> = {}): Cargo {
  return {
    seed: 'test-recording',
    name: 'shop.pageflame',
    profiles: [profileOf(FUNCTIONS)],
    load: null,
    serverTrace: null,
    unixMillisAtZero: Date.now() - 60_000,
    tags: { service_name: 'shop', page: '/cart' },
    vitals: [],
    title: 'A cart',
    userAgent: '',
    ...changes,
  };
}

/** The same stacks as `cpu`, `wall` (with idle) and V8's samples. */
export function threeTypes(folded: Readonly<Record<string, number>> = FUNCTIONS): StackProfile[] {
  const idle = { ...folded, '(idle)': 35_000 };
  const counts = Object.fromEntries(Object.entries(folded).map(([path, weight]) => [path, weight / 1000]));
  return [
    profileOf(counts, { type: 'samples', unit: 'count' }),
    profileOf(folded),
    profileOf(idle, { type: 'wall' }),
  ];
}

export function buildRequest(changes: Partial<LoadRequest> = {}): LoadRequest {
  return {
    id: '1',
    url: 'https://shop.example/cart?session=secret',
    method: 'GET',
    resourceType: 'Document',
    priority: 'VeryHigh',
    mimeType: 'text/html',
    status: 200,
    start: 0,
    toldAt: 0,
    responseStart: 40_000,
    end: 60_000,
    encodedBytes: 1234,
    decodedBytes: 5678,
    renderBlocking: '',
    failed: false,
    initiator: { type: '', url: '', line: 0, column: 0 },
    pid: 1,
    protocol: 'h2',
    fromCache: false,
    phases: [{ name: 'requestStart', time: 5_000 }],
    serverTrace: null,
    ...changes,
  };
}

export function buildLoad(changes: Partial<LoadFacts> = {}): LoadFacts {
  return {
    url: 'https://shop.example/cart?session=secret',
    window: { start: 0, end: 2_000_000 },
    milestones: [
      { name: 'navigationStart', time: 0 },
      { name: 'firstContentfulPaint', time: 300_000 },
      { name: 'load', time: 900_000 },
    ],
    document: buildRequest(),
    version: null,
    resources: [
      buildRequest({ id: '2', url: `${APP}?v=3`, resourceType: 'Script', start: 70_000, end: 90_000 }),
    ],
    longTasks: [{ start: 100_000, end: 180_000 }],
    ...changes,
  };
}

/** The plan; a refusal fails the test. */
export async function planned(
  cargo: Cargo,
  destination: Destination,
  now = Date.now(),
): Promise<ShipmentPlan> {
  const plan = await planShipment(cargo, destination, { now, age: 'ad-hoc' });
  if (!plan.ok) throw new Error(`${plan.failure.message} (${plan.failure.detail})`);
  return plan.value;
}

/** Keeps deliveries as a disk would: what is read is no longer what was put. */
export class MemoryDeliveries implements DeliveryStore {
  readonly #kept = new Map<string, Delivery>();
  readonly #bytes = new Map<string, Uint8Array>();

  async list(): Promise<Delivery[]> {
    return [...this.#kept.values()].map((delivery) => structuredClone(delivery));
  }

  async bytesOf(parcelId: string): Promise<Uint8Array | null> {
    return this.#bytes.get(parcelId) ?? null;
  }

  async add(delivery: Delivery): Promise<void> {
    const { content, id } = delivery.parcel;
    this.#bytes.set(id, structuredClone('pprof' in content ? content.pprof : content.body));
    await this.put(delivery);
  }

  async put(delivery: Delivery): Promise<void> {
    const { content } = delivery.parcel;
    const bytes = new Uint8Array(0);
    const empty = 'pprof' in content ? { ...content, pprof: bytes } : { ...content, body: bytes };
    const parcel = { ...delivery.parcel, content: empty };
    this.#kept.set(delivery.parcel.id, structuredClone({ ...delivery, parcel }));
    if (delivery.state === 'delivered') this.#bytes.delete(delivery.parcel.id);
  }

  async remove(parcelId: string): Promise<void> {
    this.#kept.delete(parcelId);
    this.#bytes.delete(parcelId);
  }
}

/**
 * Waiting takes no time, but time passes; with a speed, it passes that many times as fast. Chance repeats itself.
 */
export class QuickClock implements Clock {
  readonly #speed: number;
  #now: number;
  #state = 1;

  constructor(now = Date.now(), speed = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#speed = speed;
  }

  now(): number {
    return this.#now;
  }

  async wait(millis: number, signal?: AbortSignal): Promise<void> {
    const until = this.#now + millis;
    const real = millis / this.#speed;
    await (real < 1 ? new Promise((resolve) => setImmediate(resolve)) : pause(real, signal));
    if (signal?.aborted !== true) this.#now = Math.max(this.#now, until);
  }

  random(): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  }
}

function pause(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
