/**
 * What Chrome has called the same thing over its versions: the one table that readers, classes, milestones, requests, long
 * tasks and initiators take their names from. docs/trace-events.md has the same rows; a test reads them there.
 * In: nothing. Out: names, newest first, with the versions that wrote them. What lies between the newest version known
 * to write one name and the oldest known to write the next, nobody of us has seen.
 */

export interface EventName {
  readonly name: string;
  /** The oldest version known to write it; null: all, or not known. */
  readonly from: number | null;
  /** The newest version known to write it; null: it still does. */
  readonly to: number | null;
}

const name = (text: string, from: number | null = null, to: number | null = null): EventName => ({
  name: text,
  from,
  to,
});

export const EVENT_NAMES = {
  /** One turn of a thread's loop. */
  task: [
    name('RunTask', 74),
    name('ThreadControllerImpl::RunTask', 69, 70),
    name('TaskQueueManager::ProcessTaskFromWorkQueue', null, 66),
  ],
  style: [name('UpdateLayoutTree', 51), name('RecalculateStyles', null, 50)],
  'pre-paint': [name('PrePaint', 116), name('UpdateLayerTree', null, 86)],
  commit: [name('Commit', 116), name('CompositeLayers', null, 86)],
  /** V8's samples. */
  samples: [name('ProfileChunk', 67), name('CpuProfile', null, 66)],
  /** The page's frames when tracing begins. */
  'frames at start': [name('TracingStartedInBrowser', 65), name('TracingStartedInPage', null, 70)],
  /** A navigation's begin, as its document's process tells it; the document itself where that was lost. */
  navigation: [name('navigationStart'), name('CommitLoad')],
  'DOM content loaded': [name('MarkDOMContent'), name('domContentLoadedEventEnd')],
  load: [name('MarkLoad'), name('loadEventEnd')],
  'largest paint': [name('largestContentfulPaint::Candidate', 86)],
  'largest paint taken back': [name('largestContentfulPaint::Invalidate', 86)],
  'request sent': [name('ResourceSendRequest')],
  'image decode': [name('Decode Image'), name('ImageDecodeTask')],
} as const satisfies Readonly<Record<string, readonly EventName[]>>;

export type EventNameKind = keyof typeof EVENT_NAMES;

/** All names of it, newest first. */
export function namesOf(kind: EventNameKind): readonly string[] {
  return EVENT_NAMES[kind].map((each) => each.name);
}
