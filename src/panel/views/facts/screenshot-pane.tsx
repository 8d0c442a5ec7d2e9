/**
 * A picture of the page that is selected in the chart, whole; pressed, it fills the window: left and right go to the
 * pictures before and after, Esc closes it. In: where pictures are kept, the selected slice. Out: the selection. Nothing where the
 * selected slice is no picture. Loads when a picture is selected.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type SliceIndex, sliceIndex } from '../../../base/index.ts';
import type { PictureShelf } from '../../state/facts/page-pictures.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { formatSince } from '../../words/format.ts';
import { addressOfPicture, PagePicture } from './page-picture.tsx';
import './screenshot.css';

interface ScreenshotPaneProps {
  readonly shelf: PictureShelf;
  readonly view: TraceView;
  readonly slice: SliceIndex;
  /** Trace clock. */
  readonly start: number;
}

/** Which picture a slice number stands for; -1 for none. */
export const pictureOf = (view: TraceView, slice: number): number => {
  const items = view.chart.value?.items;
  return items === undefined ? -1 : (items.notes[slice - items.first]?.picture ?? -1);
};

export function ScreenshotPane({ shelf, view, slice, start }: ScreenshotPaneProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const address = usePicture(shelf, pictureOf(view, slice));
  const words = `The page at ${formatSince(start - view.origin)}`;
  const hasOther = (towards: -1 | 1): boolean => pictureOf(view, slice + towards) >= 0;
  const step = (towards: -1 | 1): void => {
    if (hasOther(towards)) view.selection.value = sliceIndex(slice + towards);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const towards = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : null;
    if (towards === null) return;
    event.preventDefault();
    step(towards);
  };
  if (address === null) return null;
  // Nothing to be shown large.
  if (address === '') return <PagePicture address="" words={words} class="screenshot-small" />;
  return (
    <div class="screenshot">
      <button
        type="button"
        class="screenshot-button"
        aria-label={`${words}: show large`}
        onClick={() => dialog.current?.showModal()}
      >
        <PagePicture class="screenshot-small" address={address} words={words} />
      </button>
      <dialog ref={dialog} class="screenshot-large" aria-label={words} onKeyDown={onKeyDown}>
        <PagePicture class="screenshot-whole" address={address} words={words} />
        <p class="screenshot-bar">
          <button type="button" class="plain-button" disabled={!hasOther(-1)} onClick={() => step(-1)}>
            Before
          </button>
          <span class="number" role="status">
            {words}
          </span>
          <button type="button" class="plain-button" disabled={!hasOther(1)} onClick={() => step(1)}>
            After
          </button>
          <button type="button" class="plain-button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </p>
      </dialog>
    </div>
  );
}

/** The one before stays until the next is read: nothing flickers. */
function usePicture(shelf: PictureShelf, picture: number): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let isLeft = false;
    const read = async (): Promise<void> => {
      const jpeg = picture < 0 ? null : await shelf.read(picture);
      if (!isLeft) setAddress(jpeg === null ? null : addressOfPicture(jpeg));
    };
    void read();
    return () => {
      isLeft = true;
    };
  }, [shelf.key, picture]);
  useEffect(
    () => () => {
      if (address !== null && address !== '') URL.revokeObjectURL(address);
    },
    [address],
  );
  return address;
}
