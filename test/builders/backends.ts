/**
 * The backends' outside for tests of the panel: a door whose list, leave and answers the test sets by hand.
 * In: the backends there are. Out: a BackendsDoor, and what was asked of it.
 */
import { signal } from '@preact/signals';
import {
  type Backend,
  type BackendKind,
  type ConnectionReport,
  type Credentials,
  connect,
  DEFAULT_WIRE,
  type Destination,
  NO_CREDENTIALS,
  newBackend,
  type Order,
  originPatterns,
  prepareShipment,
  type ShipmentView,
  type Wire,
} from '../../src/backends/index.ts';
import { fail, makeFailure, type Result, succeed } from '../../src/base/index.ts';
import type { BackendsDoor, DeliveriesDoor } from '../../src/panel/state/doors.ts';

export function buildBackend(
  kind: BackendKind,
  url: string,
  changes: Partial<Omit<Backend, 'destination'>> & { readonly destination?: Partial<Destination> } = {},
): Backend {
  const { destination, ...rest } = changes;
  const plain = newBackend(`${kind} ${url}`, kind);
  return { ...plain, ...rest, destination: { ...plain.destination, url, ...destination } };
}

/** Shipments that the test sets by hand, and what was ordered. */
export class FakeDeliveries implements DeliveriesDoor {
  readonly shipments = signal<readonly ShipmentView[]>([]);
  readonly orders: Order[] = [];
  refusal: Result<void> = succeed(undefined);
  readonly order = async (order: Order): Promise<Result<void>> => {
    if (this.refusal.ok) this.orders.push(order);
    return this.refusal;
  };
}

export function buildShipmentView(changes: Partial<ShipmentView> = {}): ShipmentView {
  return {
    shipment: {
      id: 'one backend',
      recording: 'one',
      name: 'shop.example/cart',
      destination: 'backend',
      kind: 'pyroscope',
      url: 'http://127.0.0.1:4040',
      labels: { service_name: 'shop' },
      places: [{ name: 'Pyroscope', url: 'http://127.0.0.1:4040/?query=x' }],
      notes: [],
      byRule: false,
      queuedAt: 0,
      failure: null,
    },
    state: 'queued',
    parts: 2,
    delivered: 0,
    parked: 0,
    dueAt: null,
    tries: 0,
    failure: null,
    mayBeTwice: 0,
    deliveredAt: null,
    places: [],
    notes: [],
    ...changes,
  };
}

export class FakeBackends implements BackendsDoor {
  readonly list = signal<readonly Backend[]>([]);
  readonly refused = signal<readonly string[]>([]);
  readonly allowed = signal<ReadonlySet<string>>(new Set());
  readonly credentials = new Map<string, Credentials>();
  /** What the user says when Chrome asks for leave. */
  allows = true;
  readonly asked: (readonly string[])[] = [];
  readonly givenBack: (readonly string[])[] = [];
  /** What requests go over. */
  wire: Wire = DEFAULT_WIRE;
  /** What a test of a connection finds. */
  report: Result<ConnectionReport> = succeed({ product: 'Grafana Pyroscope', canBeAsked: true, whyNot: '' });

  constructor(backends: readonly Backend[] = []) {
    this.list.value = backends;
    this.allowed.value = new Set(backends.flatMap(({ destination }) => originPatterns(destination)));
  }

  readonly connect: BackendsDoor['connect'] = async (id) => {
    const backend = this.list.value.find(({ destination }) => destination.id === id);
    if (backend === undefined) return fail(makeFailure('backend-gone', { subject: 'The backend' }));
    return succeed(connect(backend.destination, this.credentials.get(id) ?? NO_CREDENTIALS, this.wire));
  };
  readonly put: BackendsDoor['put'] = async (backend, credentials) => {
    const { id } = backend.destination;
    if (credentials !== null) this.credentials.set(id, credentials);
    const auth = (this.credentials.get(id) ?? NO_CREDENTIALS).kind;
    const others = this.list.value.filter(({ destination }) => destination.id !== id);
    this.list.value = [...others, { ...backend, auth }];
    return succeed(undefined);
  };
  readonly remove: BackendsDoor['remove'] = async (id) => {
    this.list.value = this.list.value.filter(({ destination }) => destination.id !== id);
    this.credentials.delete(id);
    return succeed(undefined);
  };
  readonly allow: BackendsDoor['allow'] = async (patterns) => {
    this.asked.push(patterns);
    if (this.allows) this.allowed.value = new Set([...this.allowed.value, ...patterns]);
    return this.allows;
  };
  readonly giveBack: BackendsDoor['giveBack'] = async (patterns) => {
    this.givenBack.push(patterns);
    this.allowed.value = new Set([...this.allowed.value].filter((one) => !patterns.includes(one)));
  };
  readonly prepare: BackendsDoor['prepare'] = (question) => prepareShipment(question);
  readonly test: BackendsDoor['test'] = async () => this.report;
}
