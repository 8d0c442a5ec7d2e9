/**
 * Checks the rooms of src/ (docs/architecture.md): who may import whom, through which door, and that no cycle exists.
 * In: every .ts and .tsx file under src/. Out: one line per broken rule, naming file, line and rule; exit code 1.
 * Looks at static, type-only and dynamic imports, re-exports, `import()` types and `new URL('…', import.meta.url)`.
 * Plain JavaScript, so that it starts without a build.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

/**
 * Room → the doors that it may use, and the packages. `recording` is the door recording/index.ts, `recording/library`
 * the second door recording/library.ts. `type` before a door lets only types through.
 * @type {Readonly<Record<string, { doors: readonly string[], packages: readonly string[] }>>}
 */
export const ROOMS = {
  base: { doors: [], packages: [] },
  trace: { doors: ['base'], packages: ['virtual:pageflame-kernel'] },
  analysis: { doors: ['trace', 'base'], packages: [] },
  flame: { doors: ['profile', 'analysis', 'trace', 'base'], packages: [] },
  profile: { doors: ['analysis', 'trace', 'base'], packages: ['@jridgewell/trace-mapping'] },
  settings: { doors: ['recording', 'base'], packages: ['valibot'] },
  recording: { doors: ['base'], packages: ['fflate', 'idb', 'valibot'] },
  capture: { doors: ['recording', 'base'], packages: ['web-vitals', 'virtual:pageflame-vitals'] },
  engine: {
    // Of backends only what is taken out of texts that leave; its door would bring all of delivery.
    doors: [
      'trace',
      'analysis',
      'profile',
      'flame',
      'recording',
      'recording/library',
      'backends/redaction',
      // What it hands over to be sent.
      'type backends',
      'base',
    ],
    packages: ['tldts', 'js-beautify'],
  },
  backends: {
    doors: ['profile', 'analysis', 'recording', 'settings', 'base'],
    packages: ['valibot', 'idb', 'fflate'],
  },
  extension: {
    doors: [
      'capture',
      'backends',
      'backends/kept',
      'settings',
      'engine/client',
      'recording',
      'recording/library',
      'base',
    ],
    packages: ['webextension-polyfill'],
  },
  panel: {
    doors: [
      'engine/client',
      // What loads with the source view.
      'engine/scripts/text-desk',
      'flame',
      // For the category table, and the types of what the engine answers. It computes nothing here.
      'analysis',
      'type trace',
      'recording',
      'recording/library',
      'type profile',
      'settings',
      // What loads with the first look at a backend.
      'backends',
      'extension/messages',
      'base',
    ],
    packages: ['preact', '@preact/signals', '@tanstack/virtual-core', 'webextension-polyfill'],
  },
  cli: {
    doors: [
      'capture',
      'engine',
      'engine/opening/spool-file.node',
      'backends',
      'backends/delivery-files.node',
      'profile',
      'settings',
      'analysis',
      'trace',
      'recording',
      'recording/file-store.node',
      'base',
    ],
    packages: ['playwright'],
  },
};

/** Doors beside index.ts, because one door cannot carry both browser and Node code. */
export const NAMED_DOORS = [
  'recording/library',
  'recording/file-store.node',
  'backends/delivery-files.node',
  'backends/redaction',
  'backends/kept',
  'engine/client',
  'engine/opening/spool-file.node',
  'engine/scripts/text-desk',
  'extension/messages',
];

/**
 * @typedef {{ specifier: string, typeOnly: boolean, line: number }} Import
 * @typedef {{ path: string, imports: Import[], problems: string[] }} SourceFile `path` is relative to src/, with `/`.
 */

/**
 * Every broken rule of the tree at `src`.
 * @param {string} src
 * @returns {string[]}
 */
export function checkImports(src) {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .sort()
    .map((file) => readSource(src, file.split(sep).join('/')));
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  const problems = files.flatMap((file) => {
    const checked = file.imports.map((found) => checkImport(src, file.path, found));
    graph.set(
      file.path,
      checked.flatMap(({ target }) => target ?? []),
    );
    return [...file.problems, ...checked.flatMap(({ problem }) => problem ?? [])];
  });
  return [...problems, ...findCycles(graph)];
}

/**
 * @param {string} src
 * @param {string} path
 * @returns {SourceFile}
 */
function readSource(src, path) {
  const text = readFileSync(join(src, path), 'utf8');
  const { program, errors } = parseSync(path, text);
  const lineOf = (/** @type {number} */ offset) => text.slice(0, offset).split('\n').length;
  /** @type {Import[]} */
  const imports = [];
  const problems = errors.map((error) => `src/${path}: does not parse: ${error.message}`);
  /** @type {(node: any, source: any, typeOnly?: boolean) => void} */
  const add = (node, source, typeOnly = false) => {
    const line = lineOf(node.start);
    if (source?.type === 'Literal' && typeof source.value === 'string')
      imports.push({ specifier: source.value, typeOnly, line });
    else if (source) problems.push(`src/${path}:${line}: imports what only running it can tell`);
  };
  new Visitor({
    ImportDeclaration: (node) => add(node, node.source, isTypeOnly(node, node.importKind)),
    ExportNamedDeclaration: (node) => add(node, node.source, isTypeOnly(node, node.exportKind)),
    ExportAllDeclaration: (node) => add(node, node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node, node.source),
    TSImportType: (node) => add(node, node.source, true),
    NewExpression: (node) => {
      const [address, base] = node.arguments;
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
      if (isUrl && base?.type === 'MemberExpression' && base.object.type === 'MetaProperty')
        add(node, address);
    },
    ExportDefaultDeclaration: (node) => {
      problems.push(`src/${path}:${lineOf(node.start)}: exports by default; name it`);
    },
  }).visit(program);
  return { path, imports, problems };
}

/** @type {(node: any, kind: string | null | undefined) => boolean} */
function isTypeOnly(node, kind) {
  const parts = node.specifiers ?? [];
  const everyPart = (/** @type {any} */ part) => part.importKind === 'type' || part.exportKind === 'type';
  return kind === 'type' || (parts.length > 0 && parts.every(everyPart));
}

/**
 * The file that an import leads to, where it is one of ours, and the rule that it breaks, if any.
 * @param {string} src
 * @param {string} path
 * @param {Import} found
 * @returns {{ target?: string | undefined, problem?: string | undefined }}
 */
function checkImport(src, path, { specifier, typeOnly, line }) {
  const say = (/** @type {string} */ rule) => `src/${path}:${line}: '${specifier}': ${rule}`;
  const room = roomOf(path);
  if (ROOMS[room] === undefined) return { problem: say(`${room}/ is no room of the table`) };
  if (!specifier.startsWith('.')) return { problem: checkPackage(path, room, specifier, say) };

  const absolute = resolve(src, dirname(path), specifier);
  const target = relative(src, absolute).split(sep).join('/');
  if (!existsSync(absolute)) return { problem: say('no such file (imports carry their extension)') };
  if (target.startsWith('..')) return { problem: say('leads out of src/') };
  if (!/\.(ts|tsx|mjs)$/.test(target)) {
    return roomOf(target) === room ? {} : { problem: say(`belongs to ${roomOf(target)}/`) };
  }
  if (roomOf(target) === room) {
    const isOwnDoor = target === `${room}/index.ts`;
    return isOwnDoor ? { target, problem: say(`nothing inside ${room}/ imports its own door`) } : { target };
  }
  return { target, problem: checkDoor(room, target, typeOnly, say) };
}

/**
 * @param {string} path
 * @param {string} room
 * @param {string} specifier
 * @param {(rule: string) => string} say
 */
function checkPackage(path, room, specifier, say) {
  if (specifier.startsWith('node:')) {
    const isNodeFile = room === 'cli' || path.endsWith('.node.ts');
    return isNodeFile ? undefined : say('only cli/ and *.node.ts files may use Node');
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return ROOMS[room].packages.includes(name) ? undefined : say(`${room}/ may not use the package ${name}`);
}

/**
 * @param {string} room
 * @param {string} target
 * @param {boolean} typeOnly
 * @param {(rule: string) => string} say
 */
function checkDoor(room, target, typeOnly, say) {
  const door = target.replace(/\/index\.ts$/, '').replace(/\.ts$/, '');
  const isDoor = target === `${roomOf(target)}/index.ts` || NAMED_DOORS.includes(door);
  if (!isDoor) return say(`is inside ${roomOf(target)}/, behind its door`);
  const { doors } = ROOMS[room];
  if (doors.includes(door)) return undefined;
  if (!doors.includes(`type ${door}`)) return say(`${room}/ may not import ${door}`);
  return typeOnly ? undefined : say(`${room}/ may import only types from ${door}`);
}

const roomOf = (/** @type {string} */ path) => path.split('/', 1)[0];

/**
 * Each cycle once, from its alphabetically first file.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[]}
 */
function findCycles(graph) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {Set<string>} */
  const cycles = new Set();
  /** @type {(file: string, trail: string[]) => void} */
  const walk = (file, trail) => {
    const begin = trail.indexOf(file);
    if (begin >= 0) {
      const loop = trail.slice(begin);
      const first = loop.indexOf([...loop].sort()[0]);
      const ordered = [...loop.slice(first), ...loop.slice(0, first)];
      cycles.add([...ordered, ordered[0]].map((each) => `src/${each}`).join(' → '));
    }
    if (begin >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return [...cycles].map((cycle) => `${cycle}: an import cycle`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = checkImports(fileURLToPath(new URL('../src', import.meta.url)));
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0 ? 'imports: the rooms are in order' : `imports: ${problems.length} broken rules`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
