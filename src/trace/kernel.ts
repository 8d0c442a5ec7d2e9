/**
 * The kernel's door: the WebAssembly in src/trace/kernel, and what it asks of JavaScript.
 * In: nothing. Out: a kernel with a memory of its own, for one trace; whoever opened it drops it when the trace is read,
 * for a kernel's memory only grows.
 */

import readKernel from 'virtual:pageflame-kernel';
import { ensure } from '../base/index.ts';
import type { KernelCalls } from './kernel-calls.ts';

/** What the kernel asks of whoever reads the trace, while one of its calls runs (src/trace/kernel/outside.ts). */
export interface KernelAnswers {
  /** The string row of a text, new or old, and the text of a row. */
  intern(text: string): number;
  textOf(row: number): string;
  newThread(pid: number, tid: number): number;
  /** TRAIT_* bits (traits.ts) of events of this name. */
  traitsOfName(row: number): number;
  /** The arguments of the event at hand are needed. */
  look(): void;
  takeCounter(): void;
  /** The string row of the step that the event at hand names; 0 for none. */
  stepName(): number;
  /** `source` is a string row; 0 where the chunk names none. */
  profileOf(pid: number, id: number, source: number): number;
  takeSlices(from: number, count: number): void;
  /** `duration` is NaN where it stays. */
  endTakenSlice(row: number, subtreeEnd: number, duration: number): void;
  takeAsyncSlices(from: number, count: number): void;
}

/** A byte order mark in the middle of a file is text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** As many numbers tell an event. */
const TOLD_FIELDS = 13;

export class Kernel {
  readonly calls: KernelCalls;
  #answers: KernelAnswers | null = null;
  #bytes = new Uint8Array(0);
  #told = new Float64Array(0);

  constructor(calls: KernelCalls) {
    this.calls = calls;
    calls.setSeed(Math.floor(Math.random() * 2 ** 32));
  }

  /** Who answers the kernel's questions: to be set before the first event. */
  listen(answers: KernelAnswers): void {
    this.#answers = answers;
  }

  get answers(): KernelAnswers {
    return ensure(this.#answers, 'nobody listens to the kernel');
  }

  /** All of the kernel's memory. Not to be kept: when the memory grows, this one becomes empty. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.calls.memory.buffer);
    return this.#bytes;
  }

  /** The event at hand, as `tellEvent` of kernel/event.ts tells it. */
  tellEvent(): Float64Array {
    this.calls.tellEvent();
    if (this.#told.length === 0) {
      this.#told = new Float64Array(this.calls.memory.buffer, this.calls.told.value, TOLD_FIELDS);
    }
    return this.#told;
  }

  decode(from: number, to: number): string {
    return decoder.decode(this.bytes.subarray(from >>> 0, to >>> 0));
  }

  /** The JSON value in [from, to) as plain JavaScript; undefined where it is none. */
  parse(from: number, to: number): unknown {
    try {
      return JSON.parse(this.decode(from, to));
    } catch {
      // Dirty data, told by the undefined: the caller counts it.
      return undefined;
    }
  }

  /** The row of a JSON string's inside. */
  newText(at: number, length: number, isEscaped: number): number {
    if (isEscaped !== 0) {
      const text = this.parse((at >>> 0) - 1, (at >>> 0) + length + 1);
      if (typeof text === 'string') return this.answers.intern(text);
    }
    return this.answers.intern(this.decode(at, (at >>> 0) + length));
  }

  /** Exponents, long numbers, texts that are numbers; NaN for all others. */
  parseNumber(at: number, length: number): number {
    const text = this.decode(at, (at >>> 0) + length);
    return text.trim() === '' ? Number.NaN : Number(text);
  }

  /** The row of an id that is no plain text, times 2; plus 1 where it is local to its process. */
  parseId(at: number, length: number): number {
    const value = this.parse(at, (at >>> 0) + length);
    if (typeof value !== 'object' || value === null) return 2 * this.answers.intern(idText(value));
    if ('local' in value) return 2 * this.answers.intern(idText(value.local)) + 1;
    return 2 * this.answers.intern(idText('global' in value ? value.global : ''));
  }

  scopeId(scope: number, id: number): number {
    const { answers } = this;
    return answers.intern(`${answers.textOf(scope)}:${answers.textOf(id)}`);
  }
}

/** '' for what is neither text nor number: no id. */
function idText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Compiled when the first kernel is opened; all of them share its code, and what V8 has optimised of it. */
const compiledKernel = once(() => WebAssembly.compile(readKernel()));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export async function openKernel(): Promise<Kernel> {
  let opened: Kernel | null = null;
  const kernel = (): Kernel => ensure(opened, 'the kernel asks before it is open');
  const outside = {
    newText: (at: number, length: number, isEscaped: number) => kernel().newText(at, length, isEscaped),
    parseNumber: (at: number, length: number) => kernel().parseNumber(at, length),
    parseId: (at: number, length: number) => kernel().parseId(at, length),
    scopeId: (scope: number, id: number) => kernel().scopeId(scope, id),
    newThread: (pid: number, tid: number) => kernel().answers.newThread(pid, tid),
    traitsOfName: (row: number) => kernel().answers.traitsOfName(row),
    look: () => kernel().answers.look(),
    takeCounter: () => kernel().answers.takeCounter(),
    stepName: () => kernel().answers.stepName(),
    profileOf: (pid: number, id: number, source: number) => kernel().answers.profileOf(pid, id, source),
    takeSlices: (from: number, count: number) => kernel().answers.takeSlices(from, count),
    endTakenSlice: (row: number, subtreeEnd: number, duration: number) =>
      kernel().answers.endTakenSlice(row, subtreeEnd, duration),
    takeAsyncSlices: (from: number, count: number) => kernel().answers.takeAsyncSlices(from, count),
  };
  const instance = await WebAssembly.instantiate(await compiledKernel(), { outside });
  // The compiler checked that the kernel exports these.
  opened = new Kernel(instance.exports as unknown as KernelCalls);
  return opened;
}
