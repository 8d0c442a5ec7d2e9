/** Files that the documents name are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const documents = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith('.md'),
);

test.each(documents)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const named = Array.from(text.matchAll(/`((?:src|test|scripts)\/[\w./-]+)`/g), ([, path]) => path);
  const linked = Array.from(text.matchAll(/\]\(([\w.][\w./-]*)(?:#[\w-]*)?\)/g), ([, path]) =>
    join(document, '..', path),
  );
  expect([...named, ...linked].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
