/**
 * Whatever an argument is, nothing throws: every argument of every kind of event that odd pages' recordings hold, replaced by
 * values of all types; in everything that is made of a trace when it is opened, and in what the details pane says.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  classifySlices,
  collectInsights,
  collectLoadFacts,
  collectPageItems,
  findInitiators,
  findPageLoad,
  summarize,
} from '../../../src/analysis/index.ts';
import { layOutArguments, layOutChart, tellFacts, tellItem, tellStack } from '../../../src/flame/index.ts';
import { distinctPlaces, HOSTILE_VALUES, kindsOf, replaceAt } from '../../builders/hostile-arguments.ts';
import { findBrokenRules } from '../../builders/invariants.ts';
import { type RawEvent, tablesOf } from '../../builders/trace.ts';

const FOLDER = new URL('../../fixtures/traces/odd-pages/', import.meta.url);
const recorded = readdirSync(FOLDER).flatMap((file): RawEvent[] => {
  const { traceEvents } = JSON.parse(gunzipSync(readFileSync(new URL(file, FOLDER))).toString());
  return traceEvents;
});
const events = kindsOf(recorded);
const places = distinctPlaces(events);

test('there are thousands of places', () => {
  expect(places.length).toBeGreaterThan(3000);
});

test('in what is told of an event', () => {
  // Each place meets four of the values; the values go round.
  for (const [at, { event, path }] of places.entries()) {
    for (let turn = 0; turn < 4; turn++) {
      const value = HOSTILE_VALUES[(at + turn * 7) % HOSTILE_VALUES.length];
      const { name, args } = replaceAt(events[event], path, value) as { name: string; args: RawEvent };
      const said = { args, fields: { tdur: value, stack: value, sf: value } } as never;
      tellFacts(name, said);
      tellStack(said, { x: value });
      layOutArguments(said);
    }
  }
});

async function openWith(changes: readonly { readonly place: number; readonly value: unknown }[]) {
  const changed = [...events];
  for (const { place, value } of changes) {
    const { event, path } = places[place];
    changed[event] = replaceAt(changed[event], path, value) as RawEvent;
  }
  const tables = await tablesOf(JSON.stringify(changed));
  expect(findBrokenRules(tables)).toEqual([]);
  const page = findPageLoad(tables);
  const classes = classifySlices(tables);
  const items = collectPageItems(tables, page);
  const summary = summarize({
    tables,
    classes,
    page,
    window: tables.bounds,
    jsCalls: true,
    measuredVitals: null,
  });
  expect(JSON.stringify(summary)).not.toContain('NaN');
  const initiators = findInitiators(tables, items);
  collectInsights({ tables, classes, page, items, initiators: () => initiators, thirdPartyOf: () => null });
  collectLoadFacts(tables, page);
  layOutChart(tables, classes, page, items);
  for (const item of items) tellItem(item);
}

test('in what is made of a trace', { timeout: 120_000 }, async () => {
  // A tenth of all places at a time, each time with other values: all places, all values.
  const tenth = Math.ceil(places.length / 10);
  for (let turn = 0; turn < HOSTILE_VALUES.length; turn++) {
    const step = 1 + (turn % 7);
    const changes = Array.from({ length: tenth / 4 }, (_, i) => ({
      place: (turn * tenth + i * 4 * step) % places.length,
      value: HOSTILE_VALUES[(turn + (i % 3)) % HOSTILE_VALUES.length],
    }));
    await openWith(changes);
  }
});
