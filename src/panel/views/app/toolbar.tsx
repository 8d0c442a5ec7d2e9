/**
 * The toolbar: record or stop, the recordings, and what can be done with the one shown. In narrow panels everything
 * but recording and the list of recordings folds into one menu (CSS shows one or the other).
 */

import { formatBytes } from '../../../flame/index.ts';
import { givenName, type Recording } from '../../../recording/index.ts';
import { type App, isOnShelf } from '../../state/app.ts';
import { type DeliveryMark, MARK_WORDS } from '../../state/sending/delivery-mark.ts';
import { countOf, formatMoment, formatPage, shortenMiddle } from '../../words/format.ts';
import {
  CloseIcon,
  CompareIcon,
  DeleteIcon,
  DownIcon,
  MoreIcon,
  OpenIcon,
  RecordIcon,
  ReloadIcon,
  SaveIcon,
  SendIcon,
  SettingsIcon,
  StopIcon,
  TagIcon,
} from '../parts/icons.tsx';
import { Menu, type MenuEntry } from '../parts/menu.tsx';

interface ToolbarProps {
  readonly app: App;
  readonly onOpenFile: () => void;
  readonly primaryKey: string;
}

export function Toolbar({ app, onOpenFile, primaryKey }: ToolbarProps) {
  const { actions } = app;
  const stored = app.current.value !== null && isOnShelf(app.shelf, app.current.value);
  return (
    <header class="toolbar">
      <RecordButtons app={app} primaryKey={primaryKey} />
      <span class="divider" />
      <RecordingsMenu app={app} />
      <span class="divider wide-only" />
      <button
        type="button"
        class="tool wide-only"
        onClick={onOpenFile}
        title={`Open a trace or recording file (${primaryKey}+O)`}
      >
        <OpenIcon />
        <span class="word">Open…</span>
      </button>
      <button
        type="button"
        class="tool wide-only"
        disabled={!canSave(app)}
        onClick={app.saving.open}
        aria-haspopup="dialog"
        title={`Save as a recording, JSON or Perfetto trace (${primaryKey}+S)`}
      >
        <SaveIcon />
        <span class="word">Save…</span>
      </button>
      <button
        type="button"
        class="tool wide-only"
        onClick={() => choose(app, 'compare')}
        aria-haspopup="dialog"
        title="Compare with a recording, a file or a backend's profile (Alt+C)"
      >
        <CompareIcon />
        <span class="word">Compare…</span>
      </button>
      <button
        type="button"
        class="tool wide-only"
        disabled={!stored}
        onClick={() => actions.remove()}
        title="Delete this recording; Undo stays for ten seconds"
      >
        <DeleteIcon />
        <span class="word">Delete</span>
      </button>
      <button
        type="button"
        class="tool wide-only"
        disabled={!stored}
        onClick={() => app.tagging.open()}
        aria-haspopup="dialog"
        title="Name and tags of this recording, and tags of its site"
      >
        <TagIcon />
        <span class="word">Tags…</span>
      </button>
      <button
        type="button"
        class="tool wide-only"
        onClick={() => openSending(app)}
        aria-haspopup="dialog"
        title="Send this to a profiling or tracing backend; deliveries and backends"
      >
        <SendIcon />
        <span class="word">Send…</span>
      </button>
      <span class="spacer" />
      <button
        type="button"
        class="tool wide-only"
        title="All keys (?)"
        aria-haspopup="dialog"
        onClick={() => {
          app.helpOpen.value = true;
        }}
      >
        Keys
      </button>
      <button
        type="button"
        class="tool wide-only"
        title={`Settings (${primaryKey}+,)`}
        aria-label="Settings"
        aria-haspopup="dialog"
        onClick={() => {
          app.settingsOpen.value = true;
        }}
      >
        <SettingsIcon />
      </button>
      <MoreMenu app={app} stored={stored} onOpenFile={onOpenFile} />
    </header>
  );
}

/** With something to send at the sending, else at what was sent. */
function openSending({ sending, opener }: App): void {
  sending.screen.value = ['trace', 'profiles'].includes(opener.shown.peek().kind) ? 'send' : 'deliveries';
}

function choose({ choosing }: App, purpose: 'open' | 'compare'): void {
  choosing.value = { purpose, from: purpose === 'open' ? 'backend' : 'recordings', recording: null };
}

const canSave = ({ saving }: App): boolean =>
  Object.values(saving.choices.value).some((choice) => choice === 'has');

function RecordButtons({ app, primaryKey }: { readonly app: App; readonly primaryKey: string }) {
  const view = app.recorder.value;
  if (view.kind === 'busy' && view.mine) {
    return (
      <>
        <button
          type="button"
          class="tool stop"
          disabled={!view.canStop}
          onClick={app.actions.stop}
          title={`Stop recording and show the result (${primaryKey}+E)`}
        >
          <StopIcon />
          Stop
        </button>
        <button
          type="button"
          class="tool"
          onClick={app.actions.cancel}
          title="End this recording without a result"
        >
          <CloseIcon />
          Cancel
        </button>
      </>
    );
  }
  // The viewer looks at no tab that it could record.
  if (app.outside.place.kind === 'viewer') return null;
  const disabled = view.kind === 'connecting';
  return (
    <>
      <button
        type="button"
        class="tool record"
        disabled={disabled}
        onClick={() => app.actions.record(false)}
        title={`Record this page as it stands (${primaryKey}+E)`}
      >
        <RecordIcon />
        Record
      </button>
      <button
        type="button"
        class="tool"
        disabled={disabled}
        onClick={() => app.actions.record(true)}
        title={`Reload the page and record its load (${primaryKey}+Shift+E)`}
      >
        <ReloadIcon />
        <span class="wide-only">Record and reload</span>
        <span class="narrow-only">Reload</span>
      </button>
    </>
  );
}

/** In the menu; all stand on the start page, where they can be searched. */
const MOST_LISTED = 20;

function RecordingsMenu({ app }: { readonly app: App }) {
  const shown = app.opener.shown.value;
  const recordings = app.shelf.recordings.value ?? [];
  const now = app.outside.clock.now();
  const current = app.current.value;
  const listed = recordings.filter(({ id }, index) => index < MOST_LISTED || id === current?.id);
  const entries: MenuEntry[] = listed.map((recording) => ({
    key: recording.id,
    checked: recording.id === current?.id,
    label: <RecordingLine recording={recording} now={now} sent={app.sending.marks.value.get(recording.id)} />,
    onChoose: () => void app.actions.openRecording(recording.id),
  }));
  if (entries.length === 0) {
    entries.push({ key: 'none', label: 'No recordings yet', disabled: true, onChoose: () => undefined });
  }
  entries.push(
    {
      key: 'compare',
      label: shown.kind === 'none' ? 'Compare two…' : 'Compare what is shown with…',
      onChoose: () => choose(app, 'compare'),
      startsGroup: true,
    },
    { key: 'open-backend', label: 'Open a profile from a backend…', onChoose: () => choose(app, 'open') },
  );
  const more = recordings.length - listed.length;
  entries.push({
    key: 'home',
    label: more > 0 ? `Show the start page, with ${countOf(more, 'older recording')}` : 'Show the start page',
    onChoose: app.actions.showHome,
    startsGroup: true,
  });
  const title = shown.kind === 'none' ? 'Recordings' : nameShown(app);
  return (
    <Menu
      id="recordings-menu"
      label={`Recordings, shown: ${shown.kind === 'none' ? 'none' : title}`}
      title="Recordings in the library (Alt+↓)"
      buttonClass="tool recordings-button"
      button={
        <>
          <span class="shown-name">{title}</span>
          <DownIcon />
        </>
      }
      entries={entries}
    />
  );
}

/** Page and time of day; the file's name for a bare trace. */
export function nameShown({ opener, current, outside }: App): string {
  const shown = opener.shown.value;
  const recording = current.value;
  const now = outside.clock.now();
  if (shown.kind === 'none') return 'Start page';
  if (recording === null) return shortenMiddle(shown.name, 60);
  return `${shortenMiddle(givenName(recording) || formatPage(recording.url), 48)} · ${formatMoment(recording.startedAt, now)}`;
}

interface RecordingLineProps {
  readonly recording: Recording;
  readonly now: number;
  /** How it stands with what was sent of it; left out where nothing was. */
  readonly sent: DeliveryMark | undefined;
}

/** One recording in a list: page, moment, size, what is wrong with it, and whether it was sent. */
export function RecordingLine({ recording, now, sent }: RecordingLineProps) {
  const bytes = recording.trace?.bytes ?? 0;
  const own = givenName(recording);
  return (
    <span class="recording-line">
      <span class="page" title={recording.url}>
        {own !== '' && <b>{shortenMiddle(own, 60)} </b>}
        {shortenMiddle(formatPage(recording.url), 60)}
      </span>
      <span class="quiet">{formatMoment(recording.startedAt, now)}</span>
      <span class="quiet number">{bytes === 0 ? 'no trace' : formatBytes(bytes)}</span>
      <span class="mark">{recording.state === 'cut-off' ? 'cut off' : ''}</span>
      {sent !== undefined && <span class={`sent-mark ${sent}`}>{MARK_WORDS[sent]}</span>}
    </span>
  );
}

function MoreMenu({
  app,
  stored,
  onOpenFile,
}: {
  readonly app: App;
  readonly stored: boolean;
  readonly onOpenFile: () => void;
}) {
  const entries: MenuEntry[] = [
    { key: 'open', label: 'Open a file…', onChoose: onOpenFile },
    { key: 'save', label: 'Save as a file…', disabled: !canSave(app), onChoose: app.saving.open },
    {
      key: 'open-backend',
      label: 'Open from a backend…',
      onChoose: () => choose(app, 'open'),
    },
    { key: 'compare', label: 'Compare with…', onChoose: () => choose(app, 'compare') },
    { key: 'tags', label: 'Tags…', disabled: !stored, onChoose: () => app.tagging.open() },
    { key: 'send', label: 'Send to a backend…', onChoose: () => openSending(app) },
    { key: 'delete', label: 'Delete', disabled: !stored, onChoose: () => app.actions.remove() },
    {
      key: 'help',
      label: 'All keys',
      startsGroup: true,
      onChoose: () => {
        app.helpOpen.value = true;
      },
    },
    {
      key: 'settings',
      label: 'Settings',
      onChoose: () => {
        app.settingsOpen.value = true;
      },
    },
  ];
  return (
    <Menu
      id="more-menu"
      label="More"
      buttonClass="tool narrow-only"
      button={<MoreIcon />}
      entries={entries}
    />
  );
}
