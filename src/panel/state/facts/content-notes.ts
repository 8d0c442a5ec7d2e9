/**
 * What a trace lacks that the numbers rest on, though nothing of it is damaged: a page, its load, its main thread's events.
 * In: what is known of the recording (null for a bare trace file), what was read. Out: notes in words; none for what holds
 * no event at all, and none of what the recording itself says.
 */
import type { OpenedRecording } from '../../../engine/client.ts';
import type { Recording } from '../../../recording/index.ts';
import type { QualityNote } from './quality-note.ts';

export type ContentFacts = Pick<
  OpenedRecording,
  'events' | 'mainThread' | 'threads' | 'pageWindow' | 'milestones'
>;

const caution = (title: string, text: string): QualityNote => ({ level: 'caution', title, text });

export function contentNotes(recording: Recording | null, facts: ContentFacts): QualityNote[] {
  const { events, mainThread, threads, pageWindow, milestones } = facts;
  if (events === 0 || recording?.state === 'recording') return [];
  if (mainThread === null)
    return [
      caution(
        'No page',
        'No thread of this trace is a page’s main thread, so nothing is known of a load: the numbers are of the thread that holds most.',
      ),
    ];
  const main = threads.find(({ thread }) => thread === mainThread);
  if (main === undefined || main.slices + main.samples === 0)
    return [
      caution(
        'Main thread empty',
        'The page’s main thread holds no event with a length: its categories were not recorded, its events were lost, or its process was gone. It looks idle, and nobody knows whether it was.',
      ),
    ];
  // A recording knows by itself whether it was to load a page, and whether that came to an end.
  if (pageWindow === null)
    return recording === null
      ? [{ level: 'fact', title: 'No load', text: 'The page was loaded before this trace began.' }]
      : [];
  return recording === null && !milestones.some(({ name }) => name === 'load')
    ? [caution('Load did not finish', 'The trace ends before the page’s load event, or that was lost.')]
    : [];
}
