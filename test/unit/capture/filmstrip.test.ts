/** The filmstrip's pace: pictures in as Chrome sends them, few out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Filmstrip, FRAMES_MAX, type Picture } from '../../../src/capture/filmstrip.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function record(kept = 0) {
  const pictures: Picture[] = [];
  const acknowledged: number[] = [];
  let full = 0;
  const filmstrip = new Filmstrip(
    {
      keep: (picture) => pictures.push(picture),
      acknowledge: (count) => acknowledged.push(count),
      full: () => full++,
    },
    kept,
  );
  return { filmstrip, pictures, acknowledged, full: () => full };
}

const times = (pictures: readonly Picture[]) => pictures.map(({ time }) => time);

describe('Filmstrip', () => {
  it('keeps the first picture at once, then the newest of every 100 ms', () => {
    const { filmstrip, pictures, acknowledged } = record();
    for (const time of [0, 16, 33, 50]) {
      vi.setSystemTime(time);
      filmstrip.offer({ data: `picture ${time}`, time });
    }
    expect(times(pictures)).toEqual([0]);
    vi.advanceTimersByTime(100);
    expect(times(pictures)).toEqual([0, 50]);
    // One for the first; three for the one that was kept and the two that it replaced.
    expect(acknowledged).toEqual([1, 3]);
  });

  it('keeps the last picture of a page that comes to rest', () => {
    const { filmstrip, pictures } = record();
    filmstrip.offer({ data: 'a', time: 0 });
    filmstrip.offer({ data: 'b', time: 20 });
    filmstrip.finish();
    expect(times(pictures)).toEqual([0, 20]);
  });

  it('does not keep a picture twice', () => {
    const { filmstrip, pictures, acknowledged } = record();
    for (const time of [0, 200, 400]) filmstrip.offer({ data: 'same', time });
    expect(times(pictures)).toEqual([0]);
    expect(acknowledged).toEqual([1, 1, 1]);
  });

  it('ends when it is full, also where a predecessor kept most of them', () => {
    const { filmstrip, pictures, full } = record(FRAMES_MAX - 2);
    for (let index = 0; index < 10; index++) filmstrip.offer({ data: `${index}`, time: index * 200 });
    expect(pictures).toHaveLength(2);
    expect(full()).toBe(1);
  });
});
