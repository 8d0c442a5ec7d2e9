/**
 * Puts the app together with the real outside and renders it: the same for panel and viewer. In: where it runs and
 * what differs there. Out: the app on the page, and one reporter for whatever nobody caught.
 */
import { computed, effect, type Signal, signal } from '@preact/signals';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { type Failure, makeFailure } from '../base/index.ts';
import { startEngine } from '../engine/client.ts';
import { PANEL_PORT } from '../extension/messages.ts';
import type { RecordingId } from '../recording/index.ts';
import { Library } from '../recording/library.ts';
import { createFrameScheduler } from './canvas/frame-scheduler.ts';
import { createLibraryDoor } from './outside/library-door.ts';
import { createRecorderLink } from './outside/recorder-link.ts';
import { createSettingsDoor, inOnePage, readStorageRoom } from './outside/settings-door.ts';
import { type DevtoolsTheme, followTheme } from './outside/theme-choice.ts';
import { type App, createApp } from './state/app.ts';
import type { BackendsDoor, Clock, DeliveriesDoor, PanelMemory } from './state/doors.ts';
import { noticeOfBug, noticeOfLostExtension } from './state/notices.ts';
import type { Place } from './state/recorder-view.ts';
import { AppView } from './views/app/app-view.tsx';
import { DETAILS_HEIGHT, usualDetailsHeight } from './views/parts/splitter.tsx';

/** Ten times a second: the elapsed time shows tenths. */
const TICK_MILLIS = 100;
const DETAILS_HEIGHT_KEY = 'details-height';

const clock: Clock = {
  now: () => Date.now(),
  tick(callback) {
    const timer = setInterval(callback, TICK_MILLIS);
    return () => clearInterval(timer);
  },
  after(millis, callback) {
    const timer = setTimeout(callback, millis);
    return () => clearTimeout(timer);
  },
};

export interface MountOptions {
  readonly place: Place;
  readonly memory: PanelMemory;
  readonly devtools: DevtoolsTheme | null;
  /** The recording that the address names. */
  readonly asked: RecordingId | null;
  /** The link or trace id that the address holds, now and when it changes. */
  readonly readLink?: () => string | null;
}

export function mountApp({ place, memory, devtools, asked, readLink = () => null }: MountOptions): void {
  const settings = createSettingsDoor(browser.storage.local);
  const theme = followTheme(
    devtools,
    computed(() => settings.current.value.settings.theme),
  );
  const connect = () => browser.runtime.connect({ name: PANEL_PORT });
  const recorder = createRecorderLink({ connect, place, clock });
  const crashed = signal<Failure | null>(null);
  const detailsHeight = rememberedHeight();
  let backends: Promise<BackendsDoor> | null = null;
  let deliveries: Promise<DeliveriesDoor> | null = null;
  const engine = startEngine((detail) => {
    crashed.value = makeFailure('engine-crashed', { subject: 'the trace', detail });
  });
  let ready: Promise<void> | null = null;
  const app = createApp(
    {
      place,
      backends: () => {
        backends ??= import('./outside/browser-backends.ts').then(({ openBackendsDoor }) =>
          openBackendsDoor((failure) => app.notices.showFailure(failure)),
        );
        return backends;
      },
      deliveries: () => {
        deliveries ??= import('./outside/browser-deliveries.ts').then((door) => door.openDeliveriesDoor());
        return deliveries;
      },
      recorder,
      library: createLibraryDoor(new Library()),
      settings,
      storageRoom: readStorageRoom,
      inOnePage,
      engine,
      makeReady: () => {
        ready ??= Promise.all([
          engine.warmUp(),
          import('./views/app/rehearsal.tsx').then(({ rehearse }) =>
            rehearse(app, { theme: theme.peek(), detailsHeight }, wanted(app)),
          ),
        ]).then(() => undefined);
        return ready;
      },
      memory,
      clock,
      download,
      copy,
      reloadPage: () => location.reload(),
    },
    { asked },
  );
  reportBugs(app);
  const followLink = (): void => {
    const link = readLink();
    if (link !== null) void app.actions.openLink(link);
  };
  followLink();
  window.addEventListener('hashchange', followLink);
  effect(() => {
    if (crashed.value !== null) app.notices.showFailure(crashed.value);
  });
  effect(() => {
    if (recorder.connection.value === 'lost') app.notices.show(noticeOfLostExtension(place.kind));
  });
  const scheduler = createFrameScheduler();
  const isMac = navigator.userAgent.includes('Mac');
  const Root = () => (
    <AppView
      app={app}
      isMac={isMac}
      theme={theme.value}
      scheduler={scheduler}
      detailsHeight={detailsHeight}
    />
  );
  const root = document.getElementById('app');
  if (root === null) throw new Error('Pageflame bug: the page has no #app');
  render(<Root />, root);
  // No page that is being recorded pays for it.
  requestIdleCallback(() => {
    if (app.recorder.peek().kind !== 'busy') void app.outside.makeReady();
  });
}

/** Aborted when something is opened. */
function wanted({ opener }: App): AbortSignal {
  const controller = new AbortController();
  effect(() => {
    if (opener.opening.value !== null || opener.shown.value.kind !== 'none') controller.abort();
  });
  return controller.signal;
}

/** Whatever was thrown and caught by nobody is a bug: it is shown, with its stack for a report. */
function reportBugs({ notices }: App): void {
  window.addEventListener('error', (event) => notices.show(noticeOfBug(event.error ?? event.message)));
  window.addEventListener('unhandledrejection', (event) => notices.show(noticeOfBug(event.reason)));
}

/** The height that was chosen last; a share of the window until one is. */
function rememberedHeight(): Signal<number> {
  const stored = Number(localStorage.getItem(DETAILS_HEIGHT_KEY));
  const isUsable = stored >= DETAILS_HEIGHT.least && stored <= DETAILS_HEIGHT.most;
  const first = isUsable ? stored : usualDetailsHeight(window.innerHeight);
  const height = signal(first);
  effect(() => {
    if (height.value !== first) localStorage.setItem(DETAILS_HEIGHT_KEY, String(height.value));
  });
  return height;
}

/** A link that is pressed for the user: the browser's own downloads, no permission needed. */
function download(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download holds the bytes once it has begun; a minute is ample.
  clock.after(60_000, () => URL.revokeObjectURL(address));
}

/** By the old command, too: DevTools gives its panels no leave to write the clipboard the new way. */
async function copy(text: string): Promise<boolean> {
  const isWritten = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  if (isWritten) return true;
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'for-readers';
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
