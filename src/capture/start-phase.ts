/**
 * The first phase: from nothing to a trace that runs. In: a session that may be closed, notes that say what to record.
 * Out: the entry of the recording, kept in the store; or why it could not begin, with nothing kept.
 * Every step may be taken again by a successor of a killed recorder.
 */
import { fail, type Result, succeed } from '../base/index.ts';
import { createRecording, type RecordingStore } from '../recording/index.ts';
import type { CdpSession } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import { settleBar } from './debugging-bar.ts';
import type { Packing } from './drain.ts';
import { Entry } from './entry.ts';
import type { Notebook } from './notebook.ts';
import type { RecordingRequest } from './notes.ts';
import { readPageState } from './page-state.ts';
import { preparePage } from './preparation.ts';
import { attachFailure, isAttachedAlready } from './protocol-failures.ts';
import { BUFFER_SIZE_KB, startTracing, warmProfiler } from './tracing.ts';

export interface StartDoors {
  readonly session: CdpSession;
  readonly commands: Commands;
  readonly store: RecordingStore;
  readonly notebook: Notebook;
  readonly packing: Packing;
  /** A predecessor was killed in this phase. */
  readonly resumed: boolean;
  /** The session is attached. Tracing begins when this has resolved. */
  onOpened(): Promise<void>;
}

export async function startRecording(doors: StartDoors): Promise<Result<Entry>> {
  const { commands, notebook, packing } = doors;
  const { request, tracingAsked } = notebook.notes;
  // Before anything else, so that whoever wakes up next knows that a tab may be attached.
  await notebook.change({});
  const opened = await openSession(doors, request.url);
  if (!opened.ok) return opened;
  const ready = doors.onOpened();
  const prepared = await preparePage(commands, request);
  if (!prepared.ok) return prepared;
  await settleBar(doors.session, commands);
  const page = await readPageState(commands);
  if (!page.ok) return page;
  // Loading a PDF opens Chrome's viewer, a frame of another extension, at which Chrome takes our debugger off the tab
  // and throws the trace away (seen). One that is open already can be recorded as it is.
  if (request.load.kind === 'reload' && page.value?.contentType === 'application/pdf')
    await notebook.change({ request: { ...request, load: { kind: 'stay' } }, waitKind: 'rest' });
  const everything = await commands.untilInterrupted(ready.then(() => succeed(undefined)));
  if (!everything.ok) return everything;
  const started = await startTracing(
    commands,
    request.url,
    { options: request.options, packing },
    {
      ours: tracingAsked !== null,
      noteFormat: (format) => notebook.change({ tracingAsked: format }),
    },
  );
  if (!started.ok) return started;
  await warmProfiler(commands);
  return keepEntry(doors, page.value?.loaded ?? false);
}

/** Attaches. Where a predecessor may have done so, being attached is what was wanted. */
async function openSession({ session, commands, resumed }: StartDoors, url: string): Promise<Result<void>> {
  const opening = session.open().then(
    () => succeed(undefined),
    (error: unknown) =>
      resumed && isAttachedAlready(error) ? succeed(undefined) : fail<void>(attachFailure(error, url)),
  );
  const opened = await commands.untilInterrupted(opening);
  // Chrome may attach us all the same, after the user has given it up. Where closing fails it has let go itself.
  if (!opened.ok)
    void opening.then(async ({ ok }) => {
      if (ok) await session.close().catch(() => undefined);
    });
  return opened;
}

/** `loaded`: the page that is there has loaded. Only a recording without a load is about that page. */
async function keepEntry({ store, notebook }: StartDoors, loaded: boolean): Promise<Result<Entry>> {
  const startedAt = Date.now();
  const { request } = notebook.notes;
  const isStill = request.load.kind === 'stay';
  const entry = new Entry(store, { ...firstEntry(request, startedAt), loadFinished: isStill && loaded });
  const kept = await entry.write();
  if (!kept.ok) return kept;
  await notebook.change({ phase: 'recording', startedAt, loadSeen: isStill });
  return succeed(entry);
}

function firstEntry(request: RecordingRequest, startedAt: number) {
  const { id, url, title, load, options, browser, recorder, devtoolsOpen } = request;
  const { tags = {}, siteTags = {} } = request;
  const recording = createRecording(id, {
    url: load.kind === 'navigate' ? load.url : url,
    startedAt,
    browser,
    recorder,
    options: { ...options, reload: load.kind !== 'stay' },
    bufferSizeKb: BUFFER_SIZE_KB,
  });
  return { ...recording, title, devtoolsOpen, tags, siteTags };
}
