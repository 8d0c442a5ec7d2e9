/**
 * V8's profiles, slowly: which count, when each sample was taken, and on what stack.
 * In: events with a time, in file order. Out: samples by thread, in the order of their times.
 */
export interface SlowFrame {
  readonly text: string;
  readonly name: string;
  readonly url: string;
}

export interface SlowStack {
  /** Outermost first; the root left out. */
  readonly frames: readonly SlowFrame[];
  /** Profile and node of the outermost frame: two stacks with one have one outermost call. */
  readonly outermost: string;
}

export interface SlowSample {
  readonly time: number;
  readonly stack: SlowStack;
  readonly line: number;
}

interface ThreadSamples {
  readonly samples: readonly SlowSample[];
  readonly traceIds: Readonly<Record<string, SlowStack>>;
}

export interface SlowProfiles {
  readonly byThread: Readonly<Record<string, ThreadSamples>>;
  /** By thread, as lines of text. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly times: readonly number[];
}

interface Event {
  readonly name?: string;
  readonly time: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: string | number;
  readonly scope?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

interface Node {
  readonly id: number;
  readonly parent?: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url?: string;
    readonly lineNumber?: number;
    readonly columnNumber?: number;
    readonly scriptId?: number;
  };
}

interface ChunkData {
  readonly source?: string;
  readonly cpuProfile?: {
    readonly nodes?: readonly Node[];
    readonly samples?: readonly number[];
    readonly trace_ids?: Readonly<Record<string, number>>;
  };
  readonly timeDeltas?: readonly number[];
  readonly lines?: readonly number[];
}

interface Profile {
  readonly key: string;
  thread: string | null;
  start: number;
  source: string;
  chunks: { readonly time: number; readonly data: ChunkData }[];
}

export function collectSlowProfiles(
  events: readonly Event[],
  count: (kind: string, by?: number) => void,
): SlowProfiles {
  const profiles = gather(events);
  for (const profile of profiles) {
    if (profile.thread === null) count('orphanSamples', ticksOf(profile).length);
  }
  const byThread: Record<string, ThreadSamples> = {};
  for (const thread of new Set(profiles.map((profile) => profile.thread))) {
    if (thread === null) continue;
    const own = profiles.filter((profile) => profile.thread === thread && ticksOf(profile).length > 0);
    if (own.length === 0) continue;
    const chosen = choose(own);
    const samples = chosen.flatMap((profile) => timeSamples(profile, count));
    const traceIds: Record<string, SlowStack> = {};
    for (const profile of chosen) {
      for (const { data } of profile.chunks.toSorted((a, b) => a.time - b.time)) {
        for (const [id, node] of Object.entries(data.cpuProfile?.trace_ids ?? {})) {
          const stack = stackOf(profile, node);
          if (stack !== null) traceIds[id] = stack;
        }
      }
    }
    byThread[thread] = { samples: samples.toSorted((a, b) => a.time - b.time), traceIds };
  }
  const told = Object.entries(byThread).filter(([, { samples }]) => samples.length > 0);
  return {
    byThread,
    lines: Object.fromEntries(
      told.map(([thread, { samples }]) => [
        thread,
        samples.map(
          ({ time, stack, line }) => `${time} ${stack.frames.map(({ text }) => text).join(' > ')} @${line}`,
        ),
      ]),
    ),
    times: told.flatMap(([, { samples }]) => samples.map(({ time }) => time)),
  };
}

function gather(events: readonly Event[]): Profile[] {
  const profiles: Profile[] = [];
  for (const event of events) {
    if (event.name !== 'Profile' && event.name !== 'ProfileChunk') continue;
    const key = `${event.pid}:${event.scope ?? ''}:${event.id ?? ''}`;
    let profile = profiles.find((one) => one.key === key);
    if (profile === undefined) {
      profile = { key, thread: null, start: event.time, source: '', chunks: [] };
      profiles.push(profile);
    }
    const data = (event.args?.data ?? {}) as ChunkData;
    profile.source = data.source ?? profile.source;
    if (event.name === 'ProfileChunk') profile.chunks.push({ time: event.time, data });
    else {
      profile.thread = `${event.pid}:${event.tid}`;
      profile.start = event.time;
    }
  }
  return profiles;
}

/** All samples in the order of their chunks' times. */
function ticksOf({ chunks }: Profile): { node: number; delta: number; line: number }[] {
  return chunks
    .toSorted((a, b) => a.time - b.time)
    .flatMap(({ data }) =>
      (data.cpuProfile?.samples ?? []).map((node, i) => ({
        node,
        delta: data.timeDeltas?.[i] ?? Number.NaN,
        line: data.lines?.[i] ?? 0,
      })),
    );
}

/** DevTools' own first; those that follow each other all count, of those that overlap the first. */
function choose(profiles: readonly Profile[]): Profile[] {
  const sources = ['Internal', 'Inspector'];
  const rank = ({ source }: Profile): number =>
    sources.includes(source) ? sources.indexOf(source) : sources.length;
  const best = Math.min(...profiles.map(rank));
  const chosen: Profile[] = [];
  for (const profile of profiles.toSorted((a, b) => a.start - b.start)) {
    if (rank(profile) !== best) continue;
    const last = chosen.at(-1);
    if (last !== undefined) {
      // As the chunks lie in the file: adding in another order would round otherwise.
      const deltas = last.chunks.flatMap(({ data }) => data.timeDeltas ?? []);
      if (profile.start <= deltas.reduce((sum, delta) => sum + delta, last.start)) continue;
    }
    chosen.push(profile);
  }
  return chosen;
}

function timeSamples(profile: Profile, count: (kind: string) => void): SlowSample[] {
  const samples: SlowSample[] = [];
  let time = profile.start;
  for (const { node, delta, line } of ticksOf(profile)) {
    time += delta;
    const stack = stackOf(profile, node);
    if (stack === null) count('orphanSamples');
    else samples.push({ time, stack, line });
  }
  return samples;
}

function stackOf(profile: Profile, id: number): SlowStack | null {
  const nodes = profile.chunks
    .toSorted((a, b) => a.time - b.time)
    .flatMap(({ data }) => data.cpuProfile?.nodes ?? []);
  const nodeOf = (sought: number | undefined): Node | undefined =>
    nodes.findLast((node) => node.id === sought);
  const path: Node[] = [];
  for (let node = nodeOf(id); node !== undefined; node = nodeOf(node.parent)) path.unshift(node);
  if (path.length === 0) return null;
  if (path[0].callFrame.functionName === '(root)') path.shift();
  const frames = path.map(({ callFrame }) => {
    const { functionName, url = '', lineNumber = -1, columnNumber = -1, scriptId = 0 } = callFrame;
    return {
      name: functionName,
      url,
      text: `${functionName} ${url}:${lineNumber}:${columnNumber}/${scriptId}`,
    };
  });
  return { frames, outermost: path.length === 0 ? '' : `${profile.key} ${path[0].id}` };
}
