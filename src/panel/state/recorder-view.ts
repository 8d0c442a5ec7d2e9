/**
 * The service worker's recorder state → what a panel or viewer shows of it. Pure.
 * In: the state as it came over the port (null before its first word), whose page this is.
 * Out: one of a few views. Refuses nothing.
 */
import type { UnixMillis } from '../../base/index.ts';
import type { Happening, RecorderPhase, RecorderState } from '../../extension/messages.ts';
import type { RecordingId } from '../../recording/index.ts';

/** Where the app runs. `tabId` is the inspected tab, null in the viewer page, which inspects none. */
export interface Place {
  readonly kind: 'panel' | 'viewer';
  readonly tabId: number | null;
}

export type BusyPhase = Exclude<RecorderPhase, 'idle'>;

export interface BusyView {
  readonly kind: 'busy';
  readonly phase: BusyPhase;
  /** The tab in front of us is being recorded; the viewer counts every recording as its own. */
  readonly mine: boolean;
  /** null until it has one. */
  readonly recording: RecordingId | null;
  readonly heading: string;
  readonly tabTitle: string;
  /** null until the worker says when it began. */
  readonly startedAt: UnixMillis | null;
  readonly bufferFill: number | null;
  readonly savedBytes: number;
  readonly happenings: readonly Happening[];
  readonly canStop: boolean;
}

export type RecorderView = { readonly kind: 'connecting' } | { readonly kind: 'idle' } | BusyView;

const HEADINGS: Readonly<Record<BusyPhase, string>> = {
  starting: 'Starting',
  recording: 'Recording',
  stopping: 'Stopping',
  saving: 'Saving',
};

/** What to show of `state`. */
export function viewRecorder(state: RecorderState | null, place: Place): RecorderView {
  if (state === null) return { kind: 'connecting' };
  if (state.phase === 'idle') return { kind: 'idle' };
  return {
    kind: 'busy',
    phase: state.phase,
    mine: place.kind === 'viewer' || state.tabId === place.tabId,
    recording: state.recording,
    heading: HEADINGS[state.phase],
    tabTitle: state.tabTitle === '' ? 'this tab' : state.tabTitle,
    startedAt: state.startedAt,
    bufferFill: state.bufferFill,
    savedBytes: state.savedBytes,
    happenings: state.happenings,
    canStop: state.phase === 'recording',
  };
}

/** One sentence about where the recorder stands: for a screen reader, the title, tests. */
export function describePhase(view: RecorderView): string {
  if (view.kind === 'connecting') return 'Connecting to the recorder';
  if (view.kind === 'idle') return '';
  switch (view.phase) {
    case 'starting':
      return `Starting to record ${view.tabTitle}`;
    case 'recording':
      return `Recording ${view.tabTitle}`;
    case 'stopping':
      return 'Stopping: Chrome closes the trace';
    case 'saving':
      return 'Saving the trace to the library';
  }
}
