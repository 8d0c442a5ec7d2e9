/**
 * Samples that stand beside the events, each naming a frame of one table: Hermes' profiles, and those of tracing tools.
 * `"samples": [{"ts": "12", "tid": 1, "sf": 3}], "stackFrames": {"3": {"name": "f(app.js:7:1)", "parent": "2"}}`
 * In: both, unchecked. Out: per thread one CPU profile in V8's form, for whoever reads those; frames of events' own stacks.
 * Refuses: samples without a time or frame. A parent that leads back to its child ends the stack there.
 */
import type { Args } from './event.ts';
import { asObject, listOf } from './profile-chunk.ts';

export interface SampledThread {
  readonly pid: number;
  readonly tid: number;
  /** Of the first sample. */
  readonly time: number;
  /** As those of a `CpuProfile` event. */
  readonly args: Args;
}

/** A frame as V8 tells it. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0; -1 unknown. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

const ROOT = 1;
/** Of Hermes: what it calls the bottom of every stack. */
const ROOT_NAMES = ['[root]', '(root)'];

export function profilesOfSamples(samples: unknown, stackFrames: unknown): SampledThread[] {
  const { nodes, idOf } = layNodes(asObject(stackFrames));
  const threads = new Map<string, { pid: number; tid: number; ticks: { time: number; node: number }[] }>();
  for (const sample of listOf(samples)) {
    const { ts, pid, tid, sf } = asObject(sample);
    const time = toNumber(ts);
    const node = idOf.get(idText(sf));
    if (Number.isNaN(time) || node === undefined) continue;
    const [process, thread] = [toNumber(pid) || 0, toNumber(tid) || 0];
    const key = `${process} ${thread}`;
    const own = threads.get(key) ?? { pid: process, tid: thread, ticks: [] };
    threads.set(key, own);
    own.ticks.push({ time, node });
  }
  return [...threads.values()].map(({ pid, tid, ticks }) => {
    ticks.sort((a, b) => a.time - b.time);
    const timeDeltas = ticks.map(({ time }, i) => time - (ticks[i - 1] ?? ticks[0]).time);
    const cpuProfile = { nodes, startTime: ticks[0].time, samples: ticks.map(({ node }) => node) };
    return { pid, tid, time: ticks[0].time, args: { data: { cpuProfile, timeDeltas } } };
  });
}

/** The stack of a frame's id, innermost first; [] where the table does not know it. */
export function stackOfFrame(stackFrames: Readonly<Record<string, unknown>>, id: unknown): CallFrame[] {
  const stack: CallFrame[] = [];
  const passed = new Set<string>();
  for (let at = idText(id); Object.hasOwn(stackFrames, at) && !passed.has(at); ) {
    passed.add(at);
    const frame = asObject(stackFrames[at]);
    stack.push(readFrame(frame));
    at = idText(frame.parent);
  }
  return stack;
}

/** All frames as nodes under one root. */
function layNodes(frames: Readonly<Record<string, unknown>>): { nodes: object[]; idOf: Map<string, number> } {
  const idOf = new Map<string, number>();
  const isRoot = (id: string): boolean => {
    const { name, parent } = asObject(frames[id]);
    return ROOT_NAMES.includes(idText(name)) && !Object.hasOwn(frames, idText(parent));
  };
  for (const id of Object.keys(frames)) idOf.set(id, isRoot(id) ? ROOT : idOf.size + ROOT + 1);
  const root = { id: ROOT, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 } };
  const nodes = [...idOf].flatMap(([id, node]) => {
    if (node === ROOT) return [];
    const frame = asObject(frames[id]);
    return [{ id: node, parent: idOf.get(idText(frame.parent)) ?? ROOT, callFrame: readFrame(frame) }];
  });
  return { nodes: [root, ...nodes], idOf };
}

/** Hermes puts the place into the name, `f(http://host/app.js:7:1)`, and counts lines from 1. */
function readFrame({ name, line, column }: Readonly<Record<string, unknown>>): CallFrame {
  const text = typeof name === 'string' ? name : '';
  const found = /^(.*?)\(([^()]*):(\d+):(\d+)\)$/s.exec(text);
  if (found !== null) {
    const functionName = found[1] === 'anonymous' ? '' : found[1];
    return {
      functionName,
      url: found[2],
      lineNumber: Number(found[3]) - 1,
      columnNumber: Number(found[4]) - 1,
    };
  }
  const lineNumber = (toNumber(line) || 0) - 1;
  return { functionName: text, url: '', lineNumber, columnNumber: (toNumber(column) || 0) - 1 };
}

/** Ids are texts or numbers. What else stands there may have no text at all. */
const idText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function toNumber(value: unknown): number {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : Number.NaN;
}
