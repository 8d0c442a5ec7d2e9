/**
 * Exactly what would leave, before it does.
 * In: a plan and its destination. Out: per request its address, labels, size and every text in it, read back from the
 * bytes that would be sent. Secrets are named, never shown.
 */

import { readOtlp } from '../profile/index.ts';
import type { Destination, Labels, Parcel } from './contract.ts';
import { bytesOfContent } from './delivery/delivery.ts';
import type { ShipmentPlan } from './plan.ts';
import { gunzip } from './wire/gzip.ts';
import { joinUrl } from './wire/http.ts';
import { textsOfPprof } from './wire/protobuf.ts';

export interface ParcelPreview {
  readonly title: string;
  readonly method: 'POST';
  readonly address: string;
  readonly labels: Labels;
  /** As it goes over the wire, but for a few bytes of envelope. */
  readonly bytes: number;
  /** Every text in it, in order: names, files, labels; a trace as its JSON. */
  readonly texts: readonly string[];
}

const PATHS: Readonly<Record<Parcel['content']['kind'], string>> = {
  pyroscope: '/push.v1.PusherService/Push',
  'pyroscope-adhoc': '/adhocprofiles.v1.AdHocProfileService/Upload',
  parca: '/api/profiles/writeraw',
  otlp: '/v1development/profiles',
  'otlp-traces': '/v1/traces',
};

export function previewShipment({ parcels, labels }: ShipmentPlan, { url }: Destination): ParcelPreview[] {
  return parcels.map(({ content, title }) => ({
    title,
    method: 'POST',
    address: joinUrl(url, PATHS[content.kind]),
    labels: labelsOf(content, labels),
    bytes: bytesOfContent(content).length,
    texts: textsOf(content),
  }));
}

/** OpenTelemetry's stand on the resource; what is uploaded ad hoc has a name and no labels. */
function labelsOf(content: Parcel['content'], labels: Labels): Labels {
  if (content.kind === 'pyroscope-adhoc') return {};
  return 'labels' in content ? content.labels : labels;
}

function textsOf(content: Parcel['content']): string[] {
  switch (content.kind) {
    case 'pyroscope-adhoc':
      return [content.name, ...textsInPprof(content.pprof)];
    case 'pyroscope':
    case 'parca':
      return textsInPprof(content.pprof);
    case 'otlp-traces':
      return [new TextDecoder().decode(gunzip(content.body))];
    case 'otlp':
      return textsOfOtlp(gunzip(content.body));
  }
}

const textsInPprof = (pprof: Uint8Array): string[] =>
  textsOfPprof(gunzip(pprof)).filter((text) => text !== '');

function textsOfOtlp(body: Uint8Array): string[] {
  const profiles = readOtlp(body)?.profiles ?? [];
  const texts = profiles.flatMap(({ strings, labels }) => [...Object.entries(labels).flat(), ...strings]);
  return [...new Set(texts)].filter((text) => text !== '');
}
