import { describe, expect, test, vi } from 'vitest';
import { inTime } from '../../../src/base/index.ts';

describe('waiting for an answer that may never come', () => {
  test('has its value in time, and null when it is late', async () => {
    vi.useFakeTimers();
    try {
      expect(await inTime(Promise.resolve(7), 10)).toBe(7);
      const late = inTime(new Promise<number>(() => undefined), 10);
      await vi.advanceTimersByTimeAsync(10);
      expect(await late).toBeNull();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('fails as the work does', async () => {
    await expect(inTime(Promise.reject(new Error('gone')), 10)).rejects.toThrow('gone');
  });
});
