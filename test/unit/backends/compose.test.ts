/** `compose.yaml`: pinned, on the loopback alone, and as the documentation and what is sent have it. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildCargo, buildDestination, buildLoad, planned } from '../../builders/cargo.ts';
import { COMPOSE, readConfig, readServices } from '../../builders/compose-file.ts';

const services = readServices();
const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const portsOf = (text: string): Set<string> =>
  new Set([...text.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port));

describe('compose.yaml', () => {
  it('has every product, each pinned to one release', () => {
    expect(services.map(({ name }) => name).sort()).toEqual(
      ['collector', 'grafana', 'jaeger', 'parca', 'pyroscope', 'tempo'].sort(),
    );
    for (const { name, image } of services) expect(image, name).toMatch(/^[a-z][\w./-]+:v?\d+\.\d+\.\d+$/);
  });

  it('publishes on the loopback alone, no port twice', () => {
    const ports = services.flatMap((service) => service.ports);
    expect(COMPOSE.match(/\bports:/g)).toHaveLength(services.length);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const own = ports.map((port) => port.split(':')[1]);
    expect(new Set(own).size).toBe(own.length);
    expect(COMPOSE).not.toMatch(/network_mode|privileged|docker\.sock/);
  });

  it('says at its head, and in the documentation, where each one is', () => {
    const published = new Set(services.flatMap(({ ports }) => ports.map((port) => port.split(':')[1])));
    const head = COMPOSE.slice(0, COMPOSE.indexOf('name: pageflame'));
    expect(portsOf(head)).toEqual(published);
    const docs = read('docs/backends.md');
    const table = docs.slice(docs.indexOf('## compose.yaml'));
    expect(portsOf(table)).toEqual(published);
    for (const { image } of services) expect(table, image).toContain(`\`${image}\``);
  });

  it('gives each file that it names, and names each that it gives', () => {
    const given = [...COMPOSE.matchAll(/^ {2}([a-z]+):\n {4}content: \|$/gm)].map(([, name]) => name);
    const named = [...COMPOSE.matchAll(/configs: \[\{ source: ([a-z]+), target: (\S+) \}\]/g)];
    expect(named.map(([, name]) => name).sort()).toEqual(given.sort());
    for (const service of services) {
      const target = /target: (\S+) \}/.exec(service.text)?.[1];
      // Grafana looks into that folder by itself; the others are told.
      if (target !== undefined && !target.startsWith('/etc/grafana/provisioning/datasources/'))
        expect(service.text).toMatch(new RegExp(`config(\\.file)?=${target}\\b`));
    }
  });

  it('has the Collector that the tests run', () => {
    const built = /const COLLECTOR = '([\d.]+)'/.exec(read('scripts/backend-servers.mjs'))?.[1];
    expect(services.find(({ name }) => name === 'collector')?.image).toBe(
      `otel/opentelemetry-collector:${built}`,
    );
  });
});

it('Grafana’s way from a span to its profile asks for what was sent', async () => {
  const sources = readConfig('datasources');
  expect(sources).toMatch(/tracesToProfiles:\n\s+datasourceUid: pyroscope\n/);
  expect(sources).toMatch(/uid: pyroscope\n\s+type: grafana-pyroscope-datasource\n/);
  const cargo = buildCargo({ load: buildLoad() });
  const { parcels } = await planned(cargo, buildDestination('pyroscope', 'http://127.0.0.1:4040'));
  const types = parcels.map(({ proof }) => (proof?.kind === 'pyroscope' ? proof.profileType : ''));
  expect(types).toContain(/profileTypeId: '([\w:]+)'/.exec(sources)?.[1]);
  // The tag stands on the trace's resource, and its name there is a label of the profile.
  const [, tag, label] = /tags: \[\{ key: ([\w.]+), value: (\w+) \}\]/.exec(sources) ?? [];
  const [trace] = (await planned(cargo, buildDestination('otlp-traces', 'http://127.0.0.1:24318'))).parcels;
  const body = trace.content.kind === 'otlp-traces' ? trace.content.body : new Uint8Array(0);
  const { resourceSpans } = JSON.parse(gunzipSync(body).toString());
  const attributeOf = (attributes: { key: string; value: { stringValue: string } }[], key: string) =>
    attributes.find((each) => each.key === key)?.value.stringValue;
  const service = attributeOf(resourceSpans[0].resource.attributes, tag);
  const [profile] = parcels;
  expect(profile.content.kind === 'pyroscope' ? profile.content.labels[label] : '').toBe(service);
  expect(service).toBe('shop');
  const root = resourceSpans[0].scopeSpans[0].spans.find(
    (span: { name: string }) => span.name === 'documentLoad',
  );
  expect(attributeOf(root.attributes, 'pyroscope.profile.id')).toBe(root.spanId);
});
