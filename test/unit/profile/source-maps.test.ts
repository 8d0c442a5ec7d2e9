/** Frames by their authors' names: what is mapped, what stays, what becomes one. */
import { describe, expect, test } from 'vitest';
import {
  applySourceMaps,
  readSourceMap,
  type ScriptMap,
  type StackProfile,
} from '../../../src/profile/index.ts';
import { tellProfile } from '../../builders/profile-comparison.ts';
import { profileOf } from '../../builders/profiles.ts';

// Generated: line 1 `function a(){b()}function b(){}`, line 2 `c()`. Columns of the names a and b: 9 and 26.
const MAP = {
  version: 3,
  file: 'app.js',
  sources: ['webpack://shop/list.ts', 'webpack://shop/item.ts'],
  names: ['renderList', 'renderItem'],
  sourcesContent: ['the list', null],
  // [9 → list 10:9 renderList] [10 → list 10:10] [26 → item 3:10 renderItem] [27 → item 3:21]; line 2: [0 → list 20:10]
  mappings: 'SASSA,CAAC,gBCPAC,CAAW;ADiBX',
};

function mapOf(value: unknown): ScriptMap {
  const read = readSourceMap(JSON.stringify(value), 'app.js.map');
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
}

/** Where it begins in the generated line, and where in the source (from 0); what the source calls it. */
type Segment = [generated: number, source: number, name?: string];

function mapOfLine(source: string | null, segments: readonly Segment[]): ScriptMap {
  const names = segments.flatMap(([, , name]) => name ?? []);
  const mappings = segments.map(([at, of, name]) => [at, 0, 0, of, ...(name ? [names.indexOf(name)] : [])]);
  return mapOf({ version: 3, sources: ['a.ts'], sourcesContent: [source], names, mappings: [mappings] });
}

/** Columns are not told by the short form of profiles. */
function atColumns(profile: StackProfile, columns: readonly number[]): StackProfile {
  return { ...profile, frames: { ...profile.frames, column: Int32Array.from(columns) } };
}

const map = mapOf(MAP);
const withMap = (url: string): ScriptMap | null => (url === 'https://a.test/app.js' ? map : null);

describe('frames', () => {
  test('names, files and places of functions that the map knows; others stay', () => {
    const profile = atColumns(
      profileOf({
        'a@https://a.test/app.js:1;b@https://a.test/app.js:1;[Layout]': 2,
        'x@https://b.test/o.js:1': 1,
      }),
      [11, 28, 0, 5],
    );
    expect(tellProfile(applySourceMaps(profile, withMap))).toEqual({
      'renderList|webpack://shop/list.ts|10|11|js;renderItem|webpack://shop/item.ts|3|22|js;Layout||0|0|browser   ': 2,
      'x|https://b.test/o.js|1|5|js   ': 1,
    });
  });

  test('a function without a name in the map keeps its own', () => {
    const profile = atColumns(profileOf({ '(anonymous)@https://a.test/app.js:2': 1 }), [1]);
    expect(Object.keys(tellProfile(applySourceMaps(profile, withMap)))).toEqual([
      '(anonymous)|webpack://shop/list.ts|20|11|js   ',
    ]);
  });

  // Where V8 156 puts each (1-based): an arrow's parameters or its `async`, else the bracket.
  const ARROW = 'const renderList = (event) => event';
  test.each<[code: string, column: number, source: string, segments: Segment[]]>([
    [
      'let n=e=>e',
      7,
      ARROW,
      [
        [4, 6, 'renderList'],
        [6, 20, 'event'],
      ],
    ],
    [
      'let n=()=>e',
      7,
      'const renderList: A<B> = (): void => event',
      [
        [4, 6, 'renderList'],
        [10, 37],
      ],
    ],
    [
      'let n=async e=>e',
      7,
      'const renderList = async (event) => event',
      [
        [4, 6, 'renderList'],
        [6, 19],
      ],
    ],
    [
      'let n=function(e){}',
      15,
      'let renderList = function () {}',
      [
        [4, 4, 'renderList'],
        [6, 17],
      ],
    ],
    [
      'let n=async function(e){}',
      21,
      'let renderList = async function () {}',
      [
        [4, 4, 'renderList'],
        [6, 17],
      ],
    ],
    [
      'let n=function*(e){}',
      16,
      'let renderList = function* () {}',
      [
        [4, 4, 'renderList'],
        [6, 17],
      ],
    ],
  ])('%s has the name that its author assigned it to', (_, column, source, segments) => {
    const own = mapOfLine(source, segments);
    expect(own.mapFunction({ name: 'n', line: 1, column })?.name).toBe('renderList');
    for (const name of ['', '(anonymous)'])
      expect(own.mapFunction({ name, line: 1, column })?.name).toBe(name);
    // Nobody can tell from the segments alone.
    expect(mapOfLine(null, segments).mapFunction({ name: 'n', line: 1, column })?.name).toBe('n');
  });

  // V8 names by the variable what is only a part of what it is assigned, too.
  test.each<[code: string, name: string, column: number, source: string, segments: Segment[]]>([
    [
      'let n=e=>e',
      'n',
      7,
      'const n = (event) => event',
      [
        [4, 6],
        [6, 11, 'event'],
      ],
    ],
    [
      'x(e=>e)',
      '(anonymous)',
      3,
      'call((event) => event)',
      [
        [0, 0, 'call'],
        [2, 6, 'event'],
      ],
    ],
    [
      'u={a:t,load(e){}}',
      'load',
      12,
      'u={a:payload,load(e){}}',
      [
        [0, 0],
        [5, 5, 'payload'],
        [7, 13],
      ],
    ],
    [
      'ab=t?()=>0:1',
      'ab',
      6,
      'both = flag ? () => 0 : 1',
      [
        [0, 0, 'both'],
        [3, 7, 'flag'],
        [9, 20],
      ],
    ],
    [
      'n=t?e=>e:1',
      'n',
      5,
      'both = flag ? (event) => event : 1',
      [
        [2, 7, 'flag'],
        [4, 15, 'event'],
      ],
    ],
    [
      'n=t?y:e=>e',
      'n',
      7,
      'both = flag ? other : (event) => event',
      [
        [4, 14, 'other'],
        [6, 23],
      ],
    ],
    [
      'n=[t,e=>e]',
      'n',
      6,
      'both = [first, (event) => event]',
      [
        [3, 8, 'first'],
        [5, 16, 'event'],
      ],
    ],
    [
      'e.b=function(){}',
      'e.b',
      13,
      'exports.b = function () {}',
      [
        [0, 0, 'exports'],
        [4, 12],
      ],
    ],
  ])('%s has not the name of a neighbour', (_, name, column, source, segments) => {
    expect(mapOfLine(source, segments).mapFunction({ name, line: 1, column })?.name).toBe(name);
  });

  test('two builds of one function are one', () => {
    const profile = atColumns(
      profileOf({ 'a@https://a.test/app.js:1': 1, 'a@https://a.test/app.js?v=2:1': 2 }),
      [11, 11],
    );
    const mapped = applySourceMaps(profile, () => map);
    expect(Object.values(tellProfile(mapped))).toEqual([3]);
    expect(mapped.frames.length).toBe(1);
  });

  test('weights, categories and times stay', () => {
    const profile = atColumns(profileOf({ 'a@https://a.test/app.js:1': 1.5, '[Layout]': 2 }), [11, 0]);
    const { samples } = applySourceMaps(profile, withMap);
    expect([samples.weight, samples.category, samples.time]).toEqual([
      profile.samples.weight,
      profile.samples.category,
      profile.samples.time,
    ]);
  });
});

test('lines that ran: where a generated line comes from one line of source', () => {
  const profile = atColumns(
    profileOf({ 'a@https://a.test/app.js:1': 1, '[Layout]': 1, 'x@o.js:1': 1 }),
    [11, 0, 1],
  );
  const ran = (line: readonly number[]): number[] =>
    Array.from(
      applySourceMaps({ ...profile, samples: { ...profile.samples, line: Int32Array.from(line) } }, withMap)
        .samples.line,
    );
  expect(ran([2, 0, 7])).toEqual([20, 0, 7]);
  // Line 1 is of two files: nobody knows which part ran.
  expect(ran([1, 0, 1])).toEqual([0, 0, 1]);
});

test('texts of sources, as far as the map holds them', () => {
  expect([...map.sources]).toEqual([['webpack://shop/list.ts', 'the list']]);
  expect(map.file).toBe('app.js');
});

test.each([
  ['{'],
  ['3'],
  ['{"version":3}'],
  ['{"version":3,"sources":[],"names":[],"mappings":7}'],
  ['null'],
  [''],
])('%s is no source map', (text) => {
  expect(readSourceMap(text, 'x.map')).toMatchObject({ ok: false, failure: { code: 'source-map-broken' } });
});

test('a map of sections (of a bundle of bundles)', () => {
  const sections = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: MAP }] };
  expect(mapOf(sections).place(1, 11)).toEqual({ url: 'webpack://shop/list.ts', line: 10, column: 11 });
});
