/**
 * Every function of a bundle that Vite minified, as V8 names and places it, by its source map: the author's name, or V8's
 * own where the map does not tell; never a neighbour's.
 */
import { Session } from 'node:inspector/promises';
import { Script } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSourceMap, type ScriptMap } from '../../../src/profile/index.ts';

/** Behind `//`: what the function of a line is called; `own`: as V8 calls it in the text that runs. */
const SOURCE = `
const kept: unknown[] = [];
const keep = (value: unknown): unknown => { kept.push(new Array(60).fill(value)); return value; }; // keep
function renderList(event: number, sum: number): unknown { return kept.push(new Array(60).fill(sum + event)); } // renderList
const onEvent = (event: number) => { kept.push(new Array(60).fill(event)); }; // onEvent
const onAsync = async (event: number) => { kept.push(new Array(60).fill(event)); }; // onAsync
const onBoth = ({ first, second }: Record<string, number>) => kept.push(new Array(60).fill(first + second)); // onBoth
const onNothing = () => { kept.push(new Array(60).fill(3)); }; // onNothing
const typed: (payload: number) => void = (payload) => { kept.push(new Array(60).fill(payload)); }; // typed
const classic = function (payload: number) { kept.push(new Array(60).fill(payload)); }; // classic
const turns = function* (payload: number) { kept.push(new Array(60).fill(payload)); }; // turns
const waits = async function (payload: number) { kept.push(new Array(60).fill(payload)); }; // waits
const flag = Number(1), zero = Number(0);
const chosen = flag ? (payload: number) => { kept.push(new Array(60).fill(payload)); } : keep; // own
const chosenAsync = flag ? async (payload: number) => { kept.push(new Array(60).fill(payload)); } : keep; // own
const other = zero ? flag : function (payload: number) { kept.push(new Array(60).fill(payload)); }; // own
const listed = [flag, (payload: number) => { kept.push(new Array(60).fill(payload)); }] as const; // own
const api = {
  load(payload: number) { kept.push(new Array(60).fill(payload)); }, // own
  store: (payload: number) => { kept.push(new Array(60).fill(payload)); }, // own
  erase: function (payload: number) { kept.push(new Array(60).fill(payload)); }, // own
  get size() { kept.push(new Array(60).fill(1)); return 1; }, // own
  async publicly(payload: number) { kept.push(new Array(60).fill(payload)); }, // own
};
class Chart { // own
  static from(value: number) { kept.push(new Array(60).fill(value)); return new Chart(value); } // own
  handler = (value: number) => { kept.push(new Array(60).fill(value)); }; // own
  constructor(value: number) { kept.push(new Array(60).fill(value)); } // own
  draw(value: number) { kept.push(new Array(60).fill(value)); this.handler(value); } // own
}
const scope = globalThis as unknown as Record<string, (...all: number[]) => unknown>;
scope.publicThing = function (sum: number) { kept.push(new Array(60).fill(sum)); }; // own
scope.go = () => { kept.push(new Array(60).fill(2)); }; // own
globalThis.shownThing = function (sum: number) { kept.push(new Array(60).fill(sum)); }; // own
globalThis.run = () => { kept.push(new Array(60).fill(2)); }; // own
function useDefault( // useDefault
  first: number,
  second = () => { kept.push(new Array(60).fill(first)); }, // own
) { kept.push(new Array(60).fill(first)); second(); }
for (let i = 0; i < Number(3); i++) {
  renderList(i, 2); onEvent(i); void onAsync(i); onBoth({ first: i, second: i }); onNothing(); typed(i); classic(i);
  turns(i).next(); void waits(i); chosen(i); void chosenAsync(i); typeof other === 'function' && other(i); listed[1](i);
  api.load(i); api.store(i); api.erase(i); void api.size; void api.publicly(i); Chart.from(i).draw(i); keep(keep);
  scope.publicThing(i); scope.go(); globalThis.shownThing(i); globalThis.run(); useDefault(i);
  [1].map((each) => kept.push(new Array(60).fill(each))); // own
  [1].forEach(function (each) { kept.push(new Array(60).fill(each)); }); // own
}`;

interface Called {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

async function bundle(minify: boolean): Promise<{ code: string; map: string }> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'source',
        resolveId: (id) => (id.endsWith('app.ts') ? '/app.ts' : null),
        load: (id) => (id === '/app.ts' ? SOURCE : null),
      },
    ],
    build: {
      write: false,
      minify,
      sourcemap: true,
      target: 'esnext',
      rolldownOptions: { input: 'app.ts', output: { format: 'iife' } },
    },
  });
  const [{ output }] = [built].flat().filter((each): each is Rolldown.RolldownOutput => 'output' in each);
  const [{ code, map }] = output;
  return { code, map: JSON.stringify(map) };
}

/** Functions that allocated anything, as V8 names and places them. */
async function run(code: string): Promise<Called[]> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  new Script(code, { filename: 'bundle.js' }).runInThisContext();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const called: Called[] = [];
  const rest = [profile.head];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    const { url, functionName: name, lineNumber, columnNumber } = node.callFrame;
    if (url === 'bundle.js') called.push({ name, line: lineNumber + 1, column: columnNumber + 1 });
    rest.push(...node.children);
  }
  return called;
}

describe.each([true, false])('of a bundle, minified: %s', (minify) => {
  let map: ScriptMap;
  let called: Called[];
  beforeAll(async () => {
    const { code, map: text } = await bundle(minify);
    const read = readSourceMap(text, 'app.js.map');
    if (!read.ok) throw new Error(read.failure.message);
    map = read.value;
    called = await run(code);
  });

  test('every function has its author’s name or V8’s', () => {
    const lines = SOURCE.split('\n');
    const told = new Map<string, Set<string>>();
    const wanted = new Map<string, Set<string>>();
    for (const each of called) {
      const found = map.mapFunction(each);
      const line = found === null ? '' : lines[found.line - 1];
      const name = line.match(/\/\/ (\w+)$/)?.[1];
      if (found === null || name === undefined) continue;
      const add = (to: Map<string, Set<string>>, name: string): unknown =>
        to.set(line, (to.get(line) ?? new Set()).add(name));
      add(told, found.name);
      add(wanted, name === 'own' ? each.name : name);
    }
    expect(told).toEqual(wanted);
    // All lines with a function were seen.
    expect(lines.filter((line) => /\/\/ \w/.test(line) && !told.has(line))).toEqual([]);
  });
});
