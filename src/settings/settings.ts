/**
 * What the user has chosen: types and defaults. Times are ms, sizes bytes. The same in extension, panel and viewer.
 */
import {
  type CaptureOptions,
  DEFAULT_CAPTURE_OPTIONS,
  type PresetChoices,
  serviceOf,
  type Tags,
} from '../recording/index.ts';

/** Raise with every change that an older program would misread. */
export const SETTINGS_VERSION = 1;

/** How pages are recorded, by the toolbar button and by the panel. The preset is what the four choices of it add up to. */
export type RecordingSettings = PresetChoices &
  Pick<CaptureOptions, 'reload' | 'coldCache' | 'cpuThrottling' | 'networkThrottling' | 'quietMillis'>;

export const KEY_SETS = ['devtools', 'speedscope', 'firefox'] as const;
/** Whose keys the charts answer to. */
export type KeySet = (typeof KEY_SETS)[number];

export const WHEEL_MODES = ['zoom', 'scroll'] as const;
/** What a wheel without a modifier does over a chart: DevTools' classic mode (`zoom`), or its modern one. */
export type WheelMode = (typeof WHEEL_MODES)[number];

export interface KeySettings {
  readonly set: KeySet;
  readonly wheel: WheelMode;
}

export const THEME_CHOICES = ['auto', 'light', 'dark'] as const;
/** `auto`: DevTools' own in DevTools, else the system's. */
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** What is kept. null: no limit. Over one, the oldest recordings without tags go; see {@link chooseSurplus}. */
export interface StorageSettings {
  readonly mostRecordings: number | null;
  readonly mostBytes: number | null;
}

/** The tags that every recording of a site begins with. `site` is what `serviceOf` calls it. */
export interface SiteTags {
  readonly site: string;
  readonly tags: Tags;
}

export interface TagSettings {
  readonly sites: readonly SiteTags[];
}

/** What the flame chart leaves out or dims, of every recording. */
export interface ChartSettings {
  readonly dimThirdParties: boolean;
  /** The ignore list: parts of scripts' addresses, `*` for anything. Their functions are not drawn. */
  readonly ignored: readonly string[];
}

/** More patterns than anyone keeps in mind; longer ones than addresses that are looked at. */
export const MOST_IGNORED = 500;
export const LONGEST_IGNORED = 2_000;

export interface Settings {
  readonly recording: RecordingSettings;
  readonly keys: KeySettings;
  readonly theme: ThemeChoice;
  readonly chart: ChartSettings;
  readonly storage: StorageSettings;
  readonly tags: TagSettings;
}

const { reload, coldCache, cpuThrottling, networkThrottling, quietMillis } = DEFAULT_CAPTURE_OPTIONS;
const { screenshots, jsSamples, scriptSources, invalidations } = DEFAULT_CAPTURE_OPTIONS;

export const DEFAULT_SETTINGS: Settings = {
  recording: {
    reload,
    coldCache,
    cpuThrottling,
    networkThrottling,
    quietMillis,
    screenshots,
    jsSamples,
    scriptSources,
    invalidations,
  },
  keys: { set: 'devtools', wheel: 'zoom' },
  theme: 'auto',
  chart: { dimThirdParties: false, ignored: [] },
  storage: { mostRecordings: null, mostBytes: null },
  tags: { sites: [] },
};

/** The options of a recording that is made with these settings. `reload` where the user has just said which. */
export function captureOptionsOf(settings: RecordingSettings, isReload = settings.reload): CaptureOptions {
  return { ...DEFAULT_CAPTURE_OPTIONS, ...settings, reload: isReload };
}

/** The tags that a recording of `url` begins with. */
export function tagsOfSite({ sites }: TagSettings, url: string): Tags {
  const wanted = serviceOf(url);
  return sites.find(({ site }) => site === wanted)?.tags ?? {};
}

/** No tags: the site is forgotten. */
export function withSiteTags({ sites }: TagSettings, site: string, tags: Tags): TagSettings {
  const others = sites.filter((each) => each.site !== site);
  const own = Object.keys(tags).length === 0 ? [] : [{ site, tags }];
  return { sites: [...others, ...own].sort((one, other) => one.site.localeCompare(other.site)) };
}
