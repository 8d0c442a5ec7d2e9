/**
 * Titles of the tracks, each a button that opens or collapses its track, and the switch for empty threads.
 * In: a view. Out: an element as high as all tracks together, which gives the scroller its range.
 */
import type { ChartView } from './chart-view.ts';

export function TrackHeaders({ view }: { readonly view: ChartView }) {
  const { sections, height } = view.arrangement.value;
  const { ratio } = view.size.value;
  const { chart, tracks } = view.props.value;
  const { showEmpty } = tracks.value;
  const empty = chart.tracks.filter(({ rows }) => rows === 0).length;
  return (
    <>
      <div class="track-headers" style={{ height: `${height / ratio}px` }}>
        {sections.map(({ track, top, collapsed }) => (
          <button
            key={track.key}
            type="button"
            class="track-header"
            aria-expanded={!collapsed}
            disabled={track.rows === 0}
            title={
              track.kind === 'thread'
                ? `${track.title} (process ${track.pid}, thread ${track.tid})`
                : track.title
            }
            style={{ top: `${top / ratio}px` }}
            onClick={() => view.toggle(track.key, track.title)}
          >
            <span class="track-title">{track.title}</span>
          </button>
        ))}
      </div>
      {empty > 0 && (
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
      )}
    </>
  );
}
