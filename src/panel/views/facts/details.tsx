/**
 * The pages under the chart: what is selected (or the range), the page with its vitals and milestones, and the
 * quality notes. Tabs as ARIA describes them: arrow keys walk them.
 */
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Recording } from '../../../recording/index.ts';
import type { App } from '../../state/app.ts';
import type { Quality } from '../../state/facts/quality.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import type { TraceView } from '../../state/trace-view.ts';
import { useRoom } from '../app/lazy-room.ts';
import type { ChartDesk } from '../chart/chart-desk.ts';
import { useElsewhere } from '../comparison/use-elsewhere.ts';
import { TabStrip } from '../parts/tab-strip.tsx';
import type { AggregatedTab } from '../profile/aggregated-pane.tsx';
import type { GraphLooks } from '../profile/graph-canvas.tsx';
import { PagePane } from './page-pane.tsx';
import { QualityPane } from './quality-pane.tsx';
import { ScreenshotHost } from './screenshot-host.tsx';
import { SummaryPane } from './summary-pane.tsx';

export type DetailsTab = 'summary' | 'insights' | AggregatedTab | 'notes' | 'page' | 'quality';

const TABS: readonly { readonly id: DetailsTab; readonly name: string }[] = [
  { id: 'summary', name: 'Summary' },
  { id: 'insights', name: 'Insights' },
  { id: 'bottom-up', name: 'Bottom-up' },
  { id: 'call-tree', name: 'Call tree' },
  { id: 'flame-graph', name: 'Flame graph' },
  { id: 'event-log', name: 'Event log' },
  { id: 'source', name: 'Source' },
  { id: 'notes', name: 'Notes' },
  { id: 'page', name: 'Page' },
  { id: 'quality', name: 'Quality' },
];

const AGGREGATED: readonly DetailsTab[] = ['bottom-up', 'call-tree', 'flame-graph', 'event-log', 'source'];

interface DetailsProps extends GraphLooks {
  readonly app: App;
  readonly view: TraceView;
  readonly recording: Recording | null;
  readonly quality: Quality;
  readonly tab: Signal<DetailsTab>;
  readonly desk: ChartDesk;
}

const loadInsights = () => import('./insights-pane.tsx');

export function Details({ app, view, recording, quality, tab, desk, ...looks }: DetailsProps) {
  const here = tab.value;
  useEffect(() => {
    if (here === 'notes') void desk.load();
  }, [here, desk]);
  const section = useRef<HTMLElement>(null);
  const seen = useRef(here);
  useLayoutEffect(() => {
    // In a low window the page that was chosen may lie below it.
    if (seen.current !== here) section.current?.scrollIntoView({ block: 'nearest' });
    seen.current = here;
  }, [here]);
  const elsewhere = useElsewhere(app, view, recording);
  const loaded = useAggregated(app, view, AGGREGATED.includes(here));
  const insights = useRoom(here === 'insights', loadInsights);
  const aggregated = (id: AggregatedTab): ComponentChildren =>
    loaded === null ? (
      <p class="quiet">Loading…</p>
    ) : (
      <loaded.room.AggregatedPane aggregated={loaded.aggregated} tab={id} {...looks} />
    );
  const panes: Readonly<Record<DetailsTab, () => ComponentChildren>> = {
    summary: () => (
      <>
        <SummaryPane view={view} elsewhere={elsewhere} />
        <ScreenshotHost app={app} view={view} recording={recording} />
      </>
    ),
    insights: () =>
      insights === null ? (
        <p class="quiet">Loading…</p>
      ) : (
        <insights.InsightsPane engine={app.outside.engine} view={view} />
      ),
    'bottom-up': () => aggregated('bottom-up'),
    'call-tree': () => aggregated('call-tree'),
    'flame-graph': () => aggregated('flame-graph'),
    'event-log': () => aggregated('event-log'),
    source: () => aggregated('source'),
    notes: () => desk.room.value?.Pane() ?? <p class="quiet">Loading…</p>,
    page: () => <PagePane recording={recording} opened={view.opened} origin={view.origin} />,
    quality: () => <QualityPane quality={quality} recording={recording} />,
  };
  const pane = {
    id: 'details-pane',
    role: 'tabpanel',
    'aria-labelledby': `tab-${here}`,
    // What scrolls must be reachable to scroll it by keys; the aggregated views have grids that are.
    tabIndex: AGGREGATED.includes(here) ? -1 : 0,
  } as const;
  return (
    <section ref={section} class="details" aria-label="Details">
      <TabStrip tabs={TABS} tab={tab} pane="details-pane" />
      <div {...pane} class={AGGREGATED.includes(here) ? 'pane full' : 'pane'}>
        {panes[here]()}
      </div>
    </section>
  );
}

interface Loaded {
  readonly room: typeof import('../profile/aggregated-pane.tsx');
  readonly aggregated: Aggregated;
}

/** The aggregated views come when the first of them is looked at; their state stays while the trace is shown. */
function useAggregated(app: App, view: TraceView, isWanted: boolean): Loaded | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    if (!isWanted || loaded !== null) return undefined;
    let isHere = true;
    const load = async (): Promise<void> => {
      const room = await import('../profile/aggregated-pane.tsx');
      const onFailure = app.notices.showFailure;
      if (isHere)
        setLoaded({ room, aggregated: room.openAggregated({ outside: app.outside, view, onFailure }) });
    };
    void load();
    return () => {
      isHere = false;
    };
  }, [app, view, isWanted, loaded]);
  useEffect(() => () => loaded?.aggregated.dispose(), [loaded]);
  return loaded;
}
