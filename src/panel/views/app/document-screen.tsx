/**
 * One open file of profiles: what it is, its chart where it tells times, and the views that a profile has: flame graph,
 * tables. What only a trace has is not there, and it is said why.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProfileFileForm } from '../../../engine/client.ts';
import { formatCount } from '../../../flame/index.ts';
import { FlameChart } from '../../canvas/index.ts';
import type { App } from '../../state/app.ts';
import type { DocumentView } from '../../state/document-view.ts';
import { createProfileSaving } from '../../state/profile/profile-saving.ts';
import { countOf, formatMoment, formatSince } from '../../words/format.ts';
import { FORMAT_NAMES, stemOf } from '../../words/formats.ts';
import { SearchBar } from '../chart/search-bar.tsx';
import { AskingLine } from '../parts/asking-line.tsx';
import { ChartWait } from '../parts/chart-wait.tsx';
import { isFocusFree } from '../parts/free-focus.ts';
import { Splitter } from '../parts/splitter.tsx';
import { type Tab, TabStrip } from '../parts/tab-strip.tsx';
import {
  AggregatedPane,
  type AggregatedTab,
  NOT_SAVED,
  openAggregated,
} from '../profile/aggregated-pane.tsx';
import { ProfileSaveMenu } from '../profile/profile-save-menu.tsx';
import { DocumentFacts } from './document-facts.tsx';
import type { LookProps } from './trace-screen.tsx';

interface DocumentScreenProps extends LookProps {
  readonly app: App;
  readonly view: DocumentView;
  readonly name: string;
}

type DocumentTab = Extract<AggregatedTab, 'flame-graph' | 'bottom-up' | 'call-tree'> | 'about';

const TABS: readonly Tab<DocumentTab>[] = [
  { id: 'flame-graph', name: 'Flame graph' },
  { id: 'bottom-up', name: 'Bottom-up' },
  { id: 'call-tree', name: 'Call tree' },
  { id: 'about', name: 'About' },
];

export function DocumentScreen({ app, view, name, detailsHeight, ...looks }: DocumentScreenProps) {
  const tab = useSignal<DocumentTab>('flame-graph');
  const screen = useRef<HTMLElement>(null);
  const chart = view.chart.value;
  const hasTimes = view.opened.bounds !== null;
  const [aggregated] = useState(() =>
    openAggregated({ outside: app.outside, view, onFailure: app.notices.showFailure }),
  );
  useEffect(() => () => aggregated.dispose(), [aggregated]);
  useEffect(() => {
    // Its keys work at once, unless the user is somewhere else already.
    if (!isFocusFree()) return;
    screen.current?.querySelector<HTMLElement>('.flame-chart')?.focus({ preventScroll: true });
  }, [chart]);
  const here = tab.value;
  return (
    <main
      ref={screen}
      class={hasTimes ? 'trace-screen document-screen' : 'trace-screen document-screen untimed'}
      style={{ '--details-height': `${detailsHeight.value}px` }}
    >
      <h1 class="for-readers">{name}</h1>
      <DocumentLine app={app} view={view} name={name} />
      {hasTimes && chart === null && <ChartWait onCancel={app.actions.showHome} />}
      {chart !== null && (
        <FlameChart
          chart={chart}
          viewport={view.viewport}
          measured={view.measured}
          selection={view.selection}
          tracks={view.tracks}
          matches={view.search.matches}
          home={chart.bounds}
          origin={view.origin}
          milestones={[]}
          {...looks}
        />
      )}
      <SearchBar search={view.search} />
      {hasTimes && <Splitter height={detailsHeight} />}
      <section class="details" aria-label="Details">
        <TabStrip tabs={TABS} tab={tab} pane="document-pane" />
        <div
          id="document-pane"
          role="tabpanel"
          aria-labelledby={`tab-${here}`}
          class={here === 'about' ? 'pane' : 'pane full'}
          tabIndex={here === 'about' ? 0 : -1}
        >
          {here === 'about' ? (
            <DocumentFacts view={view} />
          ) : (
            <AggregatedPane aggregated={aggregated} tab={here} {...looks} />
          )}
        </div>
      </section>
    </main>
  );
}

/** What it is in one line, and what can be done with it. */
function DocumentLine({
  app,
  view,
  name,
}: {
  readonly app: App;
  readonly view: DocumentView;
  readonly name: string;
}) {
  const { opened, from } = view;
  const [saving] = useState(() =>
    createProfileSaving({
      engine: app.outside.engine,
      download: app.outside.download,
      open: opened.open,
      onSaved: () => undefined,
      onFailure: app.notices.showFailure,
    }),
  );
  useEffect(() => saving.dispose, [saving]);
  const saveAll = (form: ProfileFileForm): void =>
    saving.save({ form, title: stemOf(name), what: 'all', scope: view.profile.scope.peek() });
  const { bounds, threads, functions, samples, startUnixMillis, diagnostics } = opened;
  const dirt = diagnostics.malformed + diagnostics.unresolved + diagnostics.badWeights;
  const now = app.outside.clock.now();
  const facts = [
    ...(bounds === null ? [] : [formatSince(bounds.end - bounds.start)]),
    ...(threads.length > 1 ? [countOf(threads.length, 'thread')] : []),
    countOf(functions, 'function'),
    countOf(samples, 'sample'),
    ...(startUnixMillis === null ? [] : [formatMoment(startUnixMillis, now)]),
  ];
  return (
    <section class="summary document-line" aria-label="Summary">
      <p>
        <strong>{from?.title ?? FORMAT_NAMES[opened.format]}</strong>{' '}
        <span class="quiet number">{facts.join(' · ')}</span>
      </p>
      <p class="quiet document-note">
        {bounds === null && 'It tells no times: there is no chart, only what everything adds up to. '}
        {dirt > 0 && `${formatCount(dirt)} entries could not be read. `}
        {from?.limit}
      </p>
      {from?.page != null && (
        <a class="tool" href={from.page} target="_blank" rel="noreferrer">
          Open it there
        </a>
      )}
      <ProfileSaveMenu
        id="save-profile"
        what="All of it"
        title="Save all threads and weights as a file of another tool"
        onSave={saveAll}
      />
      <AskingLine asking={saving.asking} working="Saving…" givenUp={NOT_SAVED} />
    </section>
  );
}
