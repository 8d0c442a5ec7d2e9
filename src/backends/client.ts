/**
 * One backend, whatever product it is: sends parcels, and asks whether they are there.
 * In: a connection. Out: verdicts.
 */
import { type Failure, makeFailure } from '../base/index.ts';
import type { Parcel, Proof } from './contract.ts';
import { isSpanThere, sendOtlp } from './otlp.ts';
import * as parca from './parca.ts';
import * as pyroscope from './pyroscope.ts';
import type { Connection } from './wire/connection.ts';
import type { Verdict } from './wire/verdict.ts';

export type Presence =
  | { readonly kind: 'there' }
  | { readonly kind: 'not-there' }
  | { readonly kind: 'no-answer'; readonly failure: Failure };

/** What the queue needs of a backend. */
export interface Client {
  send(parcel: Parcel): Promise<Verdict>;
  ask(proof: Proof): Promise<Presence>;
}

export function openClient(to: Connection): Client {
  return {
    send: (parcel) => send(to, parcel),
    ask: async (proof) => {
      const there = await ask(to, proof);
      if (!there.ok) return { kind: 'no-answer', failure: there.failure };
      return { kind: there.value ? 'there' : 'not-there' };
    },
  };
}

async function send(to: Connection, { content, plainBytes, title }: Parcel): Promise<Verdict> {
  switch (content.kind) {
    case 'pyroscope': {
      const verdict = await pyroscope.pushProfile(to, content);
      // More than fits at once is refused for ever, in the words of a rate limit.
      if (verdict.kind === 'retry' && plainBytes > pyroscope.PYROSCOPE_RATE.burst)
        return {
          kind: 'refused',
          failure: makeFailure('backend-too-big', { subject: title, detail: verdict.failure.detail }),
        };
      return verdict;
    }
    case 'pyroscope-adhoc':
      return pyroscope.uploadAdHoc(to, content);
    case 'parca':
      return parca.writeProfile(to, content);
    case 'otlp':
    case 'otlp-traces':
      return sendOtlp(to, content.kind, content.body);
  }
}

function ask(to: Connection, proof: Proof) {
  switch (proof.kind) {
    case 'pyroscope':
      return pyroscope.isThere(to, proof);
    case 'pyroscope-adhoc':
      return pyroscope.isUploaded(to, proof);
    case 'parca':
      return parca.isThere(to, proof);
    case 'trace':
      return isSpanThere(to, proof);
  }
}
