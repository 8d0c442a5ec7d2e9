/** Our table of event names beside DevTools' own (../shared/oracles/category-map.json). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATEGORIES, classOfName } from '../../../src/analysis/index.ts';
import { SHARED } from '../../builders/shared-traces.ts';

interface Style {
  readonly category: string;
  readonly hidden: boolean;
}
const map: Readonly<Record<'devtools' | 'trace_engine_0_0_65', Readonly<Record<string, Style>>>> = JSON.parse(
  readFileSync(join(SHARED, 'oracles', 'category-map.json'), 'utf8'),
);
/** DevTools says `other` where it shows "System". */
const ourNameOf = (category: string): string => (category === 'other' ? 'system' : category);

test.each(['devtools', 'trace_engine_0_0_65'] as const)(
  '%s: same categories, same events hidden',
  (version) => {
    const ours = Object.keys(map[version]).map((name) => {
      const own = classOfName(name);
      return [name, own && { category: CATEGORIES[own.category], hidden: own.hidden }];
    });
    const theirs = Object.entries(map[version]).map(([name, { category, hidden }]) => {
      return [name, { category: ourNameOf(category), hidden }];
    });
    expect(ours).toEqual(theirs);
  },
);

test('we know no event that DevTools does not know', () => {
  const source = readFileSync(new URL('../../../src/analysis/categories.ts', import.meta.url), 'utf8');
  const table = source.slice(source.indexOf('const EVENTS'), source.indexOf('export interface EventClass'));
  const names = [...table.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !(name in map.devtools))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('docs/categories.md lists the table as it is', () => {
  const text = readFileSync(new URL('../../../docs/categories.md', import.meta.url), 'utf8');
  const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  const told = text
    .slice(text.indexOf('| category |'))
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, category]) => CATEGORIES.some((known) => known === category))
    .flatMap(([, category, visible, hidden]) => [
      ...namesIn(visible).map((name) => [name, { category, hidden: false }]),
      ...namesIn(hidden).map((name) => [name, { category, hidden: true }]),
    ]);
  const ours = told.map(([name]) => {
    const own = classOfName(String(name));
    return [name, own && { category: CATEGORIES[own.category], hidden: own.hidden }];
  });
  expect(told).toEqual(ours);
  expect(told.length).toBe(Object.keys(map.devtools).length);
});

test.each(['NobodyKnows', '', 'toString', '__proto__'])('%j has no class', (name) => {
  expect(classOfName(name)).toBeUndefined();
});
