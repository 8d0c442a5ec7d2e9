/** Web vitals as the trace alone tells them. */
import { describe, expect, test } from 'vitest';
import { computeTraceVitals, findPageLoad, type TraceVitals } from '../../../src/analysis/index.ts';
import { micros, type RawEvent, type TraceRecipe, trace } from '../../builders/trace.ts';

const A = 'https://a.test/';

async function vitalsOf(recipe: TraceRecipe): Promise<TraceVitals> {
  const tables = await recipe.slice('RunTask', 0, 20_000).read();
  return computeTraceVitals(tables, findPageLoad(tables));
}

const ofNavigation: RawEvent = { args: { frame: 'F', data: { navigationId: 'N' } } };
const main = (): TraceRecipe => trace().thread('CrRendererMain').navigate(A, 10, { id: 'N' }).commit(A, 20);
const painted = (): TraceRecipe => main().mark('firstContentfulPaint', 30, ofNavigation);
const data = (fields: RawEvent): RawEvent => ({ args: { data: fields } });

test('without a page nothing is known', async () => {
  const nothing = { lcp: null, cls: null, inp: null, fcp: null, ttfb: null };
  expect(await vitalsOf(trace().thread('CrRendererMain'))).toEqual(nothing);
  expect(await vitalsOf(main())).toEqual(nothing);
});

test('paints count from navigation start', async () => {
  const recipe = painted().mark('largestContentfulPaint::Candidate', 45.5, ofNavigation);
  expect(await vitalsOf(recipe)).toMatchObject({ fcp: 20, lcp: 35.5 });
});

describe('layout shifts', () => {
  const shift = (recipe: TraceRecipe, at: number, score: number, more: RawEvent = {}): TraceRecipe =>
    recipe.instant(
      'LayoutShift',
      at,
      data({ score: 9, weighted_score_delta: score, had_recent_input: false, ...more }),
    );

  test('none after a paint is 0', async () => {
    expect(await vitalsOf(painted())).toMatchObject({ cls: 0 });
  });

  test('tell of themselves without a paint of the page, whose frames may have them all', async () => {
    expect((await vitalsOf(main())).cls).toBeNull();
    expect((await vitalsOf(shift(main(), 100, 0.1))).cls).toBeCloseTo(0.1, 9);
  });

  test('closer than a second are one session; the largest session counts', async () => {
    let recipe = shift(painted(), 100, 0.1);
    recipe = shift(recipe, 1099, 0.2);
    recipe = shift(recipe, 2099, 0.25);
    expect((await vitalsOf(recipe)).cls).toBeCloseTo(0.3, 9);
  });

  test('a session ends after five seconds', async () => {
    let recipe = painted();
    for (let at = 100; at < 7000; at += 900) recipe = shift(recipe, at, 0.1);
    expect((await vitalsOf(recipe)).cls).toBeCloseTo(0.6, 9);
  });

  test('after input, of another process, or before the load they do not count', async () => {
    let recipe = shift(painted(), 100, 0.1);
    recipe = recipe.asyncBegin('EventTiming', '0x1', 190, data({ type: 'keydown' }));
    recipe = shift(recipe, 200, 0.2, { had_recent_input: true });
    recipe = recipe.instant('LayoutShift', 300, { pid: 2, ...data({ score: 0.5 }) });
    recipe = shift(recipe, 5, 0.4);
    expect((await vitalsOf(recipe)).cls).toBeCloseTo(0.1, 9);
  });

  describe('that Chrome excuses', () => {
    const excused = { had_recent_input: true };
    const press = (recipe: TraceRecipe, at: number, type: string): TraceRecipe =>
      recipe.asyncBegin('EventTiming', '0x1', at, data({ interactionId: 1, duration: 8, type }));

    test("are the user's within 600 ms of what the user did", async () => {
      expect((await vitalsOf(shift(press(painted(), 100, 'pointerdown'), 650, 0.2, excused))).cls).toBe(0);
      expect((await vitalsOf(shift(press(painted(), 100, 'keydown'), 650, 0.2, excused))).cls).toBe(0);
    });

    test("count after a mere resize: Chrome's own debugging bar makes one", async () => {
      expect((await vitalsOf(shift(painted(), 650, 0.2, excused))).cls).toBe(0.2);
      expect((await vitalsOf(shift(press(painted(), 100, 'pointerover'), 650, 0.2, excused))).cls).toBe(0.2);
      expect((await vitalsOf(shift(press(painted(), 100, 'keydown'), 701, 0.2, excused))).cls).toBe(0.2);
      expect((await vitalsOf(shift(press(painted(), 660, 'keydown'), 650, 0.2, excused))).cls).toBe(0.2);
    });
  });

  test('without a weighted score the plain one counts', async () => {
    expect((await vitalsOf(painted().instant('LayoutShift', 100, data({ score: 0.25 })))).cls).toBe(0.25);
  });
});

describe('interactions', () => {
  const event = (recipe: TraceRecipe, interactionId: number, duration: number): TraceRecipe =>
    recipe.asyncBegin('EventTiming', `0x${interactionId}`, 100, data({ interactionId, duration }));

  test('none: not known', async () => {
    expect(await vitalsOf(painted())).toMatchObject({ inp: null });
  });

  test('the slowest counts, each interaction by its slowest event', async () => {
    const recipe = event(event(event(painted(), 1, 40), 1, 80), 2, 60);
    expect(await vitalsOf(recipe)).toMatchObject({ inp: 80 });
  });

  test('events of no interaction do not count', async () => {
    expect(await vitalsOf(event(painted(), 0, 500))).toMatchObject({ inp: null });
  });

  test('one slow outlier in fifty is left aside', async () => {
    let recipe = painted();
    for (let id = 1; id <= 49; id++) recipe = event(recipe, id, id);
    expect(await vitalsOf(recipe)).toMatchObject({ inp: 49 });
    expect(await vitalsOf(event(recipe, 50, 1000))).toMatchObject({ inp: 49 });
  });
});

describe('first byte', () => {
  const document = (timing?: RawEvent): TraceRecipe =>
    main()
      .instant('ResourceSendRequest', 11, data({ requestId: 'D', url: A }))
      .instant('ResourceSendRequest', 11, data({ requestId: 'E', url: `${A}app.js` }))
      .instant('ResourceReceiveResponse', 14, data({ requestId: 'E' }))
      .instant(
        'ResourceReceiveResponse',
        19,
        data({ requestId: 'D', ...(timing === undefined ? {} : { timing }) }),
      );

  test('by the network’s own clock', async () => {
    const timing = { requestTime: micros(12) / 1e6, receiveHeadersStart: 3.5 };
    expect((await vitalsOf(document(timing))).ttfb).toBeCloseTo(5.5, 6);
    const older = { requestTime: micros(12) / 1e6, receiveHeadersEnd: 4 };
    expect((await vitalsOf(document(older))).ttfb).toBeCloseTo(6, 6);
  });

  test.each<[string, RawEvent | undefined]>([
    ['says nothing', undefined],
    ['is another one', { requestTime: 5, receiveHeadersStart: 3 }],
    ['says later than the renderer', { requestTime: micros(12) / 1e6, receiveHeadersStart: 50 }],
    ['says that there were no headers', { requestTime: micros(12) / 1e6, receiveHeadersStart: -1 }],
  ])('when the renderer learnt of it, where that clock %s', async (_, timing) => {
    expect(await vitalsOf(document(timing))).toMatchObject({ ttfb: 9 });
  });

  test('without a response it is not known', async () => {
    const recipe = main().instant('ResourceSendRequest', 11, data({ requestId: 'D', url: A }));
    expect(await vitalsOf(recipe)).toMatchObject({ ttfb: null });
  });
});
