/**
 * The service worker's side of delivery: what goes out by rule, and that somebody sends what is queued.
 * In: recordings that have ended, orders of panels, alarms, the browser's start. Out: orders in the queue's database, and
 * an offscreen document (delivery-page.ts) for as long as something is due; service workers can start no worker and
 * are ended after half a minute. Refuses nothing: what cannot be sent says so in its shipment.
 */
import browser from 'webextension-polyfill';
import {
  type Backend,
  DeliveryDatabase,
  DestinationBook,
  isMeant,
  originPatterns,
  PATIENCE_MILLIS,
} from '../backends/kept.ts';
import { type Failure, makeFailure } from '../base/index.ts';
import { type Recording, tagsOf } from '../recording/index.ts';
import { DELIVERY_PAGE, type DeliveryPageMessage } from './messages.ts';
import { sendOnNewConnections } from './single-send.ts';

/** Alarms outlive the service worker, and the browser. */
const ALARM = 'deliveries';
/** While something is due: should the offscreen document die, it is back after this. */
const WATCH_MINUTES = 0.5;

export class DeliveryDesk {
  readonly #book: DestinationBook;
  /** Opening and closing of the document, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(book = new DestinationBook()) {
    this.#book = book;
  }

  /** A recording has ended: it goes to every backend whose rule means it. Durable when it resolves, or why it is not. */
  async recordingEnded(recording: Recording): Promise<Failure | null> {
    const contents = await this.#book.list();
    if (!contents.ok) return contents.failure;
    const tags = tagsOf(recording);
    const meant = contents.value.backends.filter(({ rule }) => isMeant(rule, recording.url, tags));
    if (meant.length === 0 || recording.trace === null) return null;
    try {
      await withDatabase((database) => orderAll(database, recording, meant));
    } catch (error) {
      // The browser's storage, in its own words: a full disk, a broken database.
      if (!(error instanceof DOMException)) throw error;
      return makeFailure('delivery-unstored', { detail: `${error.name}: ${error.message}` });
    }
    await browser.alarms.create(ALARM, { periodInMinutes: WATCH_MINUTES });
    // The recording is shown meanwhile; should this worker die, the alarm does it.
    void this.wake();
    return null;
  }

  /** There is an order: somebody carries it out. */
  wake(): Promise<void> {
    return this.#inTurn(async () => {
      await browser.alarms.create(ALARM, { periodInMinutes: WATCH_MINUTES });
      if (await chrome.offscreen.hasDocument()) return tellPage();
      await sendOnNewConnections();
      await chrome.offscreen.createDocument({
        url: DELIVERY_PAGE,
        reasons: ['WORKERS'],
        justification: 'Reads recordings in a worker and sends their profiles to the backends of the user.',
      });
    });
  }

  /** The browser has started, or the alarm rings: is there anything to do? */
  async check(): Promise<void> {
    const due = await this.#nextDueAt();
    if (due === null) await browser.alarms.clear(ALARM);
    else if (due <= Date.now() + PATIENCE_MILLIS) await this.wake();
    else await this.#sleepUntil(due);
  }

  /** Leave to reach an origin was given or taken back, here or on Chrome's own pages. */
  async leaveChanged(): Promise<void> {
    if (await chrome.offscreen.hasDocument()) await tellPage();
    else await this.check();
  }

  owns(alarm: string): boolean {
    return alarm === ALARM;
  }

  /** The page has nothing due: it goes, unless an order has come meanwhile. */
  rest(): Promise<void> {
    return this.#inTurn(async () => {
      const due = await this.#nextDueAt();
      if (due !== null && due <= Date.now() + PATIENCE_MILLIS) return tellPage();
      if (await chrome.offscreen.hasDocument()) await chrome.offscreen.closeDocument();
      if (due === null) await browser.alarms.clear(ALARM);
      else await this.#sleepUntil(due);
    });
  }

  /** Of what can be sent: backends that are there, at origins that leave was given for. */
  async #nextDueAt(): Promise<number | null> {
    const contents = await this.#book.list();
    const reached = new Set<string>();
    for (const { destination } of contents.ok ? contents.value.backends : []) {
      const origins = [...originPatterns(destination)];
      if (await browser.permissions.contains({ origins })) reached.add(destination.id);
    }
    return withDatabase((database) => database.nextDueAt((destination) => reached.has(destination)));
  }

  async #sleepUntil(due: number): Promise<void> {
    await browser.alarms.create(ALARM, { when: due, periodInMinutes: WATCH_MINUTES });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

async function orderAll(
  database: DeliveryDatabase,
  { id, name }: Recording,
  backends: readonly Backend[],
): Promise<void> {
  const orderedAt = Date.now();
  for (const { destination } of backends)
    await database.order({
      kind: 'send',
      recording: id,
      name,
      destination: destination.id,
      age: 'ad-hoc',
      byRule: true,
      orderedAt,
    });
}

async function withDatabase<T>(work: (database: DeliveryDatabase) => Promise<T>): Promise<T> {
  const database = await DeliveryDatabase.open();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Nobody listens: it is just going, and the alarm opens it anew. */
async function tellPage(): Promise<void> {
  const message: DeliveryPageMessage = { to: 'delivery-page', type: 'look' };
  await browser.runtime.sendMessage(message).catch(() => undefined);
}
