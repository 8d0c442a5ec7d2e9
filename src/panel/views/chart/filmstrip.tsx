/**
 * The filmstrip: what the page looked like over the same time as the overview below it, or in order where there is no
 * trace. Pictures are read as they are needed and shown as images from memory.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TimeRange } from '../../../analysis/index.ts';
import type { Micros } from '../../../base/index.ts';
import type { Recording } from '../../../recording/index.ts';
import { choosePictures } from '../../state/chart/filmstrip.ts';
import type { LibraryDoor } from '../../state/doors.ts';
import { type PictureShelf, shelfOfRecording, USUAL_ASPECT } from '../../state/facts/page-pictures.ts';
import { formatSince } from '../../words/format.ts';
import { addressOfPicture, PagePicture } from '../facts/page-picture.tsx';
import { whenIdle } from '../parts/when-idle.ts';

/** CSS pixels of the line under it. */
const BORDER = 1;
const LEAST_ASPECT = 0.5;
const MOST_ASPECT = 2;
/** Pictures that are read, and shown, together. */
const AT_ONCE = 8;

interface FilmstripProps {
  readonly shelf: PictureShelf;
  readonly range: TimeRange;
  readonly origin: Micros;
}

export function Filmstrip({ shelf, range, origin }: FilmstripProps) {
  const row = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(row);
  const slotWidth = Math.max(1, (height - BORDER) * usableAspect(shelf));
  const { times } = shelf;
  const slots = Math.max(1, Math.floor(width / slotWidth));
  const chosen = width === 0 || height === 0 ? [] : choosePictures(times, range, slots);
  const pictures = usePictures(shelf, chosen);
  return (
    <section class="filmstrip" ref={row} aria-label="Filmstrip">
      {chosen.map((frame, slot) => (
        <div key={slot} class="slot">
          <Read address={pictures.get(frame)} words={`At ${formatSince(times[frame] - origin)}`} />
        </div>
      ))}
    </section>
  );
}

interface FilmstripPageProps {
  readonly library: LibraryDoor;
  readonly recording: Recording;
}

/** Every picture in order with its time since the recording began: for recordings whose trace is gone. */
export function FilmstripPage({ library, recording }: FilmstripPageProps) {
  const shelf = shelfOfRecording(library, recording, (time) => (time - recording.startedAt) * 1_000);
  const pictures = usePictures(
    shelf,
    shelf.times.map((_, index) => index),
  );
  return (
    <ol class="filmstrip-page" aria-label="Filmstrip">
      {shelf.times.map((time, index) => {
        const at = formatSince(time);
        return (
          <li key={time}>
            <Read address={pictures.get(index)} words={`At ${at}`} />
            <span class="number quiet">{at}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Its place is empty until it is read. */
function Read({ address, words }: { readonly address: string | undefined; readonly words: string }) {
  return address === undefined ? (
    <span class="no-picture" />
  ) : (
    <PagePicture address={address} words={words} />
  );
}

/** As the page was, within what a row of thumbs can use: a page above docked DevTools is very wide and low. */
const usableAspect = ({ aspect }: PictureShelf): number =>
  Math.min(MOST_ASPECT, Math.max(LEAST_ASPECT, aspect ?? USUAL_ASPECT));

/** The element's size in CSS pixels, as it changes; 0 before it is laid out and where it is not shown. */
function useSize(element: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const [box] = entry.borderBoxSize;
      setSize({ width: box?.inlineSize ?? 0, height: box?.blockSize ?? 0 });
    });
    observer.observe(element.current, { box: 'border-box' });
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Object addresses of the wanted pictures, group by group as they are read ('' where one cannot be); given back when left. */
function usePictures(shelf: PictureShelf, wanted: readonly number[]): ReadonlyMap<number, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<number, string>>(new Map());
  const kept = useRef(new Map<number, string>());
  useEffect(
    () => () => {
      for (const address of kept.current.values()) if (address !== '') URL.revokeObjectURL(address);
      kept.current = new Map();
      setPictures(new Map());
    },
    [shelf.key],
  );
  const key = wanted.join(' ');
  useEffect(() => {
    const missing = [...new Set(wanted)].filter((frame) => frame >= 0 && !kept.current.has(frame));
    let left = false;
    const load = async (): Promise<void> => {
      // The chart goes first.
      await whenIdle();
      for (let from = 0; from < missing.length && !left; from += AT_ONCE) {
        const group = missing.slice(from, from + AT_ONCE);
        const jpegs = await Promise.all(group.map((frame) => shelf.read(frame)));
        if (left) return;
        for (const [index, frame] of group.entries()) kept.current.set(frame, addressOfPicture(jpegs[index]));
        setPictures(new Map(kept.current));
      }
    };
    void load();
    return () => {
      left = true;
    };
  }, [shelf.key, key]);
  return pictures;
}
