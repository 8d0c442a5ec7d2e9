/**
 * Sending what is shown: to which backend, which part of it, and what exactly would leave.
 * In: what is shown, the backends. Out: a plan as a signal, made anew with every choice; an order when it is sent.
 * Refuses: sending without a plan, and to an origin that the user gives no leave for.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TimeRange } from '../../../analysis/index.ts';
import {
  type AgeChoice,
  type Backend,
  type Cargo,
  type Destination,
  fingerprint,
  originPatterns,
  type ParcelPreview,
  type RedactionReport,
  type ShipmentPlan,
  type ShipmentView,
  shipmentId,
  shipmentOf,
} from '../../../backends/index.ts';
import { type Failure, makeFailure, type Result } from '../../../base/index.ts';
import { type App, isOnShelf } from '../app.ts';
import type { BackendsDoor, DeliveriesDoor } from '../doors.ts';
import type { Shown } from '../library/opener.ts';

export type SendPart = 'all' | 'measured';

export type SendPlan =
  /** No backend is chosen, or no time is given. */
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'refused'; readonly backend: Backend; readonly failure: Failure }
  | {
      readonly kind: 'ready';
      readonly backend: Backend;
      readonly plan: ShipmentPlan;
      readonly previews: readonly ParcelPreview[];
      readonly redaction: RedactionReport;
    };

export interface SendForm {
  /** The chosen backend's id. */
  readonly choice: Signal<string | null>;
  readonly part: Signal<SendPart>;
  /** null: nothing is measured. */
  readonly measured: TimeRange | null;
  readonly age: Signal<AgeChoice>;
  /** The file does not say when it was recorded: its user has to. */
  readonly needsTime: boolean;
  /** Unix ms of its beginning, as if the file had been written at its end; null until it is given. */
  readonly startedAt: Signal<number | null>;
  /** Nobody has said another time than the file's own. */
  readonly isFileTime: ReadonlySignal<boolean>;
  readonly plan: ReadonlySignal<SendPlan>;
  /** Why it was not queued. */
  readonly failure: ReadonlySignal<Failure | null>;
  /** Answers whether it is queued. Only within a click: Chrome may have to ask for leave. */
  readonly send: () => Promise<boolean>;
  readonly dispose: () => void;
}

/** A trace, or a file of profiles. */
export type Sendable = Extract<Shown, { readonly kind: 'trace' | 'profiles' }>;

/** What a sending needs to know of either. */
function factsOf({ kind, view }: Sendable) {
  if (kind === 'trace') {
    const { open, bounds, unixMillisAtZero, url, events, sampleCount } = view.opened;
    return { open, bounds, unixMillisAtZero, print: [url, events, sampleCount, bounds] };
  }
  const { open, bounds: told, startUnixMillis, format, functions, samples, labels } = view.opened;
  const bounds = told ?? { start: 0, end: 0 };
  const unixMillisAtZero = startUnixMillis === null ? null : startUnixMillis - bounds.start / 1000;
  return { open, bounds, unixMillisAtZero, print: [format, functions, samples, labels, told] };
}

/** As if the file had been written at its end: what a file that knows no time is taken for. */
function timeOfFile(shown: Sendable): number | null {
  const { bounds, unixMillisAtZero } = factsOf(shown);
  if (unixMillisAtZero !== null || shown.writtenAt === null) return null;
  return shown.writtenAt - (bounds.end - bounds.start) / 1000;
}

export interface SendFormParts {
  readonly app: Pick<App, 'outside' | 'shelf'>;
  readonly backends: BackendsDoor;
  readonly deliveries: DeliveriesDoor;
  readonly shown: Sendable;
  /** The backend to begin with; the first one by default. */
  readonly first: string | null;
  /** The part to begin with, where something is measured. */
  readonly firstPart?: SendPart;
}

export function createSendForm(parts: SendFormParts): SendForm {
  const { backends, shown, first, firstPart = 'all' } = parts;
  const choice = signal(first ?? backends.list.peek()[0]?.destination.id ?? null);
  const age = signal<AgeChoice>('ad-hoc');
  const fileTime = timeOfFile(shown);
  const startedAt = signal(fileTime);
  const plan = signal<SendPlan>({ kind: 'none' });
  const failure = signal<Failure | null>(null);
  // Files of profiles are sent as they are.
  const measured = shown.kind === 'trace' ? shown.view.measured.peek() : null;
  const part = signal<SendPart>(measured === null ? 'all' : firstPart);
  const needsTime = factsOf(shown).unixMillisAtZero === null;
  const backend = computed(() =>
    backends.list.value.find(({ destination }) => destination.id === choice.value),
  );
  let running = new AbortController();

  const work = async (to: Backend, choices: Choices): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal: mine } = running;
    plan.value = { kind: 'working' };
    const made = await makePlan(parts, to, choices, mine);
    if (!mine.aborted) plan.value = made;
  };
  const stop = effect(() => {
    const to = backend.value;
    const choices: Choices = {
      age: age.value,
      range: part.value === 'measured' ? measured : null,
      startedAt: startedAt.value,
    };
    failure.value = null;
    if (to === undefined || (needsTime && choices.startedAt === null)) {
      running.abort();
      plan.value = { kind: 'none' };
    } else void work(to, choices);
  });

  return {
    choice,
    part,
    measured,
    age,
    needsTime,
    startedAt,
    isFileTime: computed(() => fileTime !== null && startedAt.value === fileTime),
    plan,
    failure,
    async send() {
      const ready = plan.peek();
      if (ready.kind !== 'ready') return false;
      failure.value = await sendPlan(parts, ready, part.peek() === 'measured' ? measured : null);
      return failure.peek() === null;
    },
    dispose() {
      running.abort();
      stop();
    },
  };
}

/** Why it was not queued; null where it is. */
async function sendPlan(
  { app, backends, deliveries, shown }: SendFormParts,
  { backend, plan }: Extract<SendPlan, { readonly kind: 'ready' }>,
  range: TimeRange | null,
): Promise<Failure | null> {
  const { destination } = backend;
  // Before anything is waited for: Chrome asks within a click only.
  const missing = originPatterns(destination).filter((pattern) => !backends.allowed.peek().has(pattern));
  if (missing.length > 0 && !(await backends.allow(missing)))
    return makeFailure('backend-not-allowed', { subject: destination.url });
  const { seed, recording } = await identify(app, shown);
  const shipment = shipmentOf(plan, backend, {
    id: idOf(seed, { range, destination }),
    recording,
    range,
    name: shown.name,
    byRule: false,
    now: app.outside.clock.now(),
  });
  const ordered = await deliveries.order({ kind: 'queue', shipment, parcels: plan.parcels });
  return ordered.ok ? null : ordered.failure;
}

const idOf = (
  seed: string,
  { range, destination }: { readonly range: TimeRange | null; readonly destination: Destination },
): string => shipmentId(seed + (range === null ? '' : ` ${range.start}-${range.end}`), destination.id);

interface Choices {
  readonly age: AgeChoice;
  /** null for all of it. */
  readonly range: TimeRange | null;
  readonly startedAt: number | null;
}

async function makePlan(
  parts: SendFormParts,
  backend: Backend,
  { age, range, startedAt }: Choices,
  signal: AbortSignal,
): Promise<SendPlan> {
  const { app, backends } = parts;
  const cargo = await loadCargo(parts, range, startedAt);
  if (!cargo.ok) return { kind: 'refused', backend, failure: cargo.failure };
  const { destination } = backend;
  const question = { cargo: cargo.value, destination, now: app.outside.clock.now(), age };
  const prepared = await backends.prepare(question, signal);
  if (!prepared.ok) return { kind: 'refused', backend, failure: prepared.failure };
  const { plan } = prepared.value;
  const notes = [...plan.notes, ...(await noteOnAgain(parts, plan, { range, destination }))];
  return { kind: 'ready', backend, ...prepared.value, plan: { ...plan, notes } };
}

/** What is sent with a new time is another profile to the backend each time, which nobody can ask it for. */
async function noteOnAgain(
  { app, deliveries, shown }: SendFormParts,
  { labels, time, tooOld }: ShipmentPlan,
  place: { readonly range: TimeRange | null; readonly destination: Destination },
): Promise<readonly string[]> {
  const isOfNow = tooOld && new Date(time).toISOString() !== labels.recorded_at;
  if (!isOfNow || labels.recorded_at === undefined) return [];
  const { seed } = await identify(app, shown);
  const id = idOf(seed, place);
  const before = deliveries.shipments.peek().find(({ shipment }) => shipment.id === id);
  if (before === undefined || !mayBeThere(before)) return [];
  return before.shipment.labels.recorded_at === labels.recorded_at
    ? ['It went there with a new time before: sent once more, it counts twice there.']
    : [];
}

/** Of what was only queued, or refused, nothing arrived. */
const mayBeThere = ({ delivered, mayBeTwice, state }: ShipmentView): boolean =>
  delivered > 0 || mayBeTwice > 0 || state === 'asking';

async function loadCargo(
  { app, shown }: SendFormParts,
  range: TimeRange | null,
  startedAt: number | null,
): Promise<Result<Cargo>> {
  const { open, bounds, unixMillisAtZero } = factsOf(shown);
  const { seed } = await identify(app, shown);
  return app.outside.engine.cargo(open, {
    ...(range === null ? {} : { range }),
    seed,
    name: shown.name,
    unixMillisAtZero: unixMillisAtZero ?? (startedAt ?? 0) - bounds.start / 1000,
  });
}

/**
 * The same recording has the same ids on every try, and so has every range of it: they are of one trace. A file that is in
 * no library is known by what is in it.
 */
async function identify(
  { shelf }: Pick<App, 'shelf'>,
  shown: Sendable,
): Promise<{ readonly seed: string; readonly recording: string | null }> {
  const { recording, name } = shown;
  if (recording !== null && isOnShelf(shelf, recording))
    return { seed: recording.id, recording: recording.id };
  const { print, unixMillisAtZero } = factsOf(shown);
  const seed = await fingerprint(JSON.stringify([name, print, unixMillisAtZero]));
  return { seed, recording: null };
}
