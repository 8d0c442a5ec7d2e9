/** What is stored may be old, new, broken or hostile: what comes out can always be used. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CAPTURE_OPTIONS, PRESETS, presetOf } from '../../../src/recording/index.ts';
import {
  captureOptionsOf,
  DEFAULT_SETTINGS,
  readSettings,
  tagsOfSite,
  withSiteTags,
  writeSettings,
} from '../../../src/settings/index.ts';

const stored = (changes: object) => ({ version: 1, ...DEFAULT_SETTINGS, ...changes });

describe('readSettings', () => {
  it('gives the defaults where nothing was ever stored, and complains of nothing', () => {
    expect(readSettings(undefined)).toEqual({ settings: DEFAULT_SETTINGS, isNewer: false, refused: [] });
  });

  it('gives back what was written', () => {
    const settings = {
      recording: {
        ...DEFAULT_SETTINGS.recording,
        ...PRESETS.detailed,
        cpuThrottling: 4,
        networkThrottling: '3G',
        reload: false,
        coldCache: true,
        quietMillis: 2_000,
      },
      keys: { set: 'firefox', wheel: 'scroll' },
      theme: 'dark',
      chart: { dimThirdParties: true, ignored: ['vendor*.js'] },
      storage: { mostRecordings: 20, mostBytes: 1e9 },
      tags: { sites: [{ site: 'shop.example', tags: { team: 'cart' } }] },
    } as const;
    const written: unknown = JSON.parse(JSON.stringify(writeSettings(settings)));
    expect(readSettings(written)).toEqual({ settings, isNewer: false, refused: [] });
  });

  it('fills in what an older Pageflame did not know', () => {
    const { settings, refused } = readSettings({ version: 1, recording: { coldCache: true }, theme: 'dark' });
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'dark',
      recording: { ...DEFAULT_SETTINGS.recording, coldCache: true },
    });
    expect(refused).toEqual([]);
  });

  it('keeps to the defaults, and says so, where a later Pageflame wrote', () => {
    const read = readSettings({ ...stored({ theme: 'dark' }), version: 2 });
    expect(read).toEqual({ settings: DEFAULT_SETTINGS, isNewer: true, refused: [] });
  });

  it('refuses one by one what it cannot use', () => {
    const { settings, refused } = readSettings(
      stored({
        recording: {
          ...DEFAULT_SETTINGS.recording,
          cpuThrottling: 1e9,
          coldCache: true,
          networkThrottling: '9G',
        },
        keys: { set: 'emacs', wheel: 'scroll' },
        theme: 'dark',
        storage: 'all of it',
      }),
    );
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      recording: { ...DEFAULT_SETTINGS.recording, coldCache: true },
      keys: { set: 'devtools', wheel: 'scroll' },
      theme: 'dark',
    });
    expect([...refused].sort()).toEqual([
      'keys.set',
      'recording.cpuThrottling',
      'recording.networkThrottling',
      'storage',
    ]);
  });

  it.each([null, 7, 'dark', [], [1], true])('takes %j for nothing', (value) => {
    expect(readSettings(value)).toEqual({
      settings: DEFAULT_SETTINGS,
      isNewer: false,
      refused: ['settings'],
    });
  });

  it('drops what it does not know, and no prototype gets in', () => {
    const hostile: unknown = JSON.parse(
      '{"version":1,"__proto__":{"theme":"dark"},"extra":1,"keys":{"__proto__":{"wheel":"scroll"}}}',
    );
    const { settings } = readSettings(hostile);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(Object.keys(settings).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
  });

  it('never throws, and what it gives is always usable', () => {
    const group = fc.oneof(
      fc.anything(),
      fc.record({
        set: fc.anything(),
        wheel: fc.anything(),
        reload: fc.anything(),
        quietMillis: fc.anything(),
      }),
    );
    const anything = fc.oneof(
      fc.anything(),
      fc.record({
        version: fc.anything(),
        recording: group,
        keys: group,
        theme: fc.anything(),
        storage: group,
        tags: fc.oneof(group, fc.record({ sites: fc.anything() })),
      }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const { settings } = readSettings(value);
        expect(readSettings(writeSettings(settings))).toEqual({ settings, isNewer: false, refused: [] });
      }),
    );
  });
});

describe('captureOptionsOf', () => {
  it('is what is recorded by default where nothing was changed', () => {
    expect(captureOptionsOf(DEFAULT_SETTINGS.recording)).toEqual(DEFAULT_CAPTURE_OPTIONS);
    expect(presetOf(captureOptionsOf(DEFAULT_SETTINGS.recording))).toBe('standard');
  });

  it('reloads as the settings say, but where the user has just said which', () => {
    const settings = { ...DEFAULT_SETTINGS.recording, reload: false, cpuThrottling: 6 };
    expect(captureOptionsOf(settings)).toMatchObject({ reload: false, cpuThrottling: 6 });
    expect(captureOptionsOf(settings, true).reload).toBe(true);
  });
});

describe('tags of sites', () => {
  const sites = [{ site: 'shop.example:8080', tags: { team: 'cart' } }];

  it('are those of the address’s host and port', () => {
    expect(tagsOfSite({ sites }, 'http://shop.example:8080/a?b')).toEqual({ team: 'cart' });
    expect(tagsOfSite({ sites }, 'http://shop.example/a')).toEqual({});
  });

  it('are replaced, and forgotten where there are none', () => {
    const changed = withSiteTags({ sites }, 'a.example', { env: 'x' });
    expect(changed.sites.map(({ site }) => site)).toEqual(['a.example', 'shop.example:8080']);
    expect(withSiteTags(changed, 'shop.example:8080', {}).sites).toEqual([
      { site: 'a.example', tags: { env: 'x' } },
    ]);
  });
});
