/**
 * Shows a made-up trace where nobody sees it, before anybody waits for one: a page compiles what it has run, and the first
 * trace that it shows takes its thread twice as long as the second (measured; docs/benchmarks.md).
 * In: the app and its looks. Out: nothing; when it resolves, the page is as it was. Ends early with the signal.
 * The screen stands in a closed shadow tree that is inert and invisible: no reader, key or search of the page gets there.
 */
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import type { Millis } from '../../../base/index.ts';
import { createFrameScheduler } from '../../canvas/frame-scheduler.ts';
import type { App } from '../../state/app.ts';
import { createNotesKeeper } from '../../state/chart/notes-keeper.ts';
import { createTraceView, type TraceView } from '../../state/trace-view.ts';
import { type LookProps, TraceScreen } from './trace-screen.tsx';

/** A page that nobody sees has no frames of its own. */
const FRAME_MILLIS: Millis = 16;
const LONGEST_MILLIS: Millis = 1_000;
const MOVED_FRAMES = 8;

export async function rehearse(
  app: App,
  look: Omit<LookProps, 'scheduler'>,
  wanted: AbortSignal,
): Promise<void> {
  const { engine, settings } = app.outside;
  const end = AbortSignal.any([wanted, AbortSignal.timeout(LONGEST_MILLIS)]);
  const opened = await engine.practise({ signal: end });
  // Nobody waits for it: what fails here is told when it fails for somebody.
  if (!opened.ok) return;
  const ignore = (): void => undefined;
  const view = createTraceView({
    engine,
    opened: opened.value,
    notes: createNotesKeeper(
      { kind: 'session', key: '', session: new Map() },
      { onFailure: ignore, onSaved: ignore },
    ),
    look: signal(settings.current.peek().settings.chart),
    onFailure: ignore,
  });
  const leave = showUnseen(app, view, look);
  await isComplete(view, end);
  await move(view, end);
  leave();
  view.dispose();
  await engine.close(opened.value.open);
}

/** Call the answer to take it away. */
function showUnseen(app: App, view: TraceView, look: Omit<LookProps, 'scheduler'>): () => void {
  const host = document.createElement('div');
  host.inert = true;
  host.className = 'rehearsal';
  const root = host.attachShadow({ mode: 'closed' });
  for (const sheet of document.querySelectorAll('link[rel=stylesheet]')) root.append(sheet.cloneNode());
  const stage = document.createElement('div');
  stage.className = 'app';
  root.append(stage);
  document.body.append(host);
  // No backend is asked what it knows of a page that never was.
  const alone: App = { ...app, outside: { ...app.outside, backends: () => new Promise(() => undefined) } };
  const scheduler = createFrameScheduler((paint) => setTimeout(() => paint(performance.now()), FRAME_MILLIS));
  render(
    <TraceScreen app={alone} view={view} recording={null} name="" scheduler={scheduler} {...look} />,
    stage,
  );
  return () => {
    render(null, stage);
    host.remove();
  };
}

/** Chart, numbers and marks are there, or nobody waits for them any more. */
function isComplete({ chart, breakdown, marks, overview }: TraceView, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const isThere = chart.value !== null && breakdown.value !== null && marks.value !== null;
      if (isThere && overview.content.value.cpu !== null) setTimeout(finish, FRAME_MILLIS);
    });
    const finish = (): void => {
      stop();
      resolve();
    };
    if (end.aborted) finish();
    else end.addEventListener('abort', finish, { once: true });
  });
}

/** What paints a frame is compiled well when it has painted some. */
async function move({ viewport, home }: TraceView, end: AbortSignal): Promise<void> {
  const step = (home.end - home.start) / (4 * MOVED_FRAMES);
  for (let frame = 1; frame <= MOVED_FRAMES && !end.aborted; frame++) {
    viewport.value = { start: home.start + frame * step, end: home.end - frame * step };
    await new Promise((resolve) => setTimeout(resolve, FRAME_MILLIS));
  }
}
