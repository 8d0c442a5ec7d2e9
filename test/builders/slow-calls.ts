/**
 * JavaScript calls out of samples, slowly: the rules of docs/attribution.md over one pile of open slices and calls.
 * In: a thread's slices in order and its samples by time. Out: calls that last, in the order in which they began.
 */
import type { SlowFrame, SlowSample, SlowStack } from './slow-profiles.ts';
import type { SlowSlice } from './slow-reader.ts';

export interface SlowCall {
  /** Frames from the outermost to the called one. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** Slices that had begun when the call did. */
  readonly after: ReadonlySet<SlowSlice>;
}

export interface CallInput {
  readonly slices: readonly SlowSlice[];
  readonly samples: readonly SlowSample[];
  readonly traceIds: Readonly<Record<string, SlowStack>>;
}

interface OpenCall {
  readonly kind: 'call';
  readonly frame: SlowFrame;
  readonly path: string;
  readonly start: number;
  readonly after: ReadonlySet<SlowSlice>;
  end: number;
}
interface OpenSlice {
  readonly kind: 'slice';
  readonly slice: SlowSlice;
  readonly end: number;
}
type Moment =
  | { readonly time: number; readonly rank: number; readonly slice: SlowSlice }
  | { readonly time: number; readonly rank: number; readonly stack: SlowStack };

const RUNNERS = ['RunMicrotasks', 'FunctionCall', 'EvaluateScript', 'EventDispatch'];
const NOTHING: SlowStack = { frames: [], outermost: '' };

export function laySlowCalls({ slices, samples, traceIds }: CallInput): SlowCall[] {
  if (samples.length === 0 && Object.keys(traceIds).length === 0) return [];
  const pile = new Pile(traceIds);
  const moments: Moment[] = [
    // At one moment: slices that last, then samples, then slices that do not.
    ...slices
      .filter(({ instant, traceId }) => !instant || traceId !== 0)
      .map((slice) => ({ time: slice.start, rank: slice.duration === 0 ? 2 : 0, slice })),
    ...mend(samples).map(({ time, stack }) => ({ time, rank: 1, stack })),
  ];
  for (const moment of moments.toSorted((a, b) => a.time - b.time || a.rank - b.rank)) {
    pile.endSlices(moment.time);
    if ('slice' in moment) pile.begin(moment.slice);
    else pile.see(moment.stack, moment.time);
  }
  pile.endSlices(Number.POSITIVE_INFINITY);
  pile.endCalls(0, pile.seenUntil);
  return pile.calls
    .filter(({ start, end }) => end > start)
    .map(({ path, start, end, after }) => ({ path, start, end, after }));
}

const isMeta = ({ frames }: SlowStack, name: string): boolean =>
  frames.length === 1 && frames[0].name === name;
const isProgram = (stack: SlowStack): boolean => stack.frames.length === 0 || isMeta(stack, '(program)');
const runs = (stack: SlowStack): boolean =>
  !isProgram(stack) && !isMeta(stack, '(idle)') && !isMeta(stack, '(garbage collector)');

/** Rule 6: a lone (program) is bridged; garbage collection counts as the stack before it. */
function mend(samples: readonly SlowSample[]): { time: number; stack: SlowStack }[] {
  const bridged = samples.map(({ time, stack }, i) => {
    const before = samples[i - 1]?.stack ?? NOTHING;
    const after = samples[i + 1]?.stack ?? NOTHING;
    const isLone =
      i > 0 && isProgram(stack) && runs(before) && runs(after) && before.outermost === after.outermost;
    return { time, stack: isLone ? before : stack };
  });
  let last = NOTHING;
  return bridged.map(({ time, stack }) => {
    if (!isMeta(stack, '(garbage collector)')) last = stack;
    return { time, stack: last };
  });
}

/** All that is open now, outermost first: slices, and calls that lie in them and contain them. */
class Pile {
  readonly calls: OpenCall[] = [];
  seenUntil = 0;
  readonly #begun = new Set<SlowSlice>();
  readonly #traceIds: CallInput['traceIds'];
  #open: (OpenSlice | OpenCall)[] = [];
  /** Rule 7: samples count although no slice runs JavaScript. */
  #unexplained = false;

  constructor(traceIds: CallInput['traceIds']) {
    this.#traceIds = traceIds;
  }

  endSlices(time: number): void {
    for (;;) {
      const at = this.#topSlice();
      const top = this.#open[at];
      if (top?.kind !== 'slice' || top.end > time) return;
      this.endCalls(at + 1, top.end);
      this.#open = this.#open.slice(0, at);
    }
  }

  begin(slice: SlowSlice): void {
    if (this.#unexplained) this.endCalls(0, slice.start);
    this.#unexplained = false;
    const isTask =
      slice.name === 'RunTask' ||
      slice.name === 'ThreadControllerImpl::RunTask' ||
      slice.name === 'RunMicrotasks';
    if (isTask) this.endCalls(this.#topSlice() + 1, slice.start);
    const stack = slice.traceId === 0 ? undefined : this.#traceIds[slice.traceId];
    if (stack !== undefined) this.#show(stack, slice.start);
    this.seenUntil = slice.start;
    this.#begun.add(slice);
    const end = slice.start + slice.duration;
    const around = this.#open[this.#topSlice()];
    this.#open.push({ kind: 'slice', slice, end: around === undefined ? end : Math.min(end, around.end) });
  }

  see(stack: SlowStack, time: number): void {
    const top = this.#open[this.#topSlice()];
    const name = top?.kind === 'slice' ? top.slice.name : '';
    const runsScript = RUNNERS.includes(name) || /^[vV]8/.test(name);
    if (!runsScript && !this.#unexplained) {
      if (this.#open.some(({ kind }) => kind === 'call')) return;
      this.#unexplained = true;
    }
    this.#show(stack, time);
  }

  /** Ends the calls from that place of the pile on; slices stay. */
  endCalls(from: number, time: number): void {
    const until = Number.isFinite(time) ? time : this.seenUntil;
    for (const item of this.#open.slice(from)) {
      if (item.kind === 'call') item.end = Math.max(item.start, until);
    }
    this.#open = this.#open.filter((item, at) => at < from || item.kind === 'slice');
    this.seenUntil = until;
  }

  #topSlice(): number {
    return this.#open.findLastIndex(({ kind }) => kind === 'slice');
  }

  /** Makes the calls above the innermost slice those of the stack; calls around it cannot change. */
  #show({ frames }: SlowStack, time: number): void {
    const whole = frames.filter(({ url }) => url !== 'native V8Runtime');
    // V8's word for what it was doing calls nobody.
    const path = whole.slice(whole.length > 0 && frames[0] === whole[0] && isWord(whole[0].name) ? 1 : 0);
    const words = whole.slice(0, whole.length - path.length);
    const around = this.#topSlice();
    const open = this.#open.flatMap((item, at) => (item.kind === 'call' ? [{ item, at }] : []));
    const locked = open.filter(({ at }) => at < around).length;
    let common = locked;
    while (common < open.length && open[common].item.frame.text === path[common]?.text) common++;
    this.endCalls(common < open.length ? open[common].at : this.#open.length, time);
    for (let i = common; i < path.length; i++) {
      const call: OpenCall = {
        kind: 'call',
        frame: path[i],
        path: [...words, ...path.slice(0, i + 1)].map(({ text }) => text).join(' > '),
        start: time,
        end: time,
        after: new Set(this.#begun),
      };
      this.calls.push(call);
      this.#open.push(call);
    }
  }
}

const isWord = (name: string): boolean => /^\((program|idle|garbage collector)\)$/.test(name);
