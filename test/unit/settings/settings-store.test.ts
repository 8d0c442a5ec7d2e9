/** One stored value, several contexts. */
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  type ReadSettings,
  type Settings,
  SettingsStore,
} from '../../../src/settings/index.ts';
import { MemoryArea } from '../../builders/settings-area.ts';

const darken = (settings: Settings): Settings => ({ ...settings, theme: 'dark' });

describe('SettingsStore', () => {
  it('tells other contexts of a change at once, and a later one when it reads', async () => {
    const area = new MemoryArea();
    const [panel, worker] = [new SettingsStore(area), new SettingsStore(area)];
    const heard: ReadSettings[] = [];
    worker.listen((read) => heard.push(read));
    expect(await panel.change(darken)).toEqual({ ok: true, value: undefined });
    expect(heard.map(({ settings }) => settings.theme)).toEqual(['dark']);
    expect((await new SettingsStore(area).read()).settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
  });

  it('loses none of two changes that are made at once', async () => {
    const area = new MemoryArea();
    const store = new SettingsStore(area);
    const scroll = (settings: Settings): Settings => ({
      ...settings,
      keys: { ...settings.keys, wheel: 'scroll' },
    });
    await Promise.all([store.change(darken), store.change(scroll)]);
    const { settings } = await store.read();
    expect([settings.theme, settings.keys.wheel]).toEqual(['dark', 'scroll']);
  });

  it('fails in words where the storage refuses, and takes the next change', async () => {
    const area = new MemoryArea();
    const store = new SettingsStore(area);
    area.refusal = 'disk full';
    expect(await store.change(darken)).toMatchObject({
      ok: false,
      failure: { code: 'settings-unsaved', detail: 'disk full' },
    });
    area.refusal = null;
    expect((await store.change(darken)).ok).toBe(true);
  });

  it('reads the defaults, and says so, where the browser cannot read', async () => {
    const area = new MemoryArea();
    await new SettingsStore(area).change(darken);
    area.refusal = 'IO error';
    expect(await new SettingsStore(area).read()).toEqual({
      settings: DEFAULT_SETTINGS,
      isNewer: false,
      refused: ['settings'],
    });
  });

  it('hears nothing of other values', async () => {
    const area = new MemoryArea();
    let heard = 0;
    new SettingsStore(area).listen(() => heard++);
    await area.set({ somebody: 'else' });
    expect(heard).toBe(0);
  });
});
