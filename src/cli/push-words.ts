/**
 * What `pageflame push` prints: what was sent, and where to look at it.
 * In: a plan, deliveries, a destination. Out: text for people.
 */
import {
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
  const titles = plan.parcels.map(({ title }) => title).join('; ');
  const doubtful = deliveries.filter(({ mayBeTwice }) => mayBeTwice).length;
  const lines = [
    `Sent to ${destination.url}: ${titles}`,
    `Labels: ${Object.entries(plan.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    `Trace ${plan.ids.traceId}, span ${plan.ids.rootSpanId}`,
    ...(doubtful === 0 ? [] : [`${doubtful} parts may be there twice: their first answer was lost.`]),
    ...placesToLook(plan, destination).map(({ url }) => `Look at it: ${url}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
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
