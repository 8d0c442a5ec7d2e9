/**
 * The offscreen document (public/delivery.html) that carries out orders and runs the queue: no page of ours has to be
 * open. In: the service worker's word that there is something to look at. Out: deliveries.
 * Of Chrome's interfaces it has `runtime` alone, so backends and their secrets are read from IndexedDB, and leave per
 * origin and Chrome's words for failures are asked of the service worker.
 */
import browser from 'webextension-polyfill';
import {
  browserWire,
  type Cargo,
  DeliveryDatabase,
  DeliveryRunner,
  DestinationBook,
} from '../backends/index.ts';
import { type Failure, fail, makeFailure, type Result } from '../base/index.ts';
import { startEngine } from '../engine/client.ts';
import { recordingId } from '../recording/index.ts';
import { Library } from '../recording/library.ts';
import type { DeliveryPageMessage, ServiceQuestion } from './messages.ts';

/** One of all contexts works on the queue. */
const LOCK = 'pageflame-deliveries';

const PAUSE_MILLIS = 1_000;
const ATTEMPTS = 3;

const library = new Library();
let runner: DeliveryRunner | null = null;

browser.runtime.onMessage.addListener((message: unknown) => {
  // Our own service worker says one thing only.
  if ((message as Partial<DeliveryPageMessage>).to !== 'delivery-page') return undefined;
  return runner?.look() ?? Promise.resolve();
});

try {
  await navigator.locks.request(LOCK, deliver);
} finally {
  // Whatever broke (a bug, a full disk), the alarm opens this page anew; a broken one would be in its place.
  window.close();
}

async function deliver(): Promise<never> {
  runner = await DeliveryRunner.open({
    database: await DeliveryDatabase.open(),
    book: new DestinationBook(),
    load,
    allowed: async (patterns) => {
      const allowed = await ask({ type: 'allowed', patterns });
      return new Set(Array.isArray(allowed) ? allowed.map(String) : []);
    },
    wire: browserWire(async (url) => {
      const word = await ask({ type: 'why-failed', url });
      return typeof word === 'string' ? word : null;
    }),
  });
  for (;;) {
    await runner.run();
    // It closes this page, unless there is something new.
    await ask({ type: 'delivery-rests' });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}

/** A service worker may be ended in the middle of an answer; the next one gives it. */
async function ask(question: ServiceQuestion): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await browser.runtime.sendMessage(question);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
  }
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
