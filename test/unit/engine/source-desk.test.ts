/** Texts of scripts, times and source maps, asked of the engine as the panel asks. Times in ms. */
import { describe, expect, test } from 'vitest';
import { threadIndex } from '../../../src/base/index.ts';
import { Engine } from '../../../src/engine/index.ts';
import { micros, type TraceRecipe, trace } from '../../builders/trace.ts';

const APP = 'https://a.test/app.js';
const PAGE = 'https://a.test/';
const RUNDOWN = 'disabled-by-default-devtools.v8-source-rundown';

// As in test/unit/profile/file-times.test.ts: `function a(){b()}function b(){}`.
const MAP = JSON.stringify({
  version: 3,
  sources: ['src/list.ts', 'src/item.ts'],
  names: ['renderList', 'renderItem'],
  sourcesContent: ['the list', null],
  mappings: 'SASSA,CAAC,gBCPAC,CAAW',
});

const told = (scriptId: number, url: string, more: object = {}) => ({
  cat: RUNDOWN,
  args: { data: { isolate: '1', scriptId, url, ...more } },
});
const text = (scriptId: number, sourceText: string, more: object = {}) => ({
  cat: `${RUNDOWN}-sources`,
  args: { data: { isolate: '1', scriptId, sourceText, ...more } },
});
const call = (functionName: string, columnNumber: number): object => ({
  callFrame: { functionName, url: APP, lineNumber: 0, columnNumber, scriptId: 7 },
});

const recipe = (): TraceRecipe =>
  trace()
    .thread('CrRendererMain')
    .slice('RunTask', 0, 50)
    // Of the document as it was before the reload: V8 catches up on it, and nothing tells where it began.
    .slice('ScriptCatchup', 0.3, 0.4, told(3, PAGE))
    .slice('ScriptCatchup', 0.5, 0.6, text(3, 'one()\ntwo()\nold()\nold()'))
    .slice('ScriptCatchup', 1, 1.1, told(7, APP, { sourceMapUrl: 'app.js.map' }))
    .slice('ScriptCatchup', 1.2, 1.3, text(7, 'function a(){b()}function b(){}'))
    .slice('EvaluateScript', 2, 4, { args: { data: { url: PAGE, lineNumber: 3, columnNumber: 9 } } })
    .slice('ScriptCatchup', 2.1, 2.2, told(8, PAGE))
    .slice('ScriptCatchup', 2.3, 2.4, text(8, 'one()\ntwo()'))
    .slice('EvaluateScript', 5, 7, { args: { data: { url: PAGE, lineNumber: 6, columnNumber: 1 } } })
    .slice('ScriptCatchup', 5.1, 5.2, told(9, PAGE))
    .slice('LargeScriptCatchup', 5.3, 5.4, text(9, 'thr', { splitIndex: 0, splitCount: 2 }))
    .slice('LargeScriptCatchup', 5.5, 5.6, text(9, 'ee()', { splitIndex: 1, splitCount: 2 }))
    .slice(
      'ScriptCatchup',
      6,
      6.1,
      told(11, PAGE, { url: undefined, hasSourceUrl: true, sourceUrl: 'made/here.js' }),
    )
    .slice('ScriptCatchup', 6.2, 6.3, text(11, 'made()'))
    .slice('ScriptCatchup', 8, 8.1, told(10, 'https://a.test/silent.js'))
    .slice('FunctionCall', 10, 20)
    .profile('0x1', 11, { startTime: micros(11) })
    .profileChunk('0x1', 11, {
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' } },
        { id: 2, parent: 1, ...call('a', 10) },
        { id: 3, parent: 2, ...call('b', 27) },
      ],
      samples: [2, 2, 3, 3, 2],
      timeDeltas: [0, 1000, 1000, 1000, 1000],
      lines: [1, 1, 1, 1, 1],
      columns: [11, 11, 28, 28, 11],
    });

async function open() {
  const engine = new Engine({ library: null });
  const file = new Blob([JSON.stringify({ traceEvents: recipe().events })]);
  const opened = await engine.open({ kind: 'file', name: 'page.json', file });
  if (!opened.ok) throw new Error(opened.failure.message);
  return { engine, id: opened.value.open };
}

const at = (url: string, line = 1, column = 1) => ({ url, line, column });

async function textOf({ engine, id }: Awaited<ReturnType<typeof open>>, url: string) {
  const answer = await engine.sourceText(id, at(url));
  if (!answer.ok) throw new Error(answer.failure.message);
  const { text: bytes, ...rest } = answer.value;
  return { ...rest, text: bytes === null ? null : new TextDecoder().decode(bytes) };
}

describe('texts', () => {
  test('a script, and where its map lies', async () => {
    expect(await textOf(await open(), APP)).toEqual({
      text: 'function a(){b()}function b(){}',
      from: 'recording',
      generated: null,
      isMapped: false,
      unmapped: [{ url: APP, sourceMapUrl: 'https://a.test/app.js.map', hasText: true }],
      script: { url: APP, sourceMapUrl: 'https://a.test/app.js.map', hasText: true },
    });
  });

  test('scripts inside a document at their lines, pieces together', async () => {
    expect((await textOf(await open(), PAGE)).text).toBe('\n\n        one()\ntwo()\n\nthree()');
  });

  test('a script that another one made, by the name that it calls itself, from its own first line on', async () => {
    expect(await textOf(await open(), 'made/here.js')).toMatchObject({ text: 'made()', from: 'recording' });
  });

  test('a script that was compiled before the trace began stands where its functions ran', async () => {
    const place = { url: PAGE, lineNumber: 5, columnNumber: 10, scriptId: 4 };
    const { events } = trace()
      .thread('CrRendererMain')
      .slice('RunTask', 0, 50)
      .slice('ScriptCatchup', 1, 1.1, told(4, PAGE))
      .slice(
        'ScriptCatchup',
        1.2,
        1.3,
        text(4, 'start()\n/**/function a(){b()}\nfunction b(){}function b(){}'),
      )
      .profile('0x1', 11, { startTime: micros(11) })
      .profileChunk('0x1', 11, {
        nodes: [
          { id: 1, callFrame: { functionName: '(root)' } },
          { id: 2, parent: 1, callFrame: { ...place, functionName: 'b', lineNumber: 6 } },
          { id: 3, parent: 1, callFrame: { ...place, functionName: 'a', columnNumber: 14 } },
        ],
        samples: [2, 3],
        timeDeltas: [0, 1000],
      });
    const engine = new Engine({ library: null });
    const file = new Blob([JSON.stringify({ traceEvents: events })]);
    const opened = await engine.open({ kind: 'file', name: 'page.json', file });
    if (!opened.ok) throw new Error(opened.failure.message);
    const shown = await textOf({ engine, id: opened.value.open }, PAGE);
    expect(shown.text?.split('\n').slice(0, 6)).toEqual(['', '', '', '', 'start()', '/**/function a(){b()}']);
  });

  test('a script whose text is not there, and one that nobody knows', async () => {
    const opened = await open();
    expect(await textOf(opened, 'https://a.test/silent.js')).toMatchObject({ text: null, from: null });
    expect(await textOf(opened, 'https://b.test/')).toMatchObject({ text: null, script: null });
  });
});

describe('a source map', () => {
  const question = {
    url: APP,
    name: '',
    map: MAP,
    mapUrl: 'https://a.test/app.js.map',
    place: at(APP, 1, 11),
  };
  /** A trace alone is in no library. */
  const notKept = { script: APP, isKept: false, keepFailure: null, taken: null };
  const scope = {
    thread: threadIndex(0),
    range: { start: micros(0), end: micros(50) },
    within: null,
    type: 'cpu',
    jsOnly: true,
    transforms: [],
  } as const;

  test('names places, texts, trees and calls; the script is shown as it ran', async () => {
    const opened = await open();
    const { engine, id } = opened;
    const mapped = await engine.mapScript(id, question);
    expect(mapped).toEqual({
      ok: true,
      value: { ...notKept, functions: 2, place: at('https://a.test/src/list.ts', 10, 11) },
    });
    expect(await textOf(opened, 'https://a.test/src/list.ts')).toMatchObject({
      text: 'the list',
      from: 'source-map',
      generated: at(APP, 1, 11),
    });
    expect(await textOf(opened, 'https://a.test/src/item.ts')).toMatchObject({ text: null, from: null });
    const tree = await engine.tree(id, { scope, inverted: true, group: 'none' });
    if (!tree.ok) throw new Error(tree.failure.message);
    expect(tree.value.strings).toEqual(expect.arrayContaining(['renderList', 'renderItem']));
    const byDomain = await engine.tree(id, { scope, inverted: true, group: 'domain' });
    if (!byDomain.ok) throw new Error(byDomain.failure.message);
    expect(byDomain.value.strings).toContain('a.test');
    const times = async (url: string) => {
      const answer = await engine.sourceTimes(id, { ...scope, url });
      if (!answer.ok) throw new Error(answer.failure.message);
      const { line, column, self } = answer.value.places;
      return Array.from(line, (_, i) => `${line[i]}:${column[i]} ${self[i] > 0}`);
    };
    expect(await times('https://a.test/src/list.ts')).toEqual(['10:11 true']);
    expect(await times(APP)).toEqual(['1:11 true', '1:28 true']);
  });

  test('leaves an ignored script ignored, and takes patterns of its sources', async () => {
    const { engine, id } = await open();
    await engine.mapScript(id, question);
    const namesWith = async (ignored: readonly string[]): Promise<readonly string[]> => {
      const chart = await engine.chart(id, { ignored });
      if (!chart.ok) throw new Error(chart.failure.message);
      return chart.value.labels.map(({ text: label }) => label);
    };
    expect(await namesWith([])).toEqual(expect.arrayContaining(['renderList', 'renderItem']));
    expect(await namesWith(['app.js'])).not.toContain('renderList');
    const without = await namesWith(['item.ts']);
    expect([without.includes('renderList'), without.includes('renderItem')]).toEqual([true, false]);
  });

  test('is taken away again', async () => {
    const opened = await open();
    await opened.engine.mapScript(opened.id, question);
    const back = await opened.engine.mapScript(opened.id, { ...question, map: null });
    const taken = expect.objectContaining({ kind: 'map', url: APP, fetchedFrom: question.mapUrl });
    expect(back).toEqual({ ok: true, value: { ...notKept, functions: 0, place: at(APP, 1, 11), taken } });
    const tree = await opened.engine.tree(opened.id, { scope, inverted: true, group: 'none' });
    expect(tree.ok && tree.value.strings.includes('renderList')).toBe(false);
  });

  test.each([
    [
      'of another script',
      JSON.stringify({ version: 3, sources: [], names: [], mappings: '' }),
      'source-map-of-other',
    ],
    ['that is none', '{', 'source-map-broken'],
  ])('one %s is refused, and the one before stays', async (_what, map, code) => {
    const { engine, id } = await open();
    await engine.mapScript(id, question);
    const refused = await engine.mapScript(id, { ...question, map });
    expect(refused.ok ? '' : refused.failure.code).toBe(code);
    const tree = await engine.tree(id, { scope, inverted: true, group: 'none' });
    expect(tree.ok && tree.value.strings.includes('renderList')).toBe(true);
  });
});
