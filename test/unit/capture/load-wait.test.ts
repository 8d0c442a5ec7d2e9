/** When a load has been recorded for long enough. Times in ms from the start. */
import { describe, expect, it } from 'vitest';
import { LoadWait } from '../../../src/capture/load-wait.ts';

const LIMITS = { quietMillis: 1_000, afterLoadMillis: 10_000, totalMillis: 60_000 };
const DOCUMENT = { id: 'd', type: 'Document', url: 'http://shop.example/', loader: 'd', frame: 'f' };
const request = (id: string, changes = {}) => ({
  id,
  type: 'Fetch',
  url: `http://shop.example/${id}`,
  loader: 'd',
  frame: 'f',
  ...changes,
});

/** A load whose event fired at 500, with the thread measured as `shares` every 250 ms from then on. */
function loadedAt500(shares: readonly (number | null)[]): LoadWait {
  const wait = new LoadWait(LIMITS, 'load', 0);
  wait.navigated('d', 100);
  wait.loaded(500);
  for (const [index, share] of shares.entries()) wait.measured(share, 500 + index * 250);
  return wait;
}

describe('LoadWait', () => {
  it('stops after a quiet second', () => {
    const wait = loadedAt500([null, 0, 0, 0, 0]);
    expect(wait.verdict(1_499)).toBeNull();
    expect(wait.verdict(1_500)).toBe('quiet');
  });

  it('begins the second anew after a busy thread', () => {
    const wait = loadedAt500([null, 0, 0.3, 0, 0, 0, 0]);
    expect(wait.verdict(1_999)).toBeNull();
    expect(wait.verdict(2_000)).toBe('quiet');
  });

  it('does not take an old measurement for a quiet thread', () => {
    const wait = loadedAt500([null, 0]);
    expect(wait.verdict(3_000)).toBeNull();
  });

  it('does not stop before the load event, however quiet', () => {
    const wait = new LoadWait(LIMITS, 'load', 0);
    wait.navigated('d', 100);
    wait.measured(0, 20_000);
    expect(wait.wantsMeasurement(20_000)).toBe(false);
    expect(wait.verdict(59_999)).toBeNull();
    expect(wait.verdict(60_000)).toBe('time-limit');
  });

  it('waits for requests that began before or after the load event', () => {
    const wait = loadedAt500([null, 0]);
    wait.requestStarted(request('late'));
    expect(wait.wantsMeasurement(20_000)).toBe(false);
    for (let at = 1_000; at <= 3_000; at += 250) wait.measured(0, at);
    expect(wait.verdict(3_000)).toBeNull();
    wait.requestEnded('late', 3_000);
    for (let at = 3_250; at <= 4_000; at += 250) wait.measured(0, at);
    expect(wait.verdict(3_999)).toBeNull();
    expect(wait.verdict(4_000)).toBe('quiet');
  });

  it('does not wait for what a frame began that has left', () => {
    const wait = loadedAt500([null, 0, 0]);
    wait.requestStarted(request('theirs', { frame: 'g' }));
    wait.frameLeft('g', 1_000);
    for (let at = 1_250; at <= 2_000; at += 250) wait.measured(0, at);
    expect(wait.verdict(1_999)).toBeNull();
    expect(wait.verdict(2_000)).toBe('quiet');
  });

  it('stops ten seconds after the load event at the latest', () => {
    const wait = loadedAt500([]);
    wait.requestStarted(request('poll'));
    expect(wait.verdict(10_499)).toBeNull();
    expect(wait.verdict(10_500)).toBe('load-timeout');
  });

  it.each([
    { type: 'WebSocket' },
    { type: 'EventSource' },
    { type: 'Ping' },
    { url: 'data:text/plain,x' },
    { url: 'blob:http://shop.example/1' },
    { loader: '' },
  ])('does not wait for %o', (changes) => {
    const wait = loadedAt500([null, 0, 0, 0, 0]);
    wait.requestStarted(request('endless', changes));
    expect(wait.verdict(1_500)).toBe('quiet');
  });

  it('starts anew with a new document, and forgets the requests of the old one', () => {
    const wait = loadedAt500([null, 0, 0]);
    wait.requestStarted(request('old'));
    wait.requestStarted({ ...DOCUMENT, id: 'e', loader: 'e' });
    wait.navigated('e', 1_100);
    expect(wait.verdict(5_000)).toBeNull();
    wait.requestEnded('e', 5_100);
    wait.loaded(5_200);
    for (let at = 5_250; at <= 6_250; at += 250) wait.measured(0, at);
    expect(wait.verdict(6_250)).toBe('quiet');
  });

  it('counts the total from the start, over all documents: a page that reloads itself ends', () => {
    const wait = new LoadWait(LIMITS, 'load', 0);
    for (let at = 0; at < 60_000; at += 300) {
      expect(wait.verdict(at)).toBeNull();
      wait.navigated(`loader-${at}`, at);
      wait.loaded(at + 200);
    }
    expect(wait.verdict(60_000)).toBe('time-limit');
  });

  it('stops at once where the page has loaded before and is at rest', () => {
    const wait = new LoadWait(LIMITS, 'rest', 0);
    for (let at = 0; at <= 1_000; at += 250) wait.measured(at === 0 ? null : 0, at);
    expect(wait.verdict(1_000)).toBe('quiet');
  });

  it('waits for nothing but the total where nothing was asked to load', () => {
    const wait = new LoadWait(LIMITS, 'none', 0);
    expect(wait.wantsMeasurement(20_000)).toBe(false);
    wait.loaded(100);
    expect(wait.verdict(59_999)).toBeNull();
    expect(wait.verdict(60_000)).toBe('time-limit');
  });

  it('measures the thread no more often than it must: measuring is work, too', () => {
    const wait = loadedAt500([]);
    expect(wait.wantsMeasurement(750)).toBe(true);
    wait.measured(null, 750);
    expect(wait.wantsMeasurement(1_740)).toBe(false);
    expect(wait.wantsMeasurement(1_750)).toBe(true);
    // After a busy second it is looked at sooner.
    wait.measured(0.2, 1_750);
    expect(wait.wantsMeasurement(2_240)).toBe(false);
    expect(wait.wantsMeasurement(2_250)).toBe(true);
  });

  it('takes no thread for quiet that was never measured', () => {
    const wait = loadedAt500([null]);
    expect(wait.verdict(1_500)).toBeNull();
    wait.measured(0.01, 1_500);
    expect(wait.verdict(1_500)).toBe('quiet');
  });

  it('takes work of less than a long task for quiet', () => {
    const wait = loadedAt500([null]);
    wait.measured(0.049, 1_500);
    expect(wait.verdict(1_500)).toBe('quiet');
    const busy = loadedAt500([null]);
    busy.measured(0.051, 1_500);
    expect(busy.verdict(1_500)).toBeNull();
  });
});
