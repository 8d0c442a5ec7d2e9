/** Long work in turns: who waits is told and may give up, and what has the thread to itself goes through at once. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runThrough, type Steps, takeTurns } from '../../../src/base/index.ts';

/** So many steps, each of which takes so many milliseconds of a clock that is set by hand. */
function work(count: number, millis: number): { readonly steps: () => Steps<{ done: number }> } {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  function* steps(): Steps<{ done: number }> {
    for (let step = 0; step < count; step++) {
      now += millis;
      yield;
    }
    return { done: now };
  }
  return { steps };
}

afterEach(() => void vi.restoreAllMocks());

describe('turns', () => {
  it('pause often enough that 100 ms never pass', async () => {
    const { steps } = work(100, 20);
    let told = 0;
    const result = await takeTurns(steps(), { onPause: () => told++ });
    expect(result).toEqual({ done: 2_000 });
    expect(told).toBeGreaterThanOrEqual(2_000 / 50);
    expect(told).toBeLessThan(100);
  });

  it('let messages come through in each pause', async () => {
    const { steps } = work(20, 40);
    const { port1, port2 } = new MessageChannel();
    const order: string[] = [];
    port1.onmessage = () => {
      order.push('message');
      port1.close();
    };
    const onPause = (): void => {
      if (order.length === 0) port2.postMessage('cancel');
      order.push('pause');
    };
    await takeTurns(steps(), { onPause });
    expect(order).toContain('message');
    expect(order.indexOf('message')).toBeLessThan(10);
  });

  it('are given up in the pause after the signal', async () => {
    const { steps } = work(10, 40);
    const controller = new AbortController();
    let told = 0;
    const onPause = (): void => {
      if (++told === 3) controller.abort();
    };
    expect(await takeTurns(steps(), { signal: controller.signal, onPause })).toBeUndefined();
    expect(told).toBe(3);
  });
});

it('run through, steps have no pause', () => {
  expect(runThrough(work(5, 40).steps())).toEqual({ done: 200 });
});
