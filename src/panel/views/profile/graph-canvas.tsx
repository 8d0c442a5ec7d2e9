/**
 * Flame graphs on their canvas: one of a profile, with the keys that change it; and what every other one is shown by.
 * In: the shared state, the part of it that this graph is.
 */
import type { Chart } from '../../../flame/index.ts';
import type { FrameScheduler } from '../../canvas/frame-scheduler.ts';
import { FlameChart } from '../../canvas/index.ts';
import type { ThemeName } from '../../canvas/paint/theme.ts';
import type { GraphLook } from '../../canvas/props.ts';
import type { Aggregated } from '../../state/profile/aggregated.ts';
import { transformOfKey } from '../../state/profile/graph-keys.ts';
import { functionOfBox, type GraphPart } from '../../state/profile/graph-part.ts';
import { tellWeight } from '../../words/weights.ts';
import { AskingLine } from '../parts/asking-line.tsx';
import { GraphEmpty } from './graph-empty.tsx';

export interface GraphLooks {
  readonly theme: ThemeName;
  readonly scheduler: FrameScheduler;
}

interface PartCanvasProps extends GraphLooks {
  readonly part: GraphPart;
  /** The part's own, once it is there. */
  readonly chart: Chart;
  readonly graph: GraphLook;
}

/** A chart over weight instead of time: it has no origin and no milestones. */
export function PartCanvas({ part, chart, graph, theme, scheduler }: PartCanvasProps) {
  const { viewport, measured, selection, tracks, matches } = part;
  const marks = { viewport, measured, selection, tracks, matches };
  return (
    <FlameChart
      {...marks}
      chart={chart}
      home={chart.bounds}
      origin={0}
      milestones={[]}
      theme={theme}
      scheduler={scheduler}
      graph={graph}
    />
  );
}

export const NOTHING_RAN = 'Nothing ran on this thread in this range.';

interface GraphProps extends GraphLooks {
  readonly aggregated: Aggregated;
  readonly part: GraphPart;
  readonly name: string;
  readonly upward: boolean;
}

export function Graph({ aggregated, part, name, upward, theme, scheduler }: GraphProps) {
  const { profile } = aggregated;
  const chart = part.chart.value;
  const line = <AskingLine asking={part.asking} working="Adding up…" />;
  if (chart === null)
    return part.asking.state.value === 'quick' ? <p class="graph-empty quiet">Adding up…</p> : line;
  if (chart.boxes.length === 0) return <GraphEmpty transforms={profile.transforms} words={NOTHING_RAN} />;
  const unit = profile.unit.value;
  return (
    <>
      {line}
      <PartCanvas
        part={part}
        chart={chart}
        theme={theme}
        scheduler={scheduler}
        graph={{
          name,
          upward,
          whole: chart.bounds.end,
          tell: (weight) => tellWeight(weight, unit),
          onKey: (code, shift, box) => pressGraphKey(aggregated, chart, box, { code, shift }),
        }}
      />
    </>
  );
}

function pressGraphKey(
  aggregated: Aggregated,
  whole: Chart,
  box: number,
  press: { readonly code: string; readonly shift: boolean },
): boolean {
  const {
    graph,
    profile: { transforms },
  } = aggregated;
  if (press.code === 'Backspace') {
    transforms.value = transforms.peek().slice(0, -1);
    return true;
  }
  if (press.code === 'Enter' && box >= 0) {
    void aggregated.showInChart(functionOfBox(whole, box));
    return true;
  }
  if (press.code === 'Digit3' && box >= 0) {
    aggregated.openSandwich(functionOfBox(whole, box));
    return true;
  }
  if (press.code === 'KeyO' && box >= 0) {
    aggregated.openSource(functionOfBox(whole, box));
    return true;
  }
  const kind = transformOfKey(press.code, press.shift);
  if (kind === null) return false;
  graph.transform(kind, whole, box);
  return true;
}
