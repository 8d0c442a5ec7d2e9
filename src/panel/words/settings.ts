/** What the settings are called, and what they cost. The figures are those of docs/benchmarks.md, rounded. */
import type { PresetName } from '../../recording/index.ts';
import type { KeySet, ThemeChoice, WheelMode } from '../../settings/index.ts';

export interface PresetWords {
  readonly name: string;
  readonly holds: string;
  readonly costs: string;
}

export const PRESET_WORDS: Readonly<Record<PresetName, PresetWords>> = {
  standard: {
    name: 'Standard',
    holds: 'What DevTools records by default but for script texts: events, JavaScript samples, a filmstrip.',
    costs:
      'Costs the page about as much as DevTools: V8 takes a sample every 0.2 ms, which is 3 to 4 % of the main thread, and a page of many small tasks takes up to three times its time.',
  },
  light: {
    name: 'Light',
    holds: 'Events alone. No JavaScript samples: which functions ran is not known. No filmstrip.',
    costs: 'Costs a quiet page some milliseconds of its load: for times that should be nearest to the truth.',
  },
  detailed: {
    name: 'Detailed',
    holds:
      'Standard, and the texts of all scripts (sources open without the network), and what made each style and layout invalid.',
    costs:
      'Costs 12 ms per MB of script, and more on pages that change styles often; files grow several times. For finding out why, not how long.',
  },
};

/** Costs and losses of what a preset decides, one by one. */
export const CHOICE_WORDS = {
  jsSamples: [
    'JavaScript samples',
    'one every 0.2 ms, which is 3 to 4 % of the main thread, and more where tasks are many and small; Chrome gives no other interval for traces',
  ],
  screenshots: ['Filmstrip', 'at most ten pictures a second; costs a load up to 5 ms'],
  scriptSources: ['Script texts', '12 ms per MB of script; in the recording, so in every copy of it'],
  invalidations: [
    'What made styles and layouts invalid',
    'costs more on pages that change styles often; makes recordings several times larger',
  ],
} as const;

export const KEY_SET_WORDS: Readonly<Record<KeySet, string>> = {
  devtools: 'Chrome DevTools',
  speedscope: 'speedscope',
  firefox: 'Firefox Profiler',
};

export const WHEEL_WORDS: Readonly<Record<WheelMode, string>> = {
  zoom: 'Zooms (DevTools: classic)',
  scroll: 'Scrolls, zooms with Ctrl (modern)',
};

export const THEME_WORDS: Readonly<Record<ThemeChoice, string>> = {
  auto: 'As DevTools, or the system',
  light: 'Light',
  dark: 'Dark',
};
