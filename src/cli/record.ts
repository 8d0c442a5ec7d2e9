/**
 * `pageflame record URL [-o FILE]`: records one page load in a headless Chromium of its own.
 * In: an address, where to write, and where to send. Out: a `.pageflame` file, its path as the last line on stdout; exit code 0, or 1
 * with one line on stderr. A recording that was cut off is written too. Ctrl+C ends the recording and keeps it; before it has
 * begun, and a second time, it ends everything, and nothing is left behind. What cannot be written in the end stays in the
 * folder for temporary files, and its path there is told.
 * Refuses, before anything is recorded: a machine without a browser, and a place that cannot be written.
 */
import { rm, writeFile } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright';
import { type Failure, fail, makeFailure, type Result, succeed } from '../base/index.ts';
import {
  type CdpParams,
  type CdpSession,
  NO_MEMORY,
  Recorder,
  type RecordingRequest,
} from '../capture/index.ts';
import { FileStore } from '../recording/file-store.node.ts';
import {
  DEFAULT_CAPTURE_OPTIONS,
  newRecordingId,
  PRESETS,
  type PresetName,
  type Recording,
  recordingFileName,
  type StopReason,
  type Tags,
  withoutCredentials,
} from '../recording/index.ts';
import { askBrowserName } from './browser-brands.ts';
import { waitForRest } from './browser-rest.ts';
import { findChromium } from './find-chromium.mjs';
import { Interrupts } from './interrupts.ts';
import { runPush } from './push.ts';
import type { PushTarget } from './push-arguments.ts';
import { printable, reportFailure } from './report.ts';
import { checkOutput, writeOutput } from './write-output.ts';

export interface RecordOptions {
  readonly url: string;
  /** null: a name made of host and time, in the working folder. */
  readonly output: string | null;
  readonly preset: PresetName;
  readonly tags: Tags;
  /** Where the recording is sent when it is written; null: nowhere. */
  readonly push: PushTarget | null;
}

interface Written {
  readonly path: string;
  /** As it stands in the file. */
  readonly recording: Recording;
  /** Why it is not where it was to go. */
  readonly misplaced: Failure | null;
}

export async function runRecord(options: RecordOptions): Promise<number> {
  const written = await recordToFile(options);
  if (!written.ok) return reportFailure(written.failure);
  const { path, recording } = written.value;
  process.stdout.write(`${printable(describeRecording(recording))}\n`);
  const code = await concludeRecording(options, written.value);
  // Scripts take the last line.
  process.stdout.write(`${path}\n`);
  return code;
}

/** The exit code: of what was recorded, and of sending it where that was asked for and there is a load to send. */
async function concludeRecording(
  { url, push }: RecordOptions,
  { path, recording, misplaced }: Written,
): Promise<number> {
  if (misplaced !== null) return reportFailure(misplaced);
  if (recording.cutOff !== null) return reportFailure(recording.cutOff);
  if (recording.loadError?.startsWith('net::'))
    return reportFailure(
      makeFailure('page-failed', { subject: withoutCredentials(url), detail: recording.loadError }),
    );
  return push === null ? 0 : runPush({ ...push, file: path });
}

/** Why it ended, where that is not that the page had come to rest. */
const STOP_WORDS: Readonly<Record<StopReason, string | null>> = {
  quiet: null,
  'load-timeout': `ended ${DEFAULT_CAPTURE_OPTIONS.afterLoadMillis / 1000} s after the load event, still busy`,
  'time-limit': `ended after ${DEFAULT_CAPTURE_OPTIONS.totalMillis / 1000} s, before the page came to rest`,
  user: 'stopped by hand',
};

function describeRecording({
  url,
  durationMillis,
  loadFinished,
  loadError,
  stopReason,
  trace,
}: Recording): string {
  const facts = [
    durationMillis === null ? null : `${(durationMillis / 1000).toFixed(1)} s`,
    loadError ?? (loadFinished ? 'loaded' : 'load did not finish'),
    stopReason === null ? null : STOP_WORDS[stopReason],
    trace === null ? 'no trace' : `${(trace.bytes / 1e6).toFixed(1)} MB`,
  ];
  return `Recorded ${url}: ${facts.filter((fact) => fact !== null).join(', ')}`;
}

async function recordToFile(options: RecordOptions): Promise<Result<Written>> {
  // Without a name of its own it gets one in the working folder.
  const refused = await checkOutput(options.output ?? './recording.pageflame');
  if (refused !== null) return fail(refused);
  const executable = findChromium();
  if (executable === null) return fail(makeFailure('browser-not-found'));
  // Before there is anything that it would leave behind.
  const interrupts = new Interrupts();
  try {
    return await recordInStore(executable.path, options, interrupts);
  } finally {
    interrupts.close();
  }
}

async function recordInStore(
  executable: string,
  options: RecordOptions,
  interrupts: Interrupts,
): Promise<Result<Written>> {
  const store = await FileStore.open();
  if (!store.ok) return store;
  try {
    const recorded = await recordInBrowser(executable, options, { store: store.value, interrupts });
    if (!recorded.ok) return recorded;
    const { cutOff } = recorded.value;
    // The second Ctrl+C came while its trace was being saved.
    if (cutOff?.code === 'cancelled') return fail(cutOff);
    return await writeRecording(store.value, recorded.value, options.output);
  } finally {
    await store.value.close();
  }
}

async function writeRecording(
  store: FileStore,
  recording: Recording,
  output: string | null,
): Promise<Result<Written>> {
  const packed = await store.pack(recording.id);
  if (!packed.ok) return leaveBehind(store, recording, packed.failure);
  const path = resolve(output ?? (await claimName(recordingFileName(recording))));
  const failure = await writeOutput(path, packed.value.file);
  if (failure === null) return succeed({ path, recording: packed.value.recording, misplaced: null });
  if (output === null) await rm(path, { force: true });
  return leaveBehind(store, recording, failure);
}

async function leaveBehind(
  store: FileStore,
  recording: Recording,
  failure: Failure,
): Promise<Result<Written>> {
  const left = await store.leaveBehind(recording.id);
  if (!left.ok) return fail(failure);
  const detail = `${failure.detail}; the recording is in ${left.value}`;
  return succeed({ path: left.value, recording, misplaced: { ...failure, detail } });
}

/** `name`, or another much like it, as an empty file: others may record the same site in the same second. */
async function claimName(name: string): Promise<string> {
  const { name: stem, ext } = parse(name);
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${stem}-${number}${ext}`;
    const isTaken = await writeFile(free, '', { flag: 'wx' }).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    // What else is wrong with it is told where it is written.
    if (!isTaken) return free;
  }
}

interface Surroundings {
  readonly store: FileStore;
  readonly interrupts: Interrupts;
}

async function recordInBrowser(
  executable: string,
  wanted: Pick<RecordOptions, 'url' | 'preset' | 'tags'>,
  surroundings: Surroundings,
): Promise<Result<Recording>> {
  const open = await openPage(executable, surroundings.interrupts);
  if (!open.ok) return open;
  try {
    if (surroundings.interrupts.isOver)
      return fail(
        makeFailure('cancelled', { subject: `The recording of ${withoutCredentials(wanted.url)}` }),
      );
    return await recordPage(open.value, wanted, surroundings);
  } finally {
    await open.value.browser.close();
  }
}

/** An empty page of a browser that is at rest. */
async function openPage(executable: string, interrupts: Interrupts): Promise<Result<OpenPage>> {
  // Loading it takes a third of a second, which the other commands need not wait for.
  const { chromium } = await import('playwright');
  let browser: Browser | null = null;
  try {
    browser = await chromium.launch({
      executablePath: executable,
      args: ['--window-size=1440,900'],
      // What stops the recording leaves the browser there: it is needed to read it.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    // No emulated viewport: the window's own, as in a browser that somebody sits at.
    const context = await browser.newContext({ viewport: null });
    const page = await context.newPage();
    const isOver = (): boolean => interrupts.isOver;
    const name = await askBrowserName(browser, isOver);
    await waitForRest(browser, isOver);
    return succeed({ browser, name, context, page });
  } catch (error) {
    await browser?.close();
    const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return fail(makeFailure('browser-failed', { subject: executable, detail }));
  }
}

interface OpenPage {
  readonly browser: Browser;
  /** With its version. */
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
}

async function recordPage(
  open: OpenPage,
  { url, preset, tags }: Pick<RecordOptions, 'url' | 'preset' | 'tags'>,
  { store, interrupts }: Surroundings,
): Promise<Result<Recording>> {
  const request: RecordingRequest = {
    id: newRecordingId(),
    url: withoutCredentials(url),
    title: '',
    load: { kind: 'navigate', url },
    options: { ...DEFAULT_CAPTURE_OPTIONS, ...PRESETS[preset] },
    browser: open.name,
    recorder: `pageflame ${PAGEFLAME_VERSION}`,
    devtoolsOpen: false,
    // The browser is a new one: nothing is in its cache.
    tags: { cache: 'cold', ...tags },
  };
  const session = new PlaywrightSession(open);
  const recorder = Recorder.begin({ session, store, memory: NO_MEMORY }, request);
  session.listen(recorder);
  open.browser.on('disconnected', () => recorder.handleDetach('browser-gone'));
  interrupts.listener = recorder;
  return recorder.ended;
}

/** Playwright's session to the page, as capture/ wants it. */
class PlaywrightSession implements CdpSession {
  readonly #open: OpenPage;
  #session: CDPSession | null = null;
  #recorder: Recorder | null = null;

  constructor(open: OpenPage) {
    this.#open = open;
  }

  listen(recorder: Recorder): void {
    this.#recorder = recorder;
  }

  async open(): Promise<void> {
    const session = await this.#open.context.newCDPSession(this.#open.page);
    session.on('event', ({ method, params }) => this.#recorder?.handleEvent(method, { ...params }));
    session.on('close', () => this.#recorder?.handleDetach('tab-closed-while-recording'));
    this.#session = session;
  }

  async send(method: string, params?: CdpParams): Promise<CdpParams> {
    if (this.#session === null) throw new Error('Session closed');
    // Playwright types each method of the protocol; capture/ names them as text and checks what comes back.
    const session: { send(method: string, params?: CdpParams): Promise<CdpParams> } = this.#session;
    return session.send(method, params);
  }

  async close(): Promise<void> {
    await this.#session?.detach();
    this.#session = null;
  }
}
