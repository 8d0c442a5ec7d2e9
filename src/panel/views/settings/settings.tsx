/** The settings: a modal dialog of the browser, which keeps the focus; every change counts at once. */
import { KEY_SETS, type Settings, THEME_CHOICES, WHEEL_MODES } from '../../../settings/index.ts';
import type { App } from '../../state/app.ts';
import { KEY_SET_WORDS, THEME_WORDS, WHEEL_WORDS } from '../../words/settings.ts';
import { useRoom } from '../app/lazy-room.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Choice } from './settings-controls.tsx';
import { RecordingSection } from './settings-recording.tsx';
import { StorageSection } from './settings-storage.tsx';

export function SettingsDialog({ app }: { readonly app: App }) {
  const close = (): void => {
    app.settingsOpen.value = false;
  };
  return (
    <Dialog id="settings" title="Settings" kind="settings" isOpen={app.settingsOpen.value} onClose={close}>
      <Sections app={app} />
    </Dialog>
  );
}

const loadTags = () => import('./settings-tags.tsx');

function Sections({ app }: { readonly app: App }) {
  const tags = useRoom(true, loadTags);
  const { settings, isNewer, refused } = app.outside.settings.current.value;
  const change = (next: (settings: Settings) => Settings): void => void app.actions.changeSettings(next);
  const { recording, keys, theme, storage } = settings;
  return (
    <>
      {isNewer && (
        <p class="setting-problem">
          A later version of Pageflame stored its settings here. They are kept until you change something; all
          is as it is by default.
        </p>
      )}
      {refused.length > 0 && (
        <p class="setting-problem">
          What was stored cannot be used and is at its default: {refused.join(', ')}.
        </p>
      )}
      <RecordingSection
        settings={recording}
        onChange={(changes) => change((all) => ({ ...all, recording: { ...all.recording, ...changes } }))}
      />
      <section aria-labelledby="settings-look">
        <h2 id="settings-look">Keys and look</h2>
        <Choice
          label="Keys of"
          hint="press ? for all of them"
          value={keys.set}
          options={KEY_SETS.map((set) => [set, KEY_SET_WORDS[set]] as const)}
          // The other tools' wheels scroll.
          onChange={(set) =>
            change((all) => ({ ...all, keys: { set, wheel: set === 'devtools' ? 'zoom' : 'scroll' } }))
          }
        />
        <Choice
          label="The wheel"
          value={keys.wheel}
          options={WHEEL_MODES.map((wheel) => [wheel, WHEEL_WORDS[wheel]] as const)}
          onChange={(wheel) => change((all) => ({ ...all, keys: { ...all.keys, wheel } }))}
        />
        <Choice
          label="Theme"
          value={theme}
          options={THEME_CHOICES.map((choice) => [choice, THEME_WORDS[choice]] as const)}
          onChange={(choice) => change((all) => ({ ...all, theme: choice }))}
        />
      </section>
      <StorageSection
        app={app}
        settings={storage}
        onChange={(changes) => change((all) => ({ ...all, storage: { ...all.storage, ...changes } }))}
      />
      <BackendsSection app={app} />
      {tags === null ? null : <tags.TagsSection app={app} change={change} />}
      <Reset app={app} settings={settings} />
    </>
  );
}

function BackendsSection({ app }: { readonly app: App }) {
  const show = (): void => {
    app.settingsOpen.value = false;
    app.sending.screen.value = 'backends';
  };
  return (
    <section aria-labelledby="settings-backends">
      <h2 id="settings-backends">Backends</h2>
      <p class="hint">Pyroscope, Parca, OpenTelemetry and Jaeger: what goes there, and when.</p>
      <p class="setting-buttons">
        <button type="button" class="plain-button" aria-haspopup="dialog" onClick={show}>
          Backends…
        </button>
      </p>
    </section>
  );
}

function Reset({ app, settings }: { readonly app: App; readonly settings: Settings }) {
  const { canUndo, reset, undo } = app.settingsReset;
  return (
    <p class="setting-buttons">
      <button type="button" class="plain-button" onClick={() => reset(settings)}>
        Set all to defaults
      </button>
      {canUndo.value && (
        <button type="button" class="plain-button" onClick={undo}>
          Bring my settings back
        </button>
      )}
    </p>
  );
}
