/**
 * Paces the filmstrip. In: pictures as `Page.startScreencast` sends them, up to one per compositor frame. Out: at most
 * one every 100 ms, each the newest of its time, none twice, and never more than {@link FRAMES_MAX}.
 * Chrome sends only a few pictures ahead of their acknowledgement (seen: 3), so acknowledging late is what slows it
 * down; a picture that is held back is acknowledged when its turn comes.
 */
import type { Millis, UnixMillis } from '../base/index.ts';

/** A tenth of a second is what filmstrips of page loads are read in, and costs the page little. */
export const FRAME_SPACING_MILLIS: Millis = 100;
/** As many as DevTools keeps. At about 7 kB each a recording grows by 3 MB at most. */
export const FRAMES_MAX = 450;
/** Longest side, CSS px, as DevTools: enough to see what has appeared, too small to read a mail by. */
export const FRAME_SIDE = 500;
export const JPEG_QUALITY = 60;

export interface Picture {
  /** Base64 JPEG. */
  readonly data: string;
  readonly time: UnixMillis;
}

export interface FilmstripDoors {
  keep(picture: Picture): void;
  /** Tells Chrome that `count` more pictures may come. */
  acknowledge(count: number): void;
  /** No more are wanted. */
  full(): void;
}

export class Filmstrip {
  readonly #doors: FilmstripDoors;
  #kept: number;
  #last: Picture | null = null;
  #held: Picture | null = null;
  #unacknowledged = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `kept`: how many pictures the recording has already (a revived service worker goes on). */
  constructor(doors: FilmstripDoors, kept = 0) {
    this.#doors = doors;
    this.#kept = kept;
  }

  offer(picture: Picture): void {
    if (this.#kept >= FRAMES_MAX) return;
    this.#held = picture;
    this.#unacknowledged++;
    const wait = this.#last === null ? 0 : this.#last.time + FRAME_SPACING_MILLIS - picture.time;
    if (wait <= 0) this.#keepHeld();
    else this.#timer ??= setTimeout(() => this.#keepHeld(), wait);
  }

  /** Keeps what is held back still; nothing comes after. */
  finish(): void {
    this.#keepHeld();
  }

  #keepHeld(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const picture = this.#held;
    if (picture === null) return;
    this.#held = null;
    if (picture.data !== this.#last?.data) {
      this.#kept++;
      this.#doors.keep(picture);
    }
    this.#last = picture;
    if (this.#kept >= FRAMES_MAX) this.#doors.full();
    else this.#doors.acknowledge(this.#unacknowledged);
    this.#unacknowledged = 0;
  }
}
