/**
 * What `pageflame push` prints: what was sent, and where to look at it.
 * In: a plan, deliveries, a destination. Out: text for people.
 */
import {
  type Delivery,
  type Destination,
  linkToJaeger,
  linkToParca,
  linkToPyroscope,
  type ParcelPreview,
  pyroscope,
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
    ...placesToLook(shipment).map((place) => `Look at it: ${place}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

const AROUND_MILLIS = 60_000;

function placesToLook({ plan, destination }: Shipment): string[] {
  const { url, queryUrl } = destination;
  const range = { start: plan.time - AROUND_MILLIS, end: plan.time + AROUND_MILLIS };
  switch (destination.kind) {
    case 'pyroscope': {
      const proof = plan.parcels.find(({ proof }) => proof?.kind === 'pyroscope')?.proof;
      // The ad hoc store has a page of its own.
      if (proof?.kind !== 'pyroscope') return [new URL('adhoc', `${url.replace(/\/+$/, '')}/`).href];
      const selector = pyroscope.selectorOf(plan.labels);
      return [linkToPyroscope(url, { profileType: proof.profileType, selector, ...range })];
    }
    case 'parca': {
      const proof = plan.parcels[0]?.proof;
      if (proof?.kind !== 'parca') return [];
      const type = proof.query.slice(0, proof.query.indexOf('{'));
      return [linkToParca(url, { query: type + pyroscope.selectorOf(plan.labels), ...range })];
    }
    case 'otlp-traces':
      return queryUrl === null ? [] : [linkToJaeger(queryUrl, plan.ids.traceId)];
    case 'otlp':
      return [];
  }
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
