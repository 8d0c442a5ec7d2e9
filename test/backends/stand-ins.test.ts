/**
 * The stand-ins answer what the real servers answered: every recorded pair, in the order in which it was recorded.
 * Compared are status, type, code, the sentence's fixed words, and every number of every flame graph and profile.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
