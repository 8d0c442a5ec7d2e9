/** The undo key outside a trace: the last thing that was told goes first; settings come back as they were. */
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/panel/state/app.ts';
import { undoTold } from '../../../src/panel/state/undo.ts';
import { type Recording, recordingId } from '../../../src/recording/index.ts';
import { fakeOutside, settled } from '../../builders/panel-outside.ts';
import { buildRecording } from '../../builders/recording.ts';

const SITE = 'shop.example:8080';

const whole = (id: string, changes: Partial<Recording> = {}): Recording =>
  buildRecording({ id: recordingId(id), name: id, state: 'whole', ...changes });

function start(recordings: readonly Recording[]) {
  const fake = fakeOutside({ recordings });
  return { ...fake, app: createApp(fake.outside, { asked: null }) };
}

describe('the undo key', () => {
  it('takes back what was told last: a deletion, settings, tags', async () => {
    const recording = whole('a', { tags: { env: 'live' } });
    const fake = start([recording, whole('b')]);
    await settled();
    const { actions, notices, settingsReset, shelf, tagging } = fake.app;
    const ids = () => shelf.recordings.value?.map(({ id }) => id).sort();
    const cpu = () => fake.outside.settings.current.value.settings.recording.cpuThrottling;
    await tagging.save(recording, { name: recording.name, tags: { env: 'test' }, siteTags: {}, site: null });
    await actions.changeSettings((all) => ({ ...all, recording: { ...all.recording, cpuThrottling: 6 } }));
    settingsReset.reset(fake.outside.settings.current.value.settings);
    actions.remove(recordingId('b'));
    await settled();
    expect([ids(), cpu()]).toEqual([['a'], 1]);
    undoTold(fake.app);
    await settled();
    expect([ids(), cpu()]).toEqual([['a', 'b'], 1]);
    undoTold(fake.app);
    await settled();
    expect(cpu()).toBe(6);
    expect(settingsReset.canUndo.value).toBe(false);
    undoTold(fake.app);
    await settled();
    expect(shelf.recordings.value?.find(({ id }) => id === 'a')).toMatchObject({ tags: { env: 'live' } });
    undoTold(fake.app);
    await settled();
    expect(notices.list.value).toEqual([]);
  });

  it('brings settings back without the tags that were changed since', async () => {
    const fake = start([]);
    await settled();
    const { actions, settingsReset } = fake.app;
    const now = () => fake.outside.settings.current.value.settings;
    await actions.changeSettings((all) => ({ ...all, theme: 'dark' }));
    settingsReset.reset(now());
    await settled();
    expect(now().theme).toBe('auto');
    const sites = [{ site: SITE, tags: { team: 'x' } }];
    await actions.changeSettings((all) => ({ ...all, tags: { ...all.tags, sites } }));
    settingsReset.undo();
    await settled();
    expect(now()).toMatchObject({ theme: 'dark', tags: { sites } });
  });
});
