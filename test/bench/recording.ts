/**
 * Our recorder over Playwright's session, for the bench: what the command line does, with the bench's own options.
 * In: a page and the address to load in it. Out: the recording, whose trace is thrown away.
 */
import type { CDPSession, Page } from 'playwright';
import { type CdpParams, type CdpSession, NO_MEMORY, Recorder } from '../../src/capture/index.ts';
import { FileStore } from '../../src/recording/file-store.node.ts';
import {
  type CaptureOptions,
  DEFAULT_CAPTURE_OPTIONS,
  newRecordingId,
  type Recording,
} from '../../src/recording/index.ts';

class PageSession implements CdpSession {
  readonly #page: Page;
  #session: CDPSession | null = null;
  recorder: Recorder | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page);
    session.on('event', ({ method, params }) => this.recorder?.handleEvent(method, { ...params }));
    this.#session = session;
  }

  async send(method: string, params?: CdpParams): Promise<CdpParams> {
    if (this.#session === null) throw new Error('Not attached to an active page');
    const session: { send(method: string, params?: CdpParams): Promise<CdpParams> } = this.#session;
    return session.send(method, params);
  }

  async close(): Promise<void> {
    await this.#session?.detach();
  }
}

export async function record(page: Page, url: string, options: Partial<CaptureOptions>): Promise<Recording> {
  const opened = await FileStore.open();
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  try {
    const session = new PageSession(page);
    const recorder = Recorder.begin(
      { session, store, memory: NO_MEMORY },
      {
        id: newRecordingId(),
        url,
        title: '',
        load: { kind: 'navigate', url },
        options: { ...DEFAULT_CAPTURE_OPTIONS, ...options },
        browser: 'bench',
        recorder: 'bench',
        devtoolsOpen: false,
      },
    );
    session.recorder = recorder;
    const ended = await recorder.ended;
    if (!ended.ok) throw new Error(ended.failure.message);
    return ended.value;
  } finally {
    await store.close();
  }
}
