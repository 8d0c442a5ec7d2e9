/**
 * Events that name what they belong together with: a timer's install and its firing bear one id, a layout and what made
 * it necessary one frame.
 * In: events whose name is of interest as `link`, with arguments that the kernel has not read by itself. Out: rows of the
 * kernel's link table, in file order; what belongs to what is decided in analysis/initiators.ts. Refuses: ends, and phases
 * that are no slice or instant.
 */
import type { StringTable } from '../base/index.ts';
import { type Args, type EventRecord, PHASE } from './event.ts';
import type { KernelCalls } from './kernel-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where Chrome's events keep their number, by what they are of. As kernel/links.ts. */
const ID_KEYS = ['timerId', 'traceId', 'taskId', 'identifier', 'id'];

export function fileLink(event: EventRecord, args: Args, strings: StringTable, calls: KernelCalls): void {
  if (!isSlice(event.phase)) return;
  const fields = asFields(args.data ?? args.beginData);
  const rowOf = (value: unknown): number =>
    typeof value === 'string' || typeof value === 'number' ? strings.intern(String(value)) : 0;
  const key = ID_KEYS.find((each) => Object.hasOwn(fields, each));
  calls.addLink(rowOf(fields.frame), key === undefined ? 0 : rowOf(fields[key]));
}

const isSlice = (phase: number): boolean =>
  phase === PHASE.complete || phase === PHASE.begin || phase === PHASE.instant || phase === PHASE.instantOld;

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
