/**
 * The aggregated views, loaded when the first of them is looked at (details.tsx): bottom-up, call tree, flame graph,
 * event log, source. In: their state, which of them is shown. Out: its pane, and what it says.
 */
import { useEffect } from 'preact/hooks';
import { sourceDoor } from '../../outside/source-door.ts';
import { type Aggregated, type AggregatedOptions, createAggregated } from '../../state/profile/aggregated.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { SourcePane } from '../source/source-pane.tsx';
import { EventLogPane } from './event-log.tsx';
import type { GraphLooks } from './graph-canvas.tsx';
import { GraphPane } from './graph-pane.tsx';
import { TreePane } from './tree-table.tsx';

export type AggregatedTab = 'bottom-up' | 'call-tree' | 'flame-graph' | 'event-log' | 'source';

/** Their state, with the real world outside. */
export const openAggregated = (options: Omit<AggregatedOptions, 'sources'>): Aggregated =>
  createAggregated({ ...options, sources: sourceDoor });

export const NOT_SAVED = 'Given up: nothing was saved.';

interface AggregatedPaneProps extends GraphLooks {
  readonly aggregated: Aggregated;
  readonly tab: AggregatedTab;
}

export function AggregatedPane({ aggregated, tab, ...looks }: AggregatedPaneProps) {
  const { said } = aggregated;
  // What was said of one view is not said of the next.
  useEffect(
    () => () => {
      said.value = '';
    },
    [said, tab],
  );
  if (aggregated.profile.threads.length === 0)
    return <p class="graph-empty quiet">No thread of this trace has a slice: there is nothing to add up.</p>;
  return (
    <>
      {pane()}
      <AskingLine asking={aggregated.saving} working="Saving…" givenUp={NOT_SAVED} />
      <p class="said" role="status">
        {said}
      </p>
    </>
  );

  function pane() {
    switch (tab) {
      case 'bottom-up':
        return <TreePane key={tab} aggregated={aggregated} tree={aggregated.bottomUp} />;
      case 'call-tree':
        return <TreePane key={tab} aggregated={aggregated} tree={aggregated.callTree} />;
      case 'flame-graph':
        return <GraphPane aggregated={aggregated} {...looks} />;
      case 'event-log':
        return <EventLogPane aggregated={aggregated} />;
      case 'source':
        return <SourcePane aggregated={aggregated} />;
    }
  }
}
