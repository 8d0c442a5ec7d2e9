/**
 * What becomes of a delivery: pure rules.
 * In: a delivery, a verdict or an answer, time and chance. Out: the delivery's next state. Nothing is ever dropped.
 */
import { type Failure, makeFailure } from '../../base/index.ts';
import type { Presence } from '../client.ts';
import { adHocName } from '../pyroscope.ts';
import type { Verdict } from '../wire/verdict.ts';
import type { Clock, Delivery } from './delivery.ts';

/** Before that, a backend may not show yet what it has taken. */
export const ASK_AFTER_MILLIS = 15_000;
/** A backend that broke over a parcel so often will break over it again. */
export const BREAKS_MAX = 5;
const BACKOFF_FIRST_MILLIS = 1_000;
const BACKOFF_MAX_MILLIS = 5 * 60_000;
/** A server that names a longer time is asked again before: nothing waits for a slip of its. */
const RETRY_AFTER_MAX_MILLIS = 60 * 60_000;

/** Doubles with every setback; half of it is chance, so that what failed together does not come back together. */
export function backoffMillis(setbacks: number, random: number): number {
  const whole = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_FIRST_MILLIS * 2 ** Math.min(setbacks, 20));
  return whole / 2 + (whole / 2) * random;
}

/** Refusals to be asked that stay. */
const NEVER_ASKED: ReadonlySet<Failure['code']> = new Set([
  'backend-unauthorized',
  'backend-tenant',
  'backend-wrong-path',
  'backend-refused',
  'backend-answer-odd',
]);

type Moment = Pick<Clock, 'now' | 'random'>;

/** Before it is sent: noted first, so that a restart knows of the try. */
export function begin(delivery: Delivery): Delivery {
  return { ...delivery, state: 'sending', tries: delivery.tries + 1 };
}

export function settleVerdict(delivery: Delivery, verdict: Verdict, moment: Moment): Delivery {
  switch (verdict.kind) {
    case 'delivered':
      return arrive(delivery, moment);
    case 'refused':
      return park(delivery, verdict.failure);
    case 'retry':
      return putOff({ ...delivery, failure: verdict.failure }, verdict.afterMillis, moment);
    case 'unknown': {
      const breaks = delivery.breaks + (verdict.bounded ? 1 : 0);
      const doubtful = { ...delivery, breaks, failure: verdict.failure };
      if (delivery.parcel.proof === null) {
        if (breaks >= BREAKS_MAX) return park({ ...doubtful, mayBeTwice: true }, verdict.failure);
        return putOff({ ...doubtful, mayBeTwice: true }, verdict.afterMillis, moment);
      }
      const setbacks = delivery.setbacks + 1;
      const wait = ASK_AFTER_MILLIS + backoffMillis(delivery.setbacks, moment.random());
      return { ...doubtful, state: 'asking', setbacks, dueAt: moment.now() + wait };
    }
  }
}

/** What the backend says when it is asked after a lost answer. Without an answer it is asked again, never sent blindly. */
export function settlePresence(delivery: Delivery, presence: Presence, moment: Moment): Delivery {
  switch (presence.kind) {
    case 'there':
      return arrive(delivery, moment);
    case 'not-there':
      if (delivery.breaks >= BREAKS_MAX && delivery.failure !== null) return park(delivery, delivery.failure);
      return { ...delivery, state: 'waiting', dueAt: moment.now() };
    case 'no-answer': {
      // It will never say: then it is as with those that can only be written to.
      if (NEVER_ASKED.has(presence.failure.code))
        return { ...delivery, state: 'waiting', mayBeTwice: delivery.tries > 0, dueAt: moment.now() };
      const setbacks = delivery.setbacks + 1;
      // Nothing was sent yet, and asked for only to be sure.
      if (delivery.tries === 0 && setbacks >= BREAKS_MAX)
        return { ...delivery, state: 'waiting', setbacks: 0, dueAt: moment.now() };
      const wait = backoffMillis(delivery.setbacks, moment.random());
      return { ...delivery, failure: presence.failure, setbacks, dueAt: moment.now() + wait };
    }
  }
}

/** What it carries is not there any more: something else has been at the store. */
export function loseBytes(delivery: Delivery): Delivery {
  return park(delivery, makeFailure('delivery-unstored', { subject: delivery.parcel.title }));
}

/** A delivery as a start finds it: what was being sent may have arrived. */
export function resume(delivery: Delivery, moment: Moment): Delivery {
  if (delivery.state !== 'sending') return delivery;
  if (delivery.parcel.proof === null)
    return { ...delivery, state: 'waiting', mayBeTwice: true, dueAt: moment.now() };
  return { ...delivery, state: 'asking', dueAt: moment.now() + ASK_AFTER_MILLIS };
}

/**
 * Too old to be taken, found out before it is sent once more: a profile goes to the ad hoc store then, which takes any
 * age; anything else waits for the user. null: it is in time.
 */
export function expire(delivery: Delivery, now: number): Delivery | null {
  const { parcel } = delivery;
  if (parcel.takenUntil === null || now <= parcel.takenUntil) return null;
  const { content, title } = parcel;
  if (content.kind !== 'pyroscope')
    return park(
      delivery,
      makeFailure('backend-too-old', { subject: title, detail: delivery.failure?.detail ?? '' }),
    );
  const text = `${content.labels.service_name ?? ''} ${new Date(parcel.time).toISOString()} ${title}`;
  const name = adHocName(text, parcel.id);
  return {
    ...delivery,
    hasExpired: true,
    parcel: {
      ...parcel,
      content: { kind: 'pyroscope-adhoc', name, pprof: content.pprof },
      proof: { kind: 'pyroscope-adhoc', name },
      takenUntil: null,
      title: `${title} (ad hoc)`,
    },
  };
}

/** The user's wish: once more, from the beginning. */
export function unpark(delivery: Delivery, now: number): Delivery {
  return { ...delivery, state: 'waiting', dueAt: now, setbacks: 0, breaks: 0 };
}

function arrive(delivery: Delivery, moment: Moment): Delivery {
  return { ...delivery, state: 'delivered', deliveredAt: moment.now(), failure: null };
}

function park(delivery: Delivery, failure: Failure): Delivery {
  return { ...delivery, state: 'parked', failure };
}

function putOff(delivery: Delivery, afterMillis: number | null, moment: Moment): Delivery {
  const wanted = Math.min(afterMillis ?? 0, RETRY_AFTER_MAX_MILLIS);
  const wait = Math.max(wanted, backoffMillis(delivery.setbacks, moment.random()));
  return { ...delivery, state: 'waiting', setbacks: delivery.setbacks + 1, dueAt: moment.now() + wait };
}
