/**
 * The filmstrip: what the page looked like over the same time as the overview below it, or in order where there is no
 * trace. Pictures are read from the library as they are needed and shown as images from memory.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TimeRange } from '../../analysis/index.ts';
import type { Micros } from '../../base/index.ts';
import { type ClockTie, type Recording, toMicros } from '../../recording/index.ts';
import type { LibraryDoor } from '../state/doors.ts';
import { choosePictures } from '../state/filmstrip.ts';
import { formatSince } from '../words/format.ts';

/** CSS pixels of the line under it. */
const BORDER = 1;
/** Where the viewport's shape is unknown. */
const USUAL_ASPECT = 16 / 10;
const LEAST_ASPECT = 0.5;
const MOST_ASPECT = 2;

interface FilmstripProps {
  readonly library: LibraryDoor;
  readonly recording: Recording;
  readonly range: TimeRange;
  readonly origin: Micros;
  readonly tie: ClockTie;
}

export function Filmstrip({ library, recording, range, origin, tie }: FilmstripProps) {
  const row = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(row);
  const slotWidth = Math.max(1, (height - BORDER) * aspectOf(recording));
  const times = recording.frames.map(({ time }) => toMicros(time, tie));
  const slots = Math.max(1, Math.floor(width / slotWidth));
  const chosen = width === 0 || height === 0 ? [] : choosePictures(times, range, slots);
  const pictures = usePictures(library, recording, chosen);
  return (
    <section class="filmstrip" ref={row} aria-label="Filmstrip">
      {chosen.map((frame, slot) => (
        <div key={slot} class="slot">
          {pictures.has(frame) && (
            <img
              src={pictures.get(frame)}
              alt={`At ${formatSince(times[frame] - origin)}`}
              title={`At ${formatSince(times[frame] - origin)}`}
            />
          )}
        </div>
      ))}
    </section>
  );
}

/** Every picture in order with its time since the recording began: for recordings whose trace is gone. */
export function FilmstripPage({ library, recording }: Pick<FilmstripProps, 'library' | 'recording'>) {
  const pictures = usePictures(
    library,
    recording,
    recording.frames.map((_, index) => index),
  );
  return (
    <ol class="filmstrip-page" aria-label="Filmstrip">
      {recording.frames.map(({ time }, index) => {
        const at = formatSince((time - recording.startedAt) * 1_000);
        return (
          <li key={time}>
            {pictures.has(index) ? (
              <img src={pictures.get(index)} alt={`At ${at}`} />
            ) : (
              <span class="no-picture" />
            )}
            <span class="number quiet">{at}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** As the page was, within what a row of thumbs can use: a page above docked DevTools is very wide and low. */
function aspectOf({ viewport }: Recording): number {
  if (viewport === null || viewport.height === 0) return USUAL_ASPECT;
  return Math.min(MOST_ASPECT, Math.max(LEAST_ASPECT, viewport.width / viewport.height));
}

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

/** Object addresses of the wanted pictures, one by one as they are read; given back when they are left. */
function usePictures(
  library: LibraryDoor,
  recording: Recording,
  wanted: readonly number[],
): ReadonlyMap<number, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<number, string>>(new Map());
  const kept = useRef(new Map<number, string>());
  useEffect(
    () => () => {
      for (const address of kept.current.values()) URL.revokeObjectURL(address);
      kept.current = new Map();
      setPictures(new Map());
    },
    [recording.id],
  );
  const key = wanted.join(' ');
  useEffect(() => {
    const missing = [...new Set(wanted)].filter((frame) => frame >= 0 && !kept.current.has(frame));
    let left = false;
    const load = async (): Promise<void> => {
      for (const frame of missing) {
        const jpeg = await library.readFrame(recording.id, frame);
        if (left) return;
        // A picture that cannot be read leaves its place empty; the others still tell.
        if (!jpeg.ok) continue;
        kept.current.set(
          frame,
          URL.createObjectURL(new Blob([new Uint8Array(jpeg.value)], { type: 'image/jpeg' })),
        );
        setPictures(new Map(kept.current));
      }
    };
    void load();
    return () => {
      left = true;
    };
  }, [recording.id, key]);
  return pictures;
}
