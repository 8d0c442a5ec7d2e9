/**
 * What `pageflame push` prints: what was sent, and where to look at it.
 * In: a plan, deliveries, a destination. Out: text for people.
 */
import {
  adHocPlace,
  type Delivery,
  type Destination,
  type ParcelPreview,
  placesToLook,
  type ShipmentPlan,
} from '../backends/index.ts';
import { printable } from './report.ts';

export interface Shipment {
  readonly plan: ShipmentPlan;
  readonly deliveries: readonly Delivery[];
  readonly destination: Destination;
}

export function describeShipment(shipment: Shipment): string {
  const { plan, deliveries, destination } = shipment;
  // What an earlier push had left over, too; and what became too old on its way.
  const titles = deliveries.map(({ parcel }) => parcel.title).join('; ');
  const doubtful = deliveries.filter(({ mayBeTwice }) => mayBeTwice).length;
  const lines = [
    `Sent to ${destination.url}: ${titles}`,
    `Labels: ${Object.entries(plan.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    `Trace ${plan.ids.traceId}, span ${plan.ids.rootSpanId}`,
    ...(doubtful === 0 ? [] : [`${doubtful} parts may be there twice: their first answer was lost.`]),
    ...describePlaces(shipment),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function describePlaces({ plan, deliveries, destination }: Shipment): string[] {
  const { kind, url } = destination;
  const isAdHoc = deliveries.some(({ hasExpired }) => hasExpired === true);
  const places = [...(isAdHoc ? [adHocPlace(url)] : []), ...placesToLook(plan, destination)];
  if (places.length > 0) return places.map((place) => `Look at it: ${place.url}`);
  return [
    kind === 'otlp-traces'
      ? `Look at it: in what shows the traces of ${url}, by the trace's id. With --ask URL, Jaeger's, a link stands here.`
      : `Look at it: in what shows the profiles of ${url}, by its labels or the trace's id.`,
  ];
}

export function describePreview(
  previews: readonly ParcelPreview[],
  { tenant }: { readonly tenant: string | null },
): string {
  const texts = previews.map(({ title, method, address, labels, bytes, texts }) =>
    [
      `${title}: ${method} ${address}, ${bytes} bytes${tenant === null ? '' : `, tenant ${tenant}`}`,
      ...Object.entries(labels).map(([name, value]) => `  label ${name}=${JSON.stringify(value)}`),
      ...texts.map((text) => `  ${JSON.stringify(text)}`),
    ]
      .map(printable)
      .join('\n'),
  );
  return `${texts.join('\n\n')}\n`;
}
