/**
 * Random traces whose every field is of its right type and whose every time is wild: threads that interleave, files out
 * of order, equal times, nothing that lasts, clocks near 0, below it and near 2^53, fractions as Chrome writes them,
 * deltas that go back, chunks out of order, several profiles of one thread.
 * In: nothing. Out: lists of events in file order.
 */
import fc from 'fast-check';
import type { PlainEvent } from './slow-reader.ts';

const NAMES = [
  'RunTask',
  'RunTask',
  'RunTask',
  'ThreadControllerImpl::RunTask',
  'FunctionCall',
  'FunctionCall',
  'EventDispatch',
  'v8.compile',
  'RunMicrotasks',
  'Layout',
  'Paint',
  'NobodyKnows',
  'Some.Histogram::UMA',
  'größe "laut" \\ \n',
];
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-v8', 'a,b'];
/** Where the clock stands; the last two leave doubles no room for fractions. */
const ORIGINS = [0, 1_000_000, 98_765_432_109.876, -40, 1_700_000_000_000_000, 2 ** 53 - 2000];

/** From here on doubles are too far apart for sums of fractions. */
const MOST_FRACTIONAL = 1e12;

interface Clock {
  readonly origin: number;
  readonly fractions: boolean;
}

const clock: fc.Arbitrary<Clock> = fc.record({
  origin: fc.constantFrom(...ORIGINS),
  fractions: fc.boolean(),
});
/** Three decimals, as Chrome writes nanoseconds. */
const millesimal = (value: number): number => Math.round(value * 1000) / 1000;

const name = fc.constantFrom(...NAMES);
const where = fc.record({ pid: fc.constantFrom(1, 1, 1, 2, 2 ** 40), tid: fc.constantFrom(1, 1, 2) });
const ticks = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }) },
  fc.integer({ min: -5, max: 120 }),
);
const duration = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }) },
);
const sampled = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  fc.integer({ min: 1, max: 4 }).map((sampleTraceId) => ({ data: { sampleTraceId } })),
);
const asyncId = fc.oneof(
  fc.constantFrom('0x1', '0x2').map((id) => ({ id })),
  fc.constantFrom('0x1', '0x2').map((local) => ({ id2: { local } })),
  fc.constant({ id2: { global: '0x1' } }),
  fc.constant({ id: '0x1', scope: 's' }),
);
const asyncName = fc.constantFrom('load', 'load', 'other', '');

/** Times in ticks from the clock's origin; `dur` as well. */
type Draft = Omit<PlainEvent, 'ts'> & {
  readonly tick: number;
  readonly dur?: number;
  readonly timeless?: boolean;
};

const slice = fc
  .tuple(
    where,
    ticks,
    sampled,
    fc.constantFrom(...CATEGORIES),
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ ph: fc.constant('X'), name, dur: duration }) },
      { weight: 3, arbitrary: fc.record({ ph: fc.constant('B'), name }) },
      { weight: 3, arbitrary: fc.record({ ph: fc.constant('E'), name }, { requiredKeys: ['ph'] }) },
      { weight: 2, arbitrary: fc.record({ ph: fc.constantFrom('I', 'i'), name }) },
    ),
  )
  .map(
    ([place, tick, args, cat, event]): Draft => ({ ...place, ...event, tick, cat, ...(args && { args }) }),
  );

const asyncEvent = fc
  .tuple(where, ticks, asyncId, asyncName, fc.constantFrom('b', 'b', 'e', 'e', 'n', 'S', 'F', 'T', 'p'))
  .map(([place, tick, id, text, ph]): Draft => {
    const args = ph === 'T' ? { args: { step: `${text} by half` } } : {};
    return { ...place, ...id, ph, name: text, cat: 'async', tick, ...args };
  });

const counter = fc
  .tuple(where, ticks, fc.integer(), fc.boolean())
  .map(([place, tick, value, wrapped]): Draft => {
    const values = { bytes: value, word: 'none' };
    return wrapped
      ? { ...place, ph: 'I', name: 'UpdateCounters', tick, args: { data: values } }
      : { ...place, ph: 'C', name: 'Memory', tick, args: values };
  });

const flow = fc
  .tuple(
    where,
    ticks,
    fc.constantFrom('s', 't', 'f', 'f'),
    fc.constantFrom<string | number>('0x9', '0xa', 9, 10),
    fc.constantFrom(...CATEGORIES),
    fc.record({ name: fc.constantFrom('flow', 'Layout', 'FunctionCall'), bp: fc.constantFrom('e', '') }),
  )
  .map(([place, tick, ph, id, cat, said]): Draft => ({ ...place, ph, id, cat, tick, ...said }));

const bound = fc.tuple(where, ticks, duration, fc.constantFrom('0x9', '0xa'), fc.boolean(), fc.boolean()).map(
  ([place, tick, dur, bind_id, flow_in, flow_out]): Draft => ({
    ...place,
    ph: 'X',
    name: 'Bound',
    cat: 'a,b',
    tick,
    dur,
    bind_id,
    flow_in,
    flow_out,
  }),
);

/** What the tables only count, or only take note of. */
const aside = fc
  .tuple(where, ticks, fc.constantFrom('R', 'O', 'N', 'D', 'v', '(', ')', 'c'))
  .map(([place, tick, ph]): Draft => ({ ...place, ph, name: 'aside', id: '0x9', tick }));

/** Events whose time or length cannot be. */
const impossible = fc
  .tuple(where, ticks, fc.constantFrom('X', 'B', 'b'), fc.constantFrom(-3, 2 ** 60, undefined))
  .map(
    ([place, tick, ph, dur]): Draft => ({
      ...place,
      ph,
      name: 'impossible',
      tick,
      ...(dur === undefined ? { timeless: true } : { dur }),
    }),
  );

const start = fc
  .tuple(where, ticks)
  .map(([place, tick]): Draft => ({ ...place, ph: 'I', name: 'TracingStartedInBrowser', tick }));

export const wildDrafts = fc.array(
  fc.oneof(
    { weight: 16, arbitrary: slice },
    { weight: 4, arbitrary: asyncEvent },
    { weight: 1, arbitrary: counter },
    { weight: 1, arbitrary: aside },
    { weight: 2, arbitrary: flow },
    { weight: 2, arbitrary: bound },
    { weight: 1, arbitrary: impossible },
  ),
  { maxLength: 60 },
);

const FUNCTIONS = ['a', 'b', 'c', '(program)', '(idle)', '(garbage collector)'];
const NATIVE = 'native V8Runtime';

interface Tree {
  /** Nodes 2, 3, …: of the one named here, and what it is. */
  readonly nodes: readonly { readonly parent: number; readonly name: string; readonly native: boolean }[];
}

const tree: fc.Arbitrary<Tree> = fc.record({
  nodes: fc.array(
    fc.record({
      parent: fc.nat(),
      name: fc.constantFrom(...FUNCTIONS, 'a', 'b', 'c'),
      native: fc.integer({ min: 0, max: 7 }).map((at) => at === 0),
    }),
    { minLength: 1, maxLength: 9 },
  ),
});

/** Nodes as V8 sends them. What is no code is a child of the root and calls nothing. */
function plant({
  nodes,
}: Tree): { id: number; parent?: number; callFrame: { functionName: string; url: string } }[] {
  const planted = [{ id: 1, callFrame: { functionName: '(root)', url: '' } }];
  const code = [1];
  for (const [i, node] of nodes.entries()) {
    const id = i + 2;
    const isCode = !node.name.startsWith('(');
    const parent = isCode ? code[node.parent % code.length] : 1;
    const url = isCode ? (node.native && parent !== 1 ? NATIVE : 'page.js') : '';
    const lines = isCode ? { lineNumber: node.parent % 3, columnNumber: 1, scriptId: 5 } : {};
    planted.push({
      id,
      parent,
      callFrame: { functionName: node.name, url, ...lines },
    } as (typeof planted)[number]);
    if (isCode) code.push(id);
  }
  return planted;
}

/** One profile: a head and chunks, in whatever order; nodes come with any chunk. */
export const wildProfile: fc.Arbitrary<Draft[]> = fc
  .record({
    place: where,
    id: fc.constantFrom('0x1', '0x2', '0x3'),
    source: fc.constantFrom('Internal', 'Inspector', 'SelfProfiling', undefined),
    tick: ticks,
    withHead: fc.integer({ min: 0, max: 9 }).map((at) => at > 0),
    tree,
    chunks: fc.array(
      fc.record({
        tick: ticks,
        deltas: fc.array(fc.tuple(fc.nat(), fc.integer({ min: -6, max: 9 })), { maxLength: 10 }),
        withLines: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ place, id, source, tick, withHead, tree: recipe, chunks }) => {
    const nodes = plant(recipe);
    const said = source === undefined ? {} : { source };
    const cat = 'disabled-by-default-v8.cpu_profiler';
    const drafts = chunks.map((chunk, at): Draft => {
      // Now and then one that was never sent.
      const samples = chunk.deltas.map(([node]) => nodes[node % (nodes.length + 1)]?.id ?? 4711);
      const own = nodes.filter((_, node) => node % chunks.length === at);
      const cpuProfile = { nodes: own, samples, trace_ids: { [1 + at]: nodes[nodes.length - 1].id } };
      const timeDeltas = chunk.deltas.map(([, delta]) => delta);
      const lines = chunk.withLines ? { lines: timeDeltas.map((_, i) => i) } : {};
      const args = { data: { ...said, cpuProfile, timeDeltas, ...lines } };
      return { ...place, tid: 99, ph: 'P', name: 'ProfileChunk', cat, id, tick: chunk.tick, args };
    });
    const head: Draft = { ...place, ph: 'P', name: 'Profile', cat, id, tick, args: { data: said } };
    return withHead ? [head, ...drafts] : drafts;
  });

/** All of it in one file, shuffled or as drawn, on one clock. */
export const wildEvents: fc.Arbitrary<PlainEvent[]> = fc
  .record({
    clock,
    drafts: wildDrafts,
    profiles: fc.array(wildProfile, { maxLength: 4 }),
    starts: fc.array(start, { maxLength: 1 }),
    order: fc.constantFrom('as drawn', 'by time', 'shuffled'),
    seed: fc.integer(),
  })
  .map(({ clock: { origin, fractions }, drafts, profiles, starts, order, seed }) => {
    const scale = fractions && origin < MOST_FRACTIONAL ? 0.1 : 1;
    const events = [...drafts, ...profiles.flat(), ...starts].map(
      ({ tick, dur, timeless, ...event }): PlainEvent => {
        const ts = millesimal(origin + tick * scale);
        if (timeless === true) return event;
        return { ...event, ts, ...(dur === undefined ? {} : { dur: millesimal(dur * scale) }) };
      },
    );
    if (order === 'by time') return events.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
    return order === 'shuffled' ? shuffle(events, seed) : events;
  });

/** Very many events of two neighbouring moments, flows most of all. */
export const crowdedEvents: fc.Arbitrary<PlainEvent[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: slice },
      { weight: 2, arbitrary: asyncEvent },
      { weight: 4, arbitrary: flow },
      { weight: 2, arbitrary: bound },
    ),
    { minLength: 80, maxLength: 160, size: 'max' },
  )
  .map((drafts) => drafts.map(({ tick, timeless: _, ...event }) => ({ ...event, ts: 1000 + (tick & 1) })));

/** The same order for the same seed (a linear congruential generator). */
function shuffle<T>(list: T[], seed: number): T[] {
  let state = seed >>> 0;
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (i + 1);
    [list[i], list[other]] = [list[other], list[i]];
  }
  return list;
}
