/** Backends, their kinds and how deliveries stand, in words for people. */
import type { Backend, BackendKind, Credentials, ShipmentView } from '../../backends/index.ts';
import { countOf } from './format.ts';

export const KIND_WORDS: Readonly<Record<BackendKind, readonly [name: string, hint: string]>> = {
  pyroscope: ['Grafana Pyroscope', 'Profiles: processor time, samples and wall time of every thread.'],
  parca: ['Parca or Polar Signals', 'Profiles: one series per thread and category.'],
  otlp: [
    'OpenTelemetry profiles',
    'A Collector or any backend with OTLP profiles (/v1development/profiles). Can only be written to.',
  ],
  'otlp-traces': [
    'OpenTelemetry traces: Jaeger, Tempo, Collector',
    'One trace per page load: its requests, long tasks, milestones and web vitals.',
  ],
};

export const AUTH_WORDS: Readonly<Record<Credentials['kind'], string>> = {
  none: 'None',
  basic: 'User and password',
  bearer: 'Token',
};

/** `shop.example:4040/base`: host and path. */
export function addressWords(url: string): string {
  if (!URL.canParse(url)) return url === '' ? 'no address' : url;
  const { host, pathname } = new URL(url);
  return host + (pathname === '/' ? '' : pathname);
}

export const backendWords = ({ destination: { kind, url, tenant } }: Backend): string =>
  `${KIND_WORDS[kind][0]} at ${addressWords(url)}${tenant === null ? '' : `, tenant ${tenant}`}`;

export function ruleWords({ rule }: Backend): string {
  if (!rule.isOn) return 'By button only';
  const sites = rule.sites.map((site) => (site === '*' ? 'every site' : site)).join(', ');
  const tags = Object.entries(rule.tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  return `By itself: ${[sites, tags === '' ? '' : `with ${tags}`].filter((part) => part !== '').join(' ')}`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** How a shipment stands, in a few words; why is the server's to say. */
export function stateWords({ state, parts, delivered, parked, dueAt, mayBeTwice }: ShipmentView): string {
  const progress = parts > 1 && delivered > 0 && delivered < parts ? `, ${delivered} of ${parts} there` : '';
  const at = dueAt === null ? '' : ` at ${CLOCK.format(dueAt)}`;
  switch (state) {
    case 'queued':
      return `queued${progress}`;
    case 'sending':
      return `sending${progress}`;
    case 'waiting':
      return `tried again${at}${progress}`;
    case 'asking':
      return `its answer was lost: asked for${at}${progress}`;
    case 'parked':
      return parts === 0 ? 'not sent' : `${parked} of ${countOf(parts, 'part')} not sent`;
    case 'delivered':
      return mayBeTwice === 0
        ? 'delivered'
        : `delivered; ${mayBeTwice === parts && parts === 1 ? 'it' : countOf(mayBeTwice, 'part')} may be there twice`;
  }
}
