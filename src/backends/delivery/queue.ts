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
  unladen,
  WALL_CLOCK,
  withBytes,
} from './delivery.ts';
import { Pace, type PaceLimits } from './pace.ts';
import {
  ASK_AFTER_MILLIS,
  begin,
  expire,
  loseBytes,
  resume,
  settlePresence,
  settleVerdict,
  unpark,
} from './step.ts';

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
  /** Destinations that have had what they take for now, and until when. */
  readonly #rests = new Map<string, number>();
  #wake = new AbortController();

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

  /**
   * Parcels that are here already are left as they are, delivered ones too; where they are wanted `again`, what has
   * arrived before is asked for and sent if it is gone, and what is parked is tried once more.
   */
  async add(parcels: readonly Parcel[], consignment: Consignment): Promise<void> {
    const { again = false } = consignment;
    const fresh = new Map<string, Delivery>();
    for (const parcel of parcels) {
      const known = this.#deliveries.get(parcel.id);
      if (known?.state === 'parked' && again) await this.retry(parcel.id);
      if (known === undefined || (again && known.state === 'delivered'))
        fresh.set(parcel.id, this.#deliver(parcel, known, consignment));
    }
    // A disk is asked for several at once, and they are listed in their order.
    const { store, width, onChange } = this.#options;
    const waiting = [...fresh.values()];
    for (let at = 0; at < waiting.length; at += width) {
      const next = waiting.slice(at, at + width);
      await Promise.all(next.map((delivery) => store.add(delivery)));
      for (const delivery of next) {
        this.#deliveries.set(delivery.parcel.id, unladen(delivery));
        onChange?.(delivery);
      }
    }
    this.wake();
  }

  /** `known`: it has arrived before. */
  #deliver(parcel: Parcel, known: Delivery | undefined, consignment: Consignment): Delivery {
    const askFirst = consignment.askFirst ?? known !== undefined;
    const fresh = newDelivery(parcel, { ...consignment, askFirst }, this.#options.clock.now());
    return {
      ...fresh,
      // What arrived just now may not be shown yet.
      dueAt: Math.max(fresh.dueAt, (known?.deliveredAt ?? Number.NEGATIVE_INFINITY) + ASK_AFTER_MILLIS),
      // It has arrived once, and nobody can be asked whether it is still there.
      mayBeTwice: known !== undefined && parcel.proof === null,
    };
  }

  list(): Delivery[] {
    return [...this.#deliveries.values()];
  }

  /** Sends what is parked once more, and what was put off now. What has to be asked for first waits for that. */
  async retry(parcelId: string): Promise<void> {
    const delivery = this.#deliveries.get(parcelId);
    const now = this.#options.clock.now();
    if (delivery?.state === 'parked') await this.#keep(unpark(delivery, now));
    else if (delivery?.state === 'waiting') await this.#keep({ ...delivery, dueAt: now });
    else return;
    this.wake();
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

  /** A run that waits looks again: there may be a new delivery, or a way to an old one. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = new AbortController();
    wake.abort();
  }

  /**
   * Works until all is delivered or parked, or until the signal; what is under way then is finished first. With a
   * patience it also ends when nothing is due within so many ms.
   */
  async run(signal?: AbortSignal, patienceMillis = Number.POSITIVE_INFINITY): Promise<void> {
    const running = new Set<Promise<void>>();
    const { clock, width } = this.#options;
    while (signal?.aborted !== true) {
      const due = this.#nextDue();
      if (due !== null && running.size < width && due.at <= clock.now()) {
        const work = this.#advance(due.delivery).finally(() => running.delete(work));
        running.add(work);
        continue;
      }
      const isLate = due === null || due.at - clock.now() > patienceMillis;
      if (isLate && running.size === 0) return;
      await this.#idle(due?.at ?? null, running, signal);
    }
    await Promise.all(running);
  }

  /** Until something ends, or the next delivery is due. */
  async #idle(
    dueAt: number | null,
    running: ReadonlySet<Promise<void>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { clock, width } = this.#options;
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    const wake = this.#wake.signal;
    signal?.addEventListener('abort', onAbort, { once: true });
    wake.addEventListener('abort', onAbort, { once: true });
    const woken = new Promise<void>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const waits: Promise<void>[] = [...running, woken];
    if (dueAt !== null && running.size < width)
      waits.push(clock.wait(Math.max(1, dueAt - clock.now()), stop.signal));
    await Promise.race(waits);
    signal?.removeEventListener('abort', onAbort);
    wake.removeEventListener('abort', onAbort);
    stop.abort();
  }

  #nextDue(): { readonly delivery: Delivery; readonly at: number } | null {
    let next: { readonly delivery: Delivery; readonly at: number } | null = null;
    for (const delivery of this.#deliveries.values()) {
      if (!isOpen(delivery) || this.#busy.has(delivery.parcel.id)) continue;
      if (this.#options.route(delivery.destination) === null) continue;
      const at = this.#dueAt(delivery);
      if (next === null || at < next.at) next = { delivery, at };
    }
    return next;
  }

  /** Asking takes nothing of what a destination takes. */
  #dueAt({ state, dueAt, destination }: Delivery): number {
    const rest = state === 'waiting' ? this.#rests.get(destination) : undefined;
    return Math.max(dueAt, rest ?? Number.NEGATIVE_INFINITY);
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
      const bytes = await this.#options.store.bytesOf(id);
      if (bytes === null) return await this.#keep(loseBytes(delivery));
      const pace = this.#paceOf(delivery.destination, to.pace);
      const { parcel } = delivery;
      const wait = pace?.take(parcel.plainBytes, clock.now()) ?? 0;
      if (wait > 0) {
        this.#rests.set(delivery.destination, clock.now() + wait);
        return;
      }
      const sending = begin(delivery);
      await this.#keep(sending);
      const laden = { ...parcel, content: withBytes(parcel.content, bytes) };
      const verdict = await to.client.send(laden).finally(() => pace?.settle(parcel.plainBytes, clock.now()));
      await this.#keep(settleVerdict(sending, verdict, clock));
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
