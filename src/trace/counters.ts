/**
 * Values over time: one row per number in a counter event's arguments (`UpdateCounters` keeps them in `data`); what a
 * process' memory dump says it held, in all and by allocator, in hexadecimal bytes.
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

/** Of an event of phase `v`. */
export function fileDump(args: Args, strings: StringTable, calls: KernelCalls): void {
  const dumps = asFields(args.dumps);
  const totals = Object.entries(asFields(dumps.process_totals));
  const allocators = Object.entries(asFields(dumps.allocators))
    .filter(([name]) => !name.includes('/'))
    .map(([name, told]): [string, unknown] => [name, asFields(asFields(asFields(told).attrs).size).value]);
  for (const [key, value] of [...totals, ...allocators]) {
    if (typeof value !== 'string' || !/^[0-9a-f]{1,13}$/i.test(value)) continue;
    calls.addCounter(strings.intern(key), Number.parseInt(value, 16));
  }
}

const asFields = (value: unknown): Args =>
  typeof value === 'object' && value !== null ? (value as Args) : {};
