/**
 * The offscreen document (public/delivery.html) that carries out orders and runs the queue: no page of ours has to be
 * open. In: the service worker's word that there is something to look at. Out: deliveries.
 * Of Chrome's interfaces it has `runtime` alone, so backends and their secrets are read from IndexedDB, and leave per
 * origin and Chrome's words for failures are asked of the service worker.
 */
import browser from 'webextension-polyfill';
import {
  type Cargo,
  DeliveryDatabase,
  DeliveryRunner,
  DestinationBook,
  explainedWire,
} from '../backends/index.ts';
import { type Failure, fail, makeFailure, type Result } from '../base/index.ts';
import { startEngine } from '../engine/client.ts';
import { recordingId } from '../recording/index.ts';
import { Library } from '../recording/library.ts';
import type { DeliveryPageMessage, ServiceQuestion } from './messages.ts';

/** One of all contexts works on the queue. */
const LOCK = 'pageflame-deliveries';

const PAUSE_MILLIS = 1_000;

const library = new Library();
let runner: DeliveryRunner | null = null;

browser.runtime.onMessage.addListener((message: unknown) => {
  // Our own service worker says one thing only.
  if ((message as Partial<DeliveryPageMessage>).to !== 'delivery-page') return undefined;
  return runner?.look() ?? Promise.resolve();
});

await navigator.locks.request(LOCK, async () => {
  runner = await DeliveryRunner.open({
    database: await DeliveryDatabase.open(),
    book: new DestinationBook(),
    load,
    allowed: async (patterns) => {
      const allowed = await ask({ type: 'allowed', patterns });
      return new Set(Array.isArray(allowed) ? allowed.map(String) : []);
    },
    wire: explainedWire(async (url, since) => {
      const word = await ask({ type: 'why-failed', url, since });
      return typeof word === 'string' ? word : null;
    }),
  });
  for (;;) {
    await runner.run();
    // It closes this page, unless there is something new.
    await ask({ type: 'delivery-rests' });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
});

function ask(question: ServiceQuestion): Promise<unknown> {
  return browser.runtime.sendMessage(question);
}

async function load(id: string): Promise<Result<Cargo>> {
  const recording = await library.get(recordingId(id));
  if (!recording.ok) return recording;
  const { name, startedAt } = recording.value;
  let crashed: Failure | null = null;
  const engine = startEngine((detail) => {
    crashed = makeFailure('engine-crashed', { subject: name, detail });
  });
  try {
    const opened = await engine.open({ kind: 'library', id: recordingId(id) });
    if (!opened.ok) return opened;
    const { open, bounds, unixMillisAtZero } = opened.value;
    return await engine.cargo(open, {
      seed: id,
      name,
      unixMillisAtZero: unixMillisAtZero ?? startedAt - bounds.start / 1000,
    });
  } catch (error) {
    // A bug of the engine's: this recording stands in the list with it, and others go on.
    return fail(crashed ?? makeFailure('engine-crashed', { subject: name, detail: String(error) }));
  } finally {
    engine.end();
  }
}
