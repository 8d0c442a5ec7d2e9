/**
 * Pictures of the page for a frame in which the chart moves: those that are read already. Reading and decoding one takes
 * time of the next frames, and what flies by is not looked at.
 * In: the page's pictures. Out: a source that asks for none, and whether one was not there.
 */
import type { PagePictures } from '../props.ts';
import type { PictureSource } from './scene.ts';

export class ReadPictures implements PictureSource {
  readonly #pictures: PagePictures;
  /** The picture at rest is another one. */
  isPartial = false;

  constructor(pictures: PagePictures) {
    this.#pictures = pictures;
  }

  get aspect(): number {
    return this.#pictures.aspect;
  }

  get(picture: number): ReturnType<PictureSource['get']> {
    const read = this.#pictures.peek(picture);
    this.isPartial ||= read === null;
    return read;
  }
}
