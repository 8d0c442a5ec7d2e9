/** The import checker: each rule catches what it is for, and names file, line and rule. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkImports } from '../../../scripts/check-imports.mjs';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const CLEAN = {
  'base/index.ts': "export { one } from './one.ts';",
  'base/one.ts': 'export const one = 1;',
  'trace/index.ts': "import { one } from '../base/index.ts';\nexport const two = one + one;",
};

function check(files: Record<string, string>): string[] {
  const src = mkdtempSync(join(tmpdir(), 'pageflame-src-'));
  folders.push(src);
  for (const [path, text] of Object.entries({ ...CLEAN, ...files })) {
    mkdirSync(dirname(join(src, path)), { recursive: true });
    writeFileSync(join(src, path), text);
  }
  return checkImports(src);
}

test('is silent about a tree in order', () => {
  expect(check({})).toStrictEqual([]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'a room that may not be imported',
    { 'base/two.ts': "import { two } from '../trace/index.ts';\nexport const x = two;" },
    "src/base/two.ts:1: '../trace/index.ts': base/ may not import trace",
  ],
  [
    'a type from a room that may not be imported',
    { 'base/two.ts': "\nexport type X = import('../trace/index.ts').X;" },
    "src/base/two.ts:2: '../trace/index.ts': base/ may not import trace",
  ],
  [
    'a dynamic import',
    { 'base/two.ts': "export const x = () => import('../trace/index.ts');" },
    "src/base/two.ts:1: '../trace/index.ts': base/ may not import trace",
  ],
  [
    'a re-export',
    { 'base/two.ts': "export * from '../trace/index.ts';" },
    "src/base/two.ts:1: '../trace/index.ts': base/ may not import trace",
  ],
  [
    'a worker of another room',
    { 'base/two.ts': "export const x = new URL('../trace/index.ts', import.meta.url);" },
    "src/base/two.ts:1: '../trace/index.ts': base/ may not import trace",
  ],
  [
    'a file behind a door',
    { 'trace/x.ts': "import { one } from '../base/one.ts';\nexport const x = one;" },
    "src/trace/x.ts:1: '../base/one.ts': is inside base/, behind its door",
  ],
  [
    'a value where only types may pass',
    {
      'panel/x.ts': "import { two } from '../trace/index.ts';\nexport const x = two;",
      'panel/y.ts': "import type { two } from '../trace/index.ts';\nexport type Y = typeof two;",
    },
    "src/panel/x.ts:1: '../trace/index.ts': panel/ may import only types from trace",
  ],
  [
    "a room's own door",
    { 'trace/x.ts': "export { two } from './index.ts';" },
    "src/trace/x.ts:1: './index.ts': nothing inside trace/ imports its own door",
  ],
  [
    'a package that the room may not use',
    { 'trace/x.ts': "import { gunzipSync } from 'fflate';\nexport const x = gunzipSync;" },
    "src/trace/x.ts:1: 'fflate': trace/ may not use the package fflate",
  ],
  [
    'Node outside cli and *.node.ts',
    { 'recording/x.ts': "import 'node:fs';", 'recording/y.node.ts': "import 'node:fs';" },
    "src/recording/x.ts:1: 'node:fs': only cli/ and *.node.ts files may use Node",
  ],
  [
    'a missing extension',
    { 'trace/x.ts': "export { two } from './two';" },
    "src/trace/x.ts:1: './two': no such file (imports carry their extension)",
  ],
  [
    'a room that is not in the table',
    { 'utils/x.ts': "import '../base/index.ts';" },
    "src/utils/x.ts:1: '../base/index.ts': utils/ is no room of the table",
  ],
  [
    'a default export',
    { 'base/two.ts': 'export default 2;' },
    'src/base/two.ts:1: exports by default; name it',
  ],
  [
    'an import that is not a literal',
    { 'base/two.ts': 'export const x = (y: string) => import(y);' },
    'src/base/two.ts:1: imports what only running it can tell',
  ],
])('catches %s', (_, files, problem) => {
  expect(check(files)).toStrictEqual([problem]);
});

test('catches a cycle once, through types too', () => {
  expect(
    check({
      'base/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'base/b.ts': "import type { C } from './c.ts';\nexport type B = C;",
      'base/c.ts': "import type { A } from './a.ts';\nexport type C = A;",
    }),
  ).toStrictEqual(['src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts: an import cycle']);
});
