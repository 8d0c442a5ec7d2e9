/**
 * The reader beside the slow and obvious one: random traces of every kind of event, every table they fill. What the
 * slow one says is what docs/attribution.md and docs/categories.md say.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFlows } from '../../../src/analysis/index.ts';
import {
  SLICE_CLIPPED,
  SLICE_END_INFERRED,
  SLICE_INSTANT,
  SLICE_JS_CALL,
  type TraceTables,
} from '../../../src/trace/index.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { type PlainEvent, readSlowly, type SlowReading } from '../../builders/slow-reader.ts';
import { oddities, tablesOf, utf8 } from '../../builders/trace.ts';
import { crowdedEvents, wildEvents } from '../../builders/wild-traces.ts';

/** The file, and the offset of each event in it. */
function write(events: readonly PlainEvent[]): { text: string; eventAt: Map<number, number> } {
  const eventAt = new Map<number, number>();
  let text = '{"traceEvents":[';
  let bytes = text.length;
  events.forEach((event, i) => {
    const line = JSON.stringify(event);
    const separator = i === 0 ? '' : ',\n';
    eventAt.set(bytes + separator.length, i);
    text += separator + line;
    bytes += separator.length + utf8(line).length;
  });
  return { text: `${text}]}`, eventAt };
}

/** What the tables say, in the words of the slow reader. */
function tell(tables: TraceTables, eventAt: ReadonlyMap<number, number>): SlowReading {
  const { strings, threads, samples, asyncSlices, counters, bounds } = tables;
  const slices: Record<string, string[]> = {};
  const ticks: Record<string, string[]> = {};
  for (let thread = 0; thread < threads.length; thread++) {
    const key = `${threads.pid[thread]}:${threads.tid[thread]}`;
    const lines: string[] = [];
    for (let row = threads.firstSlice[thread]; row < threads.endSlice[thread]; row++) {
      lines.push(tellSlice(tables, row, eventAt));
    }
    if (lines.length > 0) slices[key] = lines;
  }
  for (let row = 0; row < samples.length; row++) {
    const thread = samples.thread[row];
    const key = `${threads.pid[thread]}:${threads.tid[thread]}`;
    const own = ticks[key] ?? [];
    ticks[key] = own;
    own.push(
      `${samples.time[row]} ${framesOf(tables, samples.stack[row]).join(' > ')} @${samples.line[row]}`,
    );
  }
  return {
    bounds,
    slices,
    samples: ticks,
    asyncSlices: Array.from(asyncSlices.start, (start, row) => {
      const flags = asyncSlices.flags[row];
      const lost =
        (flags & SLICE_END_INFERRED) !== 0 ? ' lost' : (flags & SLICE_INSTANT) !== 0 ? ' moment' : '';
      const name = strings.get(asyncSlices.name[row]);
      return `${name} #${eventAt.get(asyncSlices.detail[row])} ${start}+${asyncSlices.duration[row]}${lost}`;
    }),
    counters: Array.from(
      counters.time,
      (time, row) =>
        `${time} ${ownerOf(tables, row)} ${strings.get(counters.name[row])} ${counters.value[row]}`,
    ),
    flows: tellFlows(tables, eventAt),
    diagnostics: oddities(tables),
  };
}

/** Of a counter: its process, or process and thread. */
function ownerOf({ counters, threads }: TraceTables, row: number): string {
  const thread = counters.thread[row];
  return thread < 0 ? `${counters.pid[row]}` : `${threads.pid[thread]}:${threads.tid[thread]}`;
}

function tellFlows(tables: TraceTables, eventAt: ReadonlyMap<number, number>): string[] {
  const { detail } = tables.slices;
  const pairs: string[] = [];
  findFlows(tables, (cause, effect) => {
    pairs.push(`#${eventAt.get(detail[cause])} → #${eventAt.get(detail[effect])}`);
  });
  return pairs.sort();
}

function tellSlice(tables: TraceTables, row: number, eventAt: ReadonlyMap<number, number>): string {
  const { slices, strings } = tables;
  const flags = slices.flags[row];
  const span = `${slices.start[row]}+${slices.duration[row]}`;
  if ((flags & SLICE_JS_CALL) !== 0) {
    const path = framesOf(tables, slices.detail[row]).filter(
      (frame) => !frame.includes(' native V8Runtime:'),
    );
    return `${slices.depth[row]} call ${path.join(' > ')} ${span}`;
  }
  const words = [strings.get(slices.name[row]), `#${eventAt.get(slices.detail[row])}`];
  if ((flags & SLICE_END_INFERRED) !== 0) words.push('lost');
  if ((flags & SLICE_INSTANT) !== 0) words.push('instant');
  return `${slices.depth[row]} ${words.join(' ')} ${span}${(flags & SLICE_CLIPPED) === 0 ? '' : ' cut'}`;
}

function framesOf({ stacks, frames, strings }: TraceTables, stack: number): string[] {
  const path: string[] = [];
  for (let at = stack; at >= 0; at = stacks.prefix[at]) {
    const frame = stacks.frame[at];
    const place = `${frames.line[frame]}:${frames.column[frame]}/${frames.scriptId[frame]}`;
    path.unshift(`${strings.get(frames.functionName[frame])} ${strings.get(frames.url[frame])}:${place}`);
  }
  return path;
}

async function compare(events: readonly PlainEvent[]): Promise<void> {
  const { text, eventAt } = write(events);
  const tables = await tablesOf(text);
  expect(tell(tables, eventAt)).toEqual(readSlowly(events));
  expect(tables.eventCount).toBe(events.length);
  expect(findBrokenRules(tables)).toEqual([]);
}

describe('the reader says what the slow one says', () => {
  test('of random traces', async () => {
    await fc.assert(fc.asyncProperty(wildEvents, compare), { numRuns: 1500 });
  }, 60_000);

  test('of very many events at one moment', async () => {
    await fc.assert(fc.asyncProperty(crowdedEvents, compare), { numRuns: 60 });
  }, 60_000);
});
