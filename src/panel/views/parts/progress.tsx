/**
 * Work that takes time: what is being recorded, stopped, saved or read, how far it is, and the way to end it.
 */
import type { ComponentChildren } from 'preact';
import type { UnixMillis } from '../../../base/index.ts';
import { formatBytes, formatDuration } from '../../../flame/index.ts';
import type { App } from '../../state/app.ts';
import type { BusyView } from '../../state/recorder-view.ts';
import { formatElapsed } from '../../words/format.ts';
import { CloseIcon, RecordIcon, StopIcon } from './icons.tsx';

interface BarProps {
  readonly label: string;
  /** 0 to 1; null where nobody knows how much there is. */
  readonly share: number | null;
  readonly text: string;
}

/** A bar with its words; without a share it moves to and fro. */
export function ProgressBar({ label, share, text }: BarProps) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div class="progress">
      <div
        class={percent === null ? 'progress-bar unknown' : 'progress-bar'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={text}
      >
        <span style={percent === null ? {} : { width: `${percent}%` }} />
      </div>
      <span class="quiet number">{text}</span>
      {/* Told in quarters: every step would be more than anybody can listen to. */}
      <span class="for-readers" role="status">
        {percent === null ? '' : `${label}, ${percent - (percent % 25)} %`}
      </span>
    </div>
  );
}

function Card({ children, label }: { readonly children: ComponentChildren; readonly label: string }) {
  return (
    <main class="progress-screen">
      <section class="card" aria-label={label}>
        {children}
      </section>
    </main>
  );
}

/** From start to saved, as it happens. */
export function RecordingScreen({ app, view }: { readonly app: App; readonly view: BusyView }) {
  const { startedAt, happenings, phase, heading, tabTitle } = view;
  return (
    <Card label="Recording in progress">
      <h1>
        <span class={phase === 'recording' ? 'live' : ''}>
          <RecordIcon />
        </span>
        {heading} <span class="page">{tabTitle}</span>
      </h1>
      {startedAt !== null && <Elapsed app={app} startedAt={startedAt} />}
      <PhaseProgress view={view} />
      <ol class="happenings" aria-label="What has happened" aria-live="polite">
        {happenings.map((happening) => (
          <li key={`${happening.name}@${happening.atMillis}`}>
            <span class="number quiet">{formatDuration(happening.atMillis * 1_000)}</span> {happening.name}
          </li>
        ))}
      </ol>
      <p class="card-buttons">
        {view.canStop && (
          <button type="button" class="primary-button" onClick={app.actions.stop}>
            <StopIcon />
            Stop
          </button>
        )}
        <button type="button" class="plain-button" onClick={app.actions.cancel}>
          <CloseIcon />
          Cancel
        </button>
      </p>
    </Card>
  );
}

/** By itself: it changes ten times a second. */
function Elapsed({ app, startedAt }: { readonly app: App; readonly startedAt: UnixMillis }) {
  return (
    <p class="elapsed number" role="timer">
      {formatElapsed(Math.max(0, app.now.value - startedAt))}
    </p>
  );
}

function PhaseProgress({ view }: { readonly view: BusyView }) {
  switch (view.phase) {
    case 'starting':
      return <ProgressBar label="Starting" share={null} text="Attaching to the tab" />;
    case 'recording': {
      const fill = view.bufferFill ?? 0;
      return (
        <ProgressBar
          label="Trace buffer"
          share={fill}
          text={`Trace buffer ${Math.round(fill * 100)} % full`}
        />
      );
    }
    case 'stopping':
      return <ProgressBar label="Stopping" share={null} text="Chrome closes the trace" />;
    case 'saving':
      return <ProgressBar label="Saving" share={null} text={`${formatBytes(view.savedBytes)} saved`} />;
  }
}

/** A recording that runs elsewhere, or beside what is being looked at. */
export function RecordingStrip({ app, view }: { readonly app: App; readonly view: BusyView }) {
  return (
    <div class="banner info" role="status">
      <span class="live">
        <RecordIcon />
      </span>
      <div class="banner-text">
        <p>
          {view.heading} {view.mine ? '' : 'another tab: '}
          {view.tabTitle}
        </p>
      </div>
      {view.canStop && (
        <button type="button" class="plain-button" onClick={app.actions.stop}>
          Stop
        </button>
      )}
    </div>
  );
}

/** Reading and analysing a trace, or taking a recording's file into the library. */
export function OpeningScreen({ app }: { readonly app: App }) {
  const filing = app.filing.value;
  const work = filing ?? app.opener.opening.value;
  if (work === null) return null;
  const { name, progress } = work;
  const [verb, isReadText] = filing === null ? ['Reading', 'Putting it in order'] : ['Adding', 'Storing it'];
  const total = progress?.totalBytes ?? null;
  const read = progress?.readBytes ?? 0;
  const isRead = total !== null && read >= total;
  const text = isRead
    ? isReadText
    : total === null
      ? formatBytes(read)
      : `${formatBytes(read)} of ${formatBytes(total)}`;
  return (
    <Card label="Opening">
      <h1>
        {verb} <span class="page">{name}</span>
        {filing !== null && filing.place !== '' && <span class="quiet number"> {filing.place}</span>}
      </h1>
      <ProgressBar
        label={`${verb} ${name}`}
        share={isRead || total === null ? null : read / total}
        text={text}
      />
      <p class="card-buttons">
        <button type="button" class="plain-button" onClick={filing?.cancel ?? app.opener.cancel}>
          <CloseIcon />
          Cancel
        </button>
      </p>
    </Card>
  );
}
