/**
 * Pictures of the page for the chart: read when they are first asked for, once the chart itself is painted, some at a time.
 * In: where they are kept. Out: small pictures for the canvas, addresses of the whole ones; given back when the
 * recording is left. A picture that cannot be read or decoded is told as damaged.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { PagePictures } from '../../canvas/index.ts';
import { type PictureShelf, USUAL_ASPECT } from '../../state/facts/page-pictures.ts';
import { whenIdle } from '../parts/when-idle.ts';

/** Device pixels: a row of pictures is 64 CSS pixels high, on screens of twice the pixels as well. */
const PICTURE_HEIGHT = 128;
/** So many are read at a time. */
const AT_ONCE = 8;
/** The chart is painted anew when all are read, or so often. */
const TELL_MILLIS = 250;

interface Kept {
  readonly address: string;
  readonly image: ImageBitmap;
}

export class PictureStore implements PagePictures {
  readonly version: Signal<number> = signal(0);
  readonly #shelf: PictureShelf;
  /** null while it is read. */
  readonly #kept = new Map<number, Kept | 'damaged' | null>();
  readonly #waiting: number[] = [];
  #isReading = false;
  #isLeft = false;
  #lastAspect = USUAL_ASPECT;

  constructor(shelf: PictureShelf) {
    this.#shelf = shelf;
  }

  get(picture: number) {
    return pictureOf(this.#want(picture));
  }

  peek(picture: number) {
    return pictureOf(this.#kept.get(picture) ?? null);
  }

  get aspect(): number {
    return this.#shelf.aspect ?? this.#lastAspect;
  }

  addressOf(picture: number): string | null {
    const kept = picture < 0 ? null : this.#want(picture);
    return kept === 'damaged' ? '' : (kept?.address ?? null);
  }

  leave(): void {
    this.#isLeft = true;
    for (const kept of this.#kept.values()) giveBack(kept);
    this.#kept.clear();
  }

  #want(picture: number): Kept | 'damaged' | null {
    const known = this.#kept.get(picture);
    if (known !== undefined) return known;
    this.#kept.set(picture, null);
    this.#waiting.push(picture);
    void this.#read();
    return null;
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    await whenIdle();
    let told = performance.now();
    while (this.#waiting.length > 0 && !this.#isLeft) {
      await Promise.all(this.#waiting.splice(0, AT_ONCE).map((picture) => this.#take(picture)));
      if (this.#isLeft || (this.#waiting.length > 0 && performance.now() - told < TELL_MILLIS)) continue;
      told = performance.now();
      this.version.value++;
    }
    this.#isReading = false;
  }

  async #take(picture: number): Promise<void> {
    const kept = await this.#readOne(picture);
    if (this.#isLeft) giveBack(kept);
    else this.#kept.set(picture, kept);
    if (kept !== 'damaged') this.#lastAspect = kept.image.width / kept.image.height;
  }

  async #readOne(picture: number): Promise<Kept | 'damaged'> {
    const jpeg = await this.#shelf.read(picture);
    if (!jpeg.ok) return 'damaged';
    const blob = new Blob([new Uint8Array(jpeg.value)], { type: 'image/jpeg' });
    const options = { resizeHeight: PICTURE_HEIGHT, resizeQuality: 'medium' } as const;
    const image = await createImageBitmap(blob, options).catch(() => null);
    return image === null ? 'damaged' : { address: URL.createObjectURL(blob), image };
  }
}

function pictureOf(kept: Kept | 'damaged' | null) {
  if (kept === null || kept === 'damaged') return kept;
  return { image: kept.image, width: kept.image.width, height: kept.image.height };
}

function giveBack(kept: Kept | 'damaged' | null): void {
  if (kept === null || kept === 'damaged') return;
  URL.revokeObjectURL(kept.address);
  kept.image.close();
}

/** undefined where there are none. */
export function usePagePictures(shelf: PictureShelf | null): PagePictures | undefined {
  const key = shelf?.key;
  const store = useMemo(() => (shelf === null ? null : new PictureStore(shelf)), [key]);
  useEffect(() => () => store?.leave(), [store]);
  return store ?? undefined;
}
