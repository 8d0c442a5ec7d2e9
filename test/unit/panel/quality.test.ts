/** Capture quality in words. */
import { describe, expect, it } from 'vitest';
import { makeFailure, threadIndex } from '../../../src/base/index.ts';
import { judgeQuality } from '../../../src/panel/state/facts/quality.ts';
import { DEFAULT_CAPTURE_OPTIONS, PRESETS, type Recording } from '../../../src/recording/index.ts';
import { buildRecording } from '../../builders/recording.ts';
import { NO_DIAGNOSTICS } from '../../builders/tables.ts';

const whole = (changes: Partial<Recording> = {}): Recording =>
  buildRecording({ state: 'whole', loadFinished: true, stopReason: 'quiet', ...changes });

type ReadFacts = NonNullable<Parameters<typeof judgeQuality>[2]>;

const MAIN = threadIndex(0);
const mainOf = (slices: number, samples = 0): ReadFacts['threads'][number] => ({
  thread: MAIN,
  pid: 1,
  tid: 1,
  name: 'CrRendererMain',
  role: 'main',
  url: '',
  title: 'Main',
  onMainFrame: true,
  slices,
  samples,
});

/** What was read of a whole load. */
const LOADED: ReadFacts = {
  events: 9,
  mainThread: MAIN,
  threads: [mainOf(5)],
  pageWindow: { start: 0, end: 1000 },
  milestones: [
    { name: 'navigationStart', time: 0 },
    { name: 'load', time: 900 },
  ],
  phaseCounts: {},
  sourceFailures: [],
};

const titles = (recording: Recording): readonly string[] =>
  judgeQuality(recording, null).notes.map(({ title }) => title);

describe('the quality of a recording', () => {
  it('is good where nothing was lost', () => {
    expect(judgeQuality(whole(), NO_DIAGNOSTICS)).toEqual({ notes: [], mark: 'good', label: 'good' });
  });

  it('says why it is cut off, with the failure word for word', () => {
    const cutOff = makeFailure('tab-crashed-while-recording', { subject: 'shop.example' });
    const quality = judgeQuality(whole({ state: 'cut-off', cutOff, loadFinished: false }), null);
    expect(quality).toMatchObject({
      mark: 'bad',
      label: 'cut off',
      notes: [{ level: 'bad', text: cutOff.message }],
    });
  });

  it.each<[Partial<Recording>, string]>([
    [{ dataLoss: true }, 'Data lost'],
    [{ loadError: 'net::ERR_NAME_NOT_RESOLVED' }, 'Page failed'],
    [{ loadFinished: false, stopReason: 'time-limit' }, 'Load did not finish'],
    [{ stopReason: 'load-timeout' }, 'Never quiet'],
    [{ tabVisible: false }, 'Tab hidden'],
    [{ devtoolsOpen: true }, 'DevTools open'],
    [{ buffer: { sizeKb: 1, peakFill: 0.95 } }, 'Buffer nearly full'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, cpuThrottling: 4 } }, 'CPU throttled'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, networkThrottling: 'Slow 4G' } }, 'Network throttled'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, coldCache: true } }, 'Cold cache'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, ...PRESETS.light } }, 'Light preset'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, ...PRESETS.detailed } }, 'Detailed preset'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, screenshots: false } }, 'Own choice of data'],
    [{ options: { ...DEFAULT_CAPTURE_OPTIONS, reload: false }, loadFinished: false }, 'Not reloaded'],
  ])('of %j is noted as "%s"', (changes, title) => {
    expect(titles(whole(changes))).toEqual([title]);
  });

  it('stays good with notes on how it was recorded, and counts them', () => {
    const throttled = whole({
      devtoolsOpen: true,
      options: { ...DEFAULT_CAPTURE_OPTIONS, cpuThrottling: 4 },
    });
    expect(judgeQuality(throttled, null)).toMatchObject({ mark: 'good', label: 'good, 2 notes' });
  });

  it('names the one caution, counts several, and puts problems before them', () => {
    expect(judgeQuality(whole({ tabVisible: false }), null).label).toBe('tab hidden');
    const two = whole({ tabVisible: false, loadFinished: false });
    expect(judgeQuality(two, null)).toMatchObject({ mark: 'caution', label: '2 cautions' });
    const worse = judgeQuality({ ...two, dataLoss: true, devtoolsOpen: true }, null);
    expect(worse.label).toBe('data lost');
    expect(worse.notes.map(({ level }) => level)).toEqual(['bad', 'caution', 'caution', 'fact']);
  });

  it('tells lost data of the reader from the loose ends that every trace has', () => {
    const loose = judgeQuality(null, { ...NO_DIAGNOSTICS, beginsWithoutEnd: 1, unmatchedAsync: 12 });
    expect(loose).toMatchObject({ mark: 'good', label: 'good' });
    expect(loose.notes[0].items).toEqual([
      expect.stringMatching(/^1 slice that never ended: .*count for no time\.$/),
      expect.stringMatching(/^12 async events without a partner: .*\.$/),
    ]);
    const damaged = judgeQuality(null, { ...NO_DIAGNOSTICS, cutOff: 1, malformedEvents: 2 });
    expect(damaged).toMatchObject({ mark: 'bad', label: 'trace damaged' });
    expect(damaged.notes[0].items).toEqual([
      'The file ends in the middle of an event: what came after it is missing everywhere.',
      '2 unreadable events: they are in no number.',
    ]);
  });

  it('every kind that is counted has a sentence of its own', () => {
    const kinds = Object.keys(NO_DIAGNOSTICS) as (keyof typeof NO_DIAGNOSTICS)[];
    const sentences = kinds.flatMap((kind) =>
      judgeQuality(null, { ...NO_DIAGNOSTICS, [kind]: 1 }).notes.flatMap(({ items = [] }) => items),
    );
    expect(new Set(sentences).size).toBe(kinds.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^(1|The) [^:]+: .{15,}\.$/);
  });

  it('a trace without any event is not good', () => {
    expect(
      judgeQuality(null, NO_DIAGNOSTICS, { ...LOADED, events: 0, mainThread: null, threads: [] }),
    ).toMatchObject({
      mark: 'bad',
      label: 'empty trace',
    });
    expect(judgeQuality(null, NO_DIAGNOSTICS, LOADED)).toMatchObject({ mark: 'good', notes: [] });
  });

  it.each<[string, Partial<ReadFacts>, string, string]>([
    ['without a page', { mainThread: null, pageWindow: null, milestones: [] }, 'caution', 'no page'],
    ['of a navigation and nothing else', { threads: [mainOf(0)] }, 'caution', 'main thread empty'],
    ['whose main thread is not there', { threads: [] }, 'caution', 'main thread empty'],
    [
      'that ends before the load',
      { milestones: LOADED.milestones.slice(0, 1) },
      'caution',
      'load did not finish',
    ],
    ['of a page as it stood', { pageWindow: null, milestones: [] }, 'good', 'good'],
    ['of JavaScript samples alone', { threads: [mainOf(0, 7)] }, 'good', 'good'],
  ])('a trace %s', (_, changes, mark, label) => {
    const quality = judgeQuality(null, NO_DIAGNOSTICS, { ...LOADED, ...changes });
    expect(quality).toMatchObject({ mark, label });
    if (changes.pageWindow === null) expect(quality.notes).toHaveLength(1);
  });

  it('of a recording whose trace holds nothing of its page; not of one that is still being made', () => {
    const empty = { ...LOADED, threads: [mainOf(0)] };
    expect(judgeQuality(whole(), NO_DIAGNOSTICS, empty).label).toBe('main thread empty');
    expect(judgeQuality(whole({ state: 'recording' }), NO_DIAGNOSTICS, empty).mark).toBe('good');
    // Whether it was to load, and did, it says by itself.
    const standing = { ...LOADED, pageWindow: null, milestones: [] };
    const asItStood = whole({ options: { ...DEFAULT_CAPTURE_OPTIONS, reload: false }, loadFinished: false });
    expect(judgeQuality(asItStood, NO_DIAGNOSTICS, standing).notes.map(({ title }) => title)).toEqual([
      'Not reloaded',
    ]);
    expect(judgeQuality(whole(), NO_DIAGNOSTICS, { ...LOADED, milestones: [] }).mark).toBe('good');
  });

  it('a source that was kept and is broken now is told, each', () => {
    const sourceFailures = ['a.js', 'b.js'].map((subject) => makeFailure('source-broken', { subject }));
    const { notes, mark, label } = judgeQuality(null, NO_DIAGNOSTICS, { ...LOADED, sourceFailures });
    expect([mark, label]).toEqual(['caution', 'sources unreadable']);
    expect(notes[0].items).toEqual(sourceFailures.map(({ message }) => message));
  });

  it('events that are no time of any thread are told in number', () => {
    const { notes, mark } = judgeQuality(null, NO_DIAGNOSTICS, {
      ...LOADED,
      phaseCounts: { X: 9, O: 904, N: 1, c: 3 },
    });
    expect(mark).toBe('good');
    expect(notes.map(({ level, title }) => [level, title])).toEqual([['fact', 'Counted, not drawn']]);
    expect(notes[0].items).toEqual([
      '1 object created',
      '904 snapshots of objects',
      '3 clock synchronisations',
    ]);
  });
});
