/** The source view's state: where texts come from, what is asked, times by line. */
import { gzipSync } from 'node:zlib';
import { signal } from '@preact/signals';
import { afterEach, describe, expect, test } from 'vitest';
import { fail, makeFailure, type Result, succeed, threadIndex } from '../../../src/base/index.ts';
import type {
  Keeping,
  MapAnswer,
  MapQuestion,
  OpenId,
  SourceText,
  TextQuestion,
} from '../../../src/engine/client.ts';
import { answerText, type TextShelf } from '../../../src/engine/scripts/text-answers.ts';
import type { TextDesk } from '../../../src/engine/scripts/text-desk.ts';
import type { SourcePlace } from '../../../src/flame/index.ts';
import { createProfileView } from '../../../src/panel/state/profile/profile-view.ts';
import { nextHot, readDataText, sumLines } from '../../../src/panel/state/source/source-lines.ts';
import { createSourceView, type SourceView } from '../../../src/panel/state/source/source-view.ts';
import type { FileTimes } from '../../../src/profile/index.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { ScriptedEngine } from '../../builders/panel-outside.ts';

const URL_OF_APP = 'https://a.test/app.js';
const PLACE = { url: URL_OF_APP, line: 2, column: 1 };
const NOTHING: SourceText = {
  text: null,
  from: null,
  generated: null,
  script: null,
  isMapped: false,
  unmapped: [],
};

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A desk without a worker; the pretty-printer breaks at each `;`. */
function inPlace(ended: string[]): TextDesk {
  const shelf: TextShelf = { raw: null, pretty: null };
  return {
    ask: async (kind, question) => {
      const ask = { ask: 1, kind, question } as Parameters<typeof answerText>[1];
      return (await answerText(shelf, ask, async (text) => text.replaceAll(';', ';\n'))) as never;
    },
    end: () => void ended.push(shelf.raw?.text ?? ''),
  };
}

const MAPPED: MapAnswer = {
  functions: 2,
  place: { url: 'src/list.ts', line: 10, column: 1 },
  script: URL_OF_APP,
  isKept: true,
  keepFailure: null,
  taken: null,
};

const LOST = fail(makeFailure('source-not-fetched', { subject: 'https://a.test/lost.js.map' }));

class SourceEngine extends ScriptedEngine {
  text: SourceText = NOTHING;
  readonly mapped: MapQuestion[] = [];
  map: Result<MapAnswer> = succeed(MAPPED);
  readonly given = new Map<string, string>();
  readonly texts: TextQuestion[] = [];
  taken: Keeping['taken'] = null;
  keepFailure: Keeping['keepFailure'] = null;
  override async sourceText(_open: OpenId, { url }: SourcePlace): Promise<Result<SourceText>> {
    const own = this.given.get(url);
    return succeed(own === undefined ? this.text : { ...this.text, text: encode(own), from: 'file' });
  }
  override async giveText(_open: OpenId, question: TextQuestion): Promise<Result<Keeping>> {
    this.texts.push(question);
    if (question.text === null) this.given.delete(question.url);
    else this.given.set(question.url, question.text);
    const { taken, keepFailure } = this;
    return succeed({ taken, keepFailure, isKept: question.text !== null && keepFailure === null });
  }
  override async sourceTimes(): Promise<Result<FileTimes>> {
    const times = {
      line: Int32Array.of(1, 2, 9, 0),
      column: Int32Array.of(1, 1, 1, 0),
      self: Float64Array.of(10, 20, 5, 3),
      caused: Float64Array.of(0, 4, 0, 0),
    };
    const functions = [{ name: 'f', line: 2, column: 1, self: 20, total: 60 }];
    return succeed({ places: times, functions, weight: 100 });
  }
  override async mapScript(_open: OpenId, question: MapQuestion): Promise<Result<MapAnswer>> {
    this.mapped.push(question);
    return this.map;
  }
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function make(fetched: Result<string> = succeed('fetched()')) {
  const engine = new SourceEngine();
  const ended: string[] = [];
  const asked: string[] = [];
  const failures: string[] = [];
  const said: string[] = [];
  let renamed = 0;
  const opened = buildOpenedRecording({ mainThread: threadIndex(0) });
  const profile = createProfileView({
    opened,
    shownRange: signal({ range: { start: 0, end: 100 } }),
    details: signal(null),
    names: signal(0),
  });
  const view = createSourceView({
    engine,
    open: opened.open,
    profile,
    door: {
      startText: () => inPlace(ended),
      async fetchTexts(urls) {
        asked.push(...urls);
        return fetched.ok ? succeed(urls.map((url) => (/lost/.test(url) ? LOST : fetched))) : fetched;
      },
    },
    onRenamed: () => {
      renamed++;
    },
    say: (text) => void said.push(text),
    onFailure: ({ code }) => void failures.push(code),
  });
  stops.push(view.follow(), view.dispose);
  return { engine, view, ended, asked, failures, said, renamed: () => renamed };
}

const kindOf = (view: SourceView): string => view.state.value.kind;

describe('a text', () => {
  test('of the recording is shown at the function’s line, with its times', async () => {
    const { engine, view } = make();
    engine.text = { ...NOTHING, text: encode('one()\ntwo()\nthree()'), from: 'recording' };
    await view.open(PLACE);
    await settled();
    expect(view.wantsFocus.value).toBe(true);
    expect([kindOf(view), view.lineCount.value, view.active.value, view.form.value]).toEqual([
      'shown',
      3,
      2,
      'raw',
    ]);
    const { byLine, hot, hottest, lost, unplaced, self, caused } = view.times.value;
    // What V8 told no line of is no sign of another version.
    expect([hot, hottest, lost, unplaced, self, caused]).toEqual([[1, 2], 2, 5, 3, 38, 4]);
    expect(byLine.get(2)?.functions.map(({ name }) => name)).toEqual(['f']);
  });

  test('that nobody has may be fetched; a refusal changes nothing', async () => {
    const refused = make(fail(makeFailure('source-not-allowed', { subject: 'https://a.test' })));
    await refused.view.open(PLACE);
    expect(kindOf(refused.view)).toBe('missing');
    await refused.view.fetchText();
    expect([kindOf(refused.view), refused.failures]).toEqual(['missing', ['source-not-allowed']]);
    const { view, asked } = make();
    await view.open(PLACE);
    expect(asked).toEqual([]);
    await view.fetchText();
    expect([kindOf(view), asked]).toEqual(['shown', [URL_OF_APP]]);
  });

  test('may be given as a file, and stays given', async () => {
    const { view, ended } = make();
    await view.open(PLACE);
    await view.giveFiles([new File(['given()'], 'app.js')]);
    expect(kindOf(view)).toBe('shown');
    await view.open({ url: 'https://a.test/other.js', line: 1, column: 1 });
    expect([kindOf(view), ended]).toEqual(['missing', ['given()']]);
    await view.open(PLACE);
    expect(kindOf(view)).toBe('shown');
  });

  test('that was given is taken away, and given back by Undo, from where it was', async () => {
    const { engine, view, failures } = make();
    await view.open(PLACE);
    expect(view.taken.value).toBeNull();
    engine.keepFailure = makeFailure('library-full', { subject: 'The source' });
    await view.giveFiles([new File(['given()'], 'app.js')]);
    expect([kindOf(view), failures]).toEqual(['shown', ['library-full']]);
    engine.keepFailure = null;
    const packed = new Uint8Array(gzipSync('given()'));
    engine.taken = { kind: 'text', url: URL_OF_APP, fetchedFrom: 'https://a.test/x', packed };
    await view.takeTextAway();
    expect([kindOf(view), view.taken.value?.text]).toEqual(['missing', 'The text of app.js was taken away.']);
    await view.taken.value?.undo();
    expect([kindOf(view), view.taken.value]).toEqual(['shown', null]);
    expect(engine.texts.at(-1)).toEqual({
      url: URL_OF_APP,
      fetchedFrom: 'https://a.test/x',
      text: 'given()',
    });
  });

  test('in one long line is pretty-printed at once; as it is on wish', async () => {
    const { engine, view } = make();
    engine.text = { ...NOTHING, text: encode('a();'.repeat(200)), from: 'recording' };
    await view.open({ ...PLACE, line: 1, column: 9 });
    expect([view.form.value, view.lineCount.value, view.active.value]).toEqual(['pretty', 201, 3]);
    await view.showForm('raw');
    expect([view.form.value, view.lineCount.value, view.active.value]).toEqual(['raw', 1, 1]);
  });
});

describe('a source map', () => {
  const script = { url: URL_OF_APP, sourceMapUrl: 'https://a.test/app.js.map', hasText: true };

  test('is fetched from where the trace says, and everything is named anew', async () => {
    const { engine, view, asked, renamed, said } = make(succeed('{}'));
    engine.text = { ...NOTHING, text: encode('a()'), from: 'recording', script };
    await view.open(PLACE);
    expect([view.mapUrl.value, asked]).toEqual([script.sourceMapUrl, []]);
    await view.fetchMap();
    expect(asked).toEqual([script.sourceMapUrl]);
    expect(engine.mapped).toEqual([
      { url: URL_OF_APP, name: '', map: '{}', mapUrl: script.sourceMapUrl, place: PLACE },
    ]);
    expect([view.place.value?.url, renamed()]).toEqual(['src/list.ts', 1]);
    expect(said.at(-1)).toBe(
      '2 functions of app.js have the name and place of the source map now. It is kept with the recording.',
    );
  });

  test('of all scripts that name one are fetched at once; what cannot be is told', async () => {
    const { engine, view, asked, said, failures, renamed } = make();
    const named = (name: string) => ({
      url: `https://a.test/${name}.js`,
      sourceMapUrl: `https://a.test/${name}.js.map`,
      hasText: false,
    });
    engine.text = { ...NOTHING, unmapped: [named('app'), named('lost'), named('vendor')] };
    await view.open(PLACE);
    await view.fetchAllMaps();
    expect(asked).toHaveLength(3);
    expect(engine.mapped.map(({ url }) => url)).toEqual([
      'https://a.test/app.js',
      'https://a.test/vendor.js',
    ]);
    expect([failures, renamed()]).toEqual([['source-not-fetched'], 1]);
    expect(said.at(-2)).toBe(
      '4 functions of 2 scripts have the name and place of a source map now. 1 map could not be used.',
    );
  });

  test('that the text names itself, inside of it, needs no server', async () => {
    const { engine, view, asked } = make();
    const inside = `data:application/json;base64,${btoa('{"version":3}')}`;
    engine.text = { ...NOTHING, text: encode(`a()\n//# sourceMappingURL=${inside}`), from: 'recording' };
    await view.open(PLACE);
    await view.fetchMap();
    expect([asked, engine.mapped[0]?.map, engine.mapped[0]?.mapUrl]).toEqual([[], '{"version":3}', '']);
  });

  test.each([
    ['app.js.map', '{}'],
    ['anything.json', '{"version":3,"mappings":""}'],
    ['guarded.txt', ')]}\'\n{"sections":[]}'],
  ])('is told from a text: %s', async (name, text) => {
    const { engine, view } = make();
    await view.open(PLACE);
    await view.giveFiles([new File([text], name)]);
    expect(engine.mapped.map(({ map }) => map)).toEqual([text]);
  });

  test('that was taken away is given back by Undo', async () => {
    const { engine, view } = make();
    await view.open(PLACE);
    const packed = new Uint8Array(gzipSync('{}'));
    engine.map = succeed({
      ...MAPPED,
      taken: { kind: 'map', url: URL_OF_APP, fetchedFrom: 'https://a.test/app.js.map', packed },
    });
    await view.takeMapAway();
    await view.taken.value?.undo();
    expect(engine.mapped.map(({ map, mapUrl }) => [map, mapUrl])).toEqual([
      [null, ''],
      ['{}', 'https://a.test/app.js.map'],
    ]);
  });

  test('of another script is refused, and nothing is renamed', async () => {
    const { engine, view, failures, renamed } = make();
    engine.map = fail(makeFailure('source-map-of-other', { subject: URL_OF_APP }));
    await view.open(PLACE);
    await view.giveFiles([new File(['{}'], 'other.map')]);
    expect([failures, renamed(), view.place.value]).toEqual([['source-map-of-other'], 0, PLACE]);
  });
});

describe('lines', () => {
  test('two places on one line add up', () => {
    const places = {
      line: Int32Array.of(1, 1),
      column: Int32Array.of(1, 9),
      self: Float64Array.of(3, 4),
      caused: Float64Array.of(0, 1),
    };
    const { byLine } = sumLines({ places, functions: [], weight: 8 }, Int32Array.of(5, 5));
    expect(byLine.get(5)).toEqual({ self: 7, caused: 1, functions: [] });
  });

  test('the next hot one goes round both ends', () => {
    expect([nextHot([3, 7], 3, 1), nextHot([3, 7], 7, 1), nextHot([3, 7], 3, -1), nextHot([], 1, 1)]).toEqual(
      [7, 3, 7, 0],
    );
  });

  test('data: addresses, plain and packed; broken ones are refused', () => {
    expect(readDataText('data:application/json,%7B%7D')).toEqual(succeed('{}'));
    expect(readDataText(`data:;base64,${btoa('{}')}`)).toEqual(succeed('{}'));
    expect(readDataText('data:;base64,%%%').ok).toBe(false);
  });
});
