/**
 * Every event name of the shared traces that can be seen in the chart or is a milestone, and every number among its
 * arguments: each has a word and a unit among the facts, or is of a known kind (an id, a count, bytes, a time). None is
 * shown raw and unexplained.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { classOfName } from '../../../src/analysis/index.ts';
import { kindOfArgument, tellFacts } from '../../../src/flame/index.ts';
import { SHARED } from '../../builders/shared-traces.ts';

type Fields = Record<string, unknown>;
interface Leaf {
  /** Keys from the top; `[]` for an entry of a list. */
  readonly path: string;
  /** Of the value, or of the list that it is in. */
  readonly key: string;
  readonly holder: Fields | unknown[];
  readonly at: string;
}

function* numbersIn(value: unknown, path: string, key: string): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [own, inner] of Object.entries(value)) {
    // Stacks are told as stacks.
    if (own === 'stackTrace' || own === 'stack' || own === 'sampleTraceId') continue;
    const name = isList ? key : own;
    const place = `${path}.${isList ? '[]' : own}`;
    if (typeof inner === 'number') yield { path: place, key: name, holder: value as Fields, at: own };
    else yield* numbersIn(inner, place, name);
  }
}

const factsOf = (name: string, args: Fields): string => JSON.stringify(tellFacts(name, { args, fields: {} }));

/** Whether the facts say another thing where the number is another one. */
function isTold(name: string, args: Fields, { holder, at }: Leaf): boolean {
  const fields = holder as Fields;
  const value = fields[at] as number;
  const before = factsOf(name, args);
  fields[at] = Math.abs(value) + 1234.5;
  const after = factsOf(name, args);
  fields[at] = value;
  return before !== after;
}

/** Visible in the chart, or the page's own milestones: what somebody will select. */
const isKnown = (name: string): boolean => classOfName(name)?.hidden === false || MILESTONES.test(name);
const MILESTONES =
  /^(Mark(Load|DOMContent)|LayoutShift|EventTiming|largestContentfulPaint|firstPaint|firstContentfulPaint|InteractiveTime|CommitLoad|DOMStats|UpdateCounters)/;

test('every number of known events is explained', () => {
  const seen = new Set<string>();
  const names = new Set<string>();
  const unexplained = new Set<string>();
  const folder = join(SHARED, 'traces');
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.json.gz'))) {
    const trace = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString());
    for (const { name, args } of Array.isArray(trace) ? trace : trace.traceEvents) {
      if (typeof name !== 'string' || typeof args !== 'object' || args === null || !isKnown(name)) continue;
      names.add(name);
      for (const leaf of numbersIn(args, '', '')) {
        const which = `${name} ${leaf.path}`;
        if (seen.has(which)) continue;
        seen.add(which);
        if (kindOfArgument(leaf.key) === null && !isTold(name, args, leaf)) unexplained.add(which);
      }
    }
  }
  expect([...unexplained].sort()).toEqual([]);
  expect(names.size).toBeGreaterThan(60);
  expect(seen.size).toBeGreaterThan(120);
}, 120_000);
