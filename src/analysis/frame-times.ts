/**
 * Which frame (document) of the page a thread worked for, at any time.
 * In: trace tables, a thread. Out: the frame's name at ascending times; '' where the trace does not tell.
 *
 *   Task      |---------------------------|      every frame that is named inside is A: the task is A's
 *   Layout A     |----|                          a slice that names a frame, and all that is inside it
 *   script of A          |------|                a function of a script that was compiled in a frame
 *
 * Chrome names frames in arguments of parsing, scripts, timers, animation frames, style, layout and paint
 * (`LinkTable.frame`), and tells of each script in which frame it was compiled (`ScriptCompiled`). Time of a task in which two frames are named, outside of what
 * names them, belongs to none.
 */
import { SLICE_JS_CALL, type TraceTables } from '../trace/index.ts';
import { dataOf, flag, number, text } from './arguments.ts';
import { EventRows } from './event-rows.ts';

/** Frames of one thread. Times are asked in ascending order. */
export interface FrameTimes {
  at(time: number): string;
}

/** Nothing is known of it. */
const UNKNOWN = -1;
/** Several frames are named in it. */
const SEVERAL = -2;

export function findFrameTimes(tables: TraceTables, thread: number): FrameTimes {
  const frames = frameOfSlices(tables, thread);
  const { slices, threads } = tables;
  const first = threads.firstSlice[thread];
  const end = threads.endSlice[thread];
  const names = nameFrames(tables);
  const open: number[] = [];
  let next = first;
  return {
    at(time) {
      for (; next < end && slices.start[next] <= time; next++) {
        while (open.length > 0 && slices.subtreeEnd[open[open.length - 1]] <= next) open.pop();
        open.push(next);
      }
      while (open.length > 0) {
        const row = open[open.length - 1];
        if (slices.start[row] + slices.duration[row] > time) break;
        open.pop();
      }
      const row = open.at(-1);
      const frame = row === undefined ? UNKNOWN : frames[row - first];
      if (frame < 0) return '';
      const id = tables.strings.get(frame);
      return names.get(id) ?? `Frame without an address (${id.slice(0, 8)})`;
    },
  };
}

/** By slice of the thread: string row of its frame's id; UNKNOWN or SEVERAL. */
function frameOfSlices(tables: TraceTables, thread: number): Int32Array {
  const { slices, threads } = tables;
  const first = threads.firstSlice[thread];
  const frames = new Int32Array(threads.endSlice[thread] - first).fill(UNKNOWN);
  takeLinks(tables, thread, frames);
  takeScripts(tables, thread, frames);
  for (let root = first; root < threads.endSlice[thread]; root = slices.subtreeEnd[root]) {
    const end = slices.subtreeEnd[root];
    let only = frames[root - first];
    for (let row = root; row < end && only !== SEVERAL; row++) {
      const own = frames[row - first];
      if (own === UNKNOWN) continue;
      only = only === UNKNOWN || only === own ? own : SEVERAL;
    }
    if (frames[root - first] === UNKNOWN) frames[root - first] = only;
    // What names none is its parent's.
    for (let row = root + 1; row < end; row++)
      if (frames[row - first] === UNKNOWN) frames[row - first] = frames[slices.parent[row] - first];
  }
  return frames;
}

/** Events that name their frame. */
function takeLinks(tables: TraceTables, thread: number, frames: Int32Array): void {
  const { links, threads } = tables;
  const rowOf = new EventRows(tables);
  for (let at = 0; at < links.length; at++) {
    if (links.thread[at] !== thread || links.frame[at] === 0) continue;
    const row = rowOf.find(thread, links.time[at], links.detail[at]);
    if (row >= 0) frames[row - threads.firstSlice[thread]] = links.frame[at];
  }
}

/** Functions of scripts whose frame is known. */
function takeScripts(tables: TraceTables, thread: number, frames: Int32Array): void {
  const { slices, stacks, threads, strings, frames: functions, marks } = tables;
  const pid = threads.pid[thread];
  const frameOfScript = new Map<number, number>();
  for (const mark of marks) {
    if (mark.name !== 'ScriptCompiled' || mark.pid !== pid) continue;
    const script = number(dataOf(mark), 'scriptId') ?? 0;
    const frame = text(dataOf(mark), 'frame') ?? '';
    if (script > 0 && frame !== '') frameOfScript.set(script, strings.intern(frame));
  }
  if (frameOfScript.size === 0) return;
  const first = threads.firstSlice[thread];
  for (let row = first; row < threads.endSlice[thread]; row++) {
    if ((slices.flags[row] & SLICE_JS_CALL) === 0) continue;
    frames[row - first] = frameOfScript.get(functions.scriptId[stacks.frame[slices.detail[row]]]) ?? UNKNOWN;
  }
}

/** By a frame's id: its document's address, the last one, and whether it is the page itself. */
function nameFrames({ marks }: TraceTables): ReadonlyMap<string, string> {
  const found = new Map<string, { url: string; isMain: boolean }>();
  const take = (frame: string, url: string, isMain: boolean): void => {
    if (frame === '' || url === '' || url === 'about:blank') return;
    found.set(frame, { url, isMain: isMain || found.get(frame)?.isMain === true });
  };
  for (const mark of marks) {
    const data = dataOf(mark);
    if (mark.name === 'TracingStartedInBrowser' && Array.isArray(data.frames))
      for (const each of data.frames as readonly Record<string, unknown>[])
        take(text(each, 'frame') ?? '', text(each, 'url') ?? '', flag(each, 'isOutermostMainFrame') ?? false);
    else if (mark.name === 'CommitLoad' || mark.name === 'FrameCommittedInBrowser')
      take(text(data, 'frame') ?? '', text(data, 'url') ?? '', isMainFrame(data));
    else if (mark.name === 'navigationStart')
      take(text(mark.args, 'frame') ?? '', text(data, 'documentLoaderURL') ?? '', isMainFrame(data));
  }
  return new Map(
    [...found].map(([frame, { url, isMain }]) => [frame, `${isMain ? 'Page' : 'Frame'}: ${url}`]),
  );
}

const isMainFrame = (data: Readonly<Record<string, unknown>>): boolean =>
  flag(data, 'isOutermostMainFrame') ?? flag(data, 'isMainFrame') ?? false;
