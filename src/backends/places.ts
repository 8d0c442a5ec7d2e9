/**
 * Where what was sent can be looked at.
 * In: what was sent, where to, and the Grafana that shows it. Out: addresses with their names; none where a backend has
 * no page of its own.
 */
import type { Destination } from './contract.ts';
import {
  type Grafana,
  linkToGrafanaProfile,
  linkToGrafanaTrace,
  linkToJaeger,
  linkToParca,
  linkToPyroscope,
} from './links.ts';
import type { ShipmentPlan } from './plan.ts';
import { type ProfileSelection, selectorOf } from './pyroscope.ts';

export interface Place {
  readonly name: string;
  readonly url: string;
}

export const AD_HOC_PLACE = 'Pyroscope, ad hoc';
export const adHocPlace = (url: string): Place => ({
  name: AD_HOC_PLACE,
  url: new URL('adhoc', `${url.replace(/\/+$/, '')}/`).href,
});

const AROUND_MILLIS = 60_000;

export function placesToLook(
  plan: Pick<ShipmentPlan, 'parcels' | 'labels' | 'ids' | 'time'>,
  destination: Destination,
  grafana: Grafana | null = null,
): readonly Place[] {
  const { url, queryUrl } = destination;
  const range = { start: plan.time - AROUND_MILLIS, end: plan.time + AROUND_MILLIS };
  switch (destination.kind) {
    case 'pyroscope': {
      const proof = plan.parcels.find(({ proof }) => proof?.kind === 'pyroscope')?.proof;
      // The ad hoc store has a page of its own.
      if (proof?.kind !== 'pyroscope') return [adHocPlace(url)];
      const selection: ProfileSelection = {
        profileType: proof.profileType,
        selector: selectorOf(plan.labels),
        ...range,
      };
      return [
        { name: 'Pyroscope', url: linkToPyroscope(url, selection) },
        ...(grafana === null ? [] : [{ name: 'Grafana', url: linkToGrafanaProfile(grafana, selection) }]),
      ];
    }
    case 'parca': {
      const proof = plan.parcels[0]?.proof;
      if (proof?.kind !== 'parca') return [];
      const type = proof.query.slice(0, proof.query.indexOf('{'));
      return [{ name: 'Parca', url: linkToParca(url, { query: type + selectorOf(plan.labels), ...range }) }];
    }
    case 'otlp-traces':
      return [
        ...(queryUrl === null ? [] : [{ name: 'Jaeger', url: linkToJaeger(queryUrl, plan.ids.traceId) }]),
        ...(grafana === null
          ? []
          : [{ name: 'Grafana', url: linkToGrafanaTrace(grafana, plan.ids.traceId, range) }]),
      ];
    case 'otlp':
      return [];
  }
}
