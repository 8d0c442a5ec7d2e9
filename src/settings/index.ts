/** The door of settings/: what the user has chosen, checked, with defaults, and where it is stored. Pure. */
export { type ReadSettings, readSettings, writeSettings } from './read-settings.ts';
export {
  type ChartSettings,
  captureOptionsOf,
  DEFAULT_SETTINGS,
  KEY_SETS,
  type KeySet,
  type KeySettings,
  LONGEST_IGNORED,
  MOST_IGNORED,
  type RecordingSettings,
  type Settings,
  type SiteTags,
  type StorageSettings,
  type TagSettings,
  THEME_CHOICES,
  type ThemeChoice,
  tagsOfSite,
  WHEEL_MODES,
  type WheelMode,
  withSiteTags,
} from './settings.ts';
export { type SettingsArea, SettingsStore } from './settings-store.ts';
export { bytesOf, chooseSurplus } from './surplus.ts';
