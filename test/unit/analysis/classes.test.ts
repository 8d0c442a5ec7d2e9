/** Which slices are seen, what category they have, and how long they last without what they contain. */
import { describe, expect, test } from 'vitest';
import { CATEGORIES, classifySlices, isGenericTrace } from '../../../src/analysis/index.ts';
import type { TraceTables } from '../../../src/trace/index.ts';
import { type TraceRecipe, trace } from '../../builders/trace.ts';
import { paint } from '../../builders/trace-picture.ts';

/** Each slice as `name category self`, hidden ones in brackets; without the mark that makes it a page's trace. */
function list(tables: TraceTables): string[] {
  const { category, visible, self } = classifySlices(tables);
  return Array.from(tables.slices.name, (name, row) => {
    const text = `${tables.strings.get(name)} ${CATEGORIES[category[row]]} ${self[row] / 1000}`;
    return visible[row] === 1 ? text : `(${text})`;
  }).filter((line) => !line.includes('navigationStart'));
}

/** A trace of a page: it has marks that nothing else writes. */
const ofPage = (recipe: TraceRecipe): Promise<TraceTables> => recipe.navigate('https://a.test/', 0).read();

describe('self time', () => {
  test('is what visible children leave; that of hidden ones falls to the nearest visible ancestor', async () => {
    const tables = await ofPage(
      paint(`
        RunTask         |-------------------|
        Nobody           |----------------|
        Layout             |-----|
        Hidden               |-|
        Paint                       |-----|
      `),
    );
    expect(list(tables)).toEqual([
      'RunTask system 8',
      '(Nobody system 0)',
      'Layout rendering 6',
      '(Hidden system 0)',
      'Paint painting 6',
    ]);
  });

  test('JS calls are scripting', async () => {
    const tables = await ofPage(
      paint(`
        FunctionCall    |------------|
        samples          a  a  a
                            b
      `),
    );
    expect(list(tables)).toEqual(['FunctionCall scripting 1', 'a scripting 9', 'b scripting 3']);
  });

  test('instants are neither seen nor timed', async () => {
    const tables = await ofPage(
      paint(`
        RunTask         |-----|
        Layout             !
      `),
    );
    expect(list(tables)).toEqual(['RunTask system 6', '(Layout rendering 0)']);
  });
});

describe('generic traces', () => {
  test('show everything, unknown and hidden events too', async () => {
    const tables = await trace().thread('main').slice('Nobody', 0, 9).slice('BeginFrame', 1, 3).read();
    expect(isGenericTrace(tables)).toBe(true);
    expect(list(tables)).toEqual(['Nobody system 7', 'BeginFrame rendering 2']);
  });

  test.each([
    'TracingStartedInBrowser',
    'TracingStartedInPage',
    'TracingSessionIdForWorker',
    'navigationStart',
    'CommitLoad',
    'markAsMainFrame',
  ])('one with %s is none', async (name) => {
    const tables = await trace().thread('main').slice('Nobody', 0, 9).instant(name, 5).read();
    expect(isGenericTrace(tables)).toBe(false);
    expect(list(tables)[0]).toBe('(Nobody system 0)');
  });
});

test("a trace whose samples are in one event of their own is a page's, as old Chromes write it", async () => {
  const cpuProfile = { nodes: [], samples: [], startTime: 1 };
  const tables = await trace()
    .thread('CrRendererMain')
    .slice('Nobody', 0, 7)
    .event({ ph: 'I', name: 'CpuProfile', ts: 5, s: 't', args: { data: { cpuProfile } } })
    .read();
  expect(isGenericTrace(tables)).toBe(false);
});

test('visible slices nested a hundred thousand deep under hidden ones are summed in linear time', async () => {
  const recipe = trace().thread('main').navigate('https://a.test/', 0);
  const depth = 50_000;
  for (let i = 0; i < depth; i++) recipe.slice('Nobody', i / 1000, 1000 - i / 1000);
  for (let i = 0; i < depth; i++) recipe.slice('Layout', 100 + i / 1000, 100 + (i + 1) / 1000);
  const tables = await recipe.read();
  const { self } = classifySlices(tables);
  expect(self.reduce((sum, one) => sum + one, 0)).toBeCloseTo(depth, 3);
});
