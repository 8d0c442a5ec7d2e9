/** Source maps and texts that stay with a recording: given in one engine, there in the next, in the library and in its file. */
import 'fake-indexeddb/auto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { fail, makeFailure, threadIndex } from '../../../src/base/index.ts';
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
  await library.add({ recording: RECORDING, trace: TRACE, frames: [], sources: [] });
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

test('what was kept and nobody can read any more is told, changes nothing, and the trace opens', async () => {
  const about = { kind: 'map', fetchedFrom: '' } as const;
  await library.keepSource(RECORDING.id, { ...about, url: APP, packed: Uint8Array.of(1, 2, 3) });
  const half = new Uint8Array(gzipSync('{"version":'));
  await library.keepSource(RECORDING.id, { ...about, url: VENDOR, packed: half });
  await library.keepSource(RECORDING.id, { ...about, kind: 'text', url: APP, packed: Uint8Array.of(1) });
  expect(await namesIn(KEPT)).toEqual(['a', 'b']);
  const opened = await new Engine({ library }).open(KEPT);
  const failures = opened.ok ? opened.value.sourceFailures : [];
  expect(failures.map(({ message }) => message.split(' was kept')[0]).sort()).toEqual([
    `The source map of ${APP}`,
    `The source map of ${VENDOR}`,
    `The text of ${APP}`,
  ]);
});

test('a library that cannot be read for what was given says so, and the trace opens', async () => {
  const failure = makeFailure('library-unreadable', { subject: 'What was given' });
  library.readSources = async () => fail(failure);
  const opened = await new Engine({ library }).open(KEPT);
  expect(opened.ok && opened.value.sourceFailures).toEqual([failure]);
});

const textIn = async (source: Source): Promise<readonly [string | null, string]> => {
  const { engine, id } = await open(source);
  const answer = await engine.sourceText(id, PLACE);
  if (!answer.ok) throw new Error(answer.failure.message);
  const { text, from } = answer.value;
  return [from, text === null ? '' : new TextDecoder().decode(text)];
};

test('a text that was given is there when the recording is opened again, in its file, and until it is taken away', async () => {
  const { engine, id } = await open(KEPT);
  expect(await textIn(KEPT)).toEqual([null, '']);
  const question = { url: APP, text: 'function a(){}', fetchedFrom: '' };
  const given = await engine.giveText(id, question);
  expect(given.ok && [given.value.isKept, given.value.taken]).toEqual([true, null]);
  expect(await textIn(KEPT)).toEqual(['file', question.text]);
  const content = await library.open(RECORDING.id);
  if (!content.ok) throw new Error(content.failure.message);
  const file = await new Response(packRecording(content.value)).blob();
  expect(await textIn({ kind: 'file', name: 'a.pageflame', file })).toEqual(['file', question.text]);
  // By whoever has it open now, whoever gave it.
  const again = await open(KEPT);
  const taken = await again.engine.giveText(again.id, { ...question, text: null });
  const packed = taken.ok ? taken.value.taken?.packed : undefined;
  expect(gunzipSync(packed ?? '').toString()).toBe(question.text);
  expect(await textIn(KEPT)).toEqual([null, '']);
});

test('a text from a server says so; a trace that is no recording has it while it is open', async () => {
  const source = { kind: 'file', name: 'a.json.gz', file: new Blob([TRACE]) } as const;
  const { engine, id } = await open(source);
  const given = await engine.giveText(id, { url: APP, text: 'x', fetchedFrom: APP });
  expect(given.ok && [given.value.isKept, given.value.keepFailure]).toEqual([false, null]);
  const answer = await engine.sourceText(id, PLACE);
  expect(answer.ok && answer.value.from).toBe('server');
  expect(await textIn(source)).toEqual([null, '']);
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
  await engine.giveText(id, { url: APP, text: 'the secret text', fetchedFrom: APP });
  const preview = await engine.previewTraceFile(id);
  expect(preview.ok && preview.value.scripts.count).toBe(2);
  const all = { addresses: true, titles: true, headers: true, scripts: true, details: true, pictures: true };
  const file = await engine.traceFile(id, { form: 'pageflame', leaveOut: all });
  if (!file.ok) throw new Error(file.failure.message);
  const unpacked = unpackRecording(new Uint8Array(await file.value.arrayBuffer()), 'x');
  const [kept, ...others] = unpacked.ok ? unpacked.value.sources : [];
  expect(others).toEqual([]);
  expect(kept?.fetchedFrom).not.toContain('token=1');
  expect(gunzipSync(kept?.packed ?? '').toString()).not.toContain('secret');
  const source = { kind: 'file', name: 'copy.pageflame', file: file.value } as const;
  expect(await namesIn(source)).toEqual(['b', 'renderList']);
});
