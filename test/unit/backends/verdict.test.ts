/** What a backend's answer to what was sent means, and what of it is told. */
import { describe, expect, test } from 'vitest';
import { connect, NO_CREDENTIALS, openClient } from '../../../src/backends/index.ts';
import { bytesField, message, numberField, textField } from '../../../src/backends/wire/protobuf.ts';
import { buildCargo, buildDestination, planned } from '../../builders/cargo.ts';

async function send(kind: 'pyroscope' | 'otlp', answer: Response) {
  const destination = buildDestination(kind, 'http://backend.example');
  const {
    parcels: [parcel],
  } = await planned(buildCargo(), destination);
  const wire = { fetch: async () => answer, timeoutMillis: 1_000 };
  return openClient(connect(destination, NO_CREDENTIALS, wire)).send(parcel);
}

const typed = (type: string, body: BodyInit, status = 200): Response =>
  new Response(body, { status, headers: { 'content-type': type } });

describe('a page of HTML', () => {
  test.each(['pyroscope', 'otlp'] as const)('is no sign that %s has taken it', async (kind) => {
    const page = '<!doctype html><title>Sign in, please</title>';
    for (const answer of [typed('text/html; charset=utf-8', page), typed('', page)])
      expect(await send(kind, answer)).toMatchObject({
        kind: 'refused',
        failure: { code: 'backend-wrong-product', detail: '200: Sign in, please' },
      });
  });
});

describe('a part of it was refused', () => {
  // ExportProfilesServiceResponse: partial_success 1; of it rejected_profiles 1, error_message 2.
  const protobuf = (...fields: readonly Uint8Array<ArrayBuffer>[]): Response =>
    typed('application/x-protobuf', message(bytesField(1, message(...fields))));

  test('in protobuf', async () => {
    const words = textField(2, 'too deep');
    expect(await send('otlp', protobuf(numberField(1, 300), words))).toMatchObject({
      kind: 'refused',
      failure: { detail: '300 refused: too deep' },
    });
    // Words alone are a warning: all of it was taken.
    expect(await send('otlp', protobuf(words))).toEqual({ kind: 'delivered' });
    expect(await send('otlp', protobuf())).toEqual({ kind: 'delivered' });
    expect(await send('otlp', typed('application/x-protobuf', ''))).toEqual({ kind: 'delivered' });
  });

  test('in JSON', async () => {
    const json = (partialSuccess: object): Response =>
      typed('application/json', JSON.stringify({ partialSuccess }));
    const refused = { rejectedProfiles: '2', errorMessage: 'too deep' };
    expect(await send('otlp', json(refused))).toMatchObject({ failure: { detail: '2 refused: too deep' } });
    expect(await send('otlp', json({ errorMessage: 'slow down' }))).toEqual({ kind: 'delivered' });
  });
});

test('google.rpc.Status is read for its sentence', async () => {
  const body = message(numberField(1, 3), textField(2, 'no such tenant'), bytesField(3, Uint8Array.of(1, 2)));
  expect(await send('otlp', typed('application/x-protobuf', body, 400))).toMatchObject({
    kind: 'refused',
    failure: { detail: '400: no such tenant' },
  });
});
