/**
 * The second phase: follows the page from the load that is asked for to the moment to stop.
 * In: the entry, the notes, every event of the session. Out: changes of both, and the reason to stop when there is one.
 */
import { ensure, type Result, succeed, type UnixMillis } from '../base/index.ts';
import type { StopReason } from '../recording/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import type { Entry } from './entry.ts';
import { LOOK_MILLIS, LoadWait } from './load-wait.ts';
import type { Notebook } from './notebook.ts';
import { readAddress, readPageState } from './page-state.ts';
import { PageWatch } from './page-watch.ts';
import { readText } from './protocol-values.ts';
import { Screencast } from './screencast.ts';
import { ThreadMeter } from './thread-meter.ts';

/** Long enough for any server: the total time of the recording ends the wait before. */
const NAVIGATE_MILLIS = 600_000;

export class Watching {
  readonly #commands: Commands;
  readonly #notebook: Notebook;
  readonly #entry: Entry;
  readonly #startedAt: UnixMillis;
  readonly #wait: LoadWait;
  readonly #page: PageWatch;
  readonly #meter: ThreadMeter;
  readonly #screencast: Screencast | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(commands: Commands, notebook: Notebook, entry: Entry) {
    const { request, startedAt, stoppedAt, waitKind, loadSeen } = notebook.notes;
    this.#commands = commands;
    this.#notebook = notebook;
    this.#entry = entry;
    this.#startedAt = ensure(startedAt, 'what is watched has begun');
    this.#wait = new LoadWait(request.options, waitKind, this.#startedAt);
    this.#meter = new ThreadMeter(commands);
    this.#page = new PageWatch({
      wait: this.#wait,
      startedAt: this.#startedAt,
      documentSeen: loadSeen,
      recording: () => entry.recording,
      change: (changes) => {
        entry.change(changes);
        void entry.write();
      },
      happened: (name, at) => this.#noteHappening(name, at),
    });
    if (stoppedAt !== null) this.#page.stop(stoppedAt);
    this.#screencast =
      stoppedAt === null && request.options.screenshots ? new Screencast(commands, entry) : null;
  }

  handle(method: string, params: CdpParams): void {
    if (method === 'Page.screencastFrame') this.#screencast?.take(params);
    else this.#page.handle(method, params, Date.now());
  }

  /** The filmstrip's first picture, of the page that was there before, is taken: in the load it would cost the load. */
  async firstPicture(): Promise<void> {
    await this.#screencast?.begun;
  }

  /**
   * Asks for the load and goes on: `Page.navigate` answers only when the document comes, which may take as long as its
   * server likes. A refusal interrupts everything.
   */
  askForLoad(): void {
    const { load } = this.#notebook.notes.request;
    if (load.kind === 'stay') return;
    const asked =
      load.kind === 'reload'
        ? this.#commands.send('Page.reload')
        : this.#commands.send('Page.navigate', { url: load.url }, NAVIGATE_MILLIS);
    void asked.then((answer) => {
      if (!answer.ok && answer.failure.code !== 'tab-silent') this.#commands.interrupt(answer.failure);
      else if (answer.ok) this.#noteRefusal(readText(answer.value, 'errorText'));
    });
  }

  /** The document did not come: a download, an empty answer, or an error page that is on its way. */
  #noteRefusal(error: string): void {
    if (error !== '') this.#page.loadRefused(error, Date.now());
  }

  /** Finds out what happened while nobody listened; asks for the load again where it was not. */
  async catchUp(): Promise<Result<void>> {
    // Has Chrome say again that the renderer has crashed, if it has.
    await this.#commands.send('Inspector.enable');
    const page = await readPageState(this.#commands);
    if (!page.ok) return page;
    if (page.value === null) return succeed(undefined);
    const isNew = page.value.origin >= this.#startedAt;
    if (!isNew && !this.#notebook.notes.loadSeen) this.askForLoad();
    else if (isNew) this.#page.catchUp(page.value.loaded, Date.now());
    return succeed(undefined);
  }

  /** Calls `stop` when the page has been recorded for long enough, until this watching is stopped. */
  waitForQuiet(stop: (reason: StopReason) => void): void {
    clearTimeout(this.#timer);
    const now = Date.now();
    const reason = this.#wait.verdict(now);
    if (reason !== null) {
      stop(reason);
      return;
    }
    if (this.#wait.wantsMeasurement(now)) void this.#measure(stop);
    this.#timer = setTimeout(() => this.waitForQuiet(stop), LOOK_MILLIS);
  }

  /** Often the answer is that it was quiet for long enough. */
  #measure(stop: (reason: StopReason) => void): Promise<void> {
    return this.#meter.ask((share) => {
      this.#wait.measured(share, Date.now());
      if (!this.#isStopped) this.waitForQuiet(stop);
    });
  }

  /** Only what happened before `at` counts from now on. */
  stop(at: UnixMillis): void {
    clearTimeout(this.#timer);
    this.#isStopped = true;
    this.#page.stop(at);
    this.#screencast?.stop();
  }

  /** Whatever ends the recording, its title is then the page's own. The browser answers: it costs the page nothing. */
  async #noteAddress(): Promise<void> {
    const address = await readAddress(this.#commands);
    if (address === null || this.#notebook.notes.stoppedAt !== null) return;
    this.#entry.change(address);
    void this.#entry.write();
  }

  #noteHappening(name: string, at: UnixMillis): void {
    if (name === 'navigated') void this.#notebook.change({ loadSeen: true });
    else void this.#noteAddress();
    this.#notebook.addHappening(name, at);
  }
}
