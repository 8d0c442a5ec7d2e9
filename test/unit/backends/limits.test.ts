/** Limits that no server has to be asked about: what each backend takes at once, and what a refusal for size means. */
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import { connect, NO_CREDENTIALS, openClient } from '../../../src/backends/index.ts';
import { readPprof } from '../../../src/profile/index.ts';
import {
  buildCargo,
  buildDestination,
  buildLoad,
  buildRequest,
  planned,
  threeTypes,
} from '../../builders/cargo.ts';
import { totalOf } from '../../builders/profile-comparison.ts';
import { profileOf } from '../../builders/profiles.ts';

test('Parca gets no more than 8 MiB at once, and all of it', async () => {
  const names = Array.from({ length: 12_000 }, (_, row) => `f${row}${'x'.repeat(1_000)}`);
  const cargo = buildCargo({ profiles: [profileOf(Object.fromEntries(names.map((name) => [name, 10])))] });
  const { parcels } = await planned(cargo, buildDestination('parca', 'http://127.0.0.1:7070'));
  expect(parcels.length).toBeGreaterThan(1);
  let total = 0;
  for (const { content } of parcels) {
    if (content.kind !== 'parca') throw new Error(content.kind);
    const bytes = gunzipSync(content.pprof);
    expect(bytes.length).toBeLessThanOrEqual(8 * 1024 * 1024);
    for (const profile of readPprof(new Uint8Array(bytes))?.profiles ?? []) total += totalOf(profile);
  }
  expect(total).toBeCloseTo(120_000, 3);
  // Parts have times of their own: what is alike would count as one.
  expect(new Set(parcels.map(({ time }) => time)).size).toBe(parcels.length);
});

test('a load of more than 2 000 spans is sent in parts, each of which can be asked for', async () => {
  const resources = Array.from({ length: 4_500 }, (_, i) =>
    buildRequest({ id: `r${i}`, start: i, end: i + 1 }),
  );
  const cargo = buildCargo({ load: buildLoad({ resources, longTasks: [] }) });
  const to = buildDestination('otlp-traces', 'http://127.0.0.1:4318', { queryUrl: 'http://127.0.0.1:16686' });
  const { parcels } = await planned(cargo, to);
  const ids = parcels.map(({ content, proof }) => {
    if (content.kind !== 'otlp-traces' || proof?.kind !== 'trace') throw new Error(content.kind);
    const { resourceSpans } = JSON.parse(gunzipSync(content.body).toString());
    const spans: string[] = resourceSpans[0].scopeSpans[0].spans.map(
      ({ spanId }: { spanId: string }) => spanId,
    );
    expect(spans).toContain(proof.spanId);
    expect(spans.length).toBeLessThanOrEqual(2_000);
    return spans;
  });
  expect(ids).toHaveLength(3);
  expect(new Set(ids.flat()).size).toBe(4_502);
});

test.each(['pyroscope', 'parca', 'otlp', 'otlp-traces'] as const)(
  '%s: 413 is parked with its words, and not sent again',
  async (kind) => {
    const destination = buildDestination(kind, 'http://backend.example');
    const { parcels } = await planned(buildCargo({ load: buildLoad() }), destination);
    const answer = (): Response => new Response('request body too large', { status: 413 });
    const wire = { fetch: async () => answer(), timeoutMillis: 1_000 };
    expect(await openClient(connect(destination, NO_CREDENTIALS, wire)).send(parcels[0])).toMatchObject({
      kind: 'refused',
      failure: { code: 'backend-refused', detail: '413: request body too large' },
    });
  },
);

test('a rate limit that no waiting ends is told from one that does', async () => {
  const destination = buildDestination('pyroscope', 'http://backend.example');
  const { parcels } = await planned(buildCargo(), destination);
  const words = 'push rate limit (4.0 MiB) exceeded while adding 2.2 MiB';
  const wire = { fetch: async () => new Response(words, { status: 429 }), timeoutMillis: 1_000 };
  const client = openClient(connect(destination, NO_CREDENTIALS, wire));
  expect(await client.send(parcels[0])).toMatchObject({ kind: 'retry' });
  const verdict = await client.send({ ...parcels[0], plainBytes: 2.2 * 1024 * 1024 });
  expect(verdict).toMatchObject({ kind: 'refused', failure: { code: 'backend-too-big' } });
});

test('a sample has three labels, of the hundred that Pyroscope takes', async () => {
  const { parcels } = await planned(
    buildCargo({ profiles: threeTypes() }),
    buildDestination('pyroscope', 'http://127.0.0.1:4040'),
  );
  expect(parcels.length).toBeGreaterThan(1);
  for (const { content } of parcels) {
    if (content.kind !== 'pyroscope') throw new Error(content.kind);
    const { sample, stringTable } = Profile.decode(gunzipSync(content.pprof));
    expect(sample.length).toBeGreaterThan(3);
    for (const { label } of sample)
      expect(label.map(({ key }) => stringTable.strings[Number(key)]).sort()).toEqual([
        'category',
        'span_id',
        'trace_id',
      ]);
  }
});
