/**
 * Values over time: one row per number in a counter event's arguments (`UpdateCounters` keeps them in `data`).
 * In: arguments of the event at hand that the kernel has not read by itself. Out: rows of the kernel's counter table, in
 * file order. Refuses: values that are no finite number.
 */
import type { StringTable } from '../base/index.ts';
import type { Args } from './event.ts';
import type { KernelCalls } from './kernel-calls.ts';

export function fileCounters(args: Args, strings: StringTable, calls: KernelCalls): void {
  const { data } = args;
  const values = typeof data === 'object' && data !== null ? data : args;
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    calls.addCounter(strings.intern(key), value);
  }
}
