import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  EndableMatcher,
  MATCH_MILLIS,
  type MatchRequest,
  type MatchWorker,
  type TextFlags,
} from '../../../src/engine/search/text-matcher.ts';
import type { SearchQuery } from '../../../src/flame/index.ts';

const TEXTS = { shown: ['render', 'paint'], other: ['', ''] };
const pattern = (text: string): SearchQuery => ({ text, regex: true, matchCase: false, wholeWord: false });

/** A worker that answers when it is told. */
class HeldWorker implements MatchWorker {
  readonly requests: MatchRequest[] = [];
  terminated = false;
  onmessage: ((event: MessageEvent<TextFlags>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  postMessage(request: MatchRequest): void {
    this.requests.push(request);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(...flags: number[]): void {
    this.onmessage?.(new MessageEvent('message', { data: Uint8Array.from(flags) }));
  }
}

function matcherOfHeld() {
  const workers: HeldWorker[] = [];
  const matcher = new EndableMatcher(() => {
    const worker = new HeldWorker();
    workers.push(worker);
    return worker;
  });
  return { matcher, workers };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('matching patterns', () => {
  test('plain texts need no worker, broken patterns neither', async () => {
    const { matcher, workers } = matcherOfHeld();
    const plain = await matcher.match(TEXTS, { ...pattern('aint'), regex: false });
    expect(plain).toEqual({ ok: true, value: Uint8Array.of(0, 1) });
    const broken = await matcher.match(TEXTS, pattern('('));
    expect(broken).toMatchObject({ ok: false, failure: { code: 'pattern-broken' } });
    expect(workers).toHaveLength(0);
  });

  test('the worker gets the texts once, and answers', async () => {
    const { matcher, workers } = matcherOfHeld();
    const first = matcher.match(TEXTS, pattern('^r'));
    workers[0].answer(1, 0);
    expect(await first).toEqual({ ok: true, value: Uint8Array.of(1, 0) });
    const second = matcher.match(TEXTS, pattern('t$'));
    workers[0].answer(0, 1);
    expect(await second).toEqual({ ok: true, value: Uint8Array.of(0, 1) });
    expect(workers[0].requests.map(({ texts }) => texts)).toEqual([TEXTS, null]);
    expect(workers).toHaveLength(1);
  });

  test('a pattern that takes for ever is ended, and the next one has a new worker with the texts', async () => {
    const { matcher, workers } = matcherOfHeld();
    const endless = matcher.match(TEXTS, pattern('(a+)+b'));
    vi.advanceTimersByTime(MATCH_MILLIS);
    expect(await endless).toMatchObject({ ok: false, failure: { code: 'pattern-too-slow' } });
    expect(workers[0].terminated).toBe(true);
    const next = matcher.match(TEXTS, pattern('r'));
    expect(workers[1].requests[0].texts).toBe(TEXTS);
    workers[1].answer(1, 0);
    expect(await next).toMatchObject({ ok: true });
  });

  test('a cancelled question and one that another follows end at once', async () => {
    const { matcher, workers } = matcherOfHeld();
    const abort = new AbortController();
    const cancelled = matcher.match(TEXTS, pattern('a'), abort.signal);
    abort.abort();
    expect(await cancelled).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    const followed = matcher.match(TEXTS, pattern('b'));
    const last = matcher.match(TEXTS, pattern('c'));
    expect(await followed).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    workers[2].answer(0, 0);
    expect(await last).toMatchObject({ ok: true });
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true, false]);
  });
});
