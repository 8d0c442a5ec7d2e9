/**
 * Two documents compared: which profile of each, what it comes to, and what changed, as a flame graph and as a table.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../../state/app.ts';
import {
  addsUpLoads,
  type ComparedDocument,
  type ComparisonView,
  type RangeChoice,
  type SideName,
} from '../../state/comparison/comparison-view.ts';
import { tellDelta } from '../../words/changes.ts';
import { formatMoment, shortenMiddle } from '../../words/format.ts';
import { tellWeight } from '../../words/weights.ts';
import type { LookProps } from '../app/trace-screen.tsx';
import { SearchBar } from '../chart/search-bar.tsx';
import { isFocusFree } from '../parts/free-focus.ts';
import { type Tab, TabStrip } from '../parts/tab-strip.tsx';
import { ThreadChoice, WeightChoices } from '../profile/profile-bar.tsx';
import { ChangeGraph } from './change-graph.tsx';
import { ChangeTable } from './change-table.tsx';

interface ComparisonScreenProps extends LookProps {
  readonly app: App;
  readonly view: ComparisonView;
  readonly name: string;
}

type ComparisonTab = 'flame-graph' | 'changes';

const TABS: readonly Tab<ComparisonTab>[] = [
  { id: 'flame-graph', name: 'Flame graph' },
  { id: 'changes', name: 'Functions' },
];

export function ComparisonScreen({ app, view, name, detailsHeight: _none, ...looks }: ComparisonScreenProps) {
  const tab = useSignal<ComparisonTab>('flame-graph');
  const screen = useRef<HTMLElement>(null);
  const here = tab.value;
  useEffect(() => {
    if (isFocusFree()) screen.current?.querySelector<HTMLElement>('.tab')?.focus();
  }, []);
  const problem = view.problem.value;
  return (
    <main ref={screen} class="trace-screen comparison-screen untimed">
      <h1 class="for-readers">Comparison of {name}</h1>
      <div class="sides">
        <Side app={app} view={view} side="before" />
        <SwapButton app={app} view={view} />
        <Side app={app} view={view} side="after" />
      </div>
      <TotalLine view={view} />
      <SearchBar search={view.search} />
      <section class="details" aria-label="Details">
        <TabStrip tabs={TABS} tab={tab} pane="comparison-pane" />
        <div
          id="comparison-pane"
          role="tabpanel"
          aria-labelledby={`tab-${here}`}
          class="pane full"
          tabIndex={-1}
        >
          {problem !== null && (
            <p class="bad" role="alert">
              {problem.message}
            </p>
          )}
          {here === 'flame-graph' ? (
            <ChangeGraph view={view} isHidden={problem !== null} {...looks} />
          ) : (
            <ChangeTable
              app={app}
              view={view}
              onShow={() => {
                tab.value = 'flame-graph';
              }}
            />
          )}
        </div>
      </section>
    </main>
  );
}

const SIDE_WORDS: Readonly<Record<SideName, string>> = { before: 'Before', after: 'After' };

function Side({
  app,
  view,
  side,
}: {
  readonly app: App;
  readonly view: ComparisonView;
  readonly side: SideName;
}) {
  const compared = view[side];
  const { held, profile } = compared;
  return (
    <section class="side" aria-label={SIDE_WORDS[side]}>
      <h2>{SIDE_WORDS[side]}</h2>
      <span class="side-name" title={held.recording?.url ?? held.name}>
        {nameSide(compared, app.outside.clock.now())}
      </span>
      {profile.threads.length > 1 && <ThreadChoice profile={profile} />}
      <WeightChoices profile={profile} />
      {compared.ranges.length > 1 && <RangeChoices compared={compared} />}
      <button
        type="button"
        class="tool"
        title="Look at this one alone"
        onClick={() => void app.opener.showHeld(held)}
      >
        Show
      </button>
    </section>
  );
}

function nameSide({ held }: ComparedDocument, now: number): string {
  const { recording, name } = held;
  const short = shortenMiddle(name, 50);
  return recording === null ? short : `${short} · ${formatMoment(recording.startedAt, now)}`;
}

function RangeChoices({ compared }: { readonly compared: ComparedDocument }) {
  return (
    <select
      class="choice"
      aria-label="Range"
      title="Which part of it is compared"
      value={compared.range.value}
      onChange={(event) => {
        const { value } = event.currentTarget;
        const chosen = compared.ranges.find(({ id }: RangeChoice) => id === value);
        if (chosen !== undefined) compared.range.value = chosen.id;
      }}
    >
      {compared.ranges.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function SwapButton({ app, view }: { readonly app: App; readonly view: ComparisonView }) {
  return (
    <button
      type="button"
      class="tool"
      title="What is before becomes after"
      onClick={() => void app.opener.compare(view.after.held, view.before.held)}
    >
      ⇄ Swap
    </button>
  );
}

/** What both come to, and by what they are compared. */
function TotalLine({ view }: { readonly view: ComparisonView }) {
  const isSandwich = view.shown.value === 'sandwich';
  const graph = (isSandwich ? view.callees.graph.value : null) ?? view.whole.graph.value;
  const table = view.functions.value;
  const unit = view.after.profile.unit.value;
  const weights =
    graph !== null ? { before: graph.before.weight, after: graph.after.weight } : (table?.weights ?? null);
  return (
    <section class="view-bar change-total" aria-label="What it comes to">
      {weights === null ? (
        <p class="quiet">Adding up…</p>
      ) : (
        <p role="status">
          <span class="number">{tellWeight(weights.before, unit)}</span> before,{' '}
          <span class="number">{tellWeight(weights.after, unit)}</span> after:{' '}
          <strong class="number">{tellDelta({ ...weights, weights, unit, by: 'weight' })}</strong>
        </p>
      )}
      <fieldset class="segments">
        <legend class="for-readers">Compare by</legend>
        {(
          [
            ['weight', 'As measured', 'What each side took'],
            ['share', 'By share', 'What each side took of its own whole: for runs of different length'],
          ] as const
        ).map(([id, words, hint]) => (
          <label key={id} title={hint}>
            <input
              type="radio"
              name="compare-by"
              checked={view.by.value === id}
              onChange={() => {
                view.by.value = id;
              }}
            />
            {words}
          </label>
        ))}
      </fieldset>
      {(addsUpLoads(view.before) || addsUpLoads(view.after)) && (
        <p class="quiet">A backend adds up all that was sent in the time: shares say more than sums.</p>
      )}
    </section>
  );
}
