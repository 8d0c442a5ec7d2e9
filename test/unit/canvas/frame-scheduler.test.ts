import { describe, expect, test } from 'vitest';
import { nextTurn } from '../../../src/base/index.ts';
import { createFrameScheduler, type FramePainter } from '../../../src/panel/canvas/frame-scheduler.ts';

/** A scheduler whose frames come when the test says so. */
function makeRig() {
  const asked: ((time: number) => void)[] = [];
  const clock = { now: 0 };
  const scheduler = createFrameScheduler(
    (callback) => asked.push(callback),
    () => clock.now,
  );
  const runFrame = (time: number): void => {
    for (const callback of asked.splice(0)) callback(time);
  };
  return { scheduler, asked, runFrame, clock };
}

function makePainter(log: string[], name: string, again = 0): FramePainter {
  let left = again;
  return (time) => {
    log.push(`${name}@${time}`);
    return left-- > 0;
  };
}

describe('the frame scheduler', () => {
  test('paints each painter once a frame, however often it is invalidated, all in one frame', () => {
    const { scheduler, asked, runFrame } = makeRig();
    const log: string[] = [];
    const [one, two] = [makePainter(log, 'one'), makePainter(log, 'two')];
    scheduler.add(one);
    scheduler.add(two);
    scheduler.invalidate(one);
    scheduler.invalidate(one);
    expect(asked).toHaveLength(1);
    runFrame(16);
    runFrame(32);
    expect(log).toEqual(['one@16', 'two@16']);
  });

  test('paints what is new before the next frame, each in a task of its own, and is idle with the frame', async () => {
    const { scheduler, asked, runFrame, clock } = makeRig();
    const log: string[] = [];
    clock.now = 5;
    scheduler.add(makePainter(log, 'chart'));
    scheduler.add(makePainter(log, 'overview'));
    const leave = scheduler.add(makePainter(log, 'left'));
    leave();
    expect(log).toEqual([]);
    await nextTurn();
    await nextTurn();
    expect([log, asked.length, scheduler.idle.value]).toEqual([['chart@5', 'overview@5'], 1, false]);
    runFrame(16);
    expect([log.length, scheduler.idle.value]).toEqual([2, true]);
  });

  test('leaves those for which a frame has no time left to the next, where they come first', () => {
    const { scheduler, runFrame, clock } = makeRig();
    const log: string[] = [];
    const slow =
      (name: string, takes: number, again = 0): FramePainter =>
      (time) => {
        clock.now += takes;
        return makePainter(log, name, again)(time);
      };
    scheduler.add(slow('chart', 12, 1));
    scheduler.add(slow('overview', 5));
    scheduler.add(slow('graph', 5));
    runFrame(16);
    expect(scheduler.idle.value).toBe(false);
    runFrame(32);
    // The chart never ends here, and keeps nobody from being painted.
    expect(log).toEqual(['chart@16', 'overview@32', 'graph@32']);
    runFrame(48);
    expect(log.slice(3)).toEqual(['chart@48']);
  });

  test('is idle exactly while nothing waits', () => {
    const { scheduler, runFrame } = makeRig();
    expect(scheduler.idle.value).toBe(true);
    const painter = makePainter([], 'one', 1);
    scheduler.add(painter);
    expect(scheduler.idle.value).toBe(false);
    runFrame(16);
    expect(scheduler.idle.value).toBe(false);
    runFrame(32);
    expect(scheduler.idle.value).toBe(true);
  });

  test('what is invalidated while painting is painted in the next frame', () => {
    const { scheduler, runFrame } = makeRig();
    const log: string[] = [];
    const follower = makePainter(log, 'follower');
    scheduler.add(follower);
    runFrame(16);
    scheduler.add((time) => {
      log.push(`leader@${time}`);
      if (time < 40) scheduler.invalidate(follower);
      return false;
    });
    runFrame(32);
    runFrame(48);
    expect(log).toEqual(['follower@16', 'leader@32', 'follower@48']);
  });

  test('a painter that was taken out is painted no more', () => {
    const { scheduler, runFrame } = makeRig();
    const log: string[] = [];
    const remove = scheduler.add(makePainter(log, 'one', 9));
    runFrame(16);
    remove();
    runFrame(32);
    expect(log).toEqual(['one@16']);
    expect(scheduler.idle.value).toBe(true);
  });
});
