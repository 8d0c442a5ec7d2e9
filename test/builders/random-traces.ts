/**
 * Random traces for property tests, from well-behaved to hostile.
 * In: nothing. Out: lists of raw events; times are whole microseconds, so that sums are exact.
 */
import fc from 'fast-check';
import { HOSTILE_VALUES, placesIn, replaceAt } from './hostile-arguments.ts';
import { layNodes, micros, type RawEvent, type TraceRecipe, trace } from './trace.ts';

const NAMES = [
  'RunTask',
  'FunctionCall',
  'v8.compile',
  'RunMicrotasks',
  'Layout',
  'Paint',
  'NobodyKnows',
  'MarkLoad',
];
const SPAN = 60;

const name = fc.constantFrom(...NAMES);
const thread = fc.record({ pid: fc.constantFrom(1, 2), tid: fc.constantFrom(1, 2) });
const time = fc.integer({ min: 0, max: SPAN }).map((at) => micros(0) + at);
const sampledArgs = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.integer({ min: 1, max: 3 }).map((sampleTraceId) => ({ args: { data: { sampleTraceId } } })),
);

/** Complete, begin, end and instant events, whatever their times say. */
const sliceEvent: fc.Arbitrary<RawEvent> = fc
  .tuple(
    thread,
    sampledArgs,
    fc.oneof(
      fc.record({ ph: fc.constant('X'), name, ts: time, dur: fc.integer({ min: 0, max: SPAN }) }),
      fc.record({ ph: fc.constant('B'), name, ts: time }),
      fc.record({ ph: fc.constant('E'), name, ts: time }, { requiredKeys: ['ph', 'ts'] }),
      fc.record({ ph: fc.constant('I'), name, ts: time }),
    ),
  )
  .map(([where, args, event]) => ({ ...where, cat: 'devtools.timeline', ...args, ...event }));

/** Slices that cross, begins and ends that do not match, in any order. */
export const crossingEvents = fc.array(sliceEvent, { maxLength: 40 });

interface Sprout {
  readonly name: string;
  readonly before: number;
  readonly length: number;
  readonly asPair: boolean;
  readonly children: readonly Sprout[];
}

const sprouts = fc.letrec<{ forest: Sprout[] }>((tie) => ({
  forest: fc.array(
    fc.record({
      name,
      before: fc.integer({ min: 0, max: 4 }),
      length: fc.integer({ min: 0, max: 6 }),
      asPair: fc.boolean(),
      children: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant([]), tie('forest')),
    }),
    { maxLength: 5 },
  ),
})).forest;

/** Slices of one main thread that nest as those of a healthy browser, in time order. */
export const nestedEvents: fc.Arbitrary<RawEvent[]> = sprouts.map((forest) => {
  const events: RawEvent[] = [];
  const facts = { pid: 1, tid: 1, cat: 'devtools.timeline' };
  const grow = (list: readonly Sprout[], from: number): number => {
    let at = from;
    for (const sprout of list) {
      at += sprout.before;
      const place = events.length;
      const end = grow(sprout.children, at) + sprout.length;
      const start = micros(0) + at;
      if (sprout.asPair) {
        events.splice(place, 0, { ...facts, ph: 'B', name: sprout.name, ts: start });
        events.push({ ...facts, ph: 'E', name: sprout.name, ts: micros(0) + end });
      } else events.splice(place, 0, { ...facts, ph: 'X', name: sprout.name, ts: start, dur: end - at });
      at = end;
    }
    return at;
  };
  grow(forest, 0);
  return events;
});

const stack = fc.oneof(
  fc.constantFrom('P', 'I', 'G'),
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
);

/** The profile of thread 1 of process 1: samples in any order, some tied to slices. */
export const profileEvents: fc.Arbitrary<RawEvent[]> = fc
  .array(fc.record({ stack, delta: fc.integer({ min: -3, max: 6 }) }), { maxLength: 30 })
  .map((ticks) => {
    const { nodes, idOf } = layNodes([...ticks.map((tick) => tick.stack), 'ab', 'c']);
    const facts = { pid: 1, id: '0x1', cat: 'disabled-by-default-v8.cpu_profiler', ph: 'P', ts: micros(0) };
    const cpuProfile = {
      nodes,
      samples: ticks.map((tick) => idOf(tick.stack)),
      trace_ids: { 1: idOf('ab'), 2: idOf('c'), 3: 4711 },
    };
    const data = { cpuProfile, timeDeltas: ticks.map((tick) => tick.delta) };
    return [
      { ...facts, tid: 1, name: 'Profile', args: { data: {} } },
      { ...facts, tid: 99, name: 'ProfileChunk', args: { data } },
    ];
  });

/** A page load with something of everything that the reader and the analysis look at. */
export function wholePage(): TraceRecipe {
  const document = { requestId: '1', url: 'https://a.test/', resourceType: 'Document', requestMethod: 'GET' };
  const timing = { requestTime: micros(1) / 1e6, receiveHeadersStart: 2 };
  const send = (data: RawEvent): RawEvent => ({ args: { data } });
  return trace()
    .event({ ph: 'M', name: 'process_name', args: { name: 'Renderer' } })
    .thread('CrBrowserMain', { pid: 2 })
    .instant('TracingStartedInBrowser', 0, {
      args: {
        data: {
          frames: [
            {
              frame: 'F',
              url: 'https://a.test/',
              processId: 1,
              isOutermostMainFrame: true,
              isInPrimaryMainFrame: true,
            },
          ],
        },
      },
    })
    .thread('CrRendererMain', { pid: 1 })
    .navigate('https://a.test/', 1, { id: 'N' })
    .commit('https://a.test/', 5)
    .instant('ResourceSendRequest', 2, send(document))
    .instant(
      'ResourceReceiveResponse',
      4,
      send({ requestId: '1', statusCode: 200, mimeType: 'text/html', timing }),
    )
    .instant('ResourceReceivedData', 5, send({ requestId: '1', encodedDataLength: 99 }))
    .instant(
      'ResourceFinish',
      6,
      send({ requestId: '1', encodedDataLength: 100, didFail: false, finishTime: 1 }),
    )
    .begin('RunTask', 1)
    .slice('FunctionCall', 2, 9, { args: { data: { sampleTraceId: 1 } } })
    .slice('Layout', 4, 5)
    .end('RunTask', 10)
    .asyncBegin('EventTiming', '0x7', 6, { args: { data: { interactionId: 3, duration: 40 } } })
    .asyncEnd('EventTiming', '0x7', 8)
    .mark('firstContentfulPaint', 7, { args: { frame: 'F', data: { navigationId: 'N' } } })
    .mark('largestContentfulPaint::Candidate', 8, { args: { frame: 'F', data: { navigationId: 'N' } } })
    .instant('LayoutShift', 8, {
      args: { frame: 'F', data: { score: 0.1, weighted_score_delta: 0.1, had_recent_input: false } },
    })
    .instant('MarkLoad', 9, { args: { data: { frame: 'F', isMainFrame: true } } })
    .instant('UpdateCounters', 9, { args: { data: { jsHeapSizeUsed: 5, nodes: 2 } } })
    .counter('Memory', 9, { bytes: 1 })
    .instant('TracingSessionIdForWorker', 2, send({ workerThreadId: 1, url: 'https://a.test/w.js' }))
    .profile('0x1', 2, { source: 'Internal' })
    .profileChunk('0x1', 3, {
      nodes: layNodes(['ab', 'P']).nodes,
      samples: [3, 3, 4, 3],
      timeDeltas: [1000, 500, 500, -200],
      lines: [1, 2, 0, 3],
      trace_ids: { 1: 3 },
    });
}

/** A whole page of which some values, anywhere, were replaced by others of any type, or left out. */
export const hostileEvents: fc.Arbitrary<RawEvent[]> = fc
  .array(
    fc.record({
      place: fc.nat(),
      by: fc.oneof(fc.constantFrom(...HOSTILE_VALUES), fc.constant(undefined), fc.jsonValue({ maxDepth: 2 })),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((changes) => {
    let events: unknown = wholePage().events;
    for (const { place, by } of changes) {
      const places = placesIn(events).filter((path) => path.length > 1);
      events = replaceAt(events, places[place % places.length], by);
    }
    return events as RawEvent[];
  });
