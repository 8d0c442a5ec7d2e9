/**
 * One flame graph on its canvas, and the keys that change it. In: the shared state, the part of it that this graph is.
 */
import type { Chart } from '../../flame/index.ts';
import type { FrameScheduler } from '../canvas/frame-scheduler.ts';
import { FlameChart, type FlameChartProps } from '../canvas/index.ts';
import type { ThemeName } from '../canvas/theme.ts';
import type { Aggregated } from '../state/aggregated.ts';
import { transformOfKey } from '../state/graph-keys.ts';
import { functionOfBox, type GraphPart } from '../state/graph-part.ts';
import { tellWeight } from '../words/weights.ts';

export interface GraphLooks {
  readonly theme: ThemeName;
  readonly scheduler: FrameScheduler;
}

interface GraphProps extends GraphLooks {
  readonly aggregated: Aggregated;
  readonly part: GraphPart;
  readonly name: string;
  readonly upward: boolean;
}

export function Graph({ aggregated, part, name, upward, theme, scheduler }: GraphProps) {
  const { graph, profile } = aggregated;
  const chart = part.chart.value;
  if (chart === null) return <p class="graph-empty quiet">Adding up…</p>;
  if (chart.boxes.length === 0)
    return (
      <p class="graph-empty quiet">Nothing ran on this thread in this range, or a transform left nothing.</p>
    );
  const unit = profile.unit.value;
  const look: FlameChartProps['graph'] = {
    name,
    upward,
    whole: chart.bounds.end,
    tell: (weight) => tellWeight(weight, unit),
    onKey: (code, shift, box) => pressGraphKey(aggregated, chart, box, { code, shift }),
  };
  return (
    <FlameChart
      chart={chart}
      viewport={part.viewport}
      measured={part.measured}
      selection={part.selection}
      tracks={part.tracks}
      matches={part.matches}
      home={chart.bounds}
      origin={0}
      milestones={[]}
      theme={theme}
      scheduler={scheduler}
      graph={look}
    />
  );

  function pressGraphKey(
    { profile: { transforms } }: Aggregated,
    whole: Chart,
    box: number,
    press: { readonly code: string; readonly shift: boolean },
  ): boolean {
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
}
