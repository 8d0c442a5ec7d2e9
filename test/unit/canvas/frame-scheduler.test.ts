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

/** Waits for the tasks in which what was added is painted first, whose pictures are none of the log then. */
async function passFirstPictures(log: string[]): Promise<void> {
  await nextTurn();
  await nextTurn();
  log.length = 0;
}

describe('the frame scheduler', () => {
  test('paints what is new in a task of its own, invalidated or not, and is idle with the frame that shows it', async () => {
    const { scheduler, asked, runFrame, clock } = makeRig();
    const log: string[] = [];
    clock.now = 5;
    const chart = makePainter(log, 'chart');
    scheduler.invalidate(chart);
    scheduler.add(chart);
    scheduler.invalidate(chart);
    scheduler.add(makePainter(log, 'overview'));
    const leave = scheduler.add(makePainter(log, 'left'));
    leave();
    runFrame(8);
    expect([log, scheduler.idle.value]).toEqual([[], false]);
    await nextTurn();
    await nextTurn();
    expect([log, asked.length, scheduler.idle.value]).toEqual([['chart@5', 'overview@5'], 1, false]);
    runFrame(16);
    expect([log.length, scheduler.idle.value]).toEqual([2, true]);
  });

  test('a picture that is not whole goes on in tasks of its own, and no frame paints it meanwhile', async () => {
    const { scheduler, asked, runFrame } = makeRig();
    const log: string[] = [];
    let parts = 3;
    const chart: FramePainter = () => {
      log.push(`part ${parts}`);
      return --parts > 0 ? 'unfinished' : false;
    };
    scheduler.add(chart);
    await nextTurn();
    scheduler.invalidate(chart);
    runFrame(16);
    expect(scheduler.idle.value).toBe(false);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect([log, asked.length]).toEqual([['part 3', 'part 2', 'part 1'], 1]);
    parts = 2;
    scheduler.invalidate(chart);
    runFrame(32);
    expect([log.length, scheduler.idle.value]).toEqual([4, false]);
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    runFrame(48);
    expect([log.length, scheduler.idle.value]).toEqual([5, true]);
  });

  test('what is to be painted apart is painted once, before the frame; what was taken out is not', async () => {
    const { scheduler, asked, runFrame, clock } = makeRig();
    const log: string[] = [];
    const overview = makePainter(log, 'overview');
    const leave = scheduler.add(overview);
    await passFirstPictures(log);
    runFrame(16);
    clock.now = 20;
    scheduler.invalidate(overview);
    scheduler.paintApart(overview);
    scheduler.paintApart(overview);
    runFrame(32);
    await nextTurn();
    await nextTurn();
    expect([log, asked.length]).toEqual([['overview@20'], 1]);
    leave();
    scheduler.paintApart(overview);
    await nextTurn();
    runFrame(48);
    expect([log.length, scheduler.idle.value]).toEqual([1, true]);
  });

  test('paints each painter once a frame, however often it is invalidated, all in one frame', async () => {
    const { scheduler, asked, runFrame } = makeRig();
    const log: string[] = [];
    const [one, two] = [makePainter(log, 'one'), makePainter(log, 'two')];
    scheduler.add(one);
    scheduler.add(two);
    await passFirstPictures(log);
    scheduler.invalidate(one);
    scheduler.invalidate(one);
    scheduler.invalidate(two);
    expect(asked).toHaveLength(1);
    runFrame(16);
    runFrame(32);
    expect(log).toEqual(['one@16', 'two@16']);
  });

  test('leaves those for which a frame has no time left to the next, where they come first', async () => {
    const { scheduler, runFrame, clock } = makeRig();
    const log: string[] = [];
    const slow =
      (name: string, takes: number, again = 0): FramePainter =>
      (time) => {
        clock.now += takes;
        return makePainter(log, name, again)(time);
      };
    const painters = [slow('chart', 12, 1), slow('overview', 5), slow('graph', 5)];
    for (const painter of painters) scheduler.add(painter);
    await passFirstPictures(log);
    for (const painter of painters) scheduler.invalidate(painter);
    runFrame(16);
    expect(scheduler.idle.value).toBe(false);
    runFrame(32);
    // The chart never ends here, and keeps nobody from being painted.
    expect(log).toEqual(['chart@16', 'overview@32', 'graph@32']);
    runFrame(48);
    expect(log.slice(3)).toEqual(['chart@48']);
  });

  test('what had no time comes first, also before a painter that invalidates itself', async () => {
    const { scheduler, runFrame, clock } = makeRig();
    const log: string[] = [];
    let isMoving = false;
    const chart: FramePainter = (time) => {
      log.push(`chart@${time}`);
      clock.now += 12;
      // The step of a jump moves the viewport, which it is invalidated by.
      if (isMoving) scheduler.invalidate(chart);
      return isMoving;
    };
    const overview = makePainter(log, 'overview');
    for (const painter of [chart, overview]) scheduler.add(painter);
    await passFirstPictures(log);
    runFrame(0);
    isMoving = true;
    scheduler.invalidate(chart);
    scheduler.invalidate(overview);
    runFrame(16);
    runFrame(32);
    expect(log).toEqual(['chart@16', 'overview@32', 'chart@32']);
  });

  test('is idle exactly while nothing waits', async () => {
    const { scheduler, runFrame } = makeRig();
    expect(scheduler.idle.value).toBe(true);
    scheduler.add(makePainter([], 'one', 2));
    expect(scheduler.idle.value).toBe(false);
    await passFirstPictures([]);
    runFrame(16);
    expect(scheduler.idle.value).toBe(false);
    runFrame(32);
    expect(scheduler.idle.value).toBe(true);
  });

  test('what is invalidated while painting is painted in the next frame', async () => {
    const { scheduler, runFrame } = makeRig();
    const log: string[] = [];
    const follower = makePainter(log, 'follower');
    const leader: FramePainter = (time) => {
      log.push(`leader@${time}`);
      if (time === 32) scheduler.invalidate(follower);
      return false;
    };
    scheduler.add(follower);
    scheduler.add(leader);
    await passFirstPictures(log);
    scheduler.invalidate(leader);
    runFrame(32);
    runFrame(48);
    expect(log).toEqual(['leader@32', 'follower@48']);
  });

  test('a painter that was taken out is painted no more', async () => {
    const { scheduler, runFrame } = makeRig();
    const log: string[] = [];
    const remove = scheduler.add(makePainter(log, 'one', 9));
    await passFirstPictures(log);
    runFrame(16);
    remove();
    runFrame(32);
    expect(log).toEqual(['one@16']);
    expect(scheduler.idle.value).toBe(true);
  });

  test('is idle again when what was to be painted first is taken out', () => {
    const { scheduler, runFrame } = makeRig();
    scheduler.add(makePainter([], 'one'))();
    runFrame(16);
    expect(scheduler.idle.value).toBe(true);
  });
});
