/** The app's state against an outside that the test moves by hand. */
import { describe, expect, it, vi } from 'vitest';
import { type Brand, fail, makeFailure, succeed } from '../../../src/base/index.ts';
import type { OpenId } from '../../../src/engine/client.ts';
import { type App, createApp } from '../../../src/panel/state/app.ts';
import { UNDO_MILLIS } from '../../../src/panel/state/library/shelf.ts';
import { takeDropped } from '../../../src/panel/views/app/file-drop.ts';
import { type Recording, type RecordingId, recordingId } from '../../../src/recording/index.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import {
  type FakeOptions,
  type FakeOutside,
  fakeOutside,
  settled,
  TAB,
} from '../../builders/panel-outside.ts';
import { buildRecording, STARTED_AT } from '../../builders/recording.ts';

const openId = (number: number): OpenId => number as Brand<number, 'OpenId'>;

const VIEWER: FakeOptions = { place: { kind: 'viewer', tabId: null } };

function whole(id: string, changes: Partial<Recording> = {}): Recording {
  return buildRecording({ id: recordingId(id), name: id, state: 'whole', ...changes });
}

function start(
  options: FakeOptions = {},
  asked: RecordingId | null = null,
): FakeOutside & { readonly app: App } {
  const fake = fakeOutside(options);
  return { ...fake, app: createApp(fake.outside, { asked }) };
}

const messages = ({ app }: { app: App }): readonly string[] =>
  app.notices.list.value.map(({ message }) => message);
const shownId = ({ app }: { app: App }): string | undefined => app.current.value?.id;

describe('recording', () => {
  it('starts on the inspected tab, with or without a reload', () => {
    const fake = start();
    fake.say({});
    fake.app.actions.record(true);
    fake.app.actions.record(false);
    expect(fake.sent).toMatchObject([
      { type: 'start', tabId: TAB, options: { reload: true } },
      { type: 'start', tabId: TAB, options: { reload: false } },
    ]);
  });

  it('stops with the same key that started it, and only while there is something to stop', () => {
    const fake = start();
    fake.say({ phase: 'starting', tabId: TAB });
    fake.app.actions.record(true);
    expect(fake.sent).toEqual([]);
    fake.say({ phase: 'recording' });
    fake.app.actions.record(true);
    expect(fake.sent).toEqual([{ type: 'stop' }]);
  });

  it('shows what is recorded here, and a strip for what is recorded elsewhere', () => {
    const fake = start();
    fake.say({ phase: 'recording', tabId: TAB, startedAt: STARTED_AT, bufferFill: 0.25 });
    expect(fake.app.screen.value).toBe('recording');
    fake.clock.advance(1_500);
    expect(fake.app.recorder.value).toMatchObject({
      kind: 'busy',
      mine: true,
      startedAt: STARTED_AT,
      bufferFill: 0.25,
    });
    expect(fake.app.now.value - STARTED_AT).toBe(1_500);
    fake.say({ tabId: TAB + 1 });
    expect(fake.app.screen.value).toBe('home');
    expect(fake.app.recorder.value).toMatchObject({ kind: 'busy', mine: false });
  });

  it('keeps the clock still while nothing is recorded', () => {
    const fake = start();
    fake.say({});
    expect(fake.clock.ticking.size).toBe(0);
    fake.say({ phase: 'recording', tabId: TAB });
    expect(fake.clock.ticking.size).toBe(1);
    fake.say({ phase: 'idle' });
    expect(fake.clock.ticking.size).toBe(0);
  });

  it('explains in the viewer where to record', () => {
    const fake = start(VIEWER);
    fake.say({});
    fake.app.actions.record(true);
    expect(fake.sent).toEqual([]);
    expect(messages(fake)[0]).toContain('toolbar button in the tab you want to measure');
  });
});

describe('failures of the recorder', () => {
  const failure = makeFailure('tab-forbidden', { subject: 'chrome://settings' });

  it('shows one of this tab once, and none of another tab or from before', () => {
    const fake = start();
    fake.say({ tabId: TAB, failure });
    expect(messages(fake)).toEqual([]);
    fake.say({ phase: 'starting', tabId: TAB + 1, failure: null });
    fake.say({ phase: 'idle', failure });
    expect(messages(fake)).toEqual([]);
    fake.say({ phase: 'starting', tabId: TAB, failure: null });
    // While idle the worker names the tab of the last recording, not of the failure.
    fake.say({ phase: 'idle', tabId: TAB + 1, failure });
    expect(messages(fake)).toEqual([failure.message]);
    fake.app.notices.dismiss(fake.app.notices.list.value[0].key);
    fake.say({ savedBytes: 1 });
    expect(messages(fake)).toEqual([]);
  });

  it('leaves them to the notice beside the button in the viewer', () => {
    const fake = start(VIEWER);
    fake.say({ phase: 'starting', tabId: TAB });
    fake.say({ phase: 'idle', failure });
    expect(messages(fake)).toEqual([]);
  });

  it('shows the answer to its own start even where it is about another tab', () => {
    const fake = start();
    const busy = makeFailure('recorder-busy', { subject: 'Shop' });
    fake.say({ tabId: TAB + 1, phase: 'recording', failure: busy });
    expect(messages(fake)).toEqual([]);
    fake.app.actions.record(true);
    fake.say({ failure: busy });
    expect(messages(fake)).toEqual([busy.message]);
    expect(fake.app.notices.list.value[0].advice?.action).toBe('stop-recording');
  });

  it('says nothing of what the user cancelled', () => {
    const fake = start();
    fake.say({ phase: 'recording', tabId: TAB });
    fake.say({ phase: 'idle', failure: makeFailure('cancelled', { subject: 'The recording' }) });
    expect(messages(fake)).toEqual([]);
  });
});

describe('what opens by itself', () => {
  const finished = (id: string, tabId = TAB) => ({ finished: { recording: recordingId(id), tabId } });

  it('shows a recording of this tab as soon as it has ended', async () => {
    const fake = start({ recordings: [whole('a')] });
    fake.say({ phase: 'saving', tabId: TAB });
    fake.say({ phase: 'idle', ...finished('a') });
    await settled();
    expect(shownId(fake)).toBe('a');
    expect(fake.app.screen.value).toBe('trace');
    expect(fake.remembered.at(-1)).toEqual({ recording: 'a', finished: 'a' });
  });

  it('leaves a recording of another tab alone', async () => {
    const fake = start({ recordings: [whole('a')] });
    fake.say({});
    fake.say(finished('a', TAB + 1));
    await settled();
    expect(fake.app.screen.value).toBe('home');
  });

  it('opens after a reload what it showed last, unless a newer one has ended since', async () => {
    const recordings = [whole('a'), whole('b')];
    const last = { recording: recordingId('a'), finished: recordingId('b') };
    const same = start({ recordings, last });
    same.say(finished('b'));
    await settled();
    expect(shownId(same)).toBe('a');
    const newer = start({ recordings, last: { ...last, finished: null } });
    newer.say(finished('b'));
    await settled();
    expect(shownId(newer)).toBe('b');
  });

  it('stays on the start page where what it showed last was deleted', async () => {
    const fake = start({ last: { recording: recordingId('gone'), finished: null } });
    fake.say({});
    await settled();
    expect(fake.app.screen.value).toBe('home');
    expect(messages(fake)).toEqual([]);
  });

  it('opens in the viewer what the address names, and says when it is gone', async () => {
    const fake = start({ ...VIEWER, recordings: [whole('a')] }, recordingId('a'));
    fake.say(finished('b'));
    await settled();
    expect(shownId(fake)).toBe('a');
    const gone = start(VIEWER, recordingId('gone'));
    gone.say({});
    await settled();
    expect(messages(gone)[0]).toContain('no recording gone');
  });

  it('does not take what is being looked at away from the viewer', async () => {
    const fake = start({ ...VIEWER, recordings: [whole('a'), whole('b')] }, recordingId('a'));
    fake.say({});
    await settled();
    fake.say(finished('b'));
    await settled();
    expect(shownId(fake)).toBe('a');
  });

  it('keeps what is shown when the worker comes back with the same news', async () => {
    const fake = start({ recordings: [whole('a'), whole('b')] });
    fake.say(finished('a'));
    await settled();
    await fake.app.actions.openRecording(recordingId('b'));
    fake.say(finished('a'));
    await settled();
    expect(shownId(fake)).toBe('b');
  });
});

describe('what is opened while it is recorded', () => {
  const id = recordingId('a');
  const growing = buildRecording({ id, name: 'a', state: 'recording' });
  const ended = whole('a');
  const finished = { phase: 'idle', recording: null, finished: { recording: id, tabId: TAB } } as const;
  const opened = () => succeed({ ...buildOpenedRecording(), recording: ended });

  /** An engine that answers when it is told. */
  function startLive(options: FakeOptions = {}, asked: RecordingId | null = null) {
    const fake = start({ recordings: [growing], ...options }, asked);
    let answer: (result: ReturnType<typeof fake.engine.answer>) => void = () => undefined;
    fake.engine.answer = () =>
      new Promise((resolve) => {
        answer = (result) => void resolve(result);
      });
    fake.say({ phase: 'recording', tabId: TAB, recording: id });
    return { ...fake, answer: (result: ReturnType<typeof fake.engine.answer>) => answer(result) };
  }

  it.each([
    ['the panel of its tab', {}, null],
    ['the viewer that was made for it', VIEWER, id],
  ] as const)('is shown by %s with its last byte', async (_where, options, asked) => {
    const fake = startLive(options, asked);
    await settled();
    expect(fake.engine.opened).toEqual([]);
    fake.say({ phase: 'stopping' });
    await settled();
    expect(fake.engine.opened).toEqual([{ kind: 'library', id }]);
    expect(fake.app.screen.value).toBe('recording');
    fake.say({ phase: 'saving', savedBytes: 5 });
    await settled();
    fake.answer(opened());
    await settled();
    // The recorder still clears up.
    expect(fake.app.screen.value).toBe('trace');
    expect(fake.app.current.value).toBe(ended);
    fake.say(finished);
    await settled();
    expect(fake.engine.opened).toHaveLength(1);
    expect(fake.app.screen.value).toBe('trace');
    expect(fake.remembered.at(-1)?.recording).toBe('a');
  });

  it('has the facts that were still gathered when its chart was there', async () => {
    for (const isEndedFirst of [false, true]) {
      const fake = startLive();
      fake.say({ phase: 'stopping' });
      await settled();
      const end = async () => {
        fake.recordings.set(id, ended);
        fake.say(finished);
        await settled();
      };
      if (isEndedFirst) await end();
      // As the engine found it when the trace had ended.
      fake.answer(succeed({ ...buildOpenedRecording(), recording: growing }));
      await settled();
      if (!isEndedFirst) await end();
      expect(fake.app.current.value).toBe(ended);
      expect(fake.app.screen.value).toBe('trace');
      expect(fake.engine.opened).toHaveLength(1);
      expect(fake.engine.closed).toEqual([]);
    }
  });

  it('is made ready for while it starts, by the page that will show it', async () => {
    for (const [options, asked, isHere] of [
      [{}, null, true],
      [VIEWER, id, true],
      [VIEWER, null, false],
      [{ place: { kind: 'panel', tabId: TAB + 1 } }, null, false],
    ] as const) {
      const fake = start({ recordings: [growing], ...options }, asked);
      fake.say({ phase: 'starting', tabId: TAB, recording: id });
      await settled();
      expect(fake.readied).toHaveLength(isHere ? 1 : 0);
      expect(fake.sent).toEqual(isHere ? [{ type: 'ready', recording: 'a' }] : []);
    }
  });

  it('is opened once though the recorder ends before the engine does', async () => {
    const fake = startLive();
    fake.say({ phase: 'stopping' });
    await settled();
    fake.recordings.set(id, ended);
    fake.say(finished);
    await settled();
    fake.answer(opened());
    await settled();
    expect(fake.engine.opened).toHaveLength(1);
    expect(shownId(fake)).toBe('a');
  });

  it('is opened in the usual way where following it fails, and nothing is said of that', async () => {
    const fake = startLive();
    fake.say({ phase: 'stopping' });
    await settled();
    fake.answer(fail(makeFailure('recording-changed', { subject: 'a' })));
    await settled();
    expect(messages(fake)).toEqual([]);
    fake.engine.answer = opened;
    fake.recordings.set(id, ended);
    fake.say(finished);
    await settled();
    expect(fake.engine.opened).toHaveLength(2);
    expect(shownId(fake)).toBe('a');
  });

  it('is let go of where it is thrown away', async () => {
    const fake = startLive();
    fake.say({ phase: 'stopping' });
    await settled();
    fake.recordings.delete(id);
    fake.say({ phase: 'idle', recording: null });
    expect(fake.engine.options?.signal?.aborted).toBe(true);
    expect(fake.app.screen.value).toBe('home');
    expect(messages(fake)).toEqual([]);
  });

  it('is left alone by panels of other tabs and by viewers of other recordings', async () => {
    for (const fake of [startLive({ place: { kind: 'panel', tabId: TAB + 1 } }), startLive(VIEWER)]) {
      fake.say({ phase: 'stopping' });
      await settled();
      expect(fake.engine.opened).toEqual([]);
    }
  });
});

describe('opening', () => {
  const file = (bytes: number[] | string, name: string): File =>
    new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name);

  it('hands a trace to the engine and a recording to the library', async () => {
    const fake = start();
    await fake.app.actions.openFiles([file('[]', 'trace.json')]);
    expect(fake.engine.opened).toMatchObject([{ kind: 'file', name: 'trace.json' }]);
    expect(fake.app.opener.shown.value).toMatchObject({ kind: 'trace', recording: null, name: 'trace.json' });
    await fake.app.actions.openFiles([file([0x50, 0x4b, 3, 4], 'shop.pageflame')]);
    expect(fake.engine.opened[1]).toEqual({ kind: 'library', id: recordingId('shop.pageflame') });
    expect(fake.app.shelf.recordings.value).toHaveLength(1);
  });

  it('shows the failure and what was open before', async () => {
    const fake = start({ recordings: [whole('a')] });
    await fake.app.actions.openRecording(recordingId('a'));
    const failure = makeFailure('not-a-trace', { subject: 'cat.jpg' });
    fake.engine.answer = () => fail(failure);
    await fake.app.actions.openFiles([file('meow', 'cat.jpg')]);
    expect(messages(fake)).toEqual([failure.message]);
    expect(fake.app.notices.list.value[0].advice?.action).toBe('open-file');
    expect(shownId(fake)).toBe('a');
  });

  it('adds every recording of several files, and shows the first of the others', async () => {
    const fake = start();
    const zip = [0x50, 0x4b, 3, 4];
    await fake.app.actions.openFiles([file(zip, 'a.pageflame'), file(zip, 'b.pageflame')]);
    expect(fake.importing.names).toEqual(['a.pageflame', 'b.pageflame']);
    expect(shownId(fake)).toBe('b.pageflame');
    expect(messages(fake)).toEqual(['2 recordings added to the library.']);
    await fake.app.actions.openFiles([
      file('[]', 'one.json'),
      file(zip, 'c.pageflame'),
      file('[]', 'two.json'),
    ]);
    expect(fake.app.opener.shown.value).toMatchObject({ kind: 'trace', name: 'one.json' });
    expect(messages(fake)).toEqual([
      '1 recording added to the library. Of 2 other files only one.json was opened: one is shown at a time. Alt+C puts two side by side.',
    ]);
  });

  it('opens the first of several files that can be, and says of each before it why it cannot', async () => {
    const fake = start();
    const refuse = (name: string) => fail(makeFailure('not-a-trace', { subject: name }));
    fake.engine.answer = (source) =>
      source.kind === 'file' && source.name.endsWith('.jpg')
        ? refuse(source.name)
        : succeed(buildOpenedRecording());
    const [cat, dog] = [file('meow', 'cat.jpg'), file('woof', 'dog.jpg')];
    await fake.app.actions.openFiles([cat, dog, file('[]', 'one.json'), file('[]', 'two.json')]);
    expect(fake.app.opener.shown.value).toMatchObject({ kind: 'trace', name: 'one.json' });
    expect(messages(fake)).toEqual([
      expect.stringContaining('cat.jpg is not a trace'),
      expect.stringContaining('dog.jpg is not a trace'),
      expect.stringContaining('Of 4 files only one.json was opened'),
    ]);
    await fake.app.actions.openFiles([cat, file([0x50, 0x4b, 3, 4], 'a.pageflame')]);
    expect(shownId(fake)).toBe('a.pageflame');
    expect(messages(fake).at(-1)).toBe('1 recording added to the library.');
  });

  it('shows how far a recording is on its way into the library, and gives it up at once', async () => {
    const fake = start();
    const zip = [0x50, 0x4b, 3, 4];
    fake.importing.hold();
    const taking = fake.app.actions.openFiles([file(zip, 'a.pageflame'), file(zip, 'b.pageflame')]);
    await vi.waitFor(() => expect(fake.importing.names).toEqual(['a.pageflame']));
    fake.importing.options?.onProgress?.({ readBytes: 2, totalBytes: 4 });
    expect(fake.app.screen.value).toBe('opening');
    expect(fake.app.filing.value).toMatchObject({
      name: 'a.pageflame',
      place: '1 of 2',
      progress: { readBytes: 2, totalBytes: 4 },
    });
    fake.app.filing.value?.cancel();
    await taking;
    expect(fake.importing.options?.signal?.aborted).toBe(true);
    expect(fake.importing.names).toEqual(['a.pageflame']);
    expect(fake.app.screen.value).toBe('home');
    expect(messages(fake)).toEqual([]);
  });

  it('refuses a folder with its sentence', () => {
    const fake = start();
    fake.app.actions.refuseFolder('traces');
    expect(messages(fake)[0]).toContain('traces is a folder');
  });

  it('takes what is dropped beside a folder, and says that the folder is none', async () => {
    const fake = start();
    await takeDropped(fake.app.actions, [file('[]', 'trace.json')], 'traces');
    expect(fake.app.opener.shown.value).toMatchObject({ kind: 'trace', name: 'trace.json' });
    expect(messages(fake)).toEqual([expect.stringContaining('traces is a folder')]);
  });

  it('shows progress, and goes back when it is cancelled', async () => {
    const fake = start();
    let answer: (result: ReturnType<typeof succeed<ReturnType<typeof buildOpenedRecording>>>) => void = () =>
      undefined;
    fake.engine.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const opening = fake.app.actions.openFiles([file('[]', 'big.json')]);
    await settled();
    fake.engine.options?.onProgress?.({ readBytes: 5, totalBytes: 10 });
    expect(fake.app.screen.value).toBe('opening');
    expect(fake.app.opener.opening.value).toEqual({
      name: 'big.json',
      recording: null,
      progress: { readBytes: 5, totalBytes: 10 },
    });
    fake.app.opener.cancel();
    expect(fake.app.screen.value).toBe('home');
    expect(fake.engine.options?.signal?.aborted).toBe(true);
    answer(succeed(buildOpenedRecording()));
    await opening;
    expect(fake.app.screen.value).toBe('home');
    expect(fake.engine.closed).toEqual([1]);
  });

  it('says what was added though the file after it was given up', async () => {
    const fake = start();
    let answer: () => void = () => undefined;
    fake.engine.answer = () =>
      new Promise((resolve) => {
        answer = () => resolve(succeed(buildOpenedRecording()));
      });
    const zip = [0x50, 0x4b, 3, 4];
    const opening = fake.app.actions.openFiles([
      file(zip, 'a.pageflame'),
      file(zip, 'b.pageflame'),
      file('[]', 'big.json'),
    ]);
    await vi.waitFor(() => expect(fake.app.opener.opening.value?.name).toBe('big.json'));
    fake.app.opener.cancel();
    answer();
    await opening;
    expect(fake.app.screen.value).toBe('home');
    expect(messages(fake)).toEqual(['2 recordings added to the library.']);
  });

  it('leaves the opening to the reporter of bugs, and shows what was open before', async () => {
    const fake = start({ recordings: [whole('a')] });
    await fake.app.actions.openRecording(recordingId('a'));
    fake.engine.answer = () => Promise.reject(new Error('a bug'));
    await expect(fake.app.actions.openFiles([file('[]', 'trace.json')])).rejects.toThrow('a bug');
    expect(fake.app.screen.value).toBe('trace');
    expect(shownId(fake)).toBe('a');
  });

  it('closes the recording before when another is shown', async () => {
    const fake = start({ recordings: [whole('a'), whole('b')] });
    let opens = 0;
    fake.engine.answer = () => succeed(buildOpenedRecording({ open: openId(++opens) }));
    await fake.app.actions.openRecording(recordingId('a'));
    await fake.app.actions.openRecording(recordingId('b'));
    expect(fake.engine.closed).toEqual([1]);
  });

  it('shows what is left of a recording whose trace is gone', async () => {
    const cutOff = makeFailure('tab-closed-while-recording', { subject: 'shop.example' });
    const fake = start({ recordings: [whole('a', { state: 'cut-off', cutOff })] });
    fake.engine.answer = () => fail(makeFailure('trace-gone', { subject: 'a' }));
    fake.say({ phase: 'recording', tabId: TAB });
    fake.say({ phase: 'idle', failure: cutOff });
    expect(messages(fake)).toEqual([cutOff.message]);
    await fake.app.actions.openRecording(recordingId('a'));
    expect(fake.app.screen.value).toBe('no-trace');
    expect(messages(fake)).toEqual([]);
  });

  it('steps to older and newer recordings, and stops at the ends', async () => {
    const recordings = [1, 2, 3].map((day) => whole(`day-${day}`, { startedAt: STARTED_AT + day }));
    const fake = start({ recordings });
    await settled();
    const step = async (towards: 'older' | 'newer') => {
      fake.app.actions.step(towards);
      await settled();
      return shownId(fake);
    };
    expect(await step('older')).toBe('day-3');
    expect(await step('older')).toBe('day-2');
    expect(await step('newer')).toBe('day-3');
    expect(await step('newer')).toBe('day-3');
  });
});

describe('the library', () => {
  it('lists newest first, and what is being recorded not at all', async () => {
    const fake = start({
      recordings: [
        whole('old'),
        whole('new', { startedAt: STARTED_AT + 1 }),
        buildRecording({ state: 'recording' }),
      ],
    });
    await settled();
    expect(fake.app.shelf.recordings.value?.map(({ id }) => id)).toEqual(['new', 'old']);
    fake.recordings.set(recordingId('more'), whole('more'));
    fake.sayLibraryChanged();
    await settled();
    expect(fake.app.shelf.recordings.value).toHaveLength(3);
  });

  it('deletes from the list at once and from the library when the undo has run out', async () => {
    const fake = start({ recordings: [whole('a')] });
    await settled();
    await fake.app.actions.openRecording(recordingId('a'));
    fake.app.actions.remove();
    expect(fake.app.screen.value).toBe('home');
    expect(fake.app.shelf.recordings.value).toEqual([]);
    expect(fake.app.notices.list.value[0]).toMatchObject({
      message: 'a was deleted.',
      advice: { action: 'undo-delete' },
    });
    fake.clock.advance(UNDO_MILLIS - 1);
    await settled();
    expect(fake.recordings.size).toBe(1);
    fake.clock.advance(1);
    await settled();
    expect(fake.recordings.size).toBe(0);
    expect(messages(fake)).toEqual([]);
  });

  it('brings back what was deleted last', async () => {
    const fake = start({ recordings: [whole('a'), whole('b')] });
    await settled();
    fake.app.actions.remove(recordingId('a'));
    fake.app.actions.remove(recordingId('b'));
    fake.app.actions.undoRemove();
    expect(fake.app.shelf.recordings.value?.map(({ id }) => id)).toEqual(['b']);
    expect(messages(fake)).toEqual(['a was deleted.']);
    fake.clock.advance(UNDO_MILLIS);
    await settled();
    expect([...fake.recordings.keys()]).toEqual(['b']);
  });
});
