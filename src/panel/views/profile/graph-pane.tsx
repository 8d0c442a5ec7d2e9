/**
 * The flame graph's pane: which way it is turned, the graph (or the sandwich of one function), and what can be done to
 * the selected box, by buttons that name their keys.
 */
import { useEffect } from 'preact/hooks';
import { type Chart, selfTimeOfBox } from '../../../flame/index.ts';
import type { SiblingOrder } from '../../../profile/index.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { boxIn, functionOfBox, type GraphPart, weightOfMatches } from '../../state/profile/graph-part.ts';
import { countOf, formatShare } from '../../words/format.ts';
import { tellWeight } from '../../words/weights.ts';
import { Choices } from '../parts/choices.tsx';
import { BoxBar, BoxButton, SandwichButton } from './box-bar.tsx';
import { Graph, type GraphLooks } from './graph-canvas.tsx';
import { GraphDirection } from './graph-direction.tsx';
import { Breadcrumbs, ProfileBar } from './profile-bar.tsx';
import { ProfileSaveMenu } from './profile-save-menu.tsx';
import { Sandwich } from './sandwich.tsx';

const ORDERS: readonly { readonly id: SiblingOrder; readonly name: string }[] = [
  { id: 'heavy', name: 'Heaviest left' },
  { id: 'time', name: 'In order of time' },
  { id: 'name', name: 'By name' },
];

interface GraphPaneProps extends GraphLooks {
  readonly aggregated: Aggregated;
}

export function GraphPane({ aggregated, ...looks }: GraphPaneProps) {
  const { graph, profile, search } = aggregated;
  useEffect(() => graph.follow(), [graph]);
  // While the graph is shown, the search steps through its boxes where the focus is in it.
  useEffect(() => {
    search.other.value = (towards) => {
      // Where there is no chart to search, the graph is what is stepped through.
      const isInGraph = document.activeElement?.closest('.flame-graph') != null;
      if (!isInGraph && search.matches.peek() !== null) return false;
      graph.whole.step(towards);
      return true;
    };
    return () => {
      search.other.value = null;
    };
  }, [graph, search]);
  const shown = graph.shown.value;
  return (
    <div class="view-pane">
      <ProfileBar profile={profile}>
        <GraphChoices aggregated={aggregated} />
        <ProfileSaveMenu
          id="save-graph"
          what="What is shown"
          title="Save what is shown, its transforms made, as a file of another tool"
          onSave={aggregated.save}
        />
      </ProfileBar>
      <Breadcrumbs profile={profile} />
      {shown === 'sandwich' ? (
        <Sandwich aggregated={aggregated} {...looks} />
      ) : (
        <>
          <Graph
            aggregated={aggregated}
            part={graph.whole}
            name={shown === 'top-down' ? 'Flame graph' : 'Flame graph, bottom-up'}
            upward={graph.upward.value}
            {...looks}
          />
          <GraphBar aggregated={aggregated} part={graph.whole} />
        </>
      )}
    </div>
  );
}

/** Which way the graph is turned, and in which order. */
function GraphChoices({ aggregated: { graph } }: { readonly aggregated: Aggregated }) {
  const shown = graph.shown.value;
  return (
    <>
      <GraphDirection shown={graph.shown} name="graph-shown" />
      <Choices
        label="Order"
        choices={ORDERS}
        chosen={graph.order.value}
        onChoose={(order) => {
          graph.order.value = order;
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={graph.upward.value}
          disabled={shown === 'sandwich'}
          onChange={(event) => {
            graph.upward.value = event.currentTarget.checked;
          }}
        />
        Flames up
      </label>
    </>
  );
}

/** The selected box in words, and what can be done to it. */
function GraphBar({ aggregated, part }: { readonly aggregated: Aggregated; readonly part: GraphPart }) {
  const { profile, graph } = aggregated;
  const chart = part.chart.value;
  if (chart === null || chart.boxes.length === 0) return null;
  const box = boxIn(chart, part.selection.value);
  if (box < 0) return <FoundBar aggregated={aggregated} part={part} chart={chart} />;
  const { boxes, labels } = chart;
  const unit = profile.unit.value;
  const tell = (weight: number): string =>
    `${tellWeight(weight, unit)} (${formatShare(weight, chart.bounds.end)})`;
  return (
    <BoxBar
      chart={chart}
      box={box}
      figures={[
        `total ${tell(boxes.end[box] - boxes.start[box])}`,
        `self ${tell(selfTimeOfBox(chart, box))}`,
      ]}
      onTransform={({ kind }) => {
        graph.transform(kind, chart, box);
      }}
    >
      <BoxButton
        title="Select its longest slice in the chart (Enter)"
        onPress={() => void aggregated.showInChart(functionOfBox(chart, box))}
      >
        Show in chart
      </BoxButton>
      <SandwichButton onPress={() => aggregated.openSandwich(functionOfBox(chart, box))} />
      {labels[boxes.label[box]].source !== null && (
        <BoxButton
          title="Its source, with the time of each line (O)"
          onPress={() => aggregated.openSource(functionOfBox(chart, box))}
        >
          Source
        </BoxButton>
      )}
    </BoxBar>
  );
}

/** What a search found, or how to begin. */
function FoundBar({ aggregated, part, chart }: { aggregated: Aggregated; part: GraphPart; chart: Chart }) {
  const matches = part.matches.value;
  const whole = tellWeight(chart.bounds.end, aggregated.profile.unit.value);
  const found =
    matches === null
      ? `${whole} in all. Select a box to see what it is and to change the graph by it.`
      : `${countOf(matches.boxes.length, 'box', 'boxes')} found: ${formatShare(weightOfMatches(chart, matches), chart.bounds.end)} of ${whole}.`;
  return <p class="box-bar quiet">{found}</p>;
}
