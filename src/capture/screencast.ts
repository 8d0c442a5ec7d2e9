/**
 * Drives `Page.startScreencast` for the filmstrip. In: its events. Out: JPEGs in the recording's entry, each with its
 * own time. A tab in the background sends none. Where the store is full the filmstrip ends and the recording goes on.
 */
import type { Millis } from '../base/index.ts';
import type { CdpParams } from './cdp-session.ts';
import type { Commands } from './commands.ts';
import type { Entry } from './entry.ts';
import { Filmstrip, FRAME_SIDE, JPEG_QUALITY, type Picture } from './filmstrip.ts';
import { decodeBase64, readNumber, readObject, readText } from './protocol-values.ts';

/** A page that is shown is in a picture after 20 to 60 ms. */
const FIRST_PICTURE_MILLIS: Millis = 150;

export class Screencast {
  readonly #commands: Commands;
  readonly #entry: Entry;
  readonly #filmstrip: Filmstrip;
  /** Resolves with the first picture, or when none comes (a tab in the background, a browser without pictures). */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;
  /** Names this screencast in acknowledgements. */
  #sessionId = 0;
  #running = true;

  constructor(commands: Commands, entry: Entry) {
    this.#commands = commands;
    this.#entry = entry;
    this.#filmstrip = new Filmstrip(
      {
        keep: (picture) => void this.#keep(picture),
        acknowledge: (count) => this.#acknowledge(count),
        full: () => this.stop(),
      },
      entry.recording.frames.length,
    );
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
      setTimeout(resolve, FIRST_PICTURE_MILLIS);
    });
    void commands.send('Page.startScreencast', {
      format: 'jpeg',
      quality: JPEG_QUALITY,
      maxWidth: FRAME_SIDE,
      maxHeight: FRAME_SIDE,
    });
  }

  /** `params` of a `Page.screencastFrame`. */
  take(params: CdpParams): void {
    if (!this.#running) return;
    this.#begin();
    this.#sessionId = readNumber(params, 'sessionId') ?? 0;
    const seconds = readNumber(readObject(params, 'metadata'), 'timestamp');
    const time = seconds === null ? Date.now() : seconds * 1_000;
    this.#filmstrip.offer({ data: readText(params, 'data'), time });
  }

  stop(): void {
    if (!this.#running) return;
    this.#filmstrip.finish();
    this.#running = false;
    void this.#commands.send('Page.stopScreencast');
  }

  async #keep({ data, time }: Picture): Promise<void> {
    const kept = await this.#entry.appendFrame(time, decodeBase64(data));
    if (!kept.ok) this.stop();
  }

  #acknowledge(count: number): void {
    if (!this.#running) return;
    const sessionId = this.#sessionId;
    for (let sent = 0; sent < count; sent++)
      void this.#commands.send('Page.screencastFrameAck', { sessionId });
  }
}
