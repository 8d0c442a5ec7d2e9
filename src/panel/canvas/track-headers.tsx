/**
 * Names of the tracks, each a button that opens or collapses its track; keys, menu and dragging do the rest. One of them
 * is in the order of Tab, arrows walk them. Below them the switch for empty threads.
 * In: a view, which of the chart's two parts. Out: an element as high as all tracks of that part together, which gives the
 * scroller its range.
 */
import { useEffect, useRef } from 'preact/hooks';
import { formatCounter, type Section } from '../../flame/index.ts';
import type { ChartView } from './chart-view.ts';
import { type TrackCommand, trackCommandOf } from './input/chart-key-table.ts';
import { changeTrack } from './input/track-actions.ts';
import { listenToTrackDrags } from './input/track-drag.ts';

interface TrackHeadersProps {
  readonly view: ChartView;
  readonly pinned: boolean;
}

export function TrackHeaders({ view, pinned }: TrackHeadersProps) {
  const root = useRef<HTMLDivElement>(null);
  const { sections, height, pinnedHeight } = view.arrangement.value;
  const { ratio } = view.size.value;
  const own = sections.filter((section) => section.pinned === pinned);
  useEffect(() => {
    if (root.current === null) return;
    const controller = new AbortController();
    listenToTrackDrags(root.current, view, controller.signal);
    return () => controller.abort();
  }, [view]);
  const reached = view.reachedTrack.value;
  const isFirst = (at: number): boolean => !pinned === !sections.some((each) => each.pinned) && at === 0;
  const isReachable = sections.some(({ track }) => track.key === reached);
  return (
    <>
      <div
        ref={root}
        class="track-headers"
        style={{ height: `${(pinned ? pinnedHeight : height) / ratio}px` }}
      >
        {own.map((section, at) => (
          <Header
            key={section.track.key}
            view={view}
            section={section}
            inTabOrder={isReachable ? section.track.key === reached : isFirst(at)}
          />
        ))}
        <CounterNames view={view} sections={own} />
      </div>
      {!pinned && <EmptySwitch view={view} />}
    </>
  );
}

interface HeaderProps {
  readonly view: ChartView;
  readonly section: Section;
  readonly inTabOrder: boolean;
}

function Header({ view, section, inTabOrder }: HeaderProps) {
  const { track, collapsed, pinned, top } = section;
  const { ratio } = view.size.value;
  const { key, title, kind } = track;
  const canOpen = track.rows > 0 || kind === 'group';
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    if (event.ctrlKey || event.metaKey) return;
    const command = trackCommandOf(event.code, event.altKey, event.shiftKey);
    if (command === null || !obey(view, { command, key, header: event.currentTarget })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      type="button"
      class="track-header"
      data-track={key}
      data-pinned={pinned ? '' : undefined}
      data-grouped={track.group === '' ? undefined : ''}
      tabIndex={inTabOrder ? 0 : -1}
      aria-expanded={canOpen ? !collapsed : undefined}
      aria-disabled={!canOpen}
      title={kind === 'thread' ? `${title} (process ${track.pid}, thread ${track.tid})` : title}
      style={{ top: `${top / ratio}px` }}
      onClick={() => void (canOpen && changeTrack(view, key, 'toggle-track'))}
      onFocus={() => {
        view.reachedTrack.value = key;
      }}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => {
        if (view.openTrackMenu(key, { x: event.clientX, y: event.clientY })) event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span class="track-title">
        {pinned && (
          <span class="track-pin" role="img" aria-label="pinned:">
            ▴
          </span>
        )}
        {title}
      </span>
    </button>
  );
}

interface Press {
  readonly command: TrackCommand;
  readonly key: string;
  readonly header: HTMLElement;
}

function obey(view: ChartView, { command, key, header }: Press): boolean {
  if (command === 'previous-track') return focusTrack(header, -1);
  if (command === 'next-track') return focusTrack(header, 1);
  if (command === 'track-menu') {
    const { left, bottom } = header.getBoundingClientRect();
    return view.openTrackMenu(key, { x: left + 12, y: bottom });
  }
  const next = command === 'hide-track' ? neighbourOf(header) : header;
  const isDone = changeTrack(view, key, command);
  // What was moved or pinned is another element now, and what was hidden has none.
  const goal = next === header ? key : next?.dataset.track;
  if (isDone && goal !== undefined) requestAnimationFrame(() => focusTrackOf(view, goal));
  return isDone || command === 'track-up' || command === 'track-down';
}

const chartOf = (header: HTMLElement): HTMLElement | null => header.closest('.flame-chart');
const headersOf = (chart: HTMLElement | null): HTMLElement[] => [
  ...(chart?.querySelectorAll<HTMLElement>('.track-header') ?? []),
];

/** The pinned ones come first, as on the screen. */
function focusTrack(header: HTMLElement, step: -1 | 1): boolean {
  const all = headersOf(chartOf(header));
  const next = all[all.indexOf(header) + step];
  next?.focus();
  return true;
}

function neighbourOf(header: HTMLElement): HTMLElement | null {
  const all = headersOf(chartOf(header));
  const at = all.indexOf(header);
  return all[at + 1] ?? all[at - 1] ?? null;
}

function focusTrackOf(view: ChartView, key: string): void {
  view.headerOf(key)?.focus();
}

/** Beside each curve what it is, and the most that there was. */
function CounterNames({
  view,
  sections,
}: {
  readonly view: ChartView;
  readonly sections: readonly Section[];
}) {
  const { chart } = view.props.value;
  const { ratio } = view.size.value;
  return (
    <>
      {sections.flatMap(({ track, collapsed, rowsTop, rowHeight }) =>
        track.kind !== 'counters' || collapsed
          ? []
          : Array.from({ length: track.rows }, (_, at) => {
              const series = chart.counters?.get(track.firstRow + at);
              return series === undefined ? null : (
                <span
                  key={series.name}
                  class="counter-name"
                  style={{ top: `${(rowsTop + at * rowHeight) / ratio}px` }}
                >
                  {series.title}: {formatCounter(series, series.least)} to{' '}
                  {formatCounter(series, series.most)}
                </span>
              );
            }),
      )}
    </>
  );
}

function EmptySwitch({ view }: { readonly view: ChartView }) {
  const { chart, tracks } = view.props.value;
  const { showEmpty } = tracks.value;
  const empty = chart.tracks.filter(({ rows, kind }) => rows === 0 && kind !== 'group').length;
  if (empty === 0) return null;
  return (
    <button
      type="button"
      class="track-empty-switch"
      aria-pressed={showEmpty}
      onClick={() => {
        tracks.value = { ...tracks.peek(), showEmpty: !showEmpty };
      }}
    >
      {showEmpty ? 'Hide' : 'Show'} {empty} empty {empty === 1 ? 'thread' : 'threads'}
    </button>
  );
}
