/** Source maps that stay with a recording: given in one engine, there in the next, in the library and in its file. */
import 'fake-indexeddb/auto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { threadIndex } from '../../../src/base/index.ts';
import { Engine, type OpenId, type Source } from '../../../src/engine/index.ts';
import { packRecording, unpackRecording } from '../../../src/recording/index.ts';
import { Library } from '../../../src/recording/library.ts';
import { TestLocks } from '../../builders/locks.ts';
import { buildRecording } from '../../builders/recording.ts';
import { micros, trace } from '../../builders/trace.ts';

const APP = 'https://a.test/app.js';
const VENDOR = 'https://a.test/vendor.js';
// `function a(){b()}function b(){}`, as in test/unit/profile/file-times.test.ts.
const MAP = JSON.stringify({
  version: 3,
  sources: ['src/list.ts', 'src/item.ts'],
  names: ['renderList', 'renderItem'],
  mappings: 'SASSA,CAAC,gBCPAC,CAAW',
});

const call = (functionName: string, columnNumber: number, url: string): object => ({
  callFrame: { functionName, url, lineNumber: 0, columnNumber, scriptId: 7 },
});
const { events } = trace()
  .thread('CrRendererMain')
  .slice('RunTask', 0, 50)
  .slice('FunctionCall', 10, 20)
  .profile('0x1', 11, { startTime: micros(11) })
  .profileChunk('0x1', 11, {
    nodes: [
      { id: 1, callFrame: { functionName: '(root)' } },
      { id: 2, parent: 1, ...call('a', 10, APP) },
      { id: 3, parent: 2, ...call('b', 27, VENDOR) },
    ],
    samples: [2, 2, 3, 3, 2],
    timeDeltas: [0, 1000, 1000, 1000, 1000],
  });
const TRACE = new Uint8Array(gzipSync(JSON.stringify({ traceEvents: events })));
const RECORDING = buildRecording({
  state: 'whole',
  trace: { format: 'json', bytes: TRACE.length, chunks: 1 },
});
const KEPT = { kind: 'library', id: RECORDING.id } as const;
const PLACE = { url: APP, line: 1, column: 11 };

let library: Library;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  library = new Library({ locks: new TestLocks() });
  await library.add({ recording: RECORDING, trace: TRACE, frames: [], maps: [] });
});

async function open(source: Source): Promise<{ engine: Engine; id: OpenId }> {
  const engine = new Engine({ library });
  const opened = await engine.open(source);
  if (!opened.ok) throw new Error(opened.failure.message);
  return { engine, id: opened.value.open };
}

async function namesIn(source: Source): Promise<readonly string[]> {
  const { engine, id } = await open(source);
  const tree = await engine.tree(id, {
    scope: {
      thread: threadIndex(0),
      range: { start: micros(0), end: micros(50) },
      within: null,
      type: 'cpu',
      jsOnly: true,
      transforms: [],
    },
    inverted: true,
    group: 'none',
  });
  if (!tree.ok) throw new Error(tree.failure.message);
  const { strings, frames, tree: columns } = tree.value;
  const names = new Set(Array.from(columns.frame, (frame) => strings[frames.name[frame]]));
  names.delete('(program)');
  return [...names].sort();
}

test('a map that was given is there when the recording is opened again, until it is taken away', async () => {
  const { engine, id } = await open(KEPT);
  const question = { url: APP, name: '', map: MAP, mapUrl: '', place: PLACE };
  const given = await engine.mapScript(id, question);
  expect(given.ok && [given.value.isKept, given.value.keepFailure]).toEqual([true, null]);
  expect(await namesIn(KEPT)).toEqual(['b', 'renderList']);
  await engine.mapScript(id, { ...question, map: null });
  expect(await namesIn(KEPT)).toEqual(['a', 'b']);
});

test('goes with the recording into its file, and comes in with it', async () => {
  const { engine, id } = await open(KEPT);
  await engine.mapScript(id, { url: APP, name: '', map: MAP, mapUrl: '', place: PLACE });
  const content = await library.open(RECORDING.id);
  if (!content.ok) throw new Error(content.failure.message);
  const file = await new Response(packRecording(content.value)).blob();
  await library.remove(RECORDING.id);
  expect(await namesIn({ kind: 'file', name: 'a.pageflame', file })).toEqual(['b', 'renderList']);
});

test('a file of another name is the shown script’s; one that bears a script’s name is that script’s', async () => {
  const { engine, id } = await open(KEPT);
  const question = { url: APP, map: MAP, mapUrl: '', place: PLACE };
  const vendor = await engine.mapScript(id, { ...question, name: 'vendor.js.map' });
  expect(vendor.ok && [vendor.value.script, vendor.value.place]).toEqual([VENDOR, PLACE]);
  const app = await engine.mapScript(id, { ...question, name: 'anything.json' });
  expect(app.ok && app.value.script).toBe(APP);
  expect(await namesIn(KEPT)).toEqual(['renderItem', 'renderList']);
});

test('a kept map that nobody can read any more changes nothing, and the trace opens', async () => {
  await library.keepMap(RECORDING.id, { url: APP, mapUrl: '', packed: Uint8Array.of(1, 2, 3) });
  await library.keepMap(RECORDING.id, {
    url: VENDOR,
    mapUrl: '',
    packed: new Uint8Array(gzipSync('{"version":')),
  });
  expect(await namesIn(KEPT)).toEqual(['a', 'b']);
});

test('a recording that has gone keeps nothing, and the map holds as long as it is open', async () => {
  const { engine, id } = await open(KEPT);
  await library.remove(RECORDING.id);
  const given = await engine.mapScript(id, { url: APP, name: '', map: MAP, mapUrl: '', place: PLACE });
  expect(given.ok && [given.value.functions, given.value.isKept, given.value.keepFailure]).toEqual([
    1,
    false,
    null,
  ]);
});

test('a copy that leaves script texts out keeps names and lines, not the sources', async () => {
  const { engine, id } = await open(KEPT);
  const map = JSON.stringify({ ...JSON.parse(MAP), sourcesContent: ['the secret list', null] });
  await engine.mapScript(id, { url: APP, name: '', map, mapUrl: `${APP}.map?token=1`, place: PLACE });
  const preview = await engine.previewTraceFile(id);
  expect(preview.ok && preview.value.scripts.count).toBe(1);
  const all = { addresses: true, titles: true, headers: true, scripts: true, pictures: true };
  const file = await engine.traceFile(id, { form: 'pageflame', leaveOut: all });
  if (!file.ok) throw new Error(file.failure.message);
  const unpacked = unpackRecording(new Uint8Array(await file.value.arrayBuffer()), 'x');
  const [kept] = unpacked.ok ? unpacked.value.maps : [];
  expect(kept?.mapUrl).not.toContain('token=1');
  expect(gunzipSync(kept?.packed ?? '').toString()).not.toContain('secret');
  const source = { kind: 'file', name: 'copy.pageflame', file: file.value } as const;
  expect(await namesIn(source)).toEqual(['b', 'renderList']);
});
