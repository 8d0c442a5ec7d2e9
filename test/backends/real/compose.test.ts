/** The Collector of compose.yaml, with its own file: prints profiles, and hands traces on to Jaeger and Tempo. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, NO_CREDENTIALS, openClient } from '../../../src/backends/index.ts';
import { ensure } from '../../../src/base/index.ts';
import { buildCargo, buildDestination, buildLoad, planned } from '../../builders/cargo.ts';
import { readConfig } from '../../builders/compose-file.ts';
import { deliver, deliverAll } from '../sending.ts';
import { newService } from '../servers.ts';
import { type Call, type RunningServer, serve } from '../stand-ins/http.ts';
import { type RunningCollector, type RunningJaeger, startCollector, startJaeger } from './servers.ts';

let jaeger: RunningJaeger;
let tempo: RunningServer;
let collector: RunningCollector;
const toTempo: Call[] = [];

beforeAll(async () => {
  jaeger = await startJaeger();
  tempo = await serve((call) => {
    toTempo.push(call);
    return { status: 200, type: 'application/x-protobuf', body: '' };
  });
  const swap = (text: string, from: string, to: string): string => {
    expect(text).toContain(from);
    return text.replace(from, () => to);
  };
  // The same file but for where the others are: containers have names.
  collector = await startCollector(({ endpoint, debug }) =>
    [
      ['0.0.0.0:4318', endpoint],
      ['http://jaeger:4318', jaeger.url],
      ['http://tempo:4318', tempo.url],
      ['{ verbosity: detailed }', debug],
    ].reduce((text, [from, to]) => swap(text, from, to), readConfig('collector')),
  );
});
afterAll(() => Promise.all([jaeger, tempo, collector].map((server) => server.stop())));

it('prints profiles, and hands traces on', async () => {
  const service = newService();
  const cargo = buildCargo({ seed: service, tags: { service_name: service }, load: buildLoad() });
  const of = (kind: 'otlp' | 'otlp-traces') =>
    connect(buildDestination(kind, collector.url, { queryUrl: jaeger.queryUrl }), NO_CREDENTIALS);
  await deliverAll(of('otlp'), cargo);
  await expect.poll(() => collector.received(), { timeout: 15_000 }).toContain(service);
  const { parcels } = await planned(cargo, of('otlp-traces').destination);
  expect((await deliver(of('otlp-traces'), parcels)).map(({ state }) => state)).toEqual(['delivered']);
  const proof = ensure(parcels[0].proof, 'Jaeger can be asked');
  const client = openClient(of('otlp-traces'));
  await expect.poll(() => client.ask(proof), { timeout: 15_000 }).toEqual({ kind: 'there' });
  await expect.poll(() => toTempo.map(({ path }) => path), { timeout: 15_000 }).toEqual(['/v1/traces']);
  expect(new TextDecoder().decode(toTempo[0].body)).toContain(service);
});
