/**
 * V8's .cpuprofile, written and read.
 * In: one thread's profile, or a parsed file. Out: JSON text, or one `wall` profile, microseconds, in order of time.
 *
 *   samples     root   f      g      f      (idle)      sample i lasts timeDeltas[i + 1]; the last is the end
 *   timeDeltas  0      10     5      20     7
 *
 * Kept: JavaScript stacks, names, addresses, first lines and columns, when each stack ran, how often which line was
 * seen. Lost: work of the browser (it counts for the function that caused it, or as `(program)`), categories.
 * Times are whole microseconds; rounding does not add up, because moments are rounded and not lengths.
 */
import { categoryNumber } from '../../analysis/index.ts';
import { NO_CATEGORY, ProfileBuilder, StackInterner } from '../profile-builder.ts';
import { FRAME_KINDS, type StackProfile } from '../stack-profile.ts';
import { asList, asNumber, asObject, asPlace, asText, isObject, type JsonObject } from './json-values.ts';
import { namedThread, noDiagnostics, type ProfileDiagnostics, type ReadProfiles } from './read-profiles.ts';

const ROOT = '(root)';
const PROGRAM = '(program)';
const IDLE = '(idle)';
const GC = '(garbage collector)';

export function writeCpuProfile(profile: StackProfile): string {
  const nodes = new CpuNodes(profile);
  const { samples, range } = profile;
  const start = Math.round(range.start);
  const ids: number[] = [];
  const deltas: number[] = [];
  let last = start;
  /** What runs from `time` on. */
  const mark = (id: number, time: number): void => {
    const at = Math.round(time);
    if (ids.length > 0 && at <= last && deltas.length > 1) {
      // Less than a microsecond: the next takes its place.
      ids[ids.length - 1] = id;
      return;
    }
    ids.push(id);
    deltas.push(Math.max(0, at - last));
    last = Math.max(last, at);
  };
  let until = range.start;
  for (let i = 0; i < samples.length; i++) {
    const time = Number.isNaN(samples.time[i]) ? until : samples.time[i];
    if (time - until >= 0.5) mark(nodes.meta(IDLE), until);
    mark(nodes.of(samples.stack[i], samples.line[i]), time);
    until = time + samples.weight[i];
  }
  if (range.end - until >= 0.5) mark(nodes.meta(IDLE), until);
  const end = Math.max(Math.round(range.end), Math.round(until));
  ids.push(nodes.meta(IDLE));
  deltas.push(Math.max(0, end - last));
  for (const id of ids) nodes.hit(id);
  return JSON.stringify({
    nodes: nodes.list(),
    startTime: start,
    endTime: end,
    samples: ids,
    timeDeltas: deltas,
  });
}

/** The call tree with ids from 1, the root's. */
class CpuNodes {
  readonly #profile: StackProfile;
  /** Row = id - 2; frame -1 and below are V8's own. */
  readonly #nodes = new StackInterner();
  readonly #hits: number[] = [];
  readonly #ticks: Map<number, number>[] = [];
  readonly #known: number[] = [];
  static readonly #META = [PROGRAM, IDLE, GC];

  constructor(profile: StackProfile) {
    this.#profile = profile;
  }

  meta(name: string): number {
    return this.#nodes.intern(-1, -1 - CpuNodes.#META.indexOf(name)) + 2;
  }

  /** The node of a stack without the browser's own work. */
  of(stack: number, line: number): number {
    const row = stack < 0 ? -1 : this.#rowOf(stack);
    const id = row < 0 ? this.meta(PROGRAM) : row + 2;
    if (line > 0) {
      this.#ticks[id] ??= new Map();
      this.#ticks[id].set(line, (this.#ticks[id].get(line) ?? 0) + 1);
    }
    return id;
  }

  hit(id: number): void {
    this.#hits[id] = (this.#hits[id] ?? 0) + 1;
  }

  list(): object[] {
    const { length, prefix, frame } = this.#nodes.settle();
    const children: number[][] = Array.from({ length: length + 2 }, () => []);
    for (let row = 0; row < length; row++) children[prefix[row] < 0 ? 1 : prefix[row] + 2].push(row + 2);
    const nodes: object[] = [{ id: 1, callFrame: callFrame(ROOT), hitCount: 0, children: children[1] }];
    for (let row = 0; row < length; row++) {
      const id = row + 2;
      const ticks = this.#ticks[id];
      nodes.push({
        id,
        callFrame: this.#callFrame(frame[row]),
        hitCount: this.#hits[id] ?? 0,
        children: children[id],
        ...(ticks === undefined
          ? {}
          : { positionTicks: Array.from(ticks, ([line, count]) => ({ line, ticks: count })) }),
      });
    }
    return nodes;
  }

  /** -1 where nothing but the browser's work is on the stack. */
  #rowOf(stack: number): number {
    const { stacks, frames, strings } = this.#profile;
    const missing: number[] = [];
    let at = stack;
    for (; at >= 0 && this.#known[at] === undefined; at = stacks.prefix[at]) missing.push(at);
    for (const next of missing.reverse()) {
      const prefix = stacks.prefix[next] < 0 ? -1 : this.#known[stacks.prefix[next]];
      const frame = stacks.frame[next];
      const meta = CpuNodes.#META.indexOf(strings[frames.name[frame]]);
      const isMeta = meta >= 0 && frames.url[frame] === 0 && FRAME_KINDS[frames.kind[frame]] === 'other';
      if (isMeta) this.#known[next] = this.#nodes.intern(-1, -1 - meta);
      else if (FRAME_KINDS[frames.kind[frame]] === 'browser') this.#known[next] = prefix;
      else this.#known[next] = this.#nodes.intern(prefix, frame);
    }
    return this.#known[stack];
  }

  #callFrame(frame: number): object {
    if (frame < 0) return callFrame(CpuNodes.#META[-1 - frame]);
    const { frames, strings } = this.#profile;
    const name = strings[frames.name[frame]];
    return callFrame(name === '(anonymous)' ? '' : name, {
      url: strings[frames.url[frame]],
      line: frames.line[frame] - 1,
      column: frames.column[frame] - 1,
    });
  }
}

const callFrame = (functionName: string, { url = '', line = -1, column = -1 } = {}): object => ({
  functionName,
  scriptId: '0',
  url,
  lineNumber: line,
  columnNumber: column,
});

/** null where the value is no .cpuprofile, of the present form or of the one before Chrome 58. */
export function readCpuProfile(value: unknown, name = ''): ReadProfiles | null {
  if (!isObject(value)) return null;
  const nodes = Array.isArray(value.nodes) ? value.nodes : flattenHead(value.head);
  if (nodes === null || !Array.isArray(value.samples)) return null;
  return new CpuProfileReader(value, nodes).read(name);
}

/** The old form nests: `head: { id, functionName, children: […] }`. */
function flattenHead(head: unknown): unknown[] | null {
  if (!isObject(head)) return null;
  const nodes: unknown[] = [];
  const waiting: JsonObject[] = [head];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const children = asList(node.children).filter(isObject);
    nodes.push({ ...node, callFrame: node, children: children.map(({ id }) => id) });
    for (const child of children) waiting.push(child);
  }
  return nodes;
}

class CpuProfileReader {
  readonly #source: JsonObject;
  readonly #nodes = new Map<unknown, JsonObject>();
  readonly #parents = new Map<unknown, unknown>();
  readonly #builder = new ProfileBuilder();
  readonly #diagnostics: ProfileDiagnostics = noDiagnostics();
  readonly #stacks = new Map<unknown, number>();
  /** Lines that are still to be handed to samples of a node. */
  readonly #lines = new Map<unknown, number[]>();

  constructor(source: JsonObject, nodes: readonly unknown[]) {
    this.#source = source;
    for (const node of nodes) {
      if (!isObject(node) || typeof node.id !== 'number') {
        this.#diagnostics.malformed++;
        continue;
      }
      this.#nodes.set(node.id, node);
      for (const child of asList(node.children)) this.#parents.set(child, node.id);
      if (node.parent !== undefined) this.#parents.set(node.id, node.parent);
    }
  }

  read(name: string): ReadProfiles {
    const ids = asList(this.#source.samples);
    const times = this.#timesOf(ids.length);
    const order = Array.from(ids.keys()).sort((one, other) => times[one] - times[other] || one - other);
    const start = asNumber(this.#source.startTime);
    const lastTime = times[order.at(-1) ?? 0] ?? 0;
    const end = Math.max(this.#endTime(), lastTime);
    for (const [at, i] of order.entries()) {
      const stack = this.#stackOf(ids[i]);
      const next = at + 1 < order.length ? times[order[at + 1]] : end;
      const weight = next - times[i];
      const line = this.#lineOf(ids[i]);
      if (weight > 0)
        this.#builder.samples.add({
          stack,
          weight,
          time: times[i],
          line,
          category: this.#categoryOf(ids[i]),
        });
    }
    const first = times[order[0] ?? 0] ?? 0;
    const profile = this.#builder.settle({
      thread: namedThread(name),
      type: 'wall',
      unit: 'microseconds',
      range: { start: Number.isNaN(start) || start > first || this.#isOld() ? first : start, end },
      startUnixMillis: null,
      labels: {},
    });
    return { format: 'cpuprofile', profiles: [profile], diagnostics: this.#diagnostics };
  }

  #isOld(): boolean {
    return Array.isArray(this.#source.timestamps);
  }

  /** The old form counts it in seconds. */
  #endTime(): number {
    const end = asNumber(this.#source.endTime);
    return Number.isNaN(end) || this.#isOld() ? Number.NEGATIVE_INFINITY : end;
  }

  #timesOf(length: number): Float64Array {
    const times = new Float64Array(length);
    const stamps = asList(this.#source.timestamps);
    const deltas = asList(this.#source.timeDeltas);
    let time = asNumber(this.#source.startTime) || 0;
    for (let i = 0; i < length; i++) {
      const next = this.#isOld() ? asNumber(stamps[i]) : time + asNumber(deltas[i]);
      if (Number.isNaN(next)) this.#diagnostics.malformed++;
      else time = next;
      times[i] = time;
    }
    return times;
  }

  /** -1: outermost, or a node that is not there. */
  #stackOf(id: unknown): number {
    const known = this.#stacks.get(id);
    if (known !== undefined) return known;
    const path: unknown[] = [];
    const seen = new Set<unknown>();
    let at = id;
    while (this.#nodes.has(at) && !this.#stacks.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      at = this.#parents.get(at);
    }
    if (path.length === 0) this.#diagnostics.unresolved++;
    let stack = this.#stacks.get(at) ?? -1;
    for (const node of path.reverse()) {
      const call = asObject(this.#nodes.get(node)?.callFrame);
      const name = asText(call.functionName);
      if (!(name === ROOT && stack < 0)) stack = this.#builder.stack(stack, this.#frameOf(call, name));
      this.#stacks.set(node, stack);
    }
    return stack;
  }

  #frameOf(call: JsonObject, name: string): number {
    const url = asText(call.url);
    const isMeta = url === '' && [PROGRAM, IDLE, GC].includes(name);
    return this.#builder.frame({
      name: name || '(anonymous)',
      url,
      line: asPlace(asNumber(call.lineNumber) + 1),
      column: asPlace(asNumber(call.columnNumber) + 1),
      kind: isMeta ? 'other' : 'js',
    });
  }

  #categoryOf(id: unknown): number {
    const name = asText(asObject(this.#nodes.get(id)?.callFrame).functionName);
    if (name === IDLE) return categoryNumber('idle');
    if (name === PROGRAM || name === ROOT) return categoryNumber('system');
    return this.#nodes.has(id) ? categoryNumber('scripting') : NO_CATEGORY;
  }

  /** The file tells how often each line was seen, not when: the lines are handed out in their order. */
  #lineOf(id: unknown): number {
    let lines = this.#lines.get(id);
    if (lines === undefined) {
      lines = [];
      for (const each of asList(this.#nodes.get(id)?.positionTicks)) {
        const { line, ticks } = asObject(each);
        const count = Math.min(asNumber(ticks) || 0, asList(this.#source.samples).length);
        for (let i = 0; i < count && lines.length < asList(this.#source.samples).length; i++)
          lines.push(asNumber(line) || 0);
      }
      lines.reverse();
      this.#lines.set(id, lines);
    }
    return lines.pop() ?? 0;
  }
}
