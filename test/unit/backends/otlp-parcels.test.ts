/** OTLP profiles on their way out: whatever takes OTLP takes them, Pyroscope's own endpoint with its limits as well. */
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ProfileBuilder, readOtlp, type StackProfile } from '../../../src/profile/index.ts';
import { buildCargo, buildDestination, planned } from '../../builders/cargo.ts';
import { totalOf } from '../../builders/profile-comparison.ts';

const COUNT = 40_000;

function long(): StackProfile {
  const builder = new ProfileBuilder();
  const stacks = Array.from({ length: 50 }, (_, i) => builder.stack(-1, builder.frame({ name: `f${i}` })));
  for (let i = 0; i < COUNT; i++) builder.samples.add({ stack: stacks[i % 50], weight: 10, time: i * 10 });
  return builder.settle({
    thread: { name: 'CrRendererMain', pid: 1, tid: 2, role: 'main' },
    type: 'cpu',
    unit: 'microseconds',
    range: { start: 0, end: COUNT * 10 },
    startUnixMillis: null,
    labels: {},
  });
}

test('parts of at most 16 000 samples and 1.9 MiB, nothing lost', async () => {
  const { parcels } = await planned(
    buildCargo({ profiles: [long()] }),
    buildDestination('otlp', 'http://127.0.0.1:4318'),
  );
  expect(parcels.length).toBeGreaterThan(2);
  let total = 0;
  for (const { content, plainBytes } of parcels) {
    if (content.kind !== 'otlp') throw new Error(content.kind);
    expect(plainBytes).toBeLessThanOrEqual(1.9 * 1024 * 1024);
    const [profile] = readOtlp(gunzipSync(content.body))?.profiles ?? [];
    expect(profile.samples.length).toBeLessThanOrEqual(16_000);
    total += totalOf(profile);
  }
  expect(total).toBe(COUNT * 10);
});
