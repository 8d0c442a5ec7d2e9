/**
 * Carries parcels to their backends, whatever happens on the way.
 * In: deliveries in a store, clients for their destinations. Out: each parcel there once (where the backend can be
 * asked) or at least once, or parked with the server's words; every change is stored before the next step and told.
 * One queue works on a store at a time: its owner sees to that (a lock, a process).
 */
import type { Client } from '../client.ts';
import type { Parcel } from '../contract.ts';
import {
  type Clock,
  type Consignment,
  type Delivery,
  type DeliveryStore,
  newDelivery,
  WALL_CLOCK,
} from './delivery.ts';
import { Pace, type PaceLimits } from './pace.ts';
import { begin, expire, resume, settlePresence, settleVerdict, unpark } from './step.ts';

export interface QueueRoute {
  readonly client: Client;
  /** Bytes per second that the backend takes; null for no limit that is known. */
  readonly pace: PaceLimits | null;
}

export interface QueueOptions {
  readonly store: DeliveryStore;
  /** null: the destination is gone, or its secrets are locked away; its deliveries wait. */
  readonly route: (destination: string) => QueueRoute | null;
  readonly clock?: Clock;
  /** How many requests run side by side. A push answers after half a second. */
  readonly width?: number;
  readonly onChange?: (delivery: Delivery) => void;
}

export class DeliveryQueue {
  readonly #options: Required<Omit<QueueOptions, 'onChange'>> & Pick<QueueOptions, 'onChange'>;
  readonly #deliveries = new Map<string, Delivery>();
  readonly #busy = new Set<string>();
  readonly #paces = new Map<string, Pace>();

  private constructor(options: QueueOptions) {
    this.#options = { clock: WALL_CLOCK, width: 16, ...options };
  }

  /** The queue as its store has it. */
  static async open(options: QueueOptions): Promise<DeliveryQueue> {
    const queue = new DeliveryQueue(options);
    for (const found of await options.store.list()) {
      const delivery = resume(found, queue.#options.clock);
      queue.#deliveries.set(found.parcel.id, delivery);
      if (delivery !== found) await options.store.put(delivery);
    }
    return queue;
  }

  /** Parcels that are here already, delivered ones too, are left as they are. */
  async add(parcels: readonly Parcel[], consignment: Consignment): Promise<void> {
    for (const parcel of parcels) {
      if (this.#deliveries.has(parcel.id)) continue;
      await this.#keep(newDelivery(parcel, consignment, this.#options.clock.now()));
    }
  }

  list(): Delivery[] {
    return [...this.#deliveries.values()];
  }

  /** Sends what is parked once more; `parcel` in place of its own, where the user chose another way. */
  async retry(parcelId: string, parcel?: Parcel): Promise<void> {
    const delivery = this.#deliveries.get(parcelId);
    if (delivery?.state !== 'parked') return;
    const next = {
      ...unpark(delivery, this.#options.clock.now()),
      ...(parcel === undefined ? {} : { parcel }),
    };
    if (parcel !== undefined && parcel.id !== parcelId) await this.forget(parcelId);
    await this.#keep(next);
  }

  /** Only at the user's wish: nothing else takes a delivery away. */
  async forget(parcelId: string): Promise<void> {
    if (this.#busy.has(parcelId)) return;
    this.#deliveries.delete(parcelId);
    await this.#options.store.remove(parcelId);
  }

  /** Unix ms of the next thing to do; null where all is delivered or parked. */
  nextDueAt(): number | null {
    const open = this.list().filter(isOpen);
    return open.length === 0 ? null : Math.min(...open.map(({ dueAt }) => dueAt));
  }

  /** Works until all is delivered or parked, or until the signal; what is under way then is finished first. */
  async run(signal?: AbortSignal): Promise<void> {
    const running = new Set<Promise<void>>();
    const { clock, width } = this.#options;
    while (signal?.aborted !== true) {
      const due = this.#nextDue();
      if (due !== null && running.size < width && due.dueAt <= clock.now()) {
        const work = this.#advance(due).finally(() => running.delete(work));
        running.add(work);
        continue;
      }
      if (due === null && running.size === 0) return;
      await this.#idle(due, running, signal);
    }
    await Promise.all(running);
  }

  /** Until something ends, or the next delivery is due. */
  async #idle(
    due: Delivery | null,
    running: ReadonlySet<Promise<void>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { clock, width } = this.#options;
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const waits: Promise<void>[] = [...running];
    if (due !== null && running.size < width)
      waits.push(clock.wait(Math.max(1, due.dueAt - clock.now()), stop.signal));
    await Promise.race(waits);
    stop.abort();
    signal?.removeEventListener('abort', onAbort);
  }

  #nextDue(): Delivery | null {
    let next: Delivery | null = null;
    for (const delivery of this.#deliveries.values()) {
      if (!isOpen(delivery) || this.#busy.has(delivery.parcel.id)) continue;
      if (this.#options.route(delivery.destination) === null) continue;
      if (next === null || delivery.dueAt < next.dueAt) next = delivery;
    }
    return next;
  }

  async #advance(delivery: Delivery): Promise<void> {
    const { clock, route } = this.#options;
    const { id, proof } = delivery.parcel;
    const to = route(delivery.destination);
    if (to === null) return;
    this.#busy.add(id);
    try {
      if (delivery.state === 'asking' && proof !== null) {
        await this.#keep(settlePresence(delivery, await to.client.ask(proof), clock));
        return;
      }
      const expired = expire(delivery, clock.now());
      if (expired !== null) return await this.#keep(expired);
      const wait =
        this.#paceOf(delivery.destination, to.pace)?.take(delivery.parcel.plainBytes, clock.now()) ?? 0;
      if (wait > 0) return await this.#keep({ ...delivery, dueAt: clock.now() + wait });
      const sending = begin(delivery);
      await this.#keep(sending);
      await this.#keep(settleVerdict(sending, await to.client.send(delivery.parcel), clock));
    } finally {
      this.#busy.delete(id);
    }
  }

  #paceOf(destination: string, limits: PaceLimits | null): Pace | null {
    if (limits === null) return null;
    let pace = this.#paces.get(destination);
    if (pace === undefined) {
      pace = new Pace(limits);
      this.#paces.set(destination, pace);
    }
    return pace;
  }

  async #keep(delivery: Delivery): Promise<void> {
    this.#deliveries.set(delivery.parcel.id, delivery);
    await this.#options.store.put(delivery);
    this.#options.onChange?.(delivery);
  }
}

const isOpen = ({ state }: Delivery): boolean =>
  state === 'waiting' || state === 'asking' || state === 'sending';
