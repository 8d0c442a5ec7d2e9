/**
 * Profiles of Hermes, React Native's engine (`npx react-native profile-hermes`, HermesInternal), read only: Chrome's trace
 * form, in which stacks and samples stand beside the events.
 *
 *   {"traceEvents": [names of processes and threads],
 *    "samples": [{"ts": "2325169361", "pid": 6052, "tid": "6105", "weight": "1", "sf": 2}],
 *    "stackFrames": {"2": {"name": "render(http://a.test/index.bundle:12:3)", "parent": 1, "funcLine": "10"}}}
 *
 * In: a parsed file. Out: a profile per thread, microseconds, in order of time; a sample lasts until the next one of its
 * thread, the last as long as the one before it. Kept: stacks, names, files, lines, times. Lost: columns of calls.
 */
import { ProfileBuilder } from '../profile-builder.ts';
import type { StackProfile } from '../stack-profile.ts';
import { asList, asNumber, asObject, asPlace, asText, isObject, type JsonObject } from './json-values.ts';
import { noDiagnostics, type ProfileDiagnostics, type ReadProfiles } from './read-profiles.ts';

/** A trace of Chrome's may hold samples and frames, too, but it has events that take time. */
export function isHermes(value: unknown): value is JsonObject {
  if (!isObject(value) || !isObject(value.stackFrames) || !Array.isArray(value.samples)) return false;
  if (!Object.hasOwn(asObject(value.samples[0]), 'sf')) return false;
  return asList(value.traceEvents).every((event) => {
    const { ph, dur } = asObject(event);
    return ph === 'M' || (ph === 'X' && !(asNumber(dur) > 0));
  });
}

interface Sample {
  readonly time: number;
  readonly frame: string;
}

interface Thread {
  readonly pid: number;
  readonly tid: number;
  readonly samples: Sample[];
}

export function readHermes(file: JsonObject): ReadProfiles {
  const diagnostics = noDiagnostics();
  const threads = new Map<string, Thread>();
  for (const each of asList(file.samples)) {
    const { ts, pid, tid, sf } = asObject(each);
    const time = asNumber(ts);
    if (Number.isNaN(time)) {
      diagnostics.malformed++;
      continue;
    }
    const key = `${pid}:${tid}`;
    const own = threads.get(key) ?? { pid: asNumber(pid) || 0, tid: asNumber(tid) || 0, samples: [] };
    own.samples.push({ time, frame: String(sf ?? '') });
    threads.set(key, own);
  }
  const names = threadNames(file);
  const frames = new Map(
    Object.entries(asObject(file.stackFrames)).map(([id, frame]) => [id, asObject(frame)]),
  );
  const profiles = Array.from(threads, ([key, thread]) =>
    new HermesThread(frames, diagnostics).read(thread, names.get(key) ?? ''),
  );
  return { format: 'hermes', profiles, diagnostics };
}

function threadNames(file: JsonObject): Map<string, string> {
  const named = asList(file.traceEvents)
    .map(asObject)
    .filter(({ name }) => name === 'thread_name');
  return new Map(named.map(({ pid, tid, args }) => [`${pid}:${tid}`, asText(asObject(args).name)]));
}

class HermesThread {
  readonly #frames: ReadonlyMap<string, JsonObject>;
  readonly #diagnostics: ProfileDiagnostics;
  readonly #builder = new ProfileBuilder();
  readonly #stacks = new Map<string, number>();

  constructor(frames: ReadonlyMap<string, JsonObject>, diagnostics: ProfileDiagnostics) {
    this.#frames = frames;
    this.#diagnostics = diagnostics;
  }

  read({ pid, tid, samples }: Thread, name: string): StackProfile {
    const ordered = samples.toSorted((one, other) => one.time - other.time);
    let weight = 0;
    for (const [i, { time, frame }] of ordered.entries()) {
      const next = ordered.at(i + 1)?.time;
      if (next !== undefined) weight = next - time;
      this.#builder.samples.add({ stack: this.#stackOf(frame), weight, time });
    }
    const start = ordered[0].time;
    return this.#builder.settle({
      thread: { name, pid, tid, role: 'other' },
      type: 'wall',
      unit: 'microseconds',
      range: { start, end: ordered[ordered.length - 1].time + weight },
      startUnixMillis: null,
      labels: {},
    });
  }

  /** -1: nothing, or a frame that is not there. */
  #stackOf(id: string): number {
    const path: string[] = [];
    const seen = new Set<string>();
    let at = id;
    while (this.#frames.has(at) && !this.#stacks.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      at = String(this.#frames.get(at)?.parent ?? '');
    }
    if (path.length === 0 && !this.#stacks.has(id)) this.#diagnostics.unresolved++;
    let stack = this.#stacks.get(at) ?? -1;
    for (const next of path.reverse()) {
      stack = this.#push(stack, asObject(this.#frames.get(next)));
      this.#stacks.set(next, stack);
    }
    return stack;
  }

  #push(prefix: number, { name, category, funcLine, line, funcColumn }: JsonObject): number {
    const text = asText(name);
    if (category === 'root') return prefix;
    const [, bare, url, ranLine] = /^(.*?)\((.*?)(?::(\d+):\d+)?\)$/.exec(text) ?? [];
    const frame = this.#builder.frame({
      name: (bare ?? text) || '(anonymous)',
      url: url ?? '',
      line: asPlace(asNumber(funcLine ?? line ?? ranLine)),
      column: asPlace(asNumber(funcColumn)),
      kind: category === 'Native' || category === 'Metadata' ? 'native' : 'js',
    });
    return this.#builder.stack(prefix, frame);
  }
}
