/** What the settings do in the app: recordings are made with them, and the oldest go over a limit, with a way back. */
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/panel/state/app.ts';
import { UNDO_MILLIS } from '../../../src/panel/state/library/shelf.ts';
import { PRESETS, type Recording, recordingId } from '../../../src/recording/index.ts';
import type { Settings } from '../../../src/settings/index.ts';
import { type FakeOptions, fakeOutside, settled, TAB } from '../../builders/panel-outside.ts';
import { buildRecording, STARTED_AT } from '../../builders/recording.ts';

const whole = (id: string, startedAt: number, tags = {}): Recording =>
  buildRecording({
    id: recordingId(id),
    name: id,
    state: 'whole',
    startedAt: STARTED_AT + startedAt,
    tags,
  });

function start(options: FakeOptions = {}) {
  const fake = fakeOutside(options);
  return { ...fake, app: createApp(fake.outside, { asked: null }) };
}

const keep =
  (mostRecordings: number) =>
  (settings: Settings): Settings => ({ ...settings, storage: { mostRecordings, mostBytes: null } });

const listed = ({ app }: ReturnType<typeof start>) => app.shelf.recordings.value?.map(({ id }) => id);

describe('settings', () => {
  it('are what the panel records with, but for the reload that its buttons say', async () => {
    const fake = start();
    fake.say({});
    await fake.app.actions.changeSettings((settings) => ({
      ...settings,
      recording: {
        ...settings.recording,
        ...PRESETS.light,
        cpuThrottling: 4,
        networkThrottling: '3G',
        reload: false,
      },
    }));
    fake.app.actions.record(true);
    expect(fake.sent).toMatchObject([
      {
        type: 'start',
        tabId: TAB,
        options: { ...PRESETS.light, cpuThrottling: 4, networkThrottling: '3G', reload: true },
      },
    ]);
  });

  it('let the oldest go when a recording ends, tell it, and bring all of them back', async () => {
    const recordings = [
      whole('old', 1),
      whole('older', 0),
      whole('tagged', -1, { release: '7' }),
      whole('new', 2),
    ];
    const fake = start({ recordings });
    fake.say({});
    await fake.app.actions.changeSettings(keep(2));
    await settled();
    expect(listed(fake)).toHaveLength(4);
    fake.say({ finished: { recording: recordingId('new'), tabId: TAB + 1 } });
    await settled();
    expect(listed(fake)).toEqual(['new', 'tagged']);
    expect(fake.app.notices.list.value).toMatchObject([
      {
        message: '2 old recordings deleted: more than the settings let you keep.',
        advice: { action: 'undo-delete' },
      },
    ]);
    expect(fake.app.shelf.canUndo.value).toBe(true);
    fake.app.actions.undoRemove();
    expect(listed(fake)).toEqual(['new', 'old', 'older', 'tagged']);
    expect(fake.app.notices.list.value).toEqual([]);
    fake.clock.advance(UNDO_MILLIS);
    await settled();
    expect(fake.recordings.size).toBe(4);
  });

  it('delete nothing because a page has just opened, or while another page does it', async () => {
    const recordings = [whole('old', 1), whole('new', 2)];
    const fake = fakeOutside({ recordings });
    const outside = { ...fake.outside, inOnePage: async () => undefined };
    const app = createApp(outside, {
      asked: null,
    });
    await app.actions.changeSettings(keep(1));
    fake.say({ finished: { recording: recordingId('new'), tabId: TAB } });
    await settled();
    fake.say({ finished: { recording: recordingId('old'), tabId: TAB } });
    await settled();
    expect(app.shelf.recordings.value).toHaveLength(2);
  });

  it('have a button that deletes all without tags, really when its undo has run out', async () => {
    const fake = start({ recordings: [whole('a', 1), whole('b', 2), whole('tagged', 3, { release: '7' })] });
    await settled();
    fake.app.actions.removeUntagged();
    expect(listed(fake)).toEqual(['tagged']);
    expect(fake.recordings.size).toBe(3);
    fake.clock.advance(UNDO_MILLIS);
    await settled();
    expect([...fake.recordings.keys()]).toEqual(['tagged']);
    fake.app.actions.removeUntagged();
    expect(fake.app.notices.list.value).toEqual([]);
  });
});
