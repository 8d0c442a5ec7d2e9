/**
 * The whole window: toolbar, notices, the screen of the moment, help; files dropped anywhere; keys pressed anywhere.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { KeyChoice } from '../../canvas/input/key-choice.ts';
import { type PictureDesk, Pictures } from '../../canvas/paint/pictures.ts';
import type { App } from '../../state/app.ts';
import type { Search } from '../../state/chart/search.ts';
import { type Command, commandOf } from '../../state/keys.ts';
import type { Shown } from '../../state/library/opener.ts';
import { describePhase } from '../../state/recorder-view.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { undoTold } from '../../state/undo.ts';
import { createPictureDesk } from '../chart/picture-desk.ts';
import { OpeningScreen, RecordingScreen, RecordingStrip } from '../parts/progress.tsx';
import { Banners } from './banner.tsx';
import { useFileDrop } from './file-drop.ts';
import { Help } from './help.tsx';
import { Home } from './home.tsx';
import { useRoom } from './lazy-room.ts';
import type { NoTraceScreenProps } from './no-trace-screen.tsx';
import { nameShown, Toolbar } from './toolbar.tsx';
import type { LookProps } from './trace-screen.tsx';

interface AppViewProps extends LookProps {
  readonly app: App;
  readonly isMac: boolean;
}

/** Endings that files of these kinds have; what they are is told by their content. */
const ACCEPTED = [
  '.json,.gz,.gzip,.pftrace,.perfetto-trace,.pageflame',
  '.cpuprofile,.pprof,.pb,.prof,.profile,.otlp,.folded,.collapsed,.stacks,.perf,.txt',
].join();

export function AppView({ app, isMac, ...look }: AppViewProps) {
  const input = useRef<HTMLInputElement>(null);
  const openFile = (): void => input.current?.click();
  const primaryKey = isMac ? '⌘' : 'Ctrl';
  const isDropping = useFileDrop(app.actions);
  const [pictures] = useState(() => createPictureDesk(app));
  // Chart and views of one trace: loaded behind the first paint, so that they are there before a trace is.
  const traceRoom = useRoom(true, loadTrace);
  useKeys(app, openFile, isMac);
  useEffect(() => {
    const handle = requestIdleCallback(() => {
      void import('../../outside/focus-keeper.ts').then(({ keepFocus }) => keepFocus(document.body));
      // There before the first file is.
      void import('../../state/library/file-intake.ts');
    });
    return () => cancelIdleCallback(handle);
  }, []);
  const recorder = app.recorder.value;
  const screen = app.screen.value;
  const shownName = nameShown(app);
  useEffect(() => {
    // One tab is told from another by it; of a panel nobody sees it.
    document.title = app.opener.shown.peek().kind === 'none' ? 'Pageflame' : `${shownName} – Pageflame`;
  }, [app, shownName]);
  const { keys } = app.outside.settings.current.value.settings;
  return (
    <div class={isDropping ? 'app dropping' : 'app'}>
      <Toolbar app={app} onOpenFile={openFile} primaryKey={primaryKey} />
      {recorder.kind === 'busy' && screen !== 'recording' && <RecordingStrip app={app} view={recorder} />}
      <Banners app={app} onOpenFile={openFile} />
      <KeyChoice.Provider value={keys}>
        <Pictures.Provider value={pictures}>
          <Screen app={app} traceRoom={traceRoom} onOpenFile={openFile} primaryKey={primaryKey} {...look} />
        </Pictures.Provider>
      </KeyChoice.Provider>
      <p class="for-readers" role="status">
        {describePhase(recorder) || describeScreen(app, shownName)}
      </p>
      {isDropping && <p class="drop-hint">Drop the trace, recording or profile to open it</p>}
      <Help open={app.helpOpen} isMac={isMac} keys={keys} />
      <SettingsHost app={app} />
      <SaveHost app={app} pictures={pictures} />
      <Tags app={app} />
      <Chooser app={app} />
      <SendingHost app={app} />
      <p class="for-readers" role="status">
        {app.sending.said.value}
      </p>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // Empty again, so that the same file can be chosen twice.
          event.currentTarget.value = '';
          if (files.length > 0) void app.actions.openFiles(files);
        }}
      />
    </div>
  );
}

/** What is being opened, and what is shown, for a screen reader. */
function describeScreen({ filing, opener }: App, shownName: string): string {
  if (filing.value !== null) return `Adding ${filing.value.name} to the recordings`;
  if (opener.opening.value !== null) return `Reading ${opener.opening.value.name}`;
  return `${shownName} is shown`;
}

const loadDocuments = () => import('./documents.tsx');

interface DocumentsProps extends LookProps {
  readonly app: App;
  readonly shown: Extract<Shown, { readonly kind: 'profiles' | 'comparison' }>;
}

/** Screens that most never see. */
function Documents({ app, shown, ...look }: DocumentsProps) {
  const room = useRoom(true, loadDocuments);
  if (room === null) return null;
  return shown.kind === 'profiles' ? (
    <room.DocumentScreen
      key={shown.view.opened.open}
      app={app}
      name={shown.name}
      view={shown.view}
      {...look}
    />
  ) : (
    <room.ComparisonScreen
      key={shown.view.after.open}
      app={app}
      name={shown.name}
      view={shown.view}
      {...look}
    />
  );
}

const loadChooser = () => import('../profile/profile-chooser.tsx');

function Chooser({ app }: { readonly app: App }) {
  const choosing = app.choosing.value;
  const room = useRoom(choosing !== null, loadChooser);
  return room === null || choosing === null ? null : <room.ProfileChooser app={app} choosing={choosing} />;
}

const loadSending = () => import('../sending/sending-dialog.tsx');

function SendingHost({ app }: { readonly app: App }) {
  const screen = app.sending.screen.value;
  const room = useRoom(screen !== null, loadSending);
  return room === null || screen === null ? null : <room.SendingDialog app={app} screen={screen} />;
}

const loadTags = () => import('../library/tags-dialog.tsx');

function Tags({ app }: { readonly app: App }) {
  const recording = app.tagging.subject.value;
  const room = useRoom(recording !== null, loadTags);
  return room === null || recording === null ? null : <room.TagsDialog app={app} recording={recording} />;
}

const loadSettings = () => import('../settings/settings.tsx');

function SettingsHost({ app }: { readonly app: App }) {
  const room = useRoom(app.settingsOpen.value, loadSettings);
  return room === null ? null : <room.SettingsDialog app={app} />;
}

const loadSave = () => import('../library/save-dialog.tsx');

function SaveHost({ app, pictures }: { readonly app: App; readonly pictures: PictureDesk }) {
  const room = useRoom(app.saving.isOpen.value, loadSave);
  return room === null ? null : <room.SaveDialog saving={app.saving} pictures={pictures} />;
}

const loadNoTrace = () => import('./no-trace-screen.tsx');

function NoTraceHost(props: NoTraceScreenProps) {
  const room = useRoom(true, loadNoTrace);
  return room === null ? null : <room.NoTraceScreen {...props} />;
}

const loadTrace = () => import('./trace-screen.tsx');

interface ScreenProps extends LookProps {
  readonly app: App;
  /** null until it is loaded. */
  readonly traceRoom: Awaited<ReturnType<typeof loadTrace>> | null;
  readonly onOpenFile: () => void;
  readonly primaryKey: string;
}

function Screen({ app, traceRoom, onOpenFile, primaryKey, ...look }: ScreenProps) {
  const recorder = app.recorder.value;
  const shown = app.opener.shown.value;
  switch (app.screen.value) {
    case 'recording':
      return recorder.kind === 'busy' ? <RecordingScreen app={app} view={recorder} /> : null;
    case 'opening':
      return <OpeningScreen app={app} />;
    case 'trace':
      if (shown.kind !== 'trace' || traceRoom === null) return null;
      return (
        <traceRoom.TraceScreen
          key={shown.view.opened.open}
          app={app}
          view={shown.view}
          recording={shown.recording}
          name={shown.name}
          {...look}
        />
      );
    case 'profiles':
      return shown.kind === 'profiles' ? <Documents app={app} shown={shown} {...look} /> : null;
    case 'comparison':
      return shown.kind === 'comparison' ? <Documents app={app} shown={shown} {...look} /> : null;
    case 'no-trace':
      if (shown.kind !== 'no-trace') return null;
      return <NoTraceHost app={app} recording={shown.recording} failure={shown.failure} />;
    case 'home':
      return <Home app={app} onOpenFile={onOpenFile} primaryKey={primaryKey} />;
  }
}

/** Keys work wherever the focus is. A key that is ours goes no further: DevTools would take some of them, too. */
function useKeys(app: App, openFile: () => void, isMac: boolean): void {
  useEffect(() => {
    const does: Readonly<Record<Command, () => void>> = {
      record: () => app.actions.record(false),
      'record-reload': () => app.actions.record(true),
      'open-file': openFile,
      save: () => {
        // A file of profiles is saved from a menu of its own.
        const { kind } = app.opener.shown.peek();
        if (kind === 'profiles') document.getElementById('save-profile-button')?.click();
        else app.saving.open();
      },
      undo: () => void (undoInTrace(app) || undoTold(app)),
      older: () => void (traceOf(app)?.overview.stepOut() || app.actions.step('older')),
      newer: () => void (traceOf(app)?.overview.stepIn() || app.actions.step('newer')),
      recordings: () => document.getElementById('recordings-menu-button')?.click(),
      compare: () => {
        app.choosing.value = { purpose: 'compare', from: 'recordings', recording: null };
      },
      'open-backend': () => {
        app.choosing.value = { purpose: 'open', from: 'backend', recording: null };
      },
      search: () => searchOf(app)?.start(),
      'next-find': () => searchOf(app)?.step(1),
      'previous-find': () => searchOf(app)?.step(-1),
      'show-chart': () => focusOn('.flame-chart'),
      'show-graph': () => {
        document.getElementById('tab-flame-graph')?.click();
        focusWhenThere('.flame-graph');
      },
      help: () => {
        app.helpOpen.value = true;
      },
      settings: () => {
        app.settingsOpen.value = true;
      },
    };
    const takeCommand = (event: KeyboardEvent): boolean => {
      // What is behind an open dialog has no keys; one that still loads is none yet.
      if (document.querySelector('dialog[open]') !== null) return false;
      const command = commandOf({ ...pressOf(event), inText: isTextField(event.target) }, isMac);
      if (command === null || isTypedInTree(command, event.target)) return false;
      if (command === 'recordings' && isOnTrackName(event.target)) return false;
      does[command]();
      return true;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTaken = event.key === 'Escape' ? closeTopmost(app) : takeCommand(event);
      if (!isTaken) return;
      event.preventDefault();
      // One press closes one thing: a link that waits for its end hears Esc here, too.
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [app, isMac]);
}

/**
 * Closes the help or an open menu, as the browser does by itself outside DevTools: DevTools takes Esc in its panels,
 * prevents its default and opens its drawer, so what is open must be closed before DevTools hears of the key.
 */
function closeTopmost(app: App): boolean {
  const menu = document.querySelector<HTMLElement>('.menu:popover-open');
  const large = document.querySelector<HTMLDialogElement>('.screenshot-large[open]');
  if (app.helpOpen.peek()) app.helpOpen.value = false;
  else if (app.settingsOpen.peek()) app.settingsOpen.value = false;
  else if (app.saving.isOpen.peek()) app.saving.close();
  else if (app.choosing.peek() !== null) app.choosing.value = null;
  else if (app.tagging.subject.peek() !== null) app.tagging.close();
  else if (app.sending.screen.peek() !== null) app.sending.screen.value = null;
  else if (large !== null) large.close();
  else if (menu !== null) menu.hidePopover();
  else if (!closeSearch(app)) return false;
  return true;
}

/** The focus goes back to the chart: it would be lost with the field. */
function closeSearch(app: App): boolean {
  const search = searchOf(app);
  const isOnNote = (document.activeElement?.closest('.note-bar') ?? null) !== null;
  if (search === null || !search.isOpen.peek() || isOnNote) return false;
  search.close();
  focusOn('.flame-chart, .flame-graph');
  return true;
}

/** Views load, and ask the engine, when they are first looked at; meanwhile the user may go elsewhere. */
function focusWhenThere(selector: string): void {
  const from = document.activeElement;
  const until = performance.now() + 10_000;
  const look = (): void => {
    focusOn(selector);
    if (document.activeElement === from && performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const focusOn = (selector: string): void =>
  document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });

function undoNote({ opener }: App): boolean {
  const shown = opener.shown.peek();
  return shown.kind === 'trace' && shown.view.notes.undo.peek()?.() === true;
}

/** Alt and arrows move the track there. */
const isOnTrackName = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('.track-header') !== null;

/** Where the focus is on a track's name its tracks go first, elsewhere the notes. */
function undoInTrace(app: App): boolean {
  const undoTracks = (): boolean => traceOf(app)?.tracks.undo() ?? false;
  return isOnTrackName(document.activeElement)
    ? undoTracks() || undoNote(app)
    : undoNote(app) || undoTracks();
}

function traceOf(app: App): TraceView | null {
  const shown = app.opener.shown.peek();
  return shown.kind === 'trace' && app.screen.peek() === 'trace' ? shown.view : null;
}

function searchOf(app: App): Search | null {
  const shown = app.opener.shown.peek();
  return 'view' in shown && app.screen.peek() === shown.kind ? shown.view.search : null;
}

const pressOf = ({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent) => ({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
});

/** Digits belong to the names that letters find in a table's tree (`f2`). */
const isTypedInTree = (command: Command, target: EventTarget | null): boolean =>
  (command === 'show-chart' || command === 'show-graph') &&
  target instanceof Element &&
  target.closest('[role="treegrid"]') !== null;

/** A radio button or a check box takes no text, though it is an input. */
const isTextField = (target: EventTarget | null): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(radio|checkbox|button|submit|file)$/.test(target.type);
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName);
};
