/**
 * What has changed among the deliveries while the panel is open.
 * In: the deliveries. Out: a mark per recording; a sentence per change; a notice with the server's words where something
 * was parked, which goes when it has been dealt with.
 */
import { effect, type Signal, untracked } from '@preact/signals';
import type { ShipmentView } from '../../../backends/index.ts';
import { addressWords, stateWords } from '../../words/backends.ts';
import type { DeliveriesDoor } from '../doors.ts';
import type { Notices } from '../notices.ts';
import type { DeliveryMark } from './delivery-mark.ts';

interface News {
  readonly notices: Notices;
  readonly marks: Signal<ReadonlyMap<string, DeliveryMark>>;
  readonly said: Signal<string>;
}

export function followDeliveries(door: DeliveriesDoor, { notices, marks, said }: News): () => void {
  let before: ReadonlyMap<string, ShipmentView['state']> | null = null;
  const tellNews = (
    views: readonly ShipmentView[],
    now: ReadonlyMap<string, ShipmentView['state']>,
  ): void => {
    const known = before;
    before = now;
    marks.value = marksOf(views);
    if (known === null) return;
    for (const id of known.keys()) if (now.get(id) !== 'parked') notices.dismiss(keyOf(id));
    const changed = views.filter((view) => known.get(view.shipment.id) !== view.state);
    if (changed.length > 0) said.value = changed.map(tell).join(' ');
    for (const view of changed) if (view.state === 'parked') notices.show(noticeOf(view));
  };
  return effect(() => {
    const views = door.shipments.value;
    // Notices read their own list as they change it.
    untracked(() => tellNews(views, new Map(views.map((view) => [view.shipment.id, view.state]))));
  });
}

export function marksOf(views: readonly ShipmentView[]): ReadonlyMap<string, DeliveryMark> {
  const marks = new Map<string, DeliveryMark>();
  const weight: readonly DeliveryMark[] = ['delivered', 'on-its-way', 'parked'];
  for (const { shipment, state } of views) {
    if (shipment.recording === null) continue;
    const mark = state === 'parked' || state === 'delivered' ? state : 'on-its-way';
    const known = marks.get(shipment.recording) ?? 'delivered';
    marks.set(shipment.recording, weight.indexOf(mark) > weight.indexOf(known) ? mark : known);
  }
  return marks;
}

const keyOf = (shipment: string): string => `delivery:${shipment}`;

const tell = (view: ShipmentView): string =>
  `${view.shipment.name} to ${addressWords(view.shipment.url)}: ${stateWords(view)}.`;

function noticeOf({ shipment, failure }: ShipmentView) {
  const why = failure === null ? '' : ` ${failure.message}`;
  return {
    key: keyOf(shipment.id),
    tone: 'error',
    message: `${shipment.name} has not arrived at ${addressWords(shipment.url)}.${why}`,
    detail: failure?.detail ?? '',
    advice: { label: 'Show deliveries', action: 'show-deliveries' },
  } as const;
}
