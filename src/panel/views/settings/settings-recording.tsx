/** How pages are recorded: the preset with what it costs, and everything that is not its business. */
import { NETWORK_PRESETS, PRESET_NAMES, PRESETS, presetOf } from '../../../recording/index.ts';
import type { RecordingSettings } from '../../../settings/index.ts';
import { CHOICE_WORDS, PRESET_WORDS } from '../../words/settings.ts';
import { Choice, Switch } from './settings-controls.tsx';

interface RecordingSectionProps {
  readonly settings: RecordingSettings;
  readonly onChange: (changes: Partial<RecordingSettings>) => void;
}

const RELOADS = [
  [true, 'Reloads the page and records its load'],
  [false, 'Records the page as it stands'],
] as const;
const CACHES = [
  [false, 'Warm: as it is'],
  [true, 'Cold: switched off, nothing is deleted'],
] as const;
/** DevTools' own steps. */
const CPU_RATES = [
  [1, 'No throttling'],
  [4, '4× slower'],
  [6, '6× slower'],
  [20, '20× slower'],
] as const;
const NETWORKS: readonly (readonly [string | null, string])[] = [
  [null, 'No throttling'],
  ...NETWORK_PRESETS.map(({ name }) => [name, name] as const),
];
const QUIET_TIMES = [500, 1_000, 2_000, 5_000].map((millis) => [millis, `${millis / 1_000} s`] as const);

export function RecordingSection({ settings, onChange }: RecordingSectionProps) {
  return (
    <section aria-labelledby="settings-recording">
      <h2 id="settings-recording">Recording</h2>
      <Presets settings={settings} onChange={onChange} />
      <Choice
        label="The toolbar button"
        value={settings.reload}
        options={RELOADS}
        onChange={(reload) => onChange({ reload })}
      />
      <Choice
        label="HTTP cache"
        value={settings.coldCache}
        options={CACHES}
        onChange={(coldCache) => onChange({ coldCache })}
      />
      <Choice
        label="CPU"
        value={settings.cpuThrottling}
        options={CPU_RATES}
        onChange={(cpuThrottling) => onChange({ cpuThrottling })}
      />
      <Choice
        label="Network"
        value={settings.networkThrottling}
        options={NETWORKS}
        onChange={(networkThrottling) => onChange({ networkThrottling })}
      />
      <Choice
        label="Ends when quiet for"
        hint="network and main thread, after the load event; at most 10 s after it"
        value={settings.quietMillis}
        options={QUIET_TIMES}
        onChange={(quietMillis) => onChange({ quietMillis })}
      />
    </section>
  );
}

function Presets({ settings, onChange }: RecordingSectionProps) {
  const chosen = presetOf(settings);
  return (
    <>
      <fieldset class="presets">
        <legend>Preset</legend>
        {PRESET_NAMES.map((preset) => {
          const { name, holds, costs } = PRESET_WORDS[preset];
          return (
            <p key={preset} class="preset">
              <input
                type="radio"
                name="preset"
                id={`preset-${preset}-choice`}
                checked={chosen === preset}
                aria-describedby={`preset-${preset}`}
                onChange={() => onChange(PRESETS[preset])}
              />
              <label for={`preset-${preset}-choice`}>{name}</label>
              <span id={`preset-${preset}`} class="hint">
                {holds} {costs}
              </span>
            </p>
          );
        })}
      </fieldset>
      <details class="choices" open={chosen === 'custom'}>
        <summary>{chosen === 'custom' ? 'Your own choice, none of the presets' : 'Choose yourself'}</summary>
        {(['jsSamples', 'screenshots', 'scriptSources', 'invalidations'] as const).map((choice) => (
          <Switch
            key={choice}
            label={CHOICE_WORDS[choice][0]}
            hint={CHOICE_WORDS[choice][1]}
            value={settings[choice]}
            onChange={(value) => onChange({ [choice]: value })}
          />
        ))}
      </details>
    </>
  );
}
