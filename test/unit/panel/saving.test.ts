/** Saving what is shown: which forms there are, what is left out, progress, cancelling. */
import { describe, expect, it } from 'vitest';
import { fail, makeFailure, type Result, succeed } from '../../../src/base/index.ts';
import type { OpenProgress } from '../../../src/engine/client.ts';
import { createApp } from '../../../src/panel/state/app.ts';
import { recordingId } from '../../../src/recording/index.ts';
import { buildOpenedRecording } from '../../builders/opened.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const NOTHING = {
  addresses: false,
  titles: false,
  headers: false,
  scripts: false,
  details: false,
  pictures: false,
};

function start() {
  const recordings = [buildRecording({ id: recordingId('a'), name: 'a', state: 'whole' })];
  const fake = fakeOutside({ recordings });
  const app = createApp(fake.outside, {
    asked: null,
  });
  return { ...fake, app };
}

describe('forms', () => {
  it('offers nothing where nothing is shown', async () => {
    const { app } = start();
    await settled();
    app.saving.open();
    expect(app.saving.isOpen.value).toBe(false);
  });

  it('offers all of a Perfetto recording of the library, the recording first', async () => {
    const fake = start();
    fake.engine.answer = () => succeed({ ...buildOpenedRecording(), format: 'perfetto' });
    await fake.app.actions.openRecording(recordingId('a'));
    fake.app.saving.open();
    expect(fake.app.saving.choices.value).toEqual({ pageflame: 'has', json: 'has', pftrace: 'has' });
    expect(fake.app.saving.form.value).toBe('pageflame');
    await fake.app.saving.save();
    expect(fake.downloads).toEqual(['a.pageflame']);
    expect(fake.app.saving.isOpen.value).toBe(false);
  });

  it('offers JSON of a bare JSON trace, and counts what can be left out at once', async () => {
    const fake = start();
    fake.engine.answer = () => succeed({ ...buildOpenedRecording(), format: 'json' });
    await fake.app.actions.openFiles([new File(['{}'], 'shop.json.gz')]);
    const { saving } = fake.app;
    saving.open();
    expect(saving.choices.value).toEqual({
      pageflame: 'not-in-library',
      json: 'has',
      pftrace: 'has',
    });
    await settled();
    expect(saving.preview.value?.titles).toEqual({ count: 0, examples: [] });
    saving.leaveOut.value = { ...NOTHING, titles: true };
    await saving.save();
    expect(fake.engine.written).toEqual([{ form: 'json', leaveOut: { ...NOTHING, titles: true } }]);
    expect(fake.downloads).toEqual(['shop.json']);
  });

  it('takes a recording from the library as it is, and from the engine where something is left out', async () => {
    const fake = start();
    await fake.app.actions.openRecording(recordingId('a'));
    const { saving } = fake.app;
    saving.open();
    await saving.save();
    expect(fake.engine.written).toEqual([]);
    saving.open();
    saving.leaveOut.value = { ...NOTHING, pictures: true };
    await saving.save();
    expect(fake.engine.written).toEqual([{ form: 'pageflame', leaveOut: { ...NOTHING, pictures: true } }]);
    expect(fake.downloads).toEqual(['a.pageflame', 'a.pageflame']);
  });

  it('leaves nothing out that was not chosen for this file', async () => {
    const fake = start();
    await fake.app.actions.openRecording(recordingId('a'));
    const { saving } = fake.app;
    saving.open();
    saving.leaveOut.value = { ...NOTHING, scripts: true };
    saving.close();
    saving.open();
    expect(saving.leaveOut.value).toEqual(NOTHING);
  });
});

describe('while it saves', () => {
  it('waits no longer where the engine itself breaks', async () => {
    const fake = start();
    await fake.app.actions.openRecording(recordingId('a'));
    const { saving } = fake.app;
    saving.open();
    await settled();
    saving.leaveOut.value = { ...NOTHING, pictures: true };
    fake.engine.traceFile = () => Promise.reject(new Error('a bug'));
    await expect(saving.save()).rejects.toThrow('a bug');
    expect(saving.work.value).toBeNull();
    expect(saving.isOpen.value).toBe(true);
  });

  function startSlow() {
    const fake = start();
    let answer: (result: Result<Blob>) => void = () => undefined;
    let tell: (progress: OpenProgress) => void = () => undefined;
    let ending: AbortSignal | undefined;
    fake.engine.traceFile = (_open, _question, options) => {
      tell = options?.onProgress ?? tell;
      ending = options?.signal;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    return {
      ...fake,
      answer: (result: Result<Blob>) => answer(result),
      tell: (progress: OpenProgress) => tell(progress),
      isEnded: () => ending?.aborted ?? false,
    };
  }

  async function saveJson(fake: ReturnType<typeof startSlow>): Promise<void> {
    await fake.app.actions.openRecording(recordingId('a'));
    fake.app.saving.open();
    fake.app.saving.choose('json');
    await settled();
    void fake.app.saving.save();
  }

  it('tells how far it is', async () => {
    const fake = startSlow();
    await saveJson(fake);
    fake.tell({ readBytes: 5, totalBytes: 10 });
    expect(fake.app.saving.work.value).toEqual({
      kind: 'saving',
      progress: { readBytes: 5, totalBytes: 10 },
    });
    fake.answer(succeed(new Blob([])));
    await settled();
    expect(fake.downloads).toEqual(['a.json']);
    expect(fake.app.saving.work.value).toBeNull();
  });

  it('downloads nothing once it is closed, and says nothing of it', async () => {
    const fake = startSlow();
    await saveJson(fake);
    fake.app.saving.close();
    expect(fake.isEnded()).toBe(true);
    fake.answer(succeed(new Blob([])));
    await settled();
    expect(fake.downloads).toEqual([]);
    expect(fake.app.notices.list.value).toEqual([]);
  });

  it('tells what went wrong, and stays open for another try', async () => {
    const fake = startSlow();
    await saveJson(fake);
    const failure = makeFailure('file-unreadable', { subject: 'a' });
    fake.answer(fail(failure));
    await settled();
    expect(fake.app.notices.list.value.map(({ message }) => message)).toEqual([failure.message]);
    expect(fake.app.saving.isOpen.value).toBe(true);
    expect(fake.app.saving.work.value).toBeNull();
  });
});
