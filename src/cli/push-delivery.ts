/**
 * `pageflame push` on its way: parcels through the queue of their folder, until all have arrived, patience is out or Ctrl+C.
 * In: a plan, where to. Out: the deliveries, all arrived; or why not, and where they are kept for the next push. The first
 * Ctrl+C waits for what is under way, the second ends the process; nothing is lost with either.
 */
import {
  connect,
  type Delivery,
  DeliveryQueue,
  type Destination,
  fingerprint,
  openClient,
  type Parcel,
  pyroscope,
  type ShipmentPlan,
} from '../backends/index.ts';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { INTERRUPTED, Interrupts } from './interrupts.ts';
import { readCredentials } from './push-arguments.ts';
import { openShipment } from './push-queue.ts';
import { printable } from './report.ts';

/** How long a backend that does not take it is tried again. Longer than it takes to ask after a lost answer. */
const PATIENCE_MILLIS = 40_000;

export interface Consigned {
  readonly plan: ShipmentPlan;
  readonly destination: Destination;
  /** What failures call it. */
  readonly name: string;
  /** It is sent with the time of sending: another one at every push. */
  readonly isRestamped: boolean;
}

export async function deliver({
  plan,
  destination,
  name,
  isRestamped,
}: Consigned): Promise<Result<Delivery[]>> {
  const shipment = `${plan.ids.rootSpanId}-${(await fingerprint(destination.id)).slice(0, 24)}`;
  const folder = await openShipment(shipment);
  if (folder === null)
    return fail(
      makeFailure('backend-busy', { subject: name, detail: 'another pageflame is sending it just now' }),
    );
  const interrupts = new Interrupts();
  const stopped = new AbortController();
  interrupts.listener = { stop: () => stopped.abort(), cancel: () => process.exit(INTERRUPTED) };
  try {
    const client = openClient(connect(destination, readCredentials(process.env)));
    const pace = destination.kind === 'pyroscope' ? pyroscope.PYROSCOPE_RATE : null;
    const route = () => ({ client, pace });
    const queue = await DeliveryQueue.open({ store: folder.store, route, onChange: tellWaiting() });
    const parcels = isRestamped ? withoutKept(plan.parcels, queue.list()) : plan.parcels;
    for (const { parcel, state } of queue.list()) if (state === 'parked') await queue.retry(parcel.id);
    await queue.add(parcels, { destination: destination.id, shipment, askFirst: true });
    await queue.run(AbortSignal.any([stopped.signal, AbortSignal.timeout(PATIENCE_MILLIS)]));
    const cut = stopped.signal.aborted ? makeFailure('cancelled', { subject: `Sending ${name}` }) : null;
    return await settle(queue, folder.path, cut);
  } finally {
    interrupts.close();
    await folder.release();
  }
}

/** What an earlier push could not send goes with the time that it was given then: sent with two it would be there twice. */
function withoutKept(parcels: readonly Parcel[], kept: readonly Delivery[]): readonly Parcel[] {
  const nameOf = ({ title, content }: Parcel): string =>
    JSON.stringify([title, 'labels' in content ? content.labels : {}]);
  const known = new Set(kept.map(({ parcel }) => nameOf(parcel)));
  return parcels.filter((parcel) => !known.has(nameOf(parcel)));
}

/** Somebody who sits before a terminal is told once what is waited for; a script gets one line at the end. */
function tellWaiting(): (delivery: Delivery) => void {
  let isTold = !process.stderr.isTTY;
  return ({ state, failure }) => {
    if (isTold || failure === null || (state !== 'waiting' && state !== 'asking')) return;
    isTold = true;
    const seconds = PATIENCE_MILLIS / 1000;
    process.stderr.write(
      `${printable(failure.message)} Trying again for ${seconds} s; Ctrl+C keeps it for the next push.\n`,
    );
  };
}

async function settle(queue: DeliveryQueue, path: string, cut: Failure | null): Promise<Result<Delivery[]>> {
  const deliveries = queue.list();
  for (const { parcel, state } of deliveries) if (state === 'delivered') await queue.forget(parcel.id);
  const stuck = deliveries.filter(({ state }) => state !== 'delivered');
  if (stuck.length === 0) return succeed(deliveries);
  const [first] = stuck.flatMap(({ failure }): Failure[] => (failure === null ? [] : [failure]));
  const kept = `${stuck.length} of ${deliveries.length} parts are kept in ${path}: push the file again to send them`;
  const failure = cut ?? first ?? makeFailure('backend-silent', { subject: 'The backend' });
  const detail = failure.detail === '' ? kept : `${failure.detail}; ${kept}`;
  return fail({ ...failure, detail });
}
