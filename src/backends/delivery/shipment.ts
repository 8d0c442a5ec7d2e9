/**
 * What is sent together: one recording (or a range of one) to one backend; and how it stands. And the orders by which
 * other contexts ask for it: kept until the queue's one runner has carried them out, so that nothing is lost with either.
 * In: plans, deliveries. Out: records that can be kept; views for people. Times are Unix ms.
 */
import type { TimeRange } from '../../analysis/index.ts';
import type { Failure } from '../../base/index.ts';
import type { Backend } from '../book/backend.ts';
import type { BackendKind, Labels, Parcel } from '../contract.ts';
import { AD_HOC_PLACE, adHocPlace, type Place, placesToLook } from '../places.ts';
import type { AgeChoice, ShipmentPlan } from '../plan.ts';
import type { Delivery } from './delivery.ts';

export interface Shipment {
  readonly id: string;
  /** The library's id; null for a file that is not in it. */
  readonly recording: string | null;
  /** The part of it that is sent, trace-clock microseconds; null or left out for all of it. */
  readonly range?: TimeRange | null;
  /** What is sent, as its user knows it. */
  readonly name: string;
  /** The backend's id, and what it was when this was sent. */
  readonly destination: string;
  readonly kind: BackendKind;
  readonly url: string;
  readonly labels: Labels;
  readonly places: readonly Place[];
  readonly notes: readonly string[];
  /** Nobody pressed a button. */
  readonly byRule: boolean;
  readonly queuedAt: number;
  /** Why there is nothing of it in the queue; null where there is. */
  readonly failure: Failure | null;
}

export type Order =
  /** To be read, packed and sent by the runner. */
  | {
      readonly kind: 'send';
      readonly recording: string;
      readonly name: string;
      readonly destination: string;
      readonly age: AgeChoice;
      readonly byRule: boolean;
      readonly orderedAt: number;
    }
  /** Packed already. */
  | { readonly kind: 'queue'; readonly shipment: Shipment; readonly parcels: readonly Parcel[] }
  /** What of it is parked, once more. */
  | { readonly kind: 'retry'; readonly shipment: string }
  | { readonly kind: 'forget'; readonly shipment: string };

/** One recording to one backend is one shipment, however often it is asked for. */
export const shipmentId = (seed: string, destination: string): string => `${seed} ${destination}`;

export interface ShipmentFacts {
  readonly id: string;
  readonly recording: string | null;
  readonly range?: TimeRange | null;
  readonly name: string;
  readonly byRule: boolean;
  readonly now: number;
}

export function shipmentOf(plan: ShipmentPlan, backend: Backend, { now, ...facts }: ShipmentFacts): Shipment {
  return {
    ...describeBackend(backend),
    ...facts,
    labels: plan.labels,
    places: placesToLook(plan, backend.destination, backend.grafana),
    notes: plan.notes,
    queuedAt: now,
    failure: null,
  };
}

/** Nothing of it can be sent: it stands there with the reason. */
export function failedShipment(
  failure: Failure,
  backend: Backend,
  { now, ...facts }: ShipmentFacts,
): Shipment {
  return { ...describeBackend(backend), ...facts, labels: {}, places: [], notes: [], queuedAt: now, failure };
}

const describeBackend = ({ destination: { id, kind, url } }: Backend) => ({ destination: id, kind, url });

/**
 * `queued`: waits for its turn; `sending`; `waiting`: tried and put off; `asking`: its answer was lost and the backend
 * will be asked; `parked`: waits for its user.
 */
export type ShipmentState = 'queued' | 'sending' | 'waiting' | 'asking' | 'parked' | 'delivered';

export interface ShipmentView {
  readonly shipment: Shipment;
  readonly state: ShipmentState;
  readonly parts: number;
  readonly delivered: number;
  readonly parked: number;
  /** When something of it is tried next; null where nothing is put off. */
  readonly dueAt: number | null;
  readonly tries: number;
  /** Why it is not there, in the server's words. */
  readonly failure: Failure | null;
  readonly mayBeTwice: number;
  readonly deliveredAt: number | null;
  /** Where what has arrived can be looked at. */
  readonly places: readonly Place[];
  readonly notes: readonly string[];
}

/** Newest first. */
export function viewShipments(
  shipments: readonly Shipment[],
  deliveries: readonly Delivery[],
): readonly ShipmentView[] {
  const parts = groupDeliveries(deliveries);
  return shipments
    .map((shipment) => viewShipment(shipment, parts.get(shipment.id) ?? []))
    .sort((a, b) => b.shipment.queuedAt - a.shipment.queuedAt);
}

function groupDeliveries(deliveries: readonly Delivery[]): Map<string, Delivery[]> {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const group = groups.get(delivery.shipment);
    if (group === undefined) groups.set(delivery.shipment, [delivery]);
    else group.push(delivery);
  }
  return groups;
}

function viewShipment(shipment: Shipment, parts: readonly Delivery[]): ShipmentView {
  const of = (state: Delivery['state']): readonly Delivery[] => parts.filter((part) => part.state === state);
  const putOff = parts.filter(
    ({ state, setbacks }) => (state === 'waiting' || state === 'asking') && setbacks > 0,
  );
  const parked = of('parked');
  const delivered = of('delivered');
  const failed = [...parked, ...putOff].find(({ failure }) => failure !== null);
  return {
    shipment,
    state: stateOf(shipment, parts),
    parts: parts.length,
    delivered: delivered.length,
    parked: parked.length,
    dueAt: putOff.length === 0 ? null : Math.min(...putOff.map(({ dueAt }) => dueAt)),
    tries: Math.max(0, ...parts.map(({ tries }) => tries)),
    failure: shipment.failure ?? failed?.failure ?? null,
    mayBeTwice: parts.filter(({ mayBeTwice }) => mayBeTwice).length,
    deliveredAt:
      delivered.length === 0 ? null : Math.max(...delivered.map(({ deliveredAt }) => deliveredAt ?? 0)),
    ...whereItLies(shipment, parts),
  };
}

/** It may have become too old on its way: then it went to the ad hoc store. */
function whereItLies(
  { places, notes, kind, url }: Shipment,
  parts: readonly Delivery[],
): Pick<ShipmentView, 'places' | 'notes'> {
  const adHoc = parts.filter(({ parcel }) => parcel.content.kind === 'pyroscope-adhoc').length;
  const isPlanned = places.some(({ name }) => name === AD_HOC_PLACE);
  if (kind !== 'pyroscope' || adHoc === 0 || isPlanned) return { places, notes };
  const found = [...(adHoc === parts.length ? [] : places), adHocPlace(url)];
  // Its user may have uploaded it so before.
  if (!parts.some(({ hasExpired }) => hasExpired === true)) return { places: found, notes };
  return {
    places: found,
    notes: [
      ...notes,
      'It waited until it was over an hour old, which Pyroscope takes in its ad hoc store only: there it is found by name, not by labels.',
    ],
  };
}

/** What needs its user goes before what works by itself. */
function stateOf(shipment: Shipment, parts: readonly Delivery[]): ShipmentState {
  const some = (test: (part: Delivery) => boolean): boolean => parts.some(test);
  if (shipment.failure !== null || some(({ state }) => state === 'parked')) return 'parked';
  if (some(({ state }) => state === 'sending')) return 'sending';
  if (some(({ state, tries }) => state === 'asking' && tries > 0)) return 'asking';
  if (some(({ state, setbacks }) => state === 'waiting' && setbacks > 0)) return 'waiting';
  return parts.length > 0 && parts.every(({ state }) => state === 'delivered') ? 'delivered' : 'queued';
}
