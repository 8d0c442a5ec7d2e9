/**
 * `pageflame push FILE --to BASEURL --kind …`: sends a recording or trace to a backend.
 * In: a file, where to, labels. Out: what was sent and where to look at it; exit code 0, or 1 with one line on stderr.
 * What could not be sent is kept, and the next push of the same file to the same place takes it up: each part arrives
 * once, because the backend is asked before anything is sent again.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type Cargo,
  connect,
  DEFAULT_REDACTION,
  type Delivery,
  DeliveryQueue,
  type Destination,
  openClient,
  planShipment,
  previewShipment,
  pyroscope,
  type ShipmentPlan,
} from '../backends/index.ts';
import { ensure, type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import { Engine } from '../engine/index.ts';
import { loadCargo, type OpenTrace } from './cargo.ts';
import { openFile } from './open-file.ts';
import { type PushTarget, readCredentials } from './push-arguments.ts';
import { openShipment } from './push-queue.ts';
import { describePreview, describeShipment } from './push-words.ts';

export interface PushOptions extends PushTarget {
  readonly file: string;
}

/** How long a backend that does not take it is tried again. Longer than it takes to ask after a lost answer. */
const PATIENCE_MILLIS = 40_000;

export async function runPush(options: PushOptions): Promise<number> {
  const pushed = await push(options);
  if (pushed.ok) return 0;
  const { message, detail } = pushed.failure;
  const line = detail === '' ? message : `${message} (${detail})`;
  process.stderr.write(`pageflame: ${line.replace(/\s*\n\s*/g, ' ')}\n`);
  return 1;
}

async function push(options: PushOptions): Promise<Result<undefined>> {
  const cargo = await readCargo(options);
  if (!cargo.ok) return cargo;
  const destination = destinationOf(options);
  const age = options.restamp ? 'restamp' : 'ad-hoc';
  const plan = await planShipment(cargo.value, destination, { now: Date.now(), age });
  if (!plan.ok) return plan;
  const { problems, notes } = plan.value;
  for (const { label, problem, reason } of problems)
    process.stderr.write(`label ${label}: ${problem} ${reason}\n`);
  for (const note of notes) process.stderr.write(`${note}\n`);
  if (options.preview) {
    process.stdout.write(describePreview(previewShipment(plan.value, destination), options));
    return succeed(undefined);
  }
  const sent = await deliver(plan.value, destination, cargo.value);
  if (sent.ok)
    process.stdout.write(describeShipment({ plan: plan.value, deliveries: sent.value, destination }));
  return sent.ok ? succeed(undefined) : sent;
}

function destinationOf({ to, kind, labels, tenant, ask, fileNames }: PushOptions): Destination {
  return {
    id: JSON.stringify([kind, to, tenant]),
    kind,
    url: to,
    queryUrl: ask,
    tenant,
    labels,
    redaction: DEFAULT_REDACTION,
    frameNames: fileNames ? 'with-file' : 'bare',
  };
}

async function readCargo(options: PushOptions): Promise<Result<Cargo>> {
  const blob = await openFile(options.file);
  if (!blob.ok) return blob;
  const engine = new Engine({ library: null });
  const opened = await engine.open({ kind: 'file', name: basename(options.file), file: blob.value });
  if (!opened.ok) return opened;
  const trace = ensure(engine.traceOf(opened.value.open), 'what was opened just now is open');
  const seed = trace.recording?.id ?? (await seedOfFile(blob.value));
  const unixMillisAtZero = await clockOf(trace, options);
  return succeed(loadCargo(trace, { seed, name: basename(options.file), unixMillisAtZero }));
}

/** A file without an id of its own is known by what is in it. */
async function seedOfFile(file: Blob): Promise<string> {
  const ends = new Blob([
    file.slice(0, 1 << 20),
    file.slice(Math.max(0, file.size - (1 << 20))),
    String(file.size),
  ]);
  const digest = await crypto.subtle.digest('SHA-256', await ends.arrayBuffer());
  return Buffer.from(digest).toString('hex').slice(0, 32);
}

/** Unix ms at trace time 0: as the user says, as the trace knows, else as if the file had been written at its end. */
async function clockOf({ tables }: OpenTrace, { time, file }: PushOptions): Promise<number> {
  const { bounds, unixMillisAtZero } = tables;
  if (time !== null) return time - bounds.start / 1000;
  if (unixMillisAtZero !== null) return unixMillisAtZero;
  const { mtimeMs } = await stat(file);
  process.stderr.write(
    `${basename(file)} does not say when it was recorded: it is taken to have ended when the file was written, ${new Date(mtimeMs).toISOString()}. Say --time to set its start.\n`,
  );
  return mtimeMs - bounds.end / 1000;
}

async function deliver(
  plan: ShipmentPlan,
  destination: Destination,
  { name }: Cargo,
): Promise<Result<Delivery[]>> {
  const shipment = `${plan.ids.rootSpanId}-${Buffer.from(destination.id).toString('hex').slice(-24)}`;
  const folder = await openShipment(shipment);
  if (folder === null)
    return fail(
      makeFailure('backend-busy', { subject: name, detail: 'another pageflame is sending it just now' }),
    );
  try {
    const client = openClient(connect(destination, readCredentials(process.env)));
    const pace = destination.kind === 'pyroscope' ? pyroscope.PYROSCOPE_RATE : null;
    const queue = await DeliveryQueue.open({ store: folder.store, route: () => ({ client, pace }) });
    for (const { parcel, state } of queue.list()) if (state === 'parked') await queue.retry(parcel.id);
    await queue.add(plan.parcels, { destination: destination.id, shipment, askFirst: true });
    await queue.run(AbortSignal.timeout(PATIENCE_MILLIS));
    return await settle(queue, folder.path);
  } finally {
    await folder.release();
  }
}

async function settle(queue: DeliveryQueue, path: string): Promise<Result<Delivery[]>> {
  const deliveries = queue.list();
  for (const { parcel, state } of deliveries) if (state === 'delivered') await queue.forget(parcel.id);
  const stuck = deliveries.filter(({ state }) => state !== 'delivered');
  if (stuck.length === 0) return succeed(deliveries);
  const [first] = stuck.flatMap(({ failure }): Failure[] => (failure === null ? [] : [failure]));
  const kept = `${stuck.length} of ${deliveries.length} parts are kept in ${path}: push the file again to send them`;
  const failure = first ?? makeFailure('backend-silent', { subject: 'The backend' });
  const detail = failure.detail === '' ? kept : `${failure.detail}; ${kept}`;
  return fail({ ...failure, detail });
}
