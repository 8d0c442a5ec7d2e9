/**
 * Carries out orders and runs the queue: what the extension's offscreen document does. One at a time works on the store:
 * its owner holds a lock.
 * In: the queue's database, the book of backends, what reads a recording, leave per origin. Out: deliveries as in
 * queue.ts. It ends when nothing is due for a while, and is started again then.
 * Orders are taken away after they have been carried out: a runner that dies in between does the last one again, which
 * changes nothing, because parcels of the same content are one.
 */
import { fail, makeFailure, type Result } from '../../base/index.ts';
import { type Backend, originPatterns } from '../book/backend.ts';
import type { DestinationBook } from '../book/destination-book.ts';
import { openClient } from '../client.ts';
import type { Cargo } from '../contract.ts';
import { type PlanOptions, planShipment, type ShipmentPlan } from '../plan.ts';
import { PYROSCOPE_RATE } from '../pyroscope.ts';
import { connect } from '../wire/connection.ts';
import type { Wire } from '../wire/http.ts';
import type { DeliveryDatabase } from './database.ts';
import { type Clock, PATIENCE_MILLIS, WALL_CLOCK } from './delivery.ts';
import { DeliveryQueue, type QueueRoute } from './queue.ts';
import {
  failedShipment,
  type Order,
  type Shipment,
  shipmentId,
  shipmentOf,
  viewShipments,
} from './shipment.ts';

export interface RunnerDoors {
  readonly database: DeliveryDatabase;
  readonly book: Pick<DestinationBook, 'list' | 'credentialsOf' | 'listen'>;
  /** Reads a recording of the library. */
  readonly load: (recording: string) => Promise<Result<Cargo>>;
  /** Those of the match patterns that the user has given leave for. */
  readonly allowed: (patterns: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly wire: Wire;
  readonly clock?: Clock;
}

const RULE_PAUSE_MILLIS = 2_000;
/** So many shipments that have arrived stay on the list. */
const MOST_DELIVERED = 200;

export class DeliveryRunner {
  readonly #doors: RunnerDoors;
  readonly #queue: DeliveryQueue;
  readonly #routes: Map<string, QueueRoute>;
  readonly #backends = new Map<string, Backend>();
  /** Orders are carried out one after the other. */
  #turn: Promise<void> = Promise.resolve();
  /** The recording that was read last, for as long as orders for it follow: a rule may send it to several backends. */
  #read: { readonly recording: string; readonly cargo: Result<Cargo> } | null = null;

  private constructor(doors: RunnerDoors, queue: DeliveryQueue, routes: Map<string, QueueRoute>) {
    this.#doors = doors;
    this.#queue = queue;
    this.#routes = routes;
  }

  static async open(doors: RunnerDoors): Promise<DeliveryRunner> {
    const routes = new Map<string, QueueRoute>();
    const { database: store, clock = WALL_CLOCK } = doors;
    const route = (destination: string): QueueRoute | null => routes.get(destination) ?? null;
    const runner = new DeliveryRunner(doors, await DeliveryQueue.open({ store, route, clock }), routes);
    doors.book.listen(() => runner.look());
    return runner;
  }

  /** There may be a new order, another backend, or leave that was not there. */
  look(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await this.#readRoutes();
      await this.#takeOrders();
      await this.#tidy();
      this.#queue.wake();
    });
    return this.#turn;
  }

  /** Until nothing is due for a while, or the signal. */
  async run(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true) {
      await this.look();
      await this.#queue.run(signal, PATIENCE_MILLIS);
      if ((await this.#doors.database.orders()).length === 0) return;
    }
  }

  async #readRoutes(): Promise<void> {
    const { book, wire } = this.#doors;
    const contents = await book.list();
    // What cannot be read now is read with the next look; until then deliveries wait.
    if (!contents.ok) return;
    const { backends } = contents.value;
    const patterns = backends.flatMap(({ destination }) => originPatterns(destination));
    const allowed = await this.#doors.allowed(patterns);
    this.#backends.clear();
    this.#routes.clear();
    for (const backend of backends) {
      const { destination } = backend;
      this.#backends.set(destination.id, backend);
      if (!originPatterns(destination).every((pattern) => allowed.has(pattern))) continue;
      const credentials = await book.credentialsOf(destination.id);
      if (!credentials.ok) continue;
      const client = openClient(connect(destination, credentials.value, wire));
      this.#routes.set(destination.id, {
        client,
        pace: destination.kind === 'pyroscope' ? PYROSCOPE_RATE : null,
      });
    }
  }

  async #takeOrders(): Promise<void> {
    const { database } = this.#doors;
    for (const { key, order } of await database.orders()) {
      await this.#carryOut(order);
      await database.removeOrder(key);
    }
    this.#read = null;
  }

  /** What has arrived long ago goes off the list; what has not never does. */
  async #tidy(): Promise<void> {
    const { database } = this.#doors;
    const views = viewShipments(await database.shipments(), this.#queue.list());
    const arrived = views.filter(({ state }) => state === 'delivered');
    for (const { shipment } of arrived.slice(MOST_DELIVERED))
      await this.#carryOut({ kind: 'forget', shipment: shipment.id });
  }

  async #carryOut(order: Order): Promise<void> {
    const { database } = this.#doors;
    switch (order.kind) {
      case 'send':
        return this.#send(order);
      case 'queue': {
        const { shipment, parcels } = order;
        const again = await this.#isNew(shipment);
        await database.putShipment(shipment);
        // What it held before and holds no more was another way to send it.
        const wanted = new Set(parcels.map(({ id }) => id));
        for (const { parcel, state } of this.#partsOf(shipment.id))
          if (state === 'parked' && !wanted.has(parcel.id)) await this.#queue.forget(parcel.id);
        await this.#queue.add(parcels, {
          destination: shipment.destination,
          shipment: shipment.id,
          again,
        });
        return;
      }
      case 'retry':
        for (const { parcel } of this.#partsOf(order.shipment)) await this.#queue.retry(parcel.id);
        return;
      case 'forget': {
        for (const { parcel } of this.#partsOf(order.shipment)) await this.#queue.forget(parcel.id);
        // What is just being sent stays until its answer has come.
        if (this.#partsOf(order.shipment).length === 0) await database.removeShipment(order.shipment);
        return;
      }
    }
  }

  /** An order that was carried out already, and not taken away before this runner's predecessor died, is not. */
  async #isNew({ id, queuedAt }: Pick<Shipment, 'id' | 'queuedAt'>): Promise<boolean> {
    const known = (await this.#doors.database.shipments()).find((shipment) => shipment.id === id);
    return known?.queuedAt !== queuedAt;
  }

  async #send(order: Order & { kind: 'send' }): Promise<void> {
    const { recording, name, destination, age, byRule, orderedAt } = order;
    const { database, clock = WALL_CLOCK } = this.#doors;
    const backend = this.#backends.get(destination);
    // It was taken away meanwhile, and its rule with it.
    if (backend === undefined) return;
    const id = shipmentId(recording, destination);
    const again = !byRule && (await this.#isNew({ id, queuedAt: orderedAt }));
    const facts = { id, recording, name, byRule, now: orderedAt };
    const cargo = await this.#load(recording, byRule);
    const plan = cargo.ok ? await planSafely(cargo.value, backend, { now: clock.now(), age }) : cargo;
    if (!plan.ok) return database.putShipment(failedShipment(plan.failure, backend, facts));
    const shipment = shipmentOf(plan.value, backend, facts);
    await database.putShipment(shipment);
    await this.#queue.add(plan.value.parcels, { destination, shipment: shipment.id, again });
  }

  async #load(recording: string, byRule: boolean): Promise<Result<Cargo>> {
    if (this.#read?.recording === recording) return this.#read.cargo;
    const { load, clock = WALL_CLOCK } = this.#doors;
    // Nobody waits for it, and the panel may be opening the same recording just now.
    if (byRule) await clock.wait(RULE_PAUSE_MILLIS);
    const cargo = await load(recording);
    this.#read = { recording, cargo };
    return cargo;
  }

  #partsOf(shipment: string) {
    return this.#queue.list().filter((delivery) => delivery.shipment === shipment);
  }
}

/** A bug of ours over one recording: that one stands in the list with it, and the others go on. */
async function planSafely(
  cargo: Cargo,
  { destination }: Backend,
  options: PlanOptions,
): Promise<Result<ShipmentPlan>> {
  try {
    return await planShipment(cargo, destination, options);
  } catch (error) {
    return fail(makeFailure('engine-crashed', { subject: cargo.name, detail: String(error) }));
  }
}
