/**
 * Checks what is stored. In: anything. Out: settings that can be used, and what of the stored could not be.
 * Refuses nothing: what is missing, broken, out of range or of a later version is the default, and is named.
 */
import * as v from 'valibot';
import { NETWORK_PRESETS } from '../recording/index.ts';
import {
  DEFAULT_SETTINGS,
  KEY_SETS,
  LONGEST_IGNORED,
  MOST_IGNORED,
  SETTINGS_VERSION,
  type Settings,
  THEME_CHOICES,
  WHEEL_MODES,
} from './settings.ts';

export interface ReadSettings {
  readonly settings: Settings;
  /** Of a later Pageflame: all defaults, until something is changed. */
  readonly isNewer: boolean;
  /** Names of settings that are at their default because what was stored is unusable, such as `keys.set`. */
  readonly refused: readonly string[];
}

const names = NETWORK_PRESETS.map(({ name }) => name);
const limit = (least: number) => v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(least)));

const schema: v.GenericSchema<unknown, Settings> = v.object({
  recording: v.object({
    reload: v.boolean(),
    coldCache: v.boolean(),
    // Chrome takes more, and answers nothing for minutes then.
    cpuThrottling: v.pipe(v.number(), v.minValue(1), v.maxValue(100)),
    networkThrottling: v.nullable(v.picklist(names)),
    quietMillis: v.pipe(v.number(), v.minValue(250), v.maxValue(10_000)),
    screenshots: v.boolean(),
    jsSamples: v.boolean(),
    scriptSources: v.boolean(),
    invalidations: v.boolean(),
  }),
  keys: v.object({ set: v.picklist(KEY_SETS), wheel: v.picklist(WHEEL_MODES) }),
  theme: v.picklist(THEME_CHOICES),
  chart: v.object({
    dimThirdParties: v.boolean(),
    ignored: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_IGNORED))),
      v.maxLength(MOST_IGNORED),
    ),
  }),
  storage: v.object({ mostRecordings: limit(1), mostBytes: limit(10_000_000) }),
  tags: v.object({
    sites: v.array(v.object({ site: v.string(), tags: v.record(v.string(), v.string()) })),
  }),
});

export function readSettings(stored: unknown): ReadSettings {
  if (stored === undefined) return { settings: DEFAULT_SETTINGS, isNewer: false, refused: [] };
  if (!isObject(stored)) return { settings: DEFAULT_SETTINGS, isNewer: false, refused: ['settings'] };
  const { version } = stored;
  if (typeof version === 'number' && version > SETTINGS_VERSION)
    return { settings: DEFAULT_SETTINGS, isNewer: true, refused: [] };
  const filled = fillIn(DEFAULT_SETTINGS, stored);
  const parsed = v.safeParse(schema, filled);
  if (parsed.success) return { settings: parsed.output, isNewer: false, refused: [] };
  const refused = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? 'settings'))];
  return { settings: v.parse(schema, takeDefaults(filled, refused)), isNewer: false, refused };
}

/** What is stored. */
export const writeSettings = (settings: Settings): unknown => ({ version: SETTINGS_VERSION, ...settings });

/** `stored` with what it lacks taken from the defaults: it may be older than some of them. */
function fillIn(defaults: object, stored: object): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(defaults)) {
    const own: unknown = Object.hasOwn(stored, key) ? Reflect.get(stored, key) : undefined;
    filled[key] = own === undefined ? value : isObject(value) && isObject(own) ? fillIn(value, own) : own;
  }
  return filled;
}

/** The values at `paths` (`group` or `group.name`) are the defaults'. */
function takeDefaults(filled: Record<string, unknown>, paths: readonly string[]): unknown {
  const defaults: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  const repaired = { ...filled };
  for (const path of paths) {
    const [group, name] = path.split('.');
    const [own, whole] = [repaired[group], defaults[group]];
    repaired[group] =
      name !== undefined && isObject(own) && isObject(whole) ? { ...own, [name]: whole[name] } : whole;
  }
  return repaired;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
