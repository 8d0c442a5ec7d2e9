/**
 * The stand-ins answer what the real servers answered: every recorded pair, in the order in which it was recorded.
 * Compared are status, type, code, the sentence's fixed words, and every number of every flame graph and profile.
 */
import { Profile } from 'pprof-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePprof } from '../../src/profile/index.ts';
import { profileOf } from '../builders/profiles.ts';
import { bodyOf, RECORDED_AT } from './oracle-bodies.ts';
import { essence, fixedWords, type OracleCase, readCases, send, stacksOfPprof } from './oracles.ts';
import type { RunningServer } from './stand-ins/http.ts';
import { startParcaStandIn } from './stand-ins/parca.ts';
import { startPyroscopeStandIn } from './stand-ins/pyroscope.ts';

/** When a case was sent to the real server: a push takes it half a second, and it takes 4 MiB in a second. */
const clock = { millis: RECORDED_AT + 1_000 };
const now = (): number => {
  clock.millis += 500;
  return clock.millis;
};

const PRODUCTS = [
  { product: 'pyroscope', start: () => startPyroscopeStandIn({ now }), cases: 79 },
  { product: 'pyroscope-tenants', start: () => startPyroscopeStandIn({ now, tenants: true }), cases: 7 },
  { product: 'parca', start: startParcaStandIn, cases: 19 },
] as const;

for (const { product, start, cases } of PRODUCTS) {
  describe(`the stand-in for ${product}`, () => {
    let server: RunningServer;
    beforeAll(async () => {
      clock.millis = RECORDED_AT + 1_000;
      server = await start();
    });
    afterAll(() => server.stop());

    const recorded = readCases(product);
    it('has every recorded case', () => expect(recorded).toHaveLength(cases));

    for (const each of recorded) it(`answers ${each.name}`, () => replay(server.url, each));
  });
}

describe('what the real one refuses besides (reference/protocols.md §1), the stand-in does, too', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startPyroscopeStandIn();
  });
  afterAll(() => server.stop());

  const push = async (profile: Uint8Array, extra: Readonly<Record<string, string>> = {}): Promise<number> => {
    const labels = { __name__: 'process_cpu', service_name: 'strict', ...extra };
    const pairs = Object.entries(labels).map(([name, value]) => ({ name, value }));
    const rawProfile = Buffer.from(profile).toString('base64');
    const answer = await fetch(`${server.url}/push.v1.PusherService/Push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ series: [{ labels: pairs, samples: [{ rawProfile }] }] }),
    });
    return answer.status;
  };
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'v']));
  const profile = writePprof([profileOf({ f: 1_000 })], { threadLabels: false });

  it('a label of samples counts as one of the series', async () => {
    // With __name__, service_name and the samples' category.
    expect(await push(profile, many(27))).toBe(200);
    expect(await push(profile, many(28))).toBe(400);
  });

  it('a profile that is malformed', async () => {
    const decoded = Profile.decode(profile);
    decoded.sample[0].locationId = [77];
    expect(await push(decoded.encode())).toBe(400);
    const [at] = [Buffer.from(profile).lastIndexOf('scripting')];
    expect(await push(profile.map((byte, i) => (i === at ? 0xff : byte)))).toBe(400);
  });

  it.each(['shop:8080', 'a b', 'läden'])('/ingest takes no service called %s', async (name) => {
    const answer = await fetch(`${server.url}/ingest?format=pprof&name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: profile,
    });
    expect(answer.status).toBe(400);
  });
});

async function replay(base: string, each: OracleCase): Promise<void> {
  const { response: wanted } = each;
  const answer = await send(base, each, bodyOf(each.name));
  const body = new Uint8Array(await answer.arrayBuffer());
  const said = new TextDecoder().decode(body);
  expect({ status: answer.status, type: answer.headers.get('content-type') ?? '' }, said).toEqual({
    status: wanted.status,
    type: wanted.contentType,
  });
  if (wanted.json !== undefined) expect(essence(JSON.parse(said))).toEqual(essence(wanted.json));
  else if (wanted.base64)
    expect(stacksOfPprof(body)).toEqual(stacksOfPprof(new Uint8Array(Buffer.from(wanted.base64, 'base64'))));
  else expect(fixedWords(said)).toBe(fixedWords(wanted.text ?? ''));
}
