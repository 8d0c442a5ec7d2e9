/**
 * What Chrome DevTools' own engine makes of a trace file. In: the file's JSON. Out: the page that it finds, and the time of
 * a thread by category, each microsecond to the innermost event that DevTools shows. Refuses what the engine refuses.
 */

interface EngineEvent {
  readonly name: string;
  readonly ts: number;
  readonly dur?: number;
  readonly ph: string;
}

export interface DevToolsAnswer {
  readonly mainFrame: string;
  /** Processes that it takes for those of the page's main frame. */
  readonly onMainFrame: readonly number[];
  /** Where the last load of the main frame began: trace clock. */
  readonly navigatedAt: number | null;
  /** Slices of one thread, calls that samples tell of among them. */
  readonly entriesOf: (pid: number, tid: number) => readonly EngineEvent[];
  /** The thread of the first process on the main frame that renders it. */
  readonly mainThread: { readonly pid: number; readonly tid: number } | null;
  readonly bounds: { readonly min: number; readonly max: number };
  /** Every thread that it lays out, `pid:tid`. */
  readonly threads: readonly { readonly pid: number; readonly tid: number }[];
  /** Of its last load: milliseconds by its own names (FCP, LCP, DCL, L, …). */
  readonly metrics: Readonly<Record<string, number>>;
  readonly cls: number;
  /** Of the longest interaction, in milliseconds. */
  readonly inp: number | null;
  /** URLs. */
  readonly requests: readonly string[];
}

export async function askDevTools(json: string): Promise<DevToolsAnswer> {
  Object.assign(globalThis, { DOMRect: class {} });
  const { TraceModel } = await import('@paulirish/trace_engine');
  const file = JSON.parse(json);
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(file.traceEvents ?? file, { metadata: file.metadata ?? {}, isFreshRecording: false });
  const parsed = model.parsedTrace();
  if (parsed === null || parsed === undefined) throw new Error("DevTools' engine gave nothing");
  const { Meta, Renderer, PageLoadMetrics, LayoutShifts, UserInteractions, NetworkRequests } = parsed.data;
  const processes = [...Renderer.processes].map(([id, process]) => ({ pid: Number(id), process }));
  const rendering = processes.filter(({ process }) => process.isOnMainFrame);
  const threads = rendering.flatMap(({ pid, process }) =>
    [...process.threads].map(([tid, { name }]) => ({ pid, tid: Number(tid), name })),
  );
  const last = Meta.mainFrameNavigations.at(-1);
  const scores = last && PageLoadMetrics.metricScoresByFrameId.get(last.args.frame)?.get(last);
  const longest = UserInteractions.longestInteractionEvent?.dur;
  return {
    bounds: Meta.traceBounds,
    threads: processes.flatMap(({ pid, process }) =>
      [...process.threads].map(([tid]) => ({ pid, tid: Number(tid) })),
    ),
    metrics: Object.fromEntries([...(scores ?? [])].map(([name, { timing }]) => [name, timing / 1000])),
    cls: LayoutShifts.sessionMaxScore,
    inp: longest === undefined ? null : longest / 1000,
    requests: NetworkRequests.byTime.map(({ args }) => args.data.url),
    mainFrame: Meta.mainFrameId,
    onMainFrame: rendering.map(({ pid }) => pid),
    navigatedAt: Meta.mainFrameNavigations.at(-1)?.ts ?? null,
    mainThread: threads.find(({ name }) => name === 'CrRendererMain') ?? null,
    entriesOf(pid, tid) {
      const own = processes.find((each) => each.pid === pid)?.process.threads ?? new Map();
      return [...own].find(([id]) => Number(id) === tid)?.[1].entries ?? [];
    },
  };
}

/** What the engine's insights say of the last load; only what tests look at. Times in microseconds but where said. */
export interface DevToolsInsights {
  readonly LCPBreakdown?: { readonly subparts?: Readonly<Record<string, { readonly range: number }>> };
  readonly RenderBlocking?: {
    readonly renderBlockingRequests?: readonly {
      readonly args: { readonly data: { readonly url: string } };
    }[];
  };
  readonly CLSCulprits?: {
    readonly shifts?: ReadonlyMap<unknown, unknown>;
    readonly clusters?: readonly { readonly clusterCumulativeScore: number }[];
  };
  readonly INPBreakdown?: {
    readonly longestInteractionEvent?: {
      readonly dur: number;
      readonly inputDelay: number;
      readonly mainThreadHandling: number;
      readonly presentationDelay: number;
    };
  };
  readonly ForcedReflow?: {
    readonly aggregatedBottomUpData: readonly {
      readonly bottomUpData: { readonly functionName: string; readonly url: string } | null;
      readonly totalTime: number;
      readonly relatedEvents: readonly unknown[];
    }[];
  };
  readonly ThirdParties?: {
    readonly firstPartyEntity?: unknown;
    readonly entitySummaries: readonly {
      readonly entity: { readonly name: string };
      readonly transferSize: number;
      /** Milliseconds. */
      readonly mainThreadTime: number;
    }[];
  };
  readonly DuplicatedJavaScript?: { readonly duplication: ReadonlyMap<string, unknown> };
}

/** The engine asks iterators what Node 20's cannot yet: without them three of its insights fail. */
function teachIterators(): void {
  const every = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  for (const name of ['find', 'flatMap', 'reduce', 'map', 'filter', 'some', 'every', 'forEach']) {
    if (name in every) continue;
    const value = function (this: Iterable<unknown>, ...given: unknown[]): unknown {
      return Reflect.apply(Reflect.get(Array.prototype, name), [...this], given);
    };
    Object.defineProperty(every, name, { configurable: true, writable: true, value });
  }
  if ('toArray' in every) return;
  const value = function (this: Iterable<unknown>): unknown[] {
    return [...this];
  };
  Object.defineProperty(every, 'toArray', { configurable: true, writable: true, value });
}

export async function askDevToolsInsights(json: string): Promise<DevToolsInsights> {
  Object.assign(globalThis, { DOMRect: class {} });
  teachIterators();
  const { TraceModel } = await import('@paulirish/trace_engine');
  const file = JSON.parse(json);
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(file.traceEvents ?? file, { metadata: file.metadata ?? {}, isFreshRecording: false });
  const sets = [...(model.parsedTrace()?.insights?.values() ?? [])];
  // What follows the last navigation is the page, as with us.
  const last = sets.findLast(({ navigation }) => navigation !== undefined) ?? sets.at(-1);
  return (last?.model ?? {}) as unknown as DevToolsInsights;
}

export interface SumOptions {
  /** Trace clock; everything without it. */
  readonly range?: { readonly start: number; readonly end: number };
  /** Calls that samples tell of count as well. */
  readonly calls?: boolean;
}

/** Milliseconds by DevTools' names of its categories. */
export async function sumCategories(
  entries: readonly EngineEvent[],
  { range, calls = false }: SumOptions = {},
): Promise<Readonly<Record<string, number>>> {
  const { Styles } = await import('@paulirish/trace_engine');
  const styleOf = (name: string) => Styles.getEventStyle(name as Parameters<typeof Styles.getEventStyle>[0]);
  const visible = entries.filter(({ name, ph }) => {
    if (name === 'ProfileCall') return calls;
    const style = styleOf(name);
    return ph === 'X' && style !== undefined && style.hidden !== true;
  });
  const sums: Record<string, number> = {};
  const open: { end: number; category: string }[] = [];
  const add = (category: string, from: number, to: number, sign: number): void => {
    const start = Math.max(from, range?.start ?? from);
    const end = Math.min(to, range?.end ?? to);
    if (end > start) sums[category] = (sums[category] ?? 0) + (sign * (end - start)) / 1000;
  };
  for (const { name, ts, dur = 0 } of visible.sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= ts) open.pop();
    const category = styleOf(name)?.category.name ?? 'other';
    const above = open.at(-1);
    if (above !== undefined) add(above.category, ts, ts + dur, -1);
    add(category, ts, ts + dur, 1);
    open.push({ end: ts + dur, category });
  }
  return sums;
}
