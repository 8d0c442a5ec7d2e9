/**
 * What is recorded and how: the options of one recording, the presets over them, the names of network throttling.
 * Types and values only. Times are ms.
 */

export interface CaptureOptions {
  readonly reload: boolean;
  /** True records with `Network.setCacheDisabled`; the user's cache is never cleared. */
  readonly coldCache: boolean;
  /** 1 is no throttling. */
  readonly cpuThrottling: number;
  /** Name of a network preset, null for none. */
  readonly networkThrottling: string | null;
  readonly screenshots: boolean;
  readonly jsSamples: boolean;
  /** The texts of all scripts, as part of the trace. */
  readonly scriptSources: boolean;
  /** What made styles and layouts invalid, event by event. */
  readonly invalidations: boolean;
  /** Quiet network and main thread for this long end the recording. */
  readonly quietMillis: number;
  /** At most this long after the load event. */
  readonly afterLoadMillis: number;
  /** At most this long in all. */
  readonly totalMillis: number;
}

export type PresetName = 'standard' | 'light' | 'detailed';
/** What a preset decides. */
export type PresetChoices = Pick<
  CaptureOptions,
  'screenshots' | 'jsSamples' | 'scriptSources' | 'invalidations'
>;

/**
 * `standard` is what DevTools records with its default settings, and costs the page no more (docs/benchmarks.md). `light`
 * costs a load next to nothing. `detailed` is for finding out why, not for measuring how long.
 */
export const PRESETS: Readonly<Record<PresetName, PresetChoices>> = {
  standard: { screenshots: true, jsSamples: true, scriptSources: false, invalidations: false },
  light: { screenshots: false, jsSamples: false, scriptSources: false, invalidations: false },
  detailed: { screenshots: true, jsSamples: true, scriptSources: true, invalidations: true },
};
export const PRESET_NAMES: readonly PresetName[] = ['standard', 'light', 'detailed'];

/** The preset that these choices are; `custom` where they are none. */
export function presetOf(choices: Partial<PresetChoices>): PresetName | 'custom' {
  const isSame = (preset: PresetChoices): boolean =>
    preset.screenshots === choices.screenshots &&
    preset.jsSamples === choices.jsSamples &&
    preset.scriptSources === choices.scriptSources &&
    // Recordings that are older than this option have none.
    preset.invalidations === (choices.invalidations ?? false);
  return PRESET_NAMES.find((name) => isSame(PRESETS[name])) ?? 'custom';
}

export const DEFAULT_CAPTURE_OPTIONS: CaptureOptions = {
  reload: true,
  coldCache: false,
  cpuThrottling: 1,
  networkThrottling: null,
  ...PRESETS.standard,
  quietMillis: 1_000,
  afterLoadMillis: 10_000,
  totalMillis: 60_000,
};

export interface NetworkPreset {
  readonly name: string;
  /** Bytes per second. */
  readonly download: number;
  readonly upload: number;
  /** Added to every request, ms. */
  readonly latency: number;
}

/** DevTools' figures: nominal bits per second and round trip, times the factors that make a request feel like one. */
export const NETWORK_PRESETS: readonly NetworkPreset[] = [
  { name: 'Fast 4G', download: (9_000_000 / 8) * 0.9, upload: (1_500_000 / 8) * 0.9, latency: 60 * 2.75 },
  { name: 'Slow 4G', download: (1_600_000 / 8) * 0.9, upload: (750_000 / 8) * 0.9, latency: 150 * 3.75 },
  { name: '3G', download: (500_000 / 8) * 0.8, upload: (500_000 / 8) * 0.8, latency: 400 * 5 },
];
