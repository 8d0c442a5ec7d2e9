/**
 * What the toolbar button says. In: the recorder's state, the wall clock. Out: badge, title and notice. Pure.
 * A badge holds about four characters; the title is read out by screen readers and shown on hover.
 */
import { type UnixMillis, unreachable } from '../base/index.ts';
import type { Notice, RecorderState } from './messages.ts';

export interface ButtonFace {
  /** '' is no badge. */
  readonly badge: string;
  readonly tone: 'busy' | 'full' | 'failed';
  readonly title: string;
}

/** From here on how full the buffer is matters more than how long it has been recording. */
const NEARLY_FULL = 0.75;
const TITLE_MAX = 60;

export function buttonFace(state: RecorderState, now: UnixMillis): ButtonFace {
  const name = quoteTitle(state.tabTitle);
  switch (state.phase) {
    case 'idle':
      if (state.failure === null) return { badge: '', tone: 'busy', title: 'Pageflame: record this page' };
      return { badge: '!', tone: 'failed', title: `Pageflame: ${state.failure.message}` };
    case 'starting':
      return {
        badge: '…',
        tone: 'busy',
        title: `Pageflame is about to record ${name}. Press again to stop.`,
      };
    case 'recording':
      return recordingFace(state, name, now);
    case 'stopping':
      return { badge: 'end', tone: 'busy', title: `Pageflame ends the recording of ${name}` };
    case 'saving':
      return { badge: 'save', tone: 'busy', title: `Pageflame saves the recording of ${name}` };
    default:
      return unreachable(state.phase);
  }
}

function recordingFace({ startedAt, bufferFill }: RecorderState, name: string, now: UnixMillis): ButtonFace {
  const seconds = startedAt === null ? 0 : Math.max(0, Math.floor((now - startedAt) / 1_000));
  const percent = bufferFill === null ? null : Math.round(bufferFill * 100);
  const isFull = bufferFill !== null && bufferFill >= NEARLY_FULL;
  const fill = percent === null ? '' : `, trace buffer ${percent} % full`;
  return {
    badge: isFull ? `${percent}%` : seconds < 1_000 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`,
    tone: isFull ? 'full' : 'busy',
    title: `Pageflame records ${name}: ${seconds} s${fill}. Press again to stop.`,
  };
}

/** For a press in another tab than the one that is recorded, and for one that failed. */
export function noticeOf(state: RecorderState, now: UnixMillis): Notice {
  if (state.phase === 'idle') {
    const text = state.failure?.message ?? 'Nothing is being recorded any more.';
    return { heading: state.failure === null ? 'Pageflame' : 'Not recorded', text, offersStop: false };
  }
  const seconds = state.startedAt === null ? 0 : Math.max(0, Math.floor((now - state.startedAt) / 1_000));
  const text = `Pageflame records one tab at a time, and it has been recording ${quoteTitle(state.tabTitle)} for ${seconds} s.`;
  const offersStop = state.phase === 'starting' || state.phase === 'recording';
  const saving = `Pageflame records one tab at a time, and it is still saving ${quoteTitle(state.tabTitle)}. Press again in a moment.`;
  return { heading: 'Recording another tab', text: offersStop ? text : saving, offersStop };
}

/** For the window that waits until Chrome hands over a trace; null when it has. */
export function waitNoticeOf(state: RecorderState): Notice | null {
  if (state.phase !== 'stopping') return null;
  return {
    heading: 'Waiting for Chrome',
    text: `Chrome has just been started and packs the trace of ${quoteTitle(state.tabTitle)} only when a page has loaded to its end. This window is one, and closes by itself.`,
    offersStop: false,
  };
}

function quoteTitle(title: string): string {
  const letters = [...title];
  if (letters.length === 0) return 'a tab';
  return `“${letters.length > TITLE_MAX ? `${letters.slice(0, TITLE_MAX - 1).join('')}…` : title}”`;
}
