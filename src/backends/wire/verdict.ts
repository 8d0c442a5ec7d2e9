/**
 * What an exchange means for what was sent.
 * In: an exchange, and the address it was with. Out: a {@link Verdict}: delivered; `retry` (surely not taken: send it
 * again later); `unknown` (it may have been taken: ask before sending again); `refused` (it will never be taken so).
 * Rules: reference/protocols.md §1, §3.2, §6. A gateway's 502, 503 and 504, and any 500, may come after the backend had
 * taken what was sent; a 429 comes before.
 */
import { type Failure, makeFailure } from '../../base/index.ts';
import { type Exchange, type WireAnswer, wordsOf } from './http.ts';
import { readFields, textOf } from './protobuf.ts';

export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly failure: Failure; readonly afterMillis: number | null }
  | {
      readonly kind: 'unknown';
      readonly failure: Failure;
      readonly afterMillis: number | null;
      /** Tried a few times only: the backend itself broke over it. */
      readonly bounded: boolean;
    }
  | { readonly kind: 'refused'; readonly failure: Failure };

export function judge(exchange: Exchange, subject: string): Verdict {
  if (exchange.kind === 'unsent')
    return exchange.failure.code === 'backend-redirects'
      ? { kind: 'refused', failure: exchange.failure }
      : { kind: 'retry', failure: exchange.failure, afterMillis: null };
  if (exchange.kind === 'lost')
    return { kind: 'unknown', failure: exchange.failure, afterMillis: null, bounded: false };
  return judgeAnswer(exchange.answer, subject);
}

function judgeAnswer(answer: WireAnswer, subject: string): Verdict {
  const { status, retryAfterMillis: afterMillis } = answer;
  if (status >= 200 && status < 300)
    return isPage(answer)
      ? { kind: 'refused', failure: explainPage(answer, subject) }
      : { kind: 'delivered' };
  const failure = explainStatus(answer, subject);
  if (status === 429) return { kind: 'retry', failure, afterMillis };
  if (status === 408 || status >= 500)
    return { kind: 'unknown', failure, afterMillis, bounded: ![408, 502, 503, 504].includes(status) };
  return { kind: 'refused', failure };
}

/** A portal in between answers with a page for people to sign in at, and has taken nothing. */
const isPage = (answer: WireAnswer): boolean =>
  answer.contentType.startsWith('text/html') || /^<(!doctype|html)/i.test(wordsOf(answer));

const explainPage = (answer: WireAnswer, subject: string): Failure =>
  makeFailure('backend-wrong-product', { subject, detail: `${answer.status}: ${readWords(answer)}` });

/** The failure in an answer that is none of success, with the server's own words. */
export function explainStatus(answer: WireAnswer, subject: string): Failure {
  const words = readWords(answer);
  const detail = `${answer.status}${words === '' ? '' : `: ${words}`}`;
  return makeFailure(codeOf(answer.status, words), { subject, detail });
}

function codeOf(status: number, words: string): Failure['code'] {
  if (status === 401 && /org id|tenant/i.test(words)) return 'backend-tenant';
  if (status === 401 || status === 403 || status === 407) return 'backend-unauthorized';
  if (status === 404 || status === 405) return 'backend-wrong-path';
  if (status === 429 || status === 503) return 'backend-busy';
  return status >= 500 ? 'backend-failed' : 'backend-refused';
}

/** The sentence in a Connect, gateway or OTLP error; plain text as it is; nothing of a page of HTML but its title. */
function readWords(answer: WireAnswer): string {
  const text = wordsOf(answer);
  if (answer.contentType.startsWith('application/json')) {
    try {
      const { code, message } = JSON.parse(new TextDecoder().decode(answer.body)) ?? {};
      if (typeof message === 'string') return typeof code === 'string' ? `${code}: ${message}` : message;
    } catch {
      return text;
    }
  }
  // google.rpc.Status: code 1, message 2.
  if (/protobuf|application\/proto/.test(answer.contentType)) {
    const said = [...readFields(answer.body)].find(({ field }) => field === 2)?.bytes ?? null;
    return said === null ? '' : textOf(said).trim();
  }
  return /^\s*</.test(text) ? (/<title>([^<]*)/i.exec(text)?.[1] ?? 'a web page').trim() : text;
}
